/**
 * Payloads of agents' hooks: hostile text that may be cut off in the midst, be no JSON at all, or hold anything. What
 * can be read of it is read; nothing here throws, and what comes out is one clean line.
 */
import { isObject } from '../fields.ts';
import { plain } from '../text.ts';
import type { EventReading, Reading } from './reading.ts';

/** An object of which nothing is known. */
export type Payload = Readonly<Record<string, unknown>>;

/** Most of a payload that is looked at, in UTF-16 units. */
const longestPayload = 262_144;
/** Longest message kept, in UTF-16 units. */
const longestMessage = 500;

/** The payload's object; empty when there is none. One that was cut off gives what stands before the cut. */
export function readPayload(payload: string | null): Payload {
  if (payload === null) return {};
  const text = payload.slice(0, longestPayload);
  const value = parsed(text) ?? parsed(closed(text));
  return isObject(value) ? value : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Cut-off JSON made whole: what is open is closed. An element that was cut is dropped, but for a text, which ends
 * where it was cut.
 */
function closed(text: string): string {
  const open: string[] = [];
  let inText = false;
  let escaped = false;
  let brokenAt = 0;
  // The last place where everything before it is complete, and what would close it there.
  let safe = '';
  let isKey = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const each = text[at];
    if (inText) {
      if (escaped) escaped = false;
      else if (each === '\\') {
        escaped = true;
        brokenAt = at;
      } else if (each === '"') inText = false;
      continue;
    }
    if (each === '"') {
      inText = true;
      start = at;
      isKey = open.at(-1) === '}' && !/:\s*$/.test(text.slice(Math.max(0, at - 8), at));
    } else if (each === '{' || each === '[') {
      open.push(each === '{' ? '}' : ']');
      safe = text.slice(0, at + 1) + closers(open);
    } else if (each === '}' || each === ']') {
      open.pop();
      safe = text.slice(0, at + 1) + closers(open);
    } else if (each === ',') safe = text.slice(0, at) + closers(open);
    if (open.length > 200) return safe;
  }
  if (!inText || isKey) return safe;
  // A cut may fall inside an escape: `\`, `\u12`.
  const kept =
    brokenAt > start && /^\\(?:u[\da-f]{0,3})?$/i.test(text.slice(brokenAt)) ? text.slice(0, brokenAt) : text;
  return `${kept}"${closers(open)}`;
}

function closers(open: readonly string[]): string {
  return [...open].reverse().join('');
}

/** Text for a person: escape sequences and control characters gone, one line, cut; null when nothing is left. */
export function said(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = plain(value.slice(0, 4 * longestMessage))
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return null;
  return text.length > longestMessage ? `${text.slice(0, longestMessage - 1).trimEnd()}…` : text;
}

/** The first of some keys whose value is text with something in it. */
export function textOf(payload: Payload, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = said(Object.hasOwn(payload, key) ? payload[key] : undefined);
    if (text !== null) return text;
  }
  return null;
}

/** A nested object; empty when there is none. */
export function inner(payload: Payload, key: string): Payload {
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  return isObject(value) ? value : {};
}

/** A conversation's id: it becomes an argument and part of a path, so it holds neither blanks nor slashes. */
export function conversationOf(payload: Payload, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
    if (typeof value === 'string' && /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,199}$/u.test(value)) return value;
  }
  return null;
}

/** A path as the payload gives it: absolute and without steps upwards, else null. */
export function pathOf(payload: Payload, key: string): string | null {
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  return typeof value === 'string' && isPlainPath(value) ? value : null;
}

function isPlainPath(path: string): boolean {
  return (
    path.startsWith('/') &&
    path.length <= 4096 &&
    !/\p{Cc}/u.test(path) &&
    !path.split('/').some((part) => part === '..' || part === '.')
  );
}

/** `path` when it lies inside `folder`, else null: an agent may name any file there is. */
export function insideOf(folder: string, path: string | null): string | null {
  return path !== null && isPlainPath(path) && path.startsWith(`${folder.replace(/\/+$/, '')}/`)
    ? path
    : null;
}

/** A tool's call as a question: `Bash: rm -rf build`, `Edit: lib/a.ts`, or the tool alone. */
export function toolQuestion(name: string | null, input: Payload): string | null {
  const what =
    textOf(input, 'command', 'cmd', 'script', 'file_path', 'filePath', 'path', 'url', 'query', 'pattern') ??
    textOf(input, 'description', 'prompt');
  if (name === null) return what;
  return what === null ? name : said(`${name}: ${what}`);
}

/** What an event means, from its payload; what it leaves out is what an event that changes nothing says. */
export type EventMeaning = (payload: Payload) => Partial<EventReading>;

/** The first of a tool's questions to the person. */
export function questionIn({ questions }: Payload): string | null {
  const [first] = Array.isArray(questions) ? questions : [];
  return isObject(first) ? textOf(first, 'question', 'header') : null;
}

/** A reader of events from a table by name. */
export function eventReader(meanings: Readonly<Record<string, EventMeaning>>): Reading['readEvent'] & object {
  return (event, payload) => {
    const meaning = Object.hasOwn(meanings, event) ? meanings[event] : undefined;
    if (meaning === undefined) return null;
    const read = readPayload(payload);
    return eventReading(read, meaning(read));
  };
}

/** Meanings that many agents' events share. */
export const changesNothing: EventMeaning = () => ({});
/** The conversation is over. */
export const ended: EventMeaning = () => ({ ends: true });
/** The agent is at work. */
export const works: EventMeaning = () => ({ state: 'working' });

/** A turn that the model or its service broke off, in the words of the first of some keys that has any. */
export function modelFailed(payload: Payload, ...keys: readonly string[]): Partial<EventReading> {
  return { state: 'failed', message: textOf(payload, ...keys) ?? 'the model failed' };
}

/** A conversation began, where the hooks are those of this one program and not inherited by what it starts. */
export const beganAnew: EventMeaning = () => ({ adopts: true });

/** A conversation began; the agent announces another one than before when the person cleared or chose it. */
export const began: EventMeaning = (payload) => ({
  adopts: ['clear', 'resume', 'new', 'compact'].includes(textOf(payload, 'source') ?? ''),
});

function eventReading(payload: Payload, fields: Partial<EventReading>): EventReading {
  return {
    state: null,
    message: null,
    mayAsk: null,
    conversationId: conversationOf(payload, 'session_id', 'sessionId', 'sessionID', 'conversation_id'),
    adopts: false,
    ends: false,
    transcript: pathOf(payload, 'transcript_path'),
    background: false,
    reminds: false,
    ...fields,
  };
}
