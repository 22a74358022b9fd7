/** What a worktree changed since its base: uncommitted and untracked files included, the index left alone. */
import { constants, lstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiffStat } from '../core/model.ts';
import type { Git } from '../ports.ts';
import { fingerprint } from './git-folder.ts';
import { startOf } from './git-from.ts';
import { byNul, type Environment, must, type RunGit } from './git-run.ts';
import { knowingAll, showDiff } from './git-show.ts';

type Part = Pick<Git, 'diffStat' | 'fingerprint' | 'changedFiles' | 'showDiff'>;

/** Untracked files beyond this size (bytes) count as one file and no lines. */
const largest = 4 << 20;

/** Untracked files whose lines are counted; those after them count as files alone. */
const mostRead = 1000;

/** Without the person's own diff programs; of submodules only the commit, which needs no look into them. */
const plain = ['diff', '--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty', '-z'];

/** The part of the git port that tells what changed. CommandFailed when git fails; the index is never written. */
export function diffPart(run: RunGit, env: Environment): Part {
  return {
    async diffStat(worktree, since) {
      const [from, untracked] = await Promise.all([
        startOf(run, worktree, since),
        untrackedFiles(run, worktree),
      ]);
      const tracked = await must(run, worktree, [...plain, '--numstat', '--find-renames', from, '--']);
      return addUp(tracked, worktree, untracked);
    },
    fingerprint: async (worktree) => fingerprint(worktree),
    async changedFiles(worktree, since) {
      const [from, untracked] = await Promise.all([
        startOf(run, worktree, since),
        untrackedFiles(run, worktree),
      ]);
      // A file that the base holds may be untracked now: only an index that knows it tells whether it changed.
      const listed = await knowingAll(run, env, worktree, untracked, (index) =>
        must(run, worktree, [...plain, '--name-status', '--no-renames', from, '--'], { env: index }),
      );
      const fields = byNul(listed);
      const files: { status: string; path: string }[] = [];
      for (let at = 0; at + 1 < fields.length; at += 2)
        files.push({ status: fields[at] ?? '', path: fields[at + 1] ?? '' });
      return files.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    async showDiff(worktree, since, options, pager) {
      const [from, untracked] = await Promise.all([
        startOf(run, worktree, since),
        untrackedFiles(run, worktree),
      ]);
      return showDiff(run, env, { worktree, from, untracked, options, pager });
    },
  };
}

/** Without repositories inside of the worktree: they end with a slash and are not its files. */
export async function untrackedFiles(run: RunGit, worktree: string): Promise<readonly string[]> {
  const listed = await must(run, worktree, ['ls-files', '--others', '--exclude-standard', '-z']);
  return byNul(listed).filter((file) => !file.endsWith('/'));
}

async function addUp(numstat: string, worktree: string, untracked: readonly string[]): Promise<DiffStat> {
  let [files, insertions, deletions] = [untracked.length, 0, 0];
  for (const entry of numstat.split('\0')) {
    // A rename's two names follow as entries of their own, without counts.
    const counts = /^(\d+|-)\t(\d+|-)\t/.exec(entry);
    if (counts === null) continue;
    files += 1;
    // Binary files have - for both.
    insertions += Number(counts[1]) || 0;
    deletions += Number(counts[2]) || 0;
  }
  for (const file of untracked.slice(0, mostRead)) insertions += await linesOf(join(worktree, file));
  return { files, insertions, deletions };
}

/** Lines as git counts them for a new file: none for a binary one, one for a symlink. */
async function linesOf(path: string): Promise<number> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return 1;
  if (!stat?.isFile() || stat.size === 0 || stat.size > largest) return 0;
  const content = await readWhole(path);
  if (content === null || content.length === 0 || content.subarray(0, 8000).includes(0)) return 0;
  let lines = content.at(-1) === 10 ? 0 : 1;
  for (let at = content.indexOf(10); at !== -1; at = content.indexOf(10, at + 1)) lines += 1;
  return lines;
}

/** Null for what cannot be read: it went away, or is not ours to read. */
async function readWhole(path: string): Promise<Buffer | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
