/** How Codex CLI is read: hooks, the rollout file of the conversation, the pane's title, dialogs (0.169.0). */

import type {
  AgentFile,
  AgentPlace,
  DatedSight,
  EventReading,
  Reading,
  Sight,
  UsageSum,
} from '../agents/reading.ts';
import {
  beganAnew,
  changesNothing,
  ended,
  eventReader,
  inner,
  insideOf,
  type Payload,
  questionIn,
  readPayload,
  textOf,
  toolQuestion,
  works,
} from '../agents/reading-payload.ts';
import { screenReader } from '../agents/reading-screen.ts';
import { tokens } from '../agents/usage.ts';

/** Its own question to the person is a tool that no permission is asked for. */
function begins(payload: Payload): Partial<EventReading> {
  if (textOf(payload, 'tool_name') !== 'request_user_input') return { state: 'working' };
  return { state: 'waiting', message: questionIn(inner(payload, 'tool_input')) };
}

const readEvent = eventReader({
  // Comes with the first prompt, not with the start.
  SessionStart: beganAnew,
  UserPromptSubmit: works,
  PreToolUse: begins,
  PostToolUse: works,
  PreCompact: changesNothing,
  PostCompact: changesNothing,
  SubagentStart: changesNothing,
  SubagentStop: changesNothing,
  PermissionRequest: (payload) => ({
    state: 'waiting',
    message: toolQuestion(textOf(payload, 'tool_name'), inner(payload, 'tool_input')),
  }),
  Stop: (payload) => ({ state: 'done', message: textOf(payload, 'last_assistant_message') }),
  Interrupt: () => ({ state: 'done', message: 'you interrupted it' }),
  SessionEnd: ended,
});

/** The folder of Codex's own files, or null without a home. */
function codexHome({ env }: Pick<AgentPlace, 'env'>): string | null {
  if (env.CODEX_HOME?.startsWith('/')) return env.CODEX_HOME;
  return env.HOME?.startsWith('/') ? `${env.HOME}/.codex` : null;
}

function rollout(place: AgentPlace): readonly string[] {
  const home = codexHome(place);
  const told = home === null ? null : insideOf(`${home}/sessions`, place.transcript);
  return told === null ? [] : [told];
}

/** The title is the folder's name; a spinner of braille dots before it means work, `[ ! ] Action Required` a dialog. */
function readTitle(title: string, worktree: string): Sight | null {
  if (/^\[ [!.] \] Action Required/.test(title)) return { state: 'waiting', message: null };
  if (/^[\u2801-\u28ff] /.test(title)) return { state: 'working', message: null };
  const name = worktree.slice(worktree.lastIndexOf('/') + 1);
  return name !== '' && title === name ? { state: 'idle', message: null } : null;
}

/** The last event of a turn in the rollout; the only place where a turn that the API failed is told. */
function readRollout(file: AgentFile): DatedSight | null {
  for (const line of file.text.split('\n').reverse()) {
    if (!line.includes('"event_msg"')) continue;
    const entry = readPayload(line);
    const event = inner(entry, 'payload');
    const at = Date.parse(typeof entry.timestamp === 'string' ? entry.timestamp : '');
    if (entry.type !== 'event_msg' || Number.isNaN(at)) continue;
    const sight = turnSight(event);
    if (sight !== null) return { ...sight, at, conversationId: null };
  }
  return null;
}

function turnSight(event: Readonly<Record<string, unknown>>): Sight | null {
  if (event.type === 'task_started' || event.type === 'turn_started')
    return { state: 'working', message: null };
  if (event.type === 'turn_aborted') return { state: 'idle', message: null };
  if (event.type !== 'task_complete' && event.type !== 'turn_complete') return null;
  const failure = textOf(inner(event, 'error'), 'message') ?? textOf(event, 'error');
  return failure === null
    ? { state: 'idle', message: textOf(event, 'last_agent_message') }
    : { state: 'failed', message: failureText(failure) };
}

/** An API's error is JSON in a text: what it says in words is enough. */
function failureText(failure: string): string {
  const error = readPayload(failure);
  return textOf(inner(error, 'error'), 'message') ?? textOf(error, 'message') ?? failure;
}

function usage(before: UsageSum | null, lines: readonly string[]): UsageSum {
  let sum: UsageSum = before ?? { usage: null, parts: new Map() };
  for (const line of lines) {
    if (!line.includes('"token_count"')) continue;
    const event = inner(readPayload(line), 'payload');
    const total = inner(inner(event, 'info'), 'total_token_usage');
    if (event.type !== 'token_count' || Object.keys(total).length === 0) continue;
    // Each tells the whole conversation's total; `input_tokens` includes the cached ones.
    const inputTokens = tokens(total, 'input_tokens');
    sum = { ...sum, usage: { inputTokens, outputTokens: tokens(total, 'output_tokens'), costUsd: null } };
  }
  return sum;
}

/** The composer is on the screen at all times: only dialogs are read from it. */
const readScreen = screenReader([
  {
    state: 'waiting',
    pattern: /Trust this folder\?|Do you trust the contents of this directory\?/,
    words: 'blocked at start-up: whether to trust this folder',
  },
  {
    state: 'waiting',
    pattern: /Hooks need review/,
    words: 'blocked at start-up: hooks need review',
  },
  {
    state: 'waiting',
    pattern: /Sign in with ChatGPT|Choose how you want to use Codex/,
    words: 'blocked at start-up: it is not logged in',
  },
  {
    state: 'waiting',
    pattern: /Update available![\s\S]*(?:Skip|Update now)/,
    words: 'blocked at start-up: whether to update',
  },
  {
    state: 'waiting',
    pattern: /Choose working directory to resume/i,
    words: 'blocked at start-up: which folder to resume in',
  },
  {
    state: 'waiting',
    pattern: /(?:Would you like to|Do you want to|Allow Codex to)[^\n]{1,200}\?/,
    within: 16,
  },
  {
    state: 'waiting',
    pattern: /Press enter to confirm or esc to cancel/i,
    words: 'a dialog is open',
    within: 4,
  },
  { state: 'waiting', pattern: /enter to submit (?:answer|all)/i, words: 'it asks a question', within: 4 },
  { state: 'working', pattern: /esc to interrupt/i, within: 8 },
]);

/** The rollout is read only where a hook told its path, inside Codex’s own folder. */
export const codexReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent,
  readTitle,
  readScreen,
  registry: { files: rollout, folder: null, end: 'last', read: readRollout },
  usage: { files: rollout, add: usage },
};
