/** How Qwen Code is read: hooks of Claude Code's shape, the pane's title, dialogs, chats (0.15.10 and 0.24.4). */

import type { AgentPlace, Reading, Sight } from '../agents/reading.ts';
import { began, eventReader, inner, insideOf, textOf } from '../agents/reading-payload.ts';
import { screenReader } from '../agents/reading-screen.ts';
import { tokens, usageByAnswer } from '../agents/usage.ts';
import { turnMeanings } from './claude-reading.ts';
import { asksTrust, turnSigns } from './gemini-reading.ts';

const readEvent = eventReader({
  SessionStart: began,
  ...turnMeanings,
  // `idle_prompt` comes at every return to idle: after a denial, an interrupt and a failure too.
  Notification: (payload) => {
    const type = textOf(payload, 'notification_type');
    if (type === 'idle_prompt') return { state: 'done', reminds: true };
    return type === 'permission_prompt'
      ? { state: 'waiting', message: textOf(payload, 'message'), reminds: true }
      : {};
  },
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
const usage = usageByAnswer('"usageMetadata"', (entry) => {
  const id = textOf(entry, 'uuid', 'id');
  const counts = inner(entry, 'usageMetadata');
  if (id === null || Object.keys(counts).length === 0) return null;
  const outputTokens = tokens(counts, 'candidatesTokenCount', 'thoughtsTokenCount');
  return [id, { inputTokens: tokens(counts, 'promptTokenCount'), outputTokens, costUsd: null }];
});

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
  asksTrust,
  {
    state: 'waiting',
    pattern: /([^\n]+)\n[^\w\n]{0,3}1\. [\s\S]*Enter: Select \| Esc: Cancel/,
    words: '$1',
    within: 16,
  },
  { state: 'waiting', pattern: /Waiting for user confirmation/, words: 'a dialog is open', within: 3 },
  ...turnSigns,
]);

/** Its hooks first; title and dialogs where they are silent. */
export const qwenReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent,
  readTitle,
  readScreen,
  usage: { files: chats, add: usage },
};
