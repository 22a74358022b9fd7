/** What changed in a worktree between two moments, each kept as a commit, and taking it back. */
import { lstatSync, mkdtempSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Git } from '../ports.ts';
import { byNul, type Environment, must, type RunGit } from './git-run.ts';
import { codeOf } from './owner.ts';

type Part = Pick<Git, 'changedBetween' | 'putBack'>;

/** The part of the git port that takes back what changed since a moment. CommandFailed when git fails. */
export function putBackPart(run: RunGit, env: Environment): Part {
  return {
    changedBetween: async (root, from, to) => (await between(run, root, from, to)).map(({ path }) => path),
    putBack: (worktree, from, to) => putBack(run, env, worktree, { from, to }),
  };
}

/** Source of the format: git-diff-tree(1), `--name-status -z`: status and name by turns. */
async function between(run: RunGit, root: string, from: string, to: string) {
  const how = ['diff-tree', '-r', '-z', '--no-renames', '--name-status', from, to];
  const fields = byNul(await must(run, root, how));
  const found: { readonly status: string; readonly path: string }[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2)
    found.push({ status: fields[at] ?? '', path: fields[at + 1] ?? '' });
  return found;
}

async function putBack(
  run: RunGit,
  env: Environment,
  worktree: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const changed = await between(run, worktree, from, to);
  for (const { status, path } of changed) if (status === 'A') removeFile(worktree, path);
  const input = changed.flatMap(({ status, path }) => (status === 'A' ? [] : [`${path}\0`])).join('');
  if (input === '') return;
  const folder = mkdtempSync(join(env.TMPDIR ?? tmpdir(), 'pitwall-index-'));
  try {
    // An index of our own: what the person has staged stays as it is.
    const own = { GIT_INDEX_FILE: join(folder, 'index') };
    await must(run, worktree, ['read-tree', from], { env: own });
    await must(run, worktree, ['checkout-index', '--force', '--quiet', '-z', '--stdin'], { env: own, input });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Never by way of a link: what lies behind one is not in the worktree. Folders that it leaves empty go along. */
function removeFile(worktree: string, path: string): void {
  const folders = parents(path);
  if (folders.some((folder) => !isFolder(join(worktree, folder)))) return;
  if (lstatSync(join(worktree, path), { throwIfNoEntry: false }) === undefined) return;
  unlinkSync(join(worktree, path));
  for (const folder of [...folders].reverse()) if (!removedEmpty(join(worktree, folder))) return;
}

/** The folders above a path, the outermost first. */
export function parents(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.unshift(folder);
  return folders;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function removedEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return false;
  }
}
