/** Reads task.json, project.json and diff.json: a record that can be relied on, or the reason why there is none. */
import {
  dictionary,
  type FieldReaders,
  flag,
  instant,
  isObject,
  list,
  matching,
  orNull,
  plain,
  readFields,
  shaped,
  text,
  whole,
} from '../fields.ts';
import type { AgentRecord, DiffStat, ProjectRecord, TaskRecord } from '../model.ts';

/** What a record's text came to: the record, or a reason in words that follows the file's name. */
export type Parsed<T> = { readonly record: T } | { readonly reason: string };

/** The diff last computed for a task, with the key it was computed for. */
export interface KeptDiff {
  readonly key: string;
  readonly stat: DiffStat;
}

const version = (value: unknown): 1 | undefined => (value === 1 ? 1 : undefined);
const name = plain(200);
const path = matching(/^\/[^\0]{0,4095}$/);
/** Refs, ids and paths go to programs as arguments: they must not look like options. */
const ref = matching(/^[^-\p{Cc}][^\p{Cc}]{0,999}$/u);

/** An argument of a program can be anything but longer than systems take, and has no NUL. */
const argument = matching(/^[^\0]{0,100000}$/);

const project: FieldReaders<ProjectRecord> = { version, name, root: path, created: instant };

const agent: FieldReaders<Omit<Required<AgentRecord>, 'independent'>> = {
  name,
  preset: name,
  role: plain(200),
  conversationId: orNull(ref),
  args: (value) => (value === undefined ? [] : list(argument, 1000)(value)),
  model: orNull(ref),
};

const task: FieldReaders<Required<TaskRecord>> = {
  version,
  name,
  project: name,
  prompt: text(4_000_000),
  branch: ref,
  base: ref,
  baseCommit: matching(/^[0-9a-f]{7,64}$/),
  ownsBranch: flag,
  worktree: path,
  included: dictionary(text(200)),
  layout: name,
  priority: whole(-1_000_000, 1_000_000),
  group: orNull(name),
  ports: list(whole(1, 65_535), 1000),
  agents: list(shaped(agent), 100),
  created: instant,
  acceptance: (value) => (value === undefined ? [] : list(text(100_000), 1000)(value)),
  reviewer: orNull(name),
  after: orNull(name),
};

const diff: FieldReaders<KeptDiff> = {
  key: text(2000),
  stat: shaped<DiffStat>({
    files: whole(0, Number.MAX_SAFE_INTEGER),
    insertions: whole(0, Number.MAX_SAFE_INTEGER),
    deletions: whole(0, Number.MAX_SAFE_INTEGER),
  }),
};

/** The record in the text of a task.json. Keys that are not known are left out. */
export function parseTaskRecord(json: string): Parsed<TaskRecord> {
  return parse(task, json);
}

/** The record in the text of a project.json. */
export function parseProjectRecord(json: string): Parsed<ProjectRecord> {
  return parse(project, json);
}

/** The kept diff in the text of a diff.json, or null: it is only a saving of work. */
export function parseKeptDiff(json: string): KeptDiff | null {
  const parsed = parse(diff, json);
  return 'record' in parsed ? parsed.record : null;
}

function parse<T>(readers: FieldReaders<T>, json: string): Parsed<T> {
  if (json.trim() === '') return { reason: 'it is empty' };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return { reason: 'it is not JSON' };
    throw error;
  }
  if (!isObject(value)) return { reason: 'it holds no object' };
  const read = readFields(readers, value);
  return read.ok ? { record: read.fields } : { reason: `its “${read.key}” is missing or wrong` };
}
