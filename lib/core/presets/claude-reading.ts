/** How Claude Code is read: hooks, `~/.claude/sessions/<pid>.json`, transcripts, screen (2.1.197 to 2.1.329). */

import { dashed } from '../agents/launch-words.ts';
import type {
  AgentFile,
  AgentPlace,
  DatedSight,
  EventReading,
  Reading,
  RegistryReading,
} from '../agents/reading.ts';
import {
  beganAnew,
  changesNothing,
  conversationOf,
  type EventMeaning,
  ended,
  eventReader,
  inner,
  insideOf,
  modelFailed,
  type Payload,
  readPayload,
  textOf,
  toolQuestion,
  works,
} from '../agents/reading-payload.ts';
import { screenReader } from '../agents/reading-screen.ts';
import { isObject } from '../fields.ts';
import { claudeUsage } from './claude-usage.ts';

/** What a permission request asks: a question's own text, else the tool and what it would do. */
export function askedOf(payload: Payload): string | null {
  const name = textOf(payload, 'tool_name');
  const input = inner(payload, 'tool_input');
  const { questions } = input;
  const [first] = Array.isArray(questions) ? questions : [];
  if (isObject(first)) {
    const more =
      Array.isArray(questions) && questions.length > 1 ? ` (and ${questions.length - 1} more)` : '';
    const question = textOf(first, 'question', 'header');
    if (question !== null) return `${question}${more}`;
  }
  if (name === 'ExitPlanMode') return `may it carry out its plan? ${textOf(input, 'plan') ?? ''}`.trim();
  return toolQuestion(name, input);
}

/** The end of a turn: with work left in the background it goes on by itself. */
function stopped(payload: Payload): Partial<EventReading> {
  const { background_tasks: tasks } = payload;
  const message = textOf(payload, 'last_assistant_message');
  return Array.isArray(tasks) && tasks.length > 0
    ? { state: 'working', message: null, background: true }
    : { state: 'done', message };
}

function notified(payload: Payload): Partial<EventReading> {
  const type = textOf(payload, 'notification_type');
  const message = textOf(payload, 'message');
  if (type === 'idle_prompt') return { state: 'done', reminds: true };
  if (type === 'permission_prompt' || type === 'elicitation_dialog' || type === 'worker_permission_prompt')
    return { state: 'waiting', message, reminds: true };
  return {};
}

/** What the events of a turn mean, for Claude Code and for agents that took over its hooks. */
export const turnMeanings: Readonly<Record<string, EventMeaning>> = {
  UserPromptSubmit: works,
  PreToolUse: works,
  PostToolUse: works,
  PostToolUseFailure: works,
  PreCompact: changesNothing,
  SubagentStart: changesNothing,
  SubagentStop: changesNothing,
  PermissionRequest: (payload) => ({ state: 'waiting', message: askedOf(payload) }),
  Stop: stopped,
  StopFailure: (payload) => modelFailed(payload, 'last_assistant_message', 'error_details', 'error'),
  // A conversation's end is not the program's: `/clear` ends one too.
  SessionEnd: ended,
};

const readEvent = eventReader({
  ...turnMeanings,
  SessionStart: beganAnew,
  PermissionDenied: works,
  PostCompact: changesNothing,
  Elicitation: (payload) => ({ state: 'waiting', message: textOf(payload, 'message') }),
  Notification: notified,
});

/** The folder of Claude Code's own files, or null without a home. */
export function claudeHome({ env }: Pick<AgentPlace, 'env'>): string | null {
  if (env.CLAUDE_CONFIG_DIR?.startsWith('/')) return env.CLAUDE_CONFIG_DIR;
  return env.HOME?.startsWith('/') ? `${env.HOME}/.claude` : null;
}

const states: Readonly<Record<string, DatedSight['state']>> = {
  busy: 'working',
  idle: 'idle',
  waiting: 'waiting',
  // The turn is over, a command it left in the background runs.
  shell: 'working',
};

function readRegistry(
  file: AgentFile,
  place: AgentPlace,
  started: (pid: number) => string | null,
): DatedSight | null {
  const entry = readPayload(file.text);
  const { pid, procStart, status, statusUpdatedAt, updatedAt } = entry;
  const state = typeof status === 'string' && Object.hasOwn(states, status) ? states[status] : undefined;
  const conversationId = conversationOf(entry, 'sessionId');
  if (state === undefined || typeof pid !== 'number') return null;
  // It stays behind after a kill: the process must still be the one that wrote it.
  const now = started(pid);
  if (now === null) return null;
  if (typeof procStart === 'string' && /^\d+$/.test(procStart) && /^\d+$/.test(now) && procStart !== now)
    return null;
  if (pid !== place.pid && (conversationId === null || conversationId !== place.conversationId)) return null;
  const at = [statusUpdatedAt, updatedAt].find((each) => typeof each === 'number' && Number.isFinite(each));
  const message = state === 'waiting' ? textOf(entry, 'waitingFor') : null;
  return { state, message, conversationId, at: typeof at === 'number' ? at : file.written };
}

const registry: RegistryReading = {
  files: (place) => {
    const home = claudeHome(place);
    return home === null || place.pid === null ? [] : [`${home}/sessions/${place.pid}.json`];
  },
  folder: (place) => {
    const home = claudeHome(place);
    return home === null ? null : `${home}/sessions`;
  },
  end: 'first',
  read: readRegistry,
};

const readScreen = screenReader([
  {
    state: 'waiting',
    pattern: /Quick safety check|Do you trust the files in this folder|Yes, I trust this folder/,
    words: 'blocked at start-up: whether to trust this folder',
  },
  {
    state: 'waiting',
    pattern: /Select login method|Paste code here if prompted|Browser didn't open\?|Press Enter to login/i,
    words: 'blocked at start-up: it is not logged in',
  },
  {
    state: 'waiting',
    pattern: /Choose the text style that looks best|Let's get started\.|Use Claude Code's terminal setup\?/,
    words: 'blocked at start-up: first-run questions',
  },
  {
    state: 'waiting',
    pattern: /Detected a custom API key in your environment|Bypass Permissions mode/i,
    words: 'blocked at start-up: a question about how it is run',
    within: 14,
  },
  { state: 'waiting', pattern: /Do you want to [^\n]{1,200}\?|Would you like to proceed\?/, within: 14 },
  {
    state: 'waiting',
    pattern: /(?:Enter to select|Enter to confirm|Esc to cancel)[^\n]*(?:·|$)/m,
    words: 'a dialog is open',
    within: 4,
  },
  { state: 'working', pattern: /esc to interrupt|ctrl\+c to interrupt/i, within: 8 },
  {
    state: 'idle',
    pattern: /^❯\s?.*\n(?:[^\n]*\n){0,3}[^\n]*(?:\? for shortcuts|← for agents|shift\+tab)/m,
    within: 8,
  },
]);

/** All sources it has; its session file counts only for the process that wrote it. */
export const claudeReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent,
  readScreen,
  registry,
  usage: {
    files: (place) => {
      const home = claudeHome(place);
      if (home === null) return [];
      const told = insideOf(`${home}/projects`, place.transcript);
      const made =
        place.conversationId === null
          ? []
          : [`${home}/projects/${dashed(place.worktree)}/${place.conversationId}.jsonl`];
      return told === null ? made : [told];
    },
    add: claudeUsage,
  },
};
