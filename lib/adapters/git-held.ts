/** What a worktree holds as a tree, uncommitted and untracked files included, without touching it or its index. */
import { copyFileSync, lstatSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangeFrom } from '../core/change-from.ts';
import { gitFolder } from './git-folder.ts';
import { startOf } from './git-from.ts';
import { byNul, must, type RunGit } from './git-run.ts';

/** Untracked files beyond this size (bytes) are counted as changed and not read. */
const largest = 16 << 20;

/** A worktree's tree as it is, and what has to be known to make a work of it. */
export interface Held {
  readonly head: string;
  readonly from: string;
  readonly tree: string;
  /** Untracked files too large to be read. */
  readonly unread: readonly string[];
}

/** `env` says where new objects go; the copy of the index is made in `scratch` and removed again. */
export async function heldIn(
  run: RunGit,
  worktree: string,
  since: ChangeFrom,
  scratch: string,
  env: Readonly<Record<string, string>>,
): Promise<Held> {
  const { head, changed, untracked } = await readStatus(run, worktree);
  const from = head === since.commit ? head : await startOf(run, worktree, since);
  const added = untracked.filter((path) => isSmall(join(worktree, path)));
  const unread = untracked.filter((path) => !added.includes(path));
  const dirty = [...changed, ...added];
  if (dirty.length > 0)
    return { head, from, unread, tree: await treeWith(run, worktree, scratch, dirty, env) };
  const tree = await must(run, worktree, ['rev-parse', '--verify', `${head}^{tree}`]);
  return { head, from, unread, tree: tree.trim() };
}

/** The tree of the worktree as it is. The person's index is read, never locked nor written. */
export async function treeWith(
  run: RunGit,
  worktree: string,
  scratch: string,
  dirty: readonly string[],
  objects: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = mkdtempSync(join(scratch, 'index-'));
  try {
    const env = { ...objects, GIT_INDEX_FILE: copyOfIndex(worktree, folder) };
    // Unlike `git add` it takes a file that went away meanwhile as what it is: deleted.
    const update = ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'];
    const input = dirty.map((path) => `${path}\0`).join('');
    await must(run, worktree, ['-c', 'core.splitIndex=false', ...update], { env, input });
    return (await must(run, worktree, ['write-tree'], { env })).trim();
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

/** HEAD's commit, and what is not as HEAD has it. */
export interface Status {
  readonly head: string;
  readonly changed: readonly string[];
  readonly untracked: readonly string[];
}

/** Source of the format: git-status(1), "Porcelain Format Version 2". Repositories inside are none of its files. */
export async function readStatus(run: RunGit, worktree: string): Promise<Status> {
  const kinds = ['--no-ahead-behind', '--untracked-files=all', '--ignore-submodules=dirty', '--no-renames'];
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
