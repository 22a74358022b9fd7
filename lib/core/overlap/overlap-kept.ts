/** What is kept of overlaps on disk: the pairs that readers show, and the works they were computed from. */
import {
  dictionary,
  type FieldReaders,
  flag,
  isObject,
  list,
  matching,
  orNull,
  readFields,
  shaped,
  text,
  whole,
} from '../fields.ts';
import type { Change, PairOverlap, Work } from './overlap.ts';

/** A work as it was when `key` (the worktree's fingerprint and the length of the journal) was seen. */
export interface KeptWork extends Work {
  readonly key: string;
}

/** By task. `scratch` names the store of objects that the works' commits are in: with another they are gone. */
export interface KeptWorks {
  readonly scratch: string;
  readonly works: Readonly<Record<string, KeptWork>>;
}

const path = text(4096);
const objectId = matching(/^[0-9a-f]{40,64}$/);
const id = matching(/^[0-9a-f:]{1,200}$/);
const paths = list(path, 1000);
const share = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined;

const pair: FieldReaders<PairOverlap> = {
  a: text(200),
  b: text(200),
  key: text(500),
  shared: whole(0, Number.MAX_SAFE_INTEGER),
  files: paths,
  share,
  conflict: orNull(flag),
  conflicts: paths,
};

const change: FieldReaders<Change> = { path, from: orNull(path), gone: flag };

const work: FieldReaders<KeptWork> = {
  key: text(2000),
  id,
  commit: objectId,
  base: objectId,
  changes: list(shaped(change), 1_000_000),
};

/** The pairs in the text of an overlap.json; none when it cannot be read: they are only a saving of work. */
export function parsePairs(json: string): readonly PairOverlap[] {
  const value = parsed(json);
  return (isObject(value) && value.version === 1 && list(shaped(pair), 1_000_000)(value.pairs)) || [];
}

/** The works in a text, or null. */
export function parseWorks(json: string): KeptWorks | null {
  const value = parsed(json);
  if (!isObject(value)) return null;
  const read = readFields<KeptWorks>({ scratch: text(200), works: dictionary(shaped(work)) }, value);
  return read.ok ? read.fields : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
