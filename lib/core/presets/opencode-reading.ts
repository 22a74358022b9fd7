/** How opencode is read: the events of its plugin, which report every transition, and its dialogs (1.18.33). */

import type { EventReading, Reading } from '../agents/reading.ts';
import {
  changesNothing,
  eventReader,
  inner,
  type Payload,
  textOf,
  works,
} from '../agents/reading-payload.ts';
import { screenReader } from '../agents/reading-screen.ts';
import { tokens } from '../agents/usage.ts';

/** The event's properties, whether the plugin hands the whole event or only them. */
function properties(payload: Payload): Payload {
  const own = inner(payload, 'properties');
  return Object.keys(own).length > 0 ? own : payload;
}

/** Its conversation (`ses_…`), which stands in several places. */
function conversation(payload: Payload): string | null {
  const own = properties(payload);
  return textOf(own, 'sessionID', 'sessionId') ?? textOf(inner(own, 'info'), 'id') ?? null;
}

function about(payload: Payload, fields: Partial<EventReading>): Partial<EventReading> {
  return { conversationId: conversation(payload), ...fields };
}

/** The session is idle: it follows an error too, which it does not make good. */
function idle(payload: Payload): Partial<EventReading> {
  const message = textOf(payload, 'last_assistant_message', 'message');
  return about(payload, { state: 'done', message, reminds: message === null, ...used(payload) });
}

/** Our plugin counts what the messages of the conversation tell. */
function used(payload: Payload): Partial<EventReading> {
  const counts = inner(payload, 'usage');
  const usage = {
    inputTokens: tokens(counts, 'input_tokens'),
    outputTokens: tokens(counts, 'output_tokens'),
    costUsd: typeof counts.cost === 'number' && counts.cost > 0 ? counts.cost : null,
  };
  return usage.inputTokens + usage.outputTokens > 0 ? { usage } : {};
}

function status(payload: Payload): Partial<EventReading> {
  const own = properties(payload);
  const type = textOf(inner(own, 'status'), 'type') ?? textOf(own, 'status');
  if (type === 'idle') return idle(payload);
  return about(payload, type === 'busy' || type === 'retry' ? { state: 'working' } : {});
}

function failed(payload: Payload): Partial<EventReading> {
  const error = inner(properties(payload), 'error');
  if (textOf(error, 'name') === 'MessageAbortedError')
    return about(payload, { state: 'done', message: 'you interrupted it' });
  const message = textOf(inner(error, 'data'), 'message') ?? textOf(error, 'message', 'name');
  return about(payload, { state: 'failed', message: message ?? 'the model failed' });
}

/** A question of a session that works for ours stops ours too: it belongs to no conversation in particular. */
function permission(payload: Payload): Partial<EventReading> {
  const own = properties(payload);
  const { patterns } = own;
  const what =
    textOf(inner(own, 'metadata'), 'command', 'filePath', 'filepath', 'url', 'description') ??
    (Array.isArray(patterns) ? textOf({ first: patterns[0] }, 'first') : null) ??
    textOf(own, 'title', 'pattern');
  const kind = textOf(own, 'permission', 'type');
  const message = kind === null || what === null ? (what ?? kind) : `${kind}: ${what}`;
  return { state: 'waiting', message, conversationId: null };
}

function question(payload: Payload): Partial<EventReading> {
  const { questions } = properties(payload);
  const [first] = Array.isArray(questions) ? questions : [];
  const message = typeof first === 'object' && first !== null ? textOf({ ...first }, 'question') : null;
  return { state: 'waiting', message, conversationId: null };
}

const resumed = () => ({ state: 'working', conversationId: null }) as const;

/** Events of sessions that work for the agent’s own change nothing but that they may ask. */
export const opencodeReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent: eventReader({
    // One with a parent works for another session: it is not the person's conversation.
    'session.created': (payload) =>
      about(payload, { adopts: textOf(inner(properties(payload), 'info'), 'parentID') === null }),
    'session.updated': changesNothing,
    'session.status': status,
    'session.idle': idle,
    'session.error': failed,
    'permission.asked': permission,
    'permission.updated': permission,
    'permission.replied': resumed,
    'question.asked': question,
    'question.replied': resumed,
    'question.rejected': resumed,
    'tool.execute.before': works,
    'tool.execute.after': works,
  }),
  readScreen: screenReader([
    { state: 'waiting', pattern: /Permission required[\s\S]{0,200}/, within: 16 },
    { state: 'working', pattern: /esc (?:again to )?interrupt/i, within: 6 },
    // Nothing is reported of a conversation that is continued before its next prompt.
    { state: 'idle', pattern: /ctrl\+p commands/, within: 3 },
  ]),
};
