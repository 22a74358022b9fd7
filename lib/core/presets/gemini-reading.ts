/** How Gemini CLI is read: hooks, the pane's title, dialogs, chats (0.61.0). */

import type { AgentFile, AgentPlace, DatedSight, EventReading, Reading, Sight } from '../agents/reading.ts';
import {
  began,
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
import { type ScreenSign, screenReader } from '../agents/reading-screen.ts';
import { tokens, usageByAnswer } from '../agents/usage.ts';

/** `ToolPermission`, with what is asked in `details`. */
function notified(payload: Payload): Partial<EventReading> {
  if (textOf(payload, 'notification_type') !== 'ToolPermission') return {};
  const details = inner(payload, 'details');
  const type = textOf(details, 'type');
  const message = textOf(payload, 'message');
  // The question itself was told when the tool began.
  if (type === 'ask_user')
    return {
      state: 'waiting',
      message: questionIn(details) ?? message,
      reminds: questionIn(details) === null,
    };
  const asked = toolQuestion(textOf(details, 'rootCommand', 'title', 'toolName', 'type'), details);
  return { state: 'waiting', message: asked ?? message };
}

function begins(payload: Payload): Partial<EventReading> {
  const asks = textOf(payload, 'tool_name') === 'ask_user';
  return { state: 'working', mayAsk: asks ? questionIn(inner(payload, 'tool_input')) : null };
}

/** It fires after Esc and errors too, without an answer: the turn is over in each case. */
function ends(payload: Payload): Partial<EventReading> {
  const said = textOf(payload, 'prompt_response');
  return { state: 'done', message: said === '[no response text]' ? null : said };
}

const readEvent = eventReader({
  SessionStart: began,
  BeforeAgent: works,
  BeforeTool: begins,
  AfterTool: works,
  BeforeModel: changesNothing,
  AfterModel: changesNothing,
  PreCompress: changesNothing,
  Notification: notified,
  AfterAgent: ends,
  SessionEnd: ended,
});

/** “Ready” stands in the title during trust and login dialogs too: it is the weakest of its words. */
function readTitle(title: string): Sight | null {
  if (/^✋/u.test(title)) return { state: 'waiting', message: null };
  if (/^(?:✦|⏲)/u.test(title)) return { state: 'working', message: null };
  return /^◇/u.test(title) ? { state: 'idle', message: null } : null;
}

function geminiHome({ env }: Pick<AgentPlace, 'env'>): string | null {
  const home = env.GEMINI_CLI_HOME?.startsWith('/') ? env.GEMINI_CLI_HOME : env.HOME;
  return home?.startsWith('/') ? `${home}/.gemini` : null;
}

/** Its chat, the only place where an error is told; what came after an error makes it old. */
function readChat(file: AgentFile): DatedSight | null {
  for (const line of file.text.split('\n').reverse()) {
    if (!/"type":"(?:error|user|gemini)"/.test(line) || line.startsWith('{"$set"')) continue;
    const entry = readPayload(line);
    const at = Date.parse(typeof entry.timestamp === 'string' ? entry.timestamp : '');
    if (entry.type !== 'error' || Number.isNaN(at)) return null;
    return { state: 'failed', message: errorText(textOf(entry, 'content')), at, conversationId: null };
  }
  return null;
}

/** `[API Error: {…}]`: what the JSON says in words is enough. */
function errorText(content: string | null): string | null {
  const json = /\{.*\}/.exec(content ?? '')?.[0];
  return json === undefined ? content : (textOf(inner(readPayload(json), 'error'), 'message') ?? content);
}

/** `chats/session-….jsonl`: an answer carries `tokens`; a message told again with the same id replaces the one before. */
const usage = usageByAnswer('"tokens"', (entry) => {
  const id = textOf(entry, 'id');
  if (id === null) return null;
  const counts = inner(entry, 'tokens');
  const inputTokens = tokens(counts, 'input', 'tool');
  return [id, { inputTokens, outputTokens: tokens(counts, 'output', 'thoughts'), costUsd: null }];
});

function chat(place: AgentPlace): readonly string[] {
  const home = geminiHome(place);
  const told = home === null ? null : insideOf(`${home}/tmp`, place.transcript);
  return told === null ? [] : [told];
}

/** Whether a folder is trusted, as Qwen Code, which came out of it, asks too. */
export const asksTrust: ScreenSign = {
  state: 'waiting',
  pattern: /Do you trust (?:the files in )?this folder\?/,
  words: 'blocked at start-up: whether to trust this folder',
};

/** The dialogs of a turn and its spinner, as Qwen Code shows them too. */
export const turnSigns: readonly ScreenSign[] = [
  {
    state: 'waiting',
    pattern: /(?:Allow execution|Apply this change|Allow once|Do you want to)[^\n]{0,200}/,
    within: 16,
  },
  { state: 'working', pattern: /esc to cancel/i, within: 10 },
];

const readScreen = screenReader([
  asksTrust,
  {
    state: 'waiting',
    pattern: /How would you like to authenticate|Waiting for auth|Enter Gemini API Key/i,
    words: 'blocked at start-up: it is not logged in',
  },
  {
    state: 'waiting',
    pattern: /What theme would you like|Select Theme/i,
    words: 'blocked at start-up: first-run questions',
    within: 16,
  },
  ...turnSigns,
]);

/** Its title is the weakest word; chats are read only inside Gemini’s own folder. */
export const geminiReading: Reading = {
  quietMs: 3000,
  asks: null,
  readEvent,
  readTitle,
  readScreen,
  registry: { files: chat, folder: null, end: 'last', read: readChat },
  usage: { files: chat, add: usage },
};
