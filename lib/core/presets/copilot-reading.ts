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
} from '../reading.ts';
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
} from '../reading-payload.ts';
import { screenReader } from '../reading-screen.ts';
import { sumOfParts, tokens } from '../usage.ts';

/** The tool's arguments come as an object, or as JSON in a text. */
function toolAsked(payload: Payload): string | null {
  const { toolArgs, tool_input: toolInput, toolInput: input } = payload;
  const args = [toolArgs, toolInput, input].find((each) => each !== undefined);
  const read = typeof args === 'string' ? readPayload(args) : inner({ args }, 'args');
  return toolQuestion(textOf(payload, 'toolName', 'tool_name'), read);
}

function notified(payload: Payload): Partial<EventReading> {
  const type = textOf(payload, 'notification_type', 'notificationType', 'type');
  if (type === 'elicitation_dialog')
    return { state: 'waiting', message: textOf(payload, 'message', 'title'), reminds: true };
  return type === 'permission_prompt'
    ? { state: 'waiting', message: textOf(payload, 'message'), reminds: true }
    : {};
}

const readEvent = eventReader({
  sessionStart: (payload) => ({ adopts: ['new', 'resume'].includes(textOf(payload, 'source') ?? '') }),
  userPromptSubmitted: works,
  preToolUse: works,
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

function readEvents(file: AgentFile): DatedSight | null {
  for (const line of file.text.split('\n').reverse()) {
    const entry = readPayload(line.trim() === '' ? null : line);
    const type = textOf(entry, 'type');
    const state = type !== null && Object.hasOwn(meanings, type) ? meanings[type] : undefined;
    const at = Date.parse(typeof entry.timestamp === 'string' ? entry.timestamp : '');
    if (state === undefined || Number.isNaN(at)) continue;
    const message =
      state === 'failed' || state === 'waiting'
        ? textOf(inner(entry, 'data'), 'message', 'question', 'intention')
        : null;
    return { state, message, at, conversationId: null };
  }
  return null;
}

/** `session.shutdown` tells the whole by model; until then each answer tells its own output. */
function usage(before: UsageSum | null, lines: readonly string[]): UsageSum {
  const parts = new Map(before?.parts);
  for (const line of lines) {
    if (!/"(?:assistant\.(?:message|usage)|session\.shutdown)"/.test(line)) continue;
    const entry = readPayload(line);
    const data = inner(entry, 'data');
    const id = textOf(data, 'messageId', 'apiCallId') ?? textOf(entry, 'id');
    if (entry.type === 'session.shutdown') addMetrics(parts, data);
    else if (id !== null)
      parts.set(id, {
        inputTokens: tokens(data, 'inputTokens'),
        outputTokens: tokens(data, 'outputTokens'),
        costUsd: null,
      });
  }
  return sumOfParts(parts);
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
    pattern: /Please use \/login to sign in|What account do you want to log into\?/,
    words: 'blocked at start-up: it is not logged in',
    within: 12,
  },
  { state: 'waiting', pattern: /(?:Do you want to|Would you like to)[^\n]{1,200}\?/, within: 16 },
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
