/**
 * What a worktree holds, as a tree, and whether two such trees would conflict. Nothing is written to the repository:
 * a copy of the index learns of uncommitted files, and new objects go to a folder of their own (the scratch), where
 * no gc finds them.
 */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Change, Work } from '../core/overlap.ts';
import type { Git } from '../ports.ts';
import { mergeBase } from './git-diff.ts';
import { gitFolder } from './git-folder.ts';
import { byNul, must, type RunGit } from './git-run.ts';

type Part = Pick<Git, 'work' | 'conflicts' | 'scratch' | 'tracked'>;

/** Untracked files beyond this size (bytes) are counted as changed and not read. */
const largest = 16 << 20;

/** Objects in a scratch beyond which it is begun anew. */
const mostObjects = 20_000;

/** Merges that run at once where git cannot take them all in one process. */
const atOnce = 4;

/** One commit for one tree and parent, whoever makes it and whenever. */
const nobody = {
  GIT_AUTHOR_NAME: 'pitwall',
  GIT_AUTHOR_EMAIL: 'pitwall@localhost',
  GIT_AUTHOR_DATE: '@0 +0000',
  GIT_COMMITTER_NAME: 'pitwall',
  GIT_COMMITTER_EMAIL: 'pitwall@localhost',
  GIT_COMMITTER_DATE: '@0 +0000',
};

export function overlapPart(run: RunGit): Part {
  return {
    work: (worktree, base, scratch) => workOf(run, worktree, base, scratch),
    conflicts: (root, scratch, pairs) => conflicts(run, root, scratch, pairs),
    scratch: async (folder) => openScratch(folder),
    tracked: async (root) => byNul(await must(run, root, ['ls-files', '-z'])),
  };
}

/** Makes the folder when it is not there, empties it when it has grown large; the id changes with its content lost. */
function openScratch(folder: string): string {
  const objects = join(folder, 'objects');
  const mark = join(folder, 'id');
  if (existsSync(mark) && existsSync(objects)) {
    const count = readdirSync(objects).reduce(
      (sum, name) => sum + readdirSync(join(objects, name)).length,
      0,
    );
    if (count <= mostObjects) return readFileSync(mark, 'utf8');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  mkdirSync(objects, { recursive: true, mode: 0o700 });
  const id = crypto.randomUUID();
  writeFileSync(mark, id, { mode: 0o600 });
  return id;
}

/** git reads the repository's objects too, and writes to the scratch alone. */
function objectsIn(scratch: string, common: string): Record<string, string> {
  return {
    GIT_OBJECT_DIRECTORY: join(scratch, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(common, 'objects')),
    GIT_NO_LAZY_FETCH: '1',
  };
}

async function workOf(run: RunGit, worktree: string, base: string, scratch: string): Promise<Work> {
  const common = gitFolder(worktree)?.common ?? '';
  const status = await readStatus(run, worktree);
  const from = status.head === base ? base : await mergeBase(run, worktree, base);
  const added = status.untracked.filter((path) => isSmall(join(worktree, path)));
  const dirty = [...status.changed, ...added];
  const env = objectsIn(scratch, common);
  const { tree, commit } =
    dirty.length === 0
      ? { tree: await treeOf(run, worktree, status.head), commit: status.head }
      : await uncommitted(run, { worktree, scratch, head: status.head, dirty, env });
  const listed = await must(run, worktree, ['diff-tree', '-r', '-z', '-M', '--name-status', from, commit], {
    env,
  });
  const unread = status.untracked.filter((path) => !added.includes(path));
  const changes = [...readChanges(listed), ...unread.map((path) => ({ path, from: null, gone: false }))];
  return { id: `${tree}:${from}`, commit, base: from, changes };
}

async function treeOf(run: RunGit, worktree: string, commit: string): Promise<string> {
  return (await must(run, worktree, ['rev-parse', '--verify', `${commit}^{tree}`])).trim();
}

/** A tree and commit of the worktree as it is. The person's index is read, never locked nor written. */
export async function uncommitted(
  run: RunGit,
  wanted: {
    readonly worktree: string;
    readonly scratch: string;
    readonly head: string;
    readonly dirty: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<{ readonly tree: string; readonly commit: string }> {
  const { worktree, scratch, head, dirty } = wanted;
  const folder = mkdtempSync(join(scratch, 'index-'));
  try {
    const env = { ...wanted.env, ...nobody, GIT_INDEX_FILE: copyOfIndex(worktree, folder) };
    // Unlike `git add` it takes a file that went away meanwhile as what it is: deleted.
    const update = ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'];
    const input = dirty.map((path) => `${path}\0`).join('');
    await must(run, worktree, ['-c', 'core.splitIndex=false', ...update], { env, input });
    const tree = (await must(run, worktree, ['write-tree'], { env })).trim();
    const commit = await must(run, worktree, ['commit-tree', tree, '-p', head, '-m', 'work'], { env });
    return { tree, commit: commit.trim() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With the time of the real one, or git would take files changed since for unchanged ones ("racily clean"). */
function copyOfIndex(worktree: string, folder: string): string {
  const index = join(folder, 'index');
  const real = join(gitFolder(worktree)?.own ?? '', 'index');
  const stats = lstatSync(real, { throwIfNoEntry: false });
  if (!stats) return index;
  copyFileSync(real, index);
  const seconds = Math.floor(stats.mtimeMs / 1000);
  utimesSync(index, seconds, seconds);
  return index;
}

function isSmall(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.size <= largest;
}

export interface Status {
  readonly head: string;
  readonly changed: readonly string[];
  readonly untracked: readonly string[];
}

/** Source of the format: git-status(1), "Porcelain Format Version 2". Repositories inside are none of its files. */
export async function readStatus(run: RunGit, worktree: string): Promise<Status> {
  const kinds = ['--untracked-files=all', '--ignore-submodules=dirty', '--no-renames'];
  const told = byNul(await must(run, worktree, ['status', '--porcelain=v2', '--branch', '-z', ...kinds]));
  const head = told.find((entry) => entry.startsWith('# branch.oid '))?.slice('# branch.oid '.length) ?? '';
  const untracked = told.filter((entry) => entry.startsWith('? ') && !entry.endsWith('/'));
  return {
    head,
    changed: told.flatMap((entry) => {
      const fields = entry.startsWith('1 ') ? 8 : entry.startsWith('u ') ? 10 : null;
      return fields === null ? [] : [entry.split(' ').slice(fields).join(' ')];
    }),
    untracked: untracked.map((entry) => entry.slice(2)),
  };
}

/** Source of the format: git-diff-tree(1), `--name-status -z`: a rename's entry has two names. */
function readChanges(listed: string): readonly Change[] {
  const fields = byNul(listed);
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const status = fields[at] ?? '';
    const first = fields[at + 1] ?? '';
    const renamed = status.startsWith('R') || status.startsWith('C');
    const path = renamed ? (fields[at + 2] ?? '') : first;
    changes.push({ path, from: status.startsWith('R') ? first : null, gone: status === 'D' });
    at += renamed ? 3 : 2;
  }
  return changes;
}

/** For each pair the files git stops at; null where it cannot tell. All in one process where git can (2.39). */
async function conflicts(
  run: RunGit,
  root: string,
  scratch: string,
  pairs: readonly (readonly [string, string])[],
): Promise<readonly (readonly string[] | null)[]> {
  if (pairs.length === 0) return [];
  const env = objectsIn(scratch, gitFolder(root)?.common ?? '');
  const how = [
    'merge-tree',
    '--write-tree',
    '--name-only',
    '--no-messages',
    '--allow-unrelated-histories',
    '-z',
  ];
  const input = pairs.map(([a, b]) => `${a} ${b}\n`).join('');
  const all = await run(root, [...how.filter((word) => word !== '--write-tree'), '--stdin'], { env, input });
  const read = all.exit === 0 ? readBatch(all.stdout) : [];
  if (read.length === pairs.length) return read;
  // An older git, or one commit that cannot be read, which ends the whole batch.
  const found: (readonly string[] | null)[] = [];
  for (let at = 0; at < pairs.length; at += atOnce)
    found.push(
      ...(await Promise.all(
        pairs.slice(at, at + atOnce).map(async ([a, b]) => {
          const { exit, stdout } = await run(root, [...how, a, b], { env });
          // 1 also says that a commit could not be read, and then nothing else.
          return exit === 0 ? [] : exit === 1 && stdout !== '' ? byNul(stdout).slice(1) : null;
        }),
      )),
    );
  return found;
}

/** Source of the format: git-merge-tree(1), "Input format": status, tree, files, and an empty field, for each merge. */
function readBatch(told: string): readonly (readonly string[] | null)[] {
  const merges: (readonly string[] | null)[] = [];
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
