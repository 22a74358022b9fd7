/** Google's Gemini: https://ai.google.dev/api/generate-content */
import { type Api, data, isJson, type Json, objects, textIn, type Whole } from './api.ts';
import type { Message } from './play.ts';

const usageMetadata = { promptTokenCount: 120, candidatesTokenCount: 12, totalTokenCount: 132 };

function answer(parts: readonly Json[], finished: boolean): Json {
  return {
    candidates: [
      { index: 0, content: { role: 'model', parts }, ...(finished ? { finishReason: 'STOP' } : {}) },
    ],
    usageMetadata,
    modelVersion: 'stand-in',
  };
}

function part(reply: Whole): Json {
  return reply.kind === 'words'
    ? { text: reply.text }
    : { functionCall: { name: reply.tool, args: reply.input } };
}

/** Results of tools are parts of the user's messages. */
function messagesOf({ role, parts }: Json): readonly Message[] {
  const text = textIn(parts);
  if (role === 'model') return [{ from: 'model', text }];
  const results = objects(parts).filter((each) => isJson(each.functionResponse));
  return [
    ...(text === '' ? [] : [{ from: 'person', text } as const]),
    ...results.map((each): Message => ({ from: 'tool', text: JSON.stringify(each.functionResponse) })),
  ];
}

export const gemini: Api = {
  name: 'Gemini',
  matches: (path) => /:(?:stream)?generateContent$/i.test(path),
  read: (body, path) => ({
    messages: objects(body.contents).flatMap(messagesOf),
    tools: objects(body.tools).flatMap((tool) =>
      objects(tool.functionDeclarations).map(({ name }) => String(name)),
    ),
    stream: /:streamGenerateContent$/i.test(path),
  }),
  opened: () => [data(answer([{ text: '…' }], false))],
  more: (text) => [data(answer([{ text }], false))],
  streamed: (reply) => [data(answer([part(reply)], true))],
  whole: (reply) => answer([part(reply)], true),
  refused: (message) => ({ error: { code: 400, status: 'INVALID_ARGUMENT', message } }),
};
