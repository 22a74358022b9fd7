/**
 * Readers of untrusted JSON, by hand: they stand on the path of every command, where a schema library's start-up
 * would be felt. A reader answers the value it can vouch for, or undefined.
 */
import { oneLine } from './errors.ts';

/** Answers `value` as a T, or undefined when it is none. Never throws. */
export type Reader<T> = (value: unknown) => T | undefined;

/** What a text holds as JSON; null when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** One reader for each key of T. */
export type FieldReaders<T> = { readonly [K in keyof T]: Reader<T[K]> };

/** Any JSON object; not an array, not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text as it is, line feeds and all; at most `longest` UTF-16 units. */
export function text(longest: number): Reader<string> {
  return (value) => (typeof value === 'string' && value.length <= longest ? value : undefined);
}

/** Text for a screen: on one line, without control characters, cut to 2,000 UTF-16 units. */
export const sentence: Reader<string> = (value) =>
  typeof value === 'string' ? oneLine(value.slice(0, 2000)) : undefined;

/** Text that fits a pattern. */
export function matching(pattern: RegExp): Reader<string> {
  return (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined);
}

/** A short name or path without control characters, not empty; at most `longest` UTF-16 units. */
export function plain(longest: number): Reader<string> {
  return (value) =>
    typeof value === 'string' && value !== '' && value.length <= longest && !/\p{Cc}/u.test(value)
      ? value
      : undefined;
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Reader<number> {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : undefined;
}

/** true or false and nothing else. */
export const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** ISO 8601 in UTC, as `Date.toISOString` and `date -u +%Y-%m-%dT%H:%M:%SZ` write it. */
export const instant: Reader<string> = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

/** One of a closed list of words. */
export function oneOf<const T extends string>(words: readonly T[]): Reader<T> {
  return (value) => words.find((word) => word === value);
}

/** What `reader` takes, or null; a missing key is null too. */
export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === null || value === undefined ? null : reader(value));
}

/** A list of at most `most` things, every one of which `reader` takes. */
export function list<T>(reader: Reader<T>, most: number): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) return undefined;
    const items: T[] = [];
    for (const each of value) {
      const item = reader(each);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  };
}

/** An object with any keys, every value of which `reader` takes. */
export function dictionary<T>(reader: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isObject(value)) return undefined;
    const entries: [string, T][] = [];
    for (const [key, each] of Object.entries(value)) {
      const item = reader(each);
      if (item === undefined) return undefined;
      entries.push([key, item]);
    }
    return Object.fromEntries(entries);
  };
}

/** An object whose keys `readers` take; other keys are left out. */
export function shaped<T>(readers: FieldReaders<T>): Reader<T> {
  return (value) => {
    if (!isObject(value)) return undefined;
    const read = readFields(readers, value);
    return read.ok ? read.fields : undefined;
  };
}

/** As `shaped`, but names the first key that does not fit. */
export function readFields<T>(
  readers: FieldReaders<T>,
  value: Readonly<Record<string, unknown>>,
): { readonly ok: true; readonly fields: T } | { readonly ok: false; readonly key: string } {
  const fields: Partial<T> = {};
  for (const key of Object.keys(readers) as (keyof T & string)[]) {
    const field = readers[key](Object.hasOwn(value, key) ? value[key] : undefined);
    if (field === undefined) return { ok: false, key };
    fields[key] = field;
  }
  // Every key of T has had its reader by now.
  return { ok: true, fields: fields as T };
}
