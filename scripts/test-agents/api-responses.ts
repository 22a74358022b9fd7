/** OpenAI's Responses: https://platform.openai.com/docs/api-reference/responses-streaming */
import { type Api, freshId, type Json, named, objects, textIn, type Whole } from './api.ts';
import type { Message } from './play.ts';

const usage = {
  input_tokens: 120,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 12,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 132,
};

function response(status: string, output: readonly Json[]): Json {
  return { id: 'resp_stand_in', object: 'response', model: 'stand-in', status, output, usage };
}

function item(reply: Whole): Json {
  return reply.kind === 'words'
    ? words(freshId('msg'), reply.text)
    : {
        type: 'function_call',
        id: freshId('fc'),
        call_id: freshId('call'),
        name: reply.tool,
        arguments: JSON.stringify(reply.input),
        status: 'completed',
      };
}

function words(id: string, text: string): Json {
  return {
    type: 'message',
    id,
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [] }],
  };
}

function messageOf({ type, role, content, output }: Json): readonly Message[] {
  if (type === 'function_call_output') return [{ from: 'tool', text: textIn(output) }];
  if (role === 'user') return [{ from: 'person', text: textIn(content) }];
  return role === 'assistant' ? [{ from: 'model', text: textIn(content) }] : [];
}

const created = (): string => named('response.created', { response: response('in_progress', []) });
const place = { output_index: 0, content_index: 0 };
const longItem = 'msg_long';

export const responses: Api = {
  name: 'OpenAI Responses',
  matches: (path) => path.endsWith('/responses'),
  read: (body) => ({
    messages:
      typeof body.input === 'string'
        ? [{ from: 'person', text: body.input }]
        : objects(body.input).flatMap(messageOf),
    tools: objects(body.tools).map(({ name }) => String(name)),
    stream: body.stream === true,
  }),
  opened: () => [
    created(),
    named('response.output_item.added', { output_index: 0, item: words(longItem, '') }),
    named('response.content_part.added', {
      ...place,
      item_id: longItem,
      part: { type: 'output_text', text: '', annotations: [] },
    }),
  ],
  more: (delta) => [named('response.output_text.delta', { ...place, item_id: longItem, delta })],
  streamed: (reply) => {
    const done = item(reply);
    const parts =
      reply.kind === 'words'
        ? [named('response.output_text.delta', { ...place, item_id: done.id, delta: reply.text })]
        : [
            named('response.function_call_arguments.done', {
              output_index: 0,
              item_id: done.id,
              arguments: done.arguments,
            }),
          ];
    return [
      created(),
      named('response.output_item.added', { output_index: 0, item: done }),
      ...parts,
      named('response.output_item.done', { output_index: 0, item: done }),
      named('response.completed', { response: response('completed', [done]) }),
    ];
  },
  whole: (reply) => response('completed', [item(reply)]),
  refused: (message) => ({ error: { type: 'invalid_request_error', code: 'invalid_prompt', message } }),
};
