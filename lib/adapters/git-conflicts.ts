/** Whether git would stop at a conflict between two commits: merged for the answer alone, and what that makes is dropped. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gitFolder } from './git-folder.ts';
import { byNul, type Environment, few, objectsIn, type RunGit } from './git-run.ts';
import { codeOf, pidRuns } from './owner.ts';

/** The files that git stops at; null where it cannot tell. */
type Answer = readonly string[] | null;

/** Pairs of commits of one repository that are to be merged for the answer. */
export interface Question {
  readonly root: string;
  /** Where the commits are, when they are not in the repository. */
  readonly scratch: string;
  readonly pairs: readonly (readonly [string, string])[];
}

/** Merges for which one folder of dropped objects is used: what it takes stays bounded. */
const together = 200;

const prefix = 'pitwall-merge-';

const how = ['--name-only', '--no-messages', '--allow-unrelated-histories', '-z'];

/** An answer for each pair. */
export async function conflicts(
  run: RunGit,
  env: Environment,
  { root, scratch, pairs }: Question,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const common = gitFolder(root)?.common ?? '';
  for (let at = 0; at < pairs.length; at += together) {
    const part = pairs.slice(at, at + together);
    const place = inMemory(env) ?? scratch;
    const read =
      (await batch(run, { root, common, scratch, pairs: part, place })) ??
      (place === scratch ? null : await batch(run, { root, common, scratch, pairs: part, place: scratch }));
    answers.push(...(read ?? (await oneByOne(run, { root, common, scratch, pairs: part, place: scratch }))));
  }
  return answers;
}

interface Merges extends Question {
  readonly common: string;
  /** The folder in which a folder for what the merges make is made. */
  readonly place: string;
}

/** All in one process (git 2.39); null when it cannot, or when one commit that cannot be read ended it. */
async function batch(run: RunGit, merges: Merges): Promise<readonly Answer[] | null> {
  const input = merges.pairs.map(([a, b]) => `${a} ${b}\n`).join('');
  return dropping(merges, async (env) => {
    const { exit, stdout } = await run(merges.root, ['merge-tree', ...how, '--stdin'], { env, input });
    const read = exit === 0 ? readBatch(stdout) : [];
    return read.length === merges.pairs.length ? read : null;
  });
}

function oneByOne(run: RunGit, merges: Merges): Promise<readonly Answer[]> {
  return dropping(merges, (env) =>
    few(merges.pairs, async ([a, b]) => {
      const { exit, stdout } = await run(merges.root, ['merge-tree', '--write-tree', ...how, a, b], { env });
      // 1 also says that a commit could not be read, and then nothing else.
      return exit === 0 ? [] : exit === 1 && stdout !== '' ? byNul(stdout).slice(1) : null;
    }),
  );
}

/** Runs `work` with a folder for new objects that is removed afterwards. */
async function dropping<T>(
  { place, scratch, common }: Merges,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(place, `${prefix}${process.pid}-`));
  try {
    return await work(objectsIn(folder, join(scratch, 'objects'), join(common, 'objects')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder in memory where the system has one: a merge makes objects that nobody reads, and disks are slow. */
function inMemory({ XDG_RUNTIME_DIR }: Environment): string | null {
  const folder = [XDG_RUNTIME_DIR ?? '', '/dev/shm'].find((each) => each.startsWith('/') && existsSync(each));
  if (folder === undefined) return null;
  try {
    rmSync(mkdtempSync(join(folder, `${prefix}${process.pid}-`)), { recursive: true });
    // What a killed process left takes memory.
    for (const name of readdirSync(folder).filter((each) => each.startsWith(prefix)))
      if (!pidRuns(Number.parseInt(name.slice(prefix.length), 10)))
        rmSync(join(folder, name), { recursive: true, force: true });
    return folder;
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}

/** Source of the format: git-merge-tree(1), "Input format": status, tree, files, and an empty field, for each merge. */
function readBatch(told: string): readonly Answer[] {
  const merges: Answer[] = [];
  const fields = told.split('\0');
  for (let at = 0; at + 1 < fields.length; ) {
    const end = fields.indexOf('', at);
    if (end === -1) break;
    const [status, , ...files] = fields.slice(at, end);
    // 1: clean, 0: conflicts, below 0: could not be done.
    merges.push(status === '1' ? [] : status === '0' ? [...new Set(files)] : null);
    at = end + 1;
  }
  return merges;
}
