/** Anthropic's Messages: https://docs.anthropic.com/en/api/messages-streaming */
import { type Api, freshId, type Json, named, objects, textIn, type Whole } from './api.ts';
import type { Message } from './play.ts';

const usage = { input_tokens: 120, output_tokens: 12 };

function block(reply: Whole): Json {
  return reply.kind === 'words'
    ? { type: 'text', text: reply.text }
    : { type: 'tool_use', id: freshId('toolu'), name: reply.tool, input: reply.input };
}

function message(content: readonly Json[], stop: string | null): Json {
  return {
    id: freshId('msg'),
    type: 'message',
    role: 'assistant',
    model: 'stand-in',
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage,
  };
}

/** A user's message holds words and results of tools in the order in which they came. */
function messagesOf({ role, content }: Json): readonly Message[] {
  if (role !== 'user') return [{ from: 'model', text: textIn(content) }];
  if (typeof content === 'string') return [{ from: 'person', text: content }];
  return objects(content).map(
    (block): Message =>
      block.type === 'tool_result'
        ? { from: 'tool', text: textIn(block.content) }
        : { from: 'person', text: textIn([block]) },
  );
}

const started = (): string => named('message_start', { message: message([], null) });
const delta = (text: string): string =>
  named('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
const begun = (content_block: Json): string => named('content_block_start', { index: 0, content_block });

export const messages: Api = {
  name: 'Anthropic Messages',
  matches: (path) => path.endsWith('/v1/messages'),
  read: (body) => ({
    messages: objects(body.messages).flatMap(messagesOf),
    tools: objects(body.tools).map(({ name }) => String(name)),
    stream: body.stream === true,
  }),
  opened: () => [started(), begun({ type: 'text', text: '' })],
  more: (text) => [delta(text)],
  streamed: (reply) => {
    const stop = reply.kind === 'words' ? 'end_turn' : 'tool_use';
    const first = block(reply);
    const body =
      reply.kind === 'words'
        ? [begun({ type: 'text', text: '' }), delta(reply.text)]
        : [
            begun({ ...first, input: {} }),
            named('content_block_delta', {
              index: 0,
              delta: { type: 'input_json_delta', partial_json: JSON.stringify(reply.input) },
            }),
          ];
    return [
      started(),
      ...body,
      named('content_block_stop', { index: 0 }),
      named('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage }),
      named('message_stop', {}),
    ];
  },
  whole: (reply) => message([block(reply)], reply.kind === 'words' ? 'end_turn' : 'tool_use'),
  refused: (words) => ({ type: 'error', error: { type: 'invalid_request_error', message: words } }),
};
