/** Preferences by dotted key (`sidebar.width`, `agents.mine.command`): what `pitwall config` gets, sets and unsets. */
import { PitwallError } from '../errors.ts';
import { isObject } from '../fields.ts';
import { nearNames } from '../names.ts';
import { parsePreferences, preferencesSchema } from './preferences.ts';
import { entriesOf, recordOf, type Schema, unwrapped } from './settings.ts';

type Values = Readonly<Record<string, unknown>>;

/** The value of a key, a whole section included; null when nothing is chosen. SettingsInvalid for an unknown key. */
export function getPath(preferences: unknown, key: string): unknown {
  let value = preferences;
  for (const segment of segmentsOf(key))
    value = isObject(value) && Object.hasOwn(value, segment) ? value[segment] : null;
  return value ?? null;
}

/** What a person typed as a value: JSON where it is JSON, else the text as it stands. */
export function parseValue(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch (error) {
    if (error instanceof SyntaxError) return typed;
    throw error;
  }
}

/**
 * The file's values with one more set. SettingsInvalid for an unknown key and for a value that does not fit; what was
 * wrong in the file before stays, and is no reason to refuse.
 */
export function setPath(values: Values, key: string, value: unknown): Values {
  const changed = replaced(values, segmentsOf(key), value);
  const before = new Set(parsePreferences(values).problems);
  const wrong = parsePreferences(changed).problems.find((problem) => !before.has(problem));
  if (wrong !== undefined) throw new PitwallError('SettingsInvalid', wrong, 'pitwall config');
  return changed;
}

/** The file's values without that key, and without the sections that this leaves empty. Any key may be unset. */
export function unsetPath(values: Values, key: string): Values {
  return replaced(values, key.split('.'), undefined);
}

/** Every key that has a fixed name, sections left out: for completion and for near matches. */
export function preferenceKeys(): readonly string[] {
  const keysOf = (schema: Schema, path: string): readonly string[] => {
    const entries = entriesOf(unwrapped(schema));
    if (entries === null) return [path];
    return Object.entries(entries).flatMap(([key, each]) =>
      keysOf(each, path === '' ? key : `${path}.${key}`),
    );
  };
  return keysOf(preferencesSchema, '');
}

function segmentsOf(key: string): readonly string[] {
  const segments = key.split('.');
  let schema: Schema | null = preferencesSchema;
  for (const segment of segments) {
    schema = schema && within(unwrapped(schema), segment);
    if (schema === null) throw unknown(key);
  }
  return segments;
}

function within(schema: Schema, segment: string): Schema | null {
  const entries = entriesOf(schema);
  if (entries !== null) return (Object.hasOwn(entries, segment) ? entries[segment] : null) ?? null;
  return segment === '' ? null : (recordOf(schema)?.value ?? null);
}

function unknown(key: string): PitwallError {
  const known = preferenceKeys();
  const last = key.split('.').at(-1) ?? '';
  const sameEnd = known.filter((each) => each.split('.').at(-1) === last);
  const near = [...new Set([...sameEnd, ...nearNames(key, known)])].slice(0, 3);
  const meant = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return new PitwallError('SettingsInvalid', `there is no preference ${key}${meant}`, 'pitwall config', {
    near,
  });
}

function replaced(values: Values, segments: readonly string[], value: unknown): Values {
  const [first = '', ...rest] = segments;
  const inside = Object.hasOwn(values, first) ? values[first] : undefined;
  const next = rest.length === 0 ? value : replaced(isObject(inside) ? inside : {}, rest, value);
  const others = Object.entries(values).filter(([key]) => key !== first);
  const emptied = rest.length > 0 && value === undefined && isObject(next) && Object.keys(next).length === 0;
  return next === undefined || emptied ? Object.fromEntries(others) : keepingOrder(values, first, next);
}

function keepingOrder(values: Values, key: string, value: unknown): Values {
  if (!Object.hasOwn(values, key)) return { ...values, [key]: value };
  return Object.fromEntries(Object.entries(values).map(([each, old]) => [each, each === key ? value : old]));
}
