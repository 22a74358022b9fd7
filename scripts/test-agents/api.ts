/** The shape of a model's API as the stand-in speaks it. */
import type { Asked, Reply } from './play.ts';

export type Json = Readonly<Record<string, unknown>>;

/** How a turn ended: with words, or with a call that wants its result. */
export type Whole = Exclude<Reply, { kind: 'long' | 'error' }>;

/** One API: its path, how a request is read, and how a reply is put. Events are texts of a stream, ends included. */
export interface Api {
  readonly name: string;
  /** Whether a POST to this path is a request to the model. */
  readonly matches: (path: string) => boolean;
  readonly read: (body: Json, path: string) => Asked;
  /** The events before the first words of a reply that never ends by itself. */
  readonly opened: () => readonly string[];
  /** More words of such a reply. */
  readonly more: (text: string) => readonly string[];
  /** All events of a reply. */
  readonly streamed: (reply: Whole) => readonly string[];
  /** The same reply to a request that wants no stream. */
  readonly whole: (reply: Whole) => Json;
  /** What is answered with status 400, which no agent tries again. */
  readonly refused: (message: string) => Json;
}

/** An event of a stream that has a name. */
export function named(type: string, data: Json): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

/** An event of a stream without one. */
export function data(value: Json): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** The objects of an array; none when it is no array. */
export function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or the texts of the parts it is made of, joined. */
export function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return objects(content)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('\n');
}

/** A name never given before in this run. */
export function freshId(prefix: string): string {
  count += 1;
  return `${prefix}_${String(count).padStart(6, '0')}`;
}

let count = 0;
