/**
 * Reads settings a person wrote by hand against a schema: what is wrong is named and falls back to its default, and
 * everything beside it counts as it stands.
 */
import * as v from 'valibot';
import { oneLine } from '../errors.ts';
import { isObject } from '../fields.ts';
import { nearNames } from '../names.ts';

/** Any schema without asynchronous parts. */
export type Schema = v.GenericSchema;
/** The schema of a file: an object all of whose keys may be missing. */
export type SettingsSchema = v.GenericSchema & { readonly entries: Readonly<Record<string, Schema>> };

/** Settings that can be used, whatever the file holds. */
export interface ParsedSettings<T> {
  readonly settings: T;
  /** One line each: the key's path, what it must be, what was found. */
  readonly problems: readonly string[];
}

/** Settings from what a JSON file held. Never throws; `values` that are no object at all are a problem too. */
export function parseSettings<S extends SettingsSchema>(
  schema: S,
  values: unknown,
): ParsedSettings<v.InferOutput<S>> {
  const problems: string[] = [];
  const fitting = prune(schema, withoutSchema(values ?? {}), '', problems);
  const parsed = v.safeParse(schema, isObject(fitting) ? fitting : {});
  // Every key has a default, and what did not fit was taken out: only a schema that forgets a default fails here.
  if (!parsed.success)
    throw new Error(`no defaults: ${parsed.issues.map((issue) => issue.message).join(', ')}`);
  return { settings: parsed.output, problems };
}

/** `$schema` in a file is for editors. */
function withoutSchema(values: unknown): unknown {
  if (!isObject(values)) return values;
  const { $schema, ...rest } = values;
  return rest;
}

/** The schema behind `optional` and `nullable`. */
export function unwrapped(schema: Schema): Schema {
  return 'wrapped' in schema ? unwrapped(schema.wrapped as Schema) : schema;
}

/** The schemas of an object's keys, or null for any other schema. */
export function entriesOf(schema: Schema): Readonly<Record<string, Schema>> | null {
  return schema.type === 'object' && 'entries' in schema ? (schema.entries as Record<string, Schema>) : null;
}

/** The schemas of the keys and values of a map from names, or null for any other schema. */
export function recordOf(schema: Schema): { readonly key: Schema; readonly value: Schema } | null {
  return schema.type === 'record' && 'key' in schema && 'value' in schema
    ? { key: schema.key as Schema, value: schema.value as Schema }
    : null;
}

/** What of `value` fits the schema; undefined when nothing does. Says what it leaves out. */
function prune(schema: Schema, value: unknown, path: string, problems: string[]): unknown {
  if (value === null && v.is(schema, null)) return null;
  const inner = unwrapped(schema);
  const entries = entriesOf(inner);
  const record = recordOf(inner);
  const before = problems.length;
  let fitting = value;
  if ((entries ?? record) !== null) {
    if (!isObject(value)) return refuse(path, 'must be an object', value, problems);
    fitting = entries
      ? pruneEntries(entries, value, path, problems)
      : pruneRecord(record, value, path, problems);
  } else if (inner.type === 'array' && Array.isArray(value))
    fitting = pruneItems(inner, value, path, problems);
  const parsed = v.safeParse(schema, fitting);
  if (parsed.success) return fitting;
  // A part that is missing because it was refused has been named already.
  if (problems.length === before) refuse(path, parsed.issues[0].message, value, problems);
  return undefined;
}

function pruneEntries(
  entries: Readonly<Record<string, Schema>>,
  value: Readonly<Record<string, unknown>>,
  path: string,
  problems: string[],
): unknown {
  const fitting: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    const schema = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (schema === undefined)
      problems.push(
        unknownKey(
          join(path, key),
          Object.keys(entries).map((known) => join(path, known)),
        ),
      );
    else {
      const kept = prune(schema, each, join(path, key), problems);
      if (kept !== undefined) fitting[key] = kept;
    }
  }
  return fitting;
}

function pruneRecord(
  record: ReturnType<typeof recordOf>,
  value: Readonly<Record<string, unknown>>,
  path: string,
  problems: string[],
): unknown {
  const kept = Object.entries(value).flatMap(([key, each]) => {
    const name = record && v.safeParse(record.key, key);
    if (!record || !name?.success) {
      refuse(join(path, key), name?.issues?.[0].message ?? 'is no name', key, problems);
      return [];
    }
    const fitting = prune(record.value, each, join(path, key), problems);
    return fitting === undefined ? [] : [[key, fitting] as const];
  });
  return Object.fromEntries(kept);
}

/** Each item by itself: one wrong check must not switch the others off. */
function pruneItems(schema: Schema, value: readonly unknown[], path: string, problems: string[]): unknown {
  const item = 'item' in schema ? (schema.item as Schema) : null;
  if (item === null || !itemsStandAlone(item)) return value;
  return value.flatMap((each, index) => {
    const fitting = prune(item, each, join(path, String(index)), problems);
    return fitting === undefined ? [] : [fitting];
  });
}

/** The words of an argv do not: a command without its wrong word is another command. */
function itemsStandAlone(item: Schema): boolean {
  return item.type !== 'string';
}

function refuse(path: string, reason: string, found: unknown, problems: string[]): undefined {
  problems.push(`${path === '' ? 'the whole' : path} ${reason}, not ${shown(found)}`);
}

function unknownKey(path: string, known: readonly string[]): string {
  const near = nearNames(path, known);
  return `${path} is not known${near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''}`;
}

function join(path: string, key: string): string {
  const shownKey = oneLine(key);
  return path === '' ? shownKey : `${path}.${shownKey}`;
}

function shown(value: unknown): string {
  const text = oneLine(JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
