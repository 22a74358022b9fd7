/** OpenAI's Chat Completions: https://platform.openai.com/docs/api-reference/chat-streaming */
import { type Api, data, freshId, isJson, type Json, objects, textIn, type Whole } from './api.ts';
import type { Message } from './play.ts';

const usage = { prompt_tokens: 120, completion_tokens: 12, total_tokens: 132 };

function chunk(delta: Json, finish: string | null): string {
  return data({
    id: 'chatcmpl-stand-in',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'stand-in',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
}

function body(reply: Whole): Json {
  if (reply.kind === 'words') return { role: 'assistant', content: reply.text };
  const call = { name: reply.tool, arguments: JSON.stringify(reply.input) };
  return {
    role: 'assistant',
    content: null,
    tool_calls: [{ index: 0, id: freshId('call'), type: 'function', function: call }],
  };
}

function messageOf({ role, content }: Json): readonly Message[] {
  const text = textIn(content);
  if (role === 'user') return [{ from: 'person', text }];
  if (role === 'tool') return [{ from: 'tool', text }];
  return role === 'assistant' ? [{ from: 'model', text }] : [];
}

const finish = (reply: Whole): string => (reply.kind === 'words' ? 'stop' : 'tool_calls');

export const completions: Api = {
  name: 'OpenAI Chat Completions',
  matches: (path) => path.endsWith('/chat/completions'),
  read: (request) => ({
    messages: objects(request.messages).flatMap(messageOf),
    tools: objects(request.tools).map((tool) => (isJson(tool.function) ? String(tool.function.name) : '')),
    stream: request.stream === true,
  }),
  opened: () => [chunk({ role: 'assistant', content: '' }, null)],
  more: (text) => [chunk({ content: text }, null)],
  streamed: (reply) => [
    chunk(body(reply), null),
    chunk({}, finish(reply)),
    data({
      id: 'chatcmpl-stand-in',
      object: 'chat.completion.chunk',
      created: 0,
      model: 'stand-in',
      choices: [],
      usage,
    }),
    'data: [DONE]\n\n',
  ],
  whole: (reply) => ({
    id: 'chatcmpl-stand-in',
    object: 'chat.completion',
    created: 0,
    model: 'stand-in',
    choices: [{ index: 0, message: body(reply), finish_reason: finish(reply) }],
    usage,
  }),
  refused: (message) => ({ error: { type: 'invalid_request_error', code: 'invalid_prompt', message } }),
};
