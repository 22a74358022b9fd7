/** How Copilot CLI is read: hooks, `~/.copilot/session-state/<id>/events.jsonl`, dialogs (1.0.102). */

import type {
  AgentFile,
  AgentPlace,
  DatedSight,
  EventReading,
  Reading,
  Sight,
  Usage,
  UsageSum,
} from '../agents/reading.ts';
import {
  changesNothing,
  ended,
  eventReader,
  inner,
  type Payload,
  readPayload,
  textOf,
  toolQuestion,
  works,
} from '../agents/reading-payload.ts';
import { screenReader } from '../agents/reading-screen.ts';
import { sumOfParts, tokens } from '../agents/usage.ts';

/** The tool's arguments come as an object, or as JSON in a text. */
function argumentsOf(payload: Payload): Payload {
  const { toolArgs, tool_input: toolInput, toolInput: input } = payload;
  const args = [toolArgs, toolInput, input].find((each) => each !== undefined);
  return typeof args === 'string' ? readPayload(args) : inner({ args }, 'args');
}

function toolAsked(payload: Payload): string | null {
  return toolQuestion(textOf(payload, 'toolName', 'tool_name'), argumentsOf(payload));
}

function notified(payload: Payload): Partial<EventReading> {
  const type = textOf(payload, 'notification_type', 'notificationType', 'type');
  if (type === 'elicitation_dialog')
    return { state: 'waiting', message: textOf(payload, 'message', 'title'), reminds: true };
  return type === 'permission_prompt'
    ? { state: 'waiting', message: textOf(payload, 'message'), reminds: true }
    : {};
}

/** A question is told only as “information requested” later: its words stand in the call of the tool. */
function begins(payload: Payload): Partial<EventReading> {
  const asks = textOf(payload, 'toolName') === 'ask_user';
  return { state: 'working', mayAsk: asks ? textOf(argumentsOf(payload), 'message', 'question') : null };
}

const readEvent = eventReader({
  sessionStart: (payload) => ({ adopts: ['new', 'resume'].includes(textOf(payload, 'source') ?? '') }),
  userPromptSubmitted: works,
  preToolUse: begins,
  postToolUse: works,
  postToolUseFailure: works,
  // Comes before the rules that may allow or deny by themselves; the notification tells that the person is asked.
  permissionRequest: (payload) => ({ mayAsk: toolAsked(payload) }),
  notification: notified,
  subagentStart: changesNothing,
  subagentStop: changesNothing,
  agentStop: (payload) => ({
    state: 'done',
    message: textOf(payload, 'last_assistant_message', 'lastAssistantMessage'),
  }),
  errorOccurred: (payload) => ({
    state: 'failed',
    message: textOf(inner(payload, 'error'), 'message') ?? textOf(payload, 'error') ?? 'the model failed',
  }),
  sessionEnd: ended,
});

function eventsFile(place: AgentPlace): readonly string[] {
  const { env, conversationId } = place;
  if (conversationId === null || !/^[\w-][\w.-]*$/.test(conversationId)) return [];
  const home = env.COPILOT_HOME?.startsWith('/')
    ? env.COPILOT_HOME
    : env.HOME?.startsWith('/')
      ? `${env.HOME}/.copilot`
      : null;
  return home === null ? [] : [`${home}/session-state/${conversationId}/events.jsonl`];
}

/** What an event of the log leaves the agent at; a denial ends the turn, which only this log tells. */
const meanings: Readonly<Record<string, Sight['state']>> = {
  'user.message': 'working',
  'assistant.turn_start': 'working',
  'tool.execution_start': 'working',
  'tool.execution_complete': 'working',
  'permission.requested': 'waiting',
  'permission.completed': 'working',
  'user_input.requested': 'waiting',
  'user_input.completed': 'working',
  'session.idle': 'idle',
  'assistant.turn_end': 'idle',
  abort: 'idle',
  'session.error': 'failed',
};

/** Ends of what a turn began: they follow the abort of that turn too, and begin nothing. */
const ends = new Set(['permission.completed', 'user_input.completed', 'tool.execution_complete']);

function readEvents(file: AgentFile): DatedSight | null {
  const lines = file.text.split('\n').reverse();
  let ended: DatedSight | null = null;
  for (const [index, line] of lines.entries()) {
    const entry = readPayload(line.trim() === '' ? null : line);
    const type = textOf(entry, 'type') ?? '';
    const at = Date.parse(typeof entry.timestamp === 'string' ? entry.timestamp : '');
    if (!Object.hasOwn(meanings, type) || Number.isNaN(at)) continue;
    const sight = sightOf(type, inner(entry, 'data'), lines.slice(index));
    if (sight === null) continue;
    const told = { ...sight, at, conversationId: null };
    if (!ends.has(type)) return ended === null || sight.state === 'idle' ? told : ended;
    ended ??= told;
  }
  return ended;
}

/** What one event of the log means; `lines` from it on, the newest first. */
function sightOf(type: string, data: Payload, lines: readonly string[]): Sight | null {
  const state = meanings[type];
  if (state === undefined) return null;
  // No event tells that the person is asked but the tool's own.
  if (type === 'tool.execution_start' && data.toolName === 'ask_user')
    return { state: 'waiting', message: textOf(inner(data, 'arguments'), 'message', 'question') };
  if (state === 'idle') return { state, message: lastWords(lines) };
  const told = state === 'failed' || state === 'waiting';
  return { state, message: told ? textOf(data, 'message', 'question', 'intention') : null };
}

/** What it said last in its turn, which its hooks do not tell. `lines`: the newest first. */
function lastWords(lines: readonly string[]): string | null {
  for (const line of lines) {
    if (line.includes('"user.message"')) return null;
    const entry = line.includes('"assistant.message"') ? readPayload(line) : {};
    const words = textOf(inner(entry, 'data'), 'content');
    if (entry.type === 'assistant.message' && words !== null) return words;
  }
  return null;
}

/** `session.shutdown` tells the whole by model; until then each request does, in older versions each answer its output. */
function usage(before: UsageSum | null, lines: readonly string[]): UsageSum {
  const parts = new Map(before?.parts);
  for (const line of lines) {
    if (!/"(?:assistant\.(?:message|usage)|session\.(?:shutdown|usage_record))"/.test(line)) continue;
    const entry = readPayload(line);
    const data = inner(entry, 'data');
    const id = textOf(data, 'messageId', 'apiCallId') ?? textOf(entry, 'id');
    if (entry.type === 'session.shutdown') addMetrics(parts, data);
    else if (entry.type === 'session.usage_record') addRecord(parts, textOf(entry, 'id') ?? '', data);
    else if (id !== null && ![...parts.keys()].some((each) => each.startsWith('record ')))
      parts.set(id, {
        inputTokens: tokens(data, 'inputTokens'),
        outputTokens: tokens(data, 'outputTokens'),
        costUsd: null,
      });
  }
  return sumOfParts(parts);
}

/** A request's record covers what its answer says too. */
function addRecord(parts: Map<string, Usage>, id: string, data: Payload): void {
  for (const key of [...parts.keys()]) if (!/^(?:shutdown|record) /.test(key)) parts.delete(key);
  const counts = inner(data, 'usage');
  parts.set(`record ${id}`, {
    inputTokens: tokens(counts, 'inputTokens'),
    outputTokens: tokens(counts, 'outputTokens'),
    costUsd: null,
  });
}

/** The metrics of a shutdown cover what the messages since the start told: they take their place. */
function addMetrics(parts: Map<string, Usage>, data: Payload): void {
  const metrics = inner(data, 'modelMetrics');
  if (Object.keys(metrics).length === 0) return;
  for (const id of [...parts.keys()]) if (!id.startsWith('shutdown ')) parts.delete(id);
  const number = parts.size;
  for (const model of Object.keys(metrics)) {
    const counts = inner(inner(metrics, model), 'usage');
    parts.set(`shutdown ${number} ${model}`, {
      inputTokens: tokens(counts, 'inputTokens'),
      outputTokens: tokens(counts, 'outputTokens'),
      costUsd: null,
    });
  }
}

const readScreen = screenReader([
  {
    state: 'waiting',
    pattern: /Confirm folder trust|Do you trust the files in this folder\?/,
    words: 'blocked at start-up: whether to trust this folder',
  },
  {
    state: 'waiting',
    pattern: /Session in use[\s\S]*Resume anyway/,
    words: 'blocked at start-up: its conversation seems to be in use elsewhere',
    within: 16,
  },
  {
    state: 'waiting',
    pattern: /Please use \/login to sign in|What account do you want to log into\?/,
    words: 'blocked at start-up: it is not logged in',
    within: 12,
  },
  { state: 'waiting', pattern: /(?:Do you want to|Would you like to)[^\n]{1,200}\?/, within: 16 },
  {
    state: 'waiting',
    pattern: /Copilot needs information\.\n([^\n]{1,300})[\s\S]*esc cancel/,
    words: '$1',
    within: 24,
  },
  { state: 'waiting', pattern: /enter to select · esc to cancel/i, words: 'a dialog is open', within: 4 },
  { state: 'working', pattern: /esc (?:to )?(?:esc )?(?:cancel|interrupt)/i, within: 8 },
  { state: 'idle', pattern: /Interactive · Manual Approval|Manual Approval · /, within: 3 },
]);

/** Its log of events tells denials and interrupts, which no hook does. */
export const copilotReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent,
  readScreen,
  registry: { files: eventsFile, folder: null, end: 'last', read: readEvents },
  usage: { files: eventsFile, add: usage },
};
