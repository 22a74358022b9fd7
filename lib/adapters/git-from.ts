/** Finds the commit or tree that a change counts from, in the history as it is now. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangeFrom } from '../core/change-from.ts';
import { commandFailed, PitwallError } from '../core/errors.ts';
import { gitFolder } from './git-folder.ts';
import type { RunGit } from './git-run.ts';

/**
 * A commit or a tree. Who merged the base into a task, or put the task on top of it, has not changed what the base
 * brought: the base counts as far as the task has it.
 */
export async function startOf(run: RunGit, worktree: string, from: ChangeFrom): Promise<string> {
  if (from.since === 'commit') return from.commit;
  return from.since === 'base' ? sinceBase(run, worktree, from) : sinceLook(run, worktree, from);
}

async function sinceBase(run: RunGit, worktree: string, { commit, branch }: ChangeFrom): Promise<string> {
  const [begun, taken] = await Promise.all([
    mergeBase(run, worktree, commit),
    lastTaken(run, worktree, branch, 'HEAD'),
  ]);
  // A base that was set back has less than the task began with.
  return newer(run, worktree, begun, taken);
}

/** `later` where it goes on from `first`, else `first`. */
async function newer(run: RunGit, worktree: string, first: string, later: string | null): Promise<string> {
  if (later === null || later === first) return first;
  const { exit } = await run(worktree, ['merge-base', '--is-ancestor', first, later]);
  return exit === 0 ? later : first;
}

/** What was looked at, merged with what the base has brought since: conflicts stand in it as they were before they were solved. */
async function sinceLook(run: RunGit, worktree: string, { commit, branch }: ChangeFrom): Promise<string> {
  const [before, now] = await Promise.all([
    lastTaken(run, worktree, branch, commit),
    lastTaken(run, worktree, branch, 'HEAD'),
  ]);
  if (now === null || before === now) return commit;
  const { exit, stdout } = await run(worktree, ['merge-tree', '--write-tree', '--no-messages', commit, now]);
  const [tree = ''] = stdout.split('\n', 1);
  return (exit === 0 || exit === 1) && /^[0-9a-f]{40,64}$/.test(tree) ? tree : commit;
}

/** The newest commit of the base's branch, ours or a remote's, that `of` has; null where there is no such branch. */
async function lastTaken(
  run: RunGit,
  worktree: string,
  branch: string | null,
  of: string,
): Promise<string | null> {
  if (branch === null) return null;
  for (const folder of ['heads', 'remotes']) {
    const ref = `refs/${folder}/${branch}`;
    const own = await commonOf(run, worktree, ref, of);
    if (own === null) continue;
    // A merge that is not committed yet has brought its files already.
    const merging =
      of === 'HEAD' && isMerging(worktree) ? await commonOf(run, worktree, ref, 'MERGE_HEAD') : null;
    return newer(run, worktree, own, merging);
  }
  return null;
}

async function commonOf(run: RunGit, worktree: string, ref: string, of: string): Promise<string | null> {
  const { exit, stdout } = await run(worktree, ['merge-base', '--end-of-options', ref, of]);
  return exit === 0 ? stdout.trim() : null;
}

function isMerging(worktree: string): boolean {
  const folder = gitFolder(worktree);
  return folder !== null && existsSync(join(folder.own, 'MERGE_HEAD'));
}

/** The base itself when the histories have nothing in common. */
export async function mergeBase(run: RunGit, worktree: string, base: string): Promise<string> {
  const args = ['merge-base', '--end-of-options', base, 'HEAD'];
  const { exit, stdout, stderr } = await run(worktree, args);
  if (exit === 0) return stdout.trim();
  if (exit === 1) return base;
  if (/Not a valid object name|Not a valid commit name/.test(stderr))
    throw new PitwallError('BranchUnknown', `there is no branch or commit ${base}`, 'git branch --all');
  throw commandFailed(['git', ...args], exit, stderr);
}
