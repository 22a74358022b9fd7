/** How Qwen Code is read: hooks of Claude Code's shape, the pane's title, dialogs, chats (0.15.10 and 0.24.4). */

import type { AgentPlace, Reading, Sight, UsageSum } from '../reading.ts';
import {
  began,
  changesNothing,
  ended,
  eventReader,
  inner,
  insideOf,
  readPayload,
  textOf,
  works,
} from '../reading-payload.ts';
import { screenReader } from '../reading-screen.ts';
import { sumOfParts, tokens } from '../usage.ts';
import { askedOf, stopped } from './claude-reading.ts';

const readEvent = eventReader({
  SessionStart: began,
  UserPromptSubmit: works,
  PreToolUse: works,
  PostToolUse: works,
  PostToolUseFailure: works,
  PreCompact: changesNothing,
  SubagentStart: changesNothing,
  SubagentStop: changesNothing,
  PermissionRequest: (payload) => ({ state: 'waiting', message: askedOf(payload) }),
  // `idle_prompt` comes at every return to idle: after a denial, an interrupt and a failure too.
  Notification: (payload) => {
    const type = textOf(payload, 'notification_type');
    if (type === 'idle_prompt') return { state: 'done', reminds: true };
    return type === 'permission_prompt'
      ? { state: 'waiting', message: textOf(payload, 'message'), reminds: true }
      : {};
  },
  Stop: stopped,
  StopFailure: (payload) => ({
    state: 'failed',
    message: textOf(payload, 'last_assistant_message', 'error_details', 'error') ?? 'the model failed',
  }),
  SessionEnd: ended,
});

/**
 * The sign before the name turns while it works and is a star while it asks. The name alone says nothing: versions
 * without signs (0.15) show it over questions too, and every return to idle is reported.
 */
function readTitle(title: string): Sight | null {
  if (/^✳\S* /u.test(title)) return { state: 'waiting', message: null };
  if (/^[◐◓◑◒]\S* /u.test(title)) return { state: 'working', message: null };
  return null;
}

/** `chats/U.jsonl`: a record of an answer carries Gemini's `usageMetadata`. */
function usage(before: UsageSum | null, lines: readonly string[]): UsageSum {
  const parts = new Map(before?.parts);
  for (const line of lines) {
    if (!line.includes('"usageMetadata"')) continue;
    const entry = readPayload(line);
    const id = textOf(entry, 'uuid', 'id');
    const counts = inner(entry, 'usageMetadata');
    if (id === null || Object.keys(counts).length === 0) continue;
    parts.set(id, {
      inputTokens: tokens(counts, 'promptTokenCount'),
      outputTokens: tokens(counts, 'candidatesTokenCount', 'thoughtsTokenCount'),
      costUsd: null,
    });
  }
  return sumOfParts(parts);
}

function chats({ env, transcript }: AgentPlace): readonly string[] {
  const told = env.HOME?.startsWith('/') ? insideOf(`${env.HOME}/.qwen`, transcript) : null;
  return told === null ? [] : [told];
}

const readScreen = screenReader([
  {
    state: 'waiting',
    pattern: /Select Authentication Method|How would you like to authenticate/i,
    words: 'blocked at start-up: it is not logged in',
  },
  {
    state: 'waiting',
    pattern: /Do you trust (?:the files in )?this folder\?/,
    words: 'blocked at start-up: whether to trust this folder',
  },
  {
    state: 'waiting',
    pattern: /(?:Allow execution|Apply this change|Allow once|Do you want to)[^\n]{0,200}/,
    within: 16,
  },
  {
    state: 'waiting',
    pattern: /([^\n]+)\n[^\w\n]{0,3}1\. [\s\S]*Enter: Select \| Esc: Cancel/,
    words: '$1',
    within: 16,
  },
  { state: 'waiting', pattern: /Waiting for user confirmation/, words: 'a dialog is open', within: 3 },
  { state: 'working', pattern: /esc to cancel/i, within: 10 },
]);

export const qwenReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent,
  readTitle,
  readScreen,
  usage: { files: chats, add: usage },
};
