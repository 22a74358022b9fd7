/**
 * Reads journal lines. The hook writes some of them and anything may stand in them: what cannot be understood is
 * counted and left out, and nothing here throws.
 */

import { type Dispute, type Finding, mostOfVerdict, verdictWords } from '../check/verdict.ts';
import {
  type FieldReaders,
  flag,
  instant,
  isObject,
  list,
  matching,
  oneOf,
  orNull,
  plain,
  readFields,
  sentence,
  shaped,
  text,
  whole,
} from '../fields.ts';
import type { Journal, JournalEvent, JournalEventType } from './journal.ts';

/** Longest line that is read or written, in UTF-16 units: about 1 MB. */
export const longestLine = 1_000_000;

type Body<T extends JournalEventType> = Omit<Extract<JournalEvent, { readonly type: T }>, 'at' | 'type'>;

const name = plain(200);
const processId = whole(1, 0x7fff_ffff);
const anyText = text(longestLine);
const severity = oneOf(['low', 'normal', 'high']);

/** A file directly inside the task's `payloads` folder; anything else an agent might name is not followed. */
const payloadPath = (value: unknown): string | null =>
  matching(/^payloads\/[\p{L}\p{N}_-][\p{L}\p{N}._-]{0,199}$/u)(value) ?? null;

const hookState = oneOf(['working', 'waiting', 'done', 'failed']);

/** An event's name as `pitwall-hook --event` takes it; anything else, and a line from before there were any, has none. */
const eventName = (value: unknown): string | null => matching(/^[A-Za-z0-9_.:-]{1,64}$/)(value) ?? null;

/** Becomes an argument of the agent's program when it is resumed: it must not look like an option. */
const conversationId = matching(/^[^-\p{Cc}\s][^\p{Cc}\s]{0,399}$/u);

const commitId = matching(/^[0-9a-f]{40,64}$/);

const finding = shaped<Finding>({
  file: orNull(plain(mostOfVerdict.file)),
  line: orNull(whole(1, 0x7fff_ffff)),
  severity,
  text: sentence,
});

const bodies: { readonly [T in JournalEventType]: FieldReaders<Body<T>> } = {
  created: { pid: processId, started: text(200) },
  ready: {},
  setup: { ok: flag, message: sentence },
  launched: { agent: name, prompt: oneOf(['argument', 'held', 'none']), resumed: flag },
  hook: {
    agent: name,
    state: (value) => (value === null ? null : hookState(value)),
    event: eventName,
    message: orNull(sentence),
    payload: orNull(anyText),
    payloadFile: payloadPath,
  },
  conversation: { agent: name, conversationId },
  exited: { agent: name, status: orNull(whole(-1, 0xffff_ffff)), signal: orNull(sentence) },
  held: { agent: name, prompt: name, text: anyText },
  delivering: { agent: name, prompt: name, pid: processId, started: text(200) },
  delivered: { agent: name, prompt: name },
  undelivered: { agent: name, prompt: name, message: sentence },
  stopped: { agent: orNull(name) },
  check: {
    run: whole(1, 1_000_000),
    state: oneOf(['running', 'passed', 'failed', 'stale', 'refused']),
    tree: text(200),
    check: orNull(name),
    back: flag,
    message: sentence,
    pid: processId,
    started: text(200),
  },
  verdict: {
    run: whole(1, 1_000_000),
    state: oneOf(['running', ...verdictWords, 'none']),
    tree: text(200),
    reviewer: name,
    preset: name,
    conversationId: orNull(conversationId),
    back: flag,
    severity,
    summary: sentence,
    findings: list(finding, mostOfVerdict.findings),
    disputed: list(
      shaped<Dispute>({ finding: whole(1, mostOfVerdict.findings), reason: sentence }),
      mostOfVerdict.findings,
    ),
    pid: processId,
    started: text(200),
  },
  afresh: { agent: name, message: sentence },
  priority: { priority: whole(-1_000_000, 1_000_000) },
  note: { severity, message: sentence },
  decided: {
    outcome: oneOf(['approved', 'returned']),
    round: whole(1, 1_000_000),
    commit: commitId,
  },
  compared: { round: whole(1, 1_000_000), same: flag },
  landing: { from: commitId, onto: commitId },
  conflict: { files: list(text(4096), 1000), message: sentence },
  landed: { base: name, commit: commitId },
  removing: {},
};

/** Reads a journal's text. A last line without its end counts only when it is whole. Blank lines are nothing. */
export function parseJournal(journal: string): Journal {
  const events: JournalEvent[] = [];
  let skipped = 0;
  for (const line of journal.split('\n')) {
    if (line === '' || line.trim() === '') continue;
    const entire = parseEvent(line);
    const event = entire ?? parseEvent(afterTear(line));
    if (event !== null) events.push(event);
    if (entire === null) skipped += 1;
  }
  return { events, skipped };
}

/** The event of one line, or null. */
function parseEvent(line: string): JournalEvent | null {
  if (line === '' || line.length > longestLine) return null;
  const value = parseJson(line);
  if (!isObject(value)) return null;
  const { type } = value;
  const at = instant(value.at);
  if (at === undefined || typeof type !== 'string' || !isEventType(type)) return null;
  const body = readFields<object>(bodies[type], value);
  // The table's type pairs each event type with the readers of exactly its fields.
  return body.ok ? ({ at, type, ...body.fields } as JournalEvent) : null;
}

/**
 * A writer that did not look for a torn line before it glued its event to one. Inside JSON a quote is escaped, so
 * the last bare `{"at":"` of a line is where that event begins.
 */
function afterTear(line: string): string {
  const start = line.lastIndexOf('{"at":"');
  return start > 0 ? line.slice(start) : '';
}

function isEventType(type: string): type is JournalEventType {
  return Object.hasOwn(bodies, type);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
