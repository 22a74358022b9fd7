/**
 * The commit that lands, and the base branch moved to it. The commit is made by `git merge` and `git commit` in a
 * worktree of our own, so that identity, signature and hooks are as the person has set them; then the branch moves in
 * one step, so that whoever is killed leaves a base that has nothing or all of it.
 */
import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { some } from '../core/land.ts';
import { shellQuote } from '../core/tmux-text.ts';
import type { LandGit } from '../ports.ts';
import { lockedByGit } from './git-patience.ts';
import { byNul, lastLine, must, type RunGit } from './git-run.ts';
import { plainMerge, quiet } from './git-update.ts';
import { worktreePart } from './git-worktrees.ts';

type Wanted = Parameters<LandGit['landingCommit']>[1];
type Move = Parameters<LandGit['advance']>[1];

export async function landingCommit(run: RunGit, root: string, wanted: Wanted): Promise<string> {
  const { folder, base, tip, strategy, message } = wanted;
  if (strategy === 'rebase') return tip;
  await clear(run, root, folder);
  // The hooks of a checkout are for worktrees that somebody works in.
  const bare = ['-c', 'core.hooksPath=/dev/null'];
  try {
    await must(run, root, [...bare, 'worktree', 'add', '--quiet', '--detach', '--', folder, base]);
    if (strategy === 'merge')
      await said(run, folder, [...plainMerge, '--no-ff', '--no-squash', '-m', message, tip]);
    else {
      await said(run, folder, ['merge', '--quiet', '--ff', '--squash', '--no-autostash', tip]);
      await said(run, folder, ['commit', '--quiet', '-m', message]);
    }
    const asked = ['rev-parse', 'HEAD', 'HEAD^1', 'HEAD^{tree}', `${tip}^{tree}`];
    const [commit = '', parent, made, approved] = (await must(run, folder, asked)).split('\n');
    if (parent === base && made === approved) return commit;
    throw new PitwallError('CommandFailed', 'a hook of git changed what would have landed');
  } finally {
    await clear(run, root, folder);
  }
}

async function said(run: RunGit, folder: string, args: readonly string[]): Promise<void> {
  const { exit, stdout, stderr } = await run(folder, args, { env: quiet });
  if (exit === 0) return;
  const words = lastLine(stderr) || lastLine(stdout);
  throw new PitwallError('CommandFailed', `git ${args[0]} was refused: ${words}`, null, {
    exit,
    stderr: stderr.slice(-2000),
  });
}

/** Also what a process that was killed left of it: git's own entry and the folder, which nobody but us ever uses. */
async function clear(run: RunGit, root: string, folder: string): Promise<void> {
  const known = (await worktreePart(run).worktrees(root)).some((each) => each.path === folder);
  if (known) await run(root, ['worktree', 'remove', '--force', '--force', '--', folder]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  if (known) await run(root, ['worktree', 'remove', '--force', '--force', '--', folder]);
}

export async function advance(run: RunGit, root: string, move: Move): Promise<void> {
  const { branch, holder, from, to, reason } = move;
  if (from === to) return;
  const ref = `refs/heads/${branch}`;
  if (holder === null) {
    const { exit, stderr } = await run(root, ['update-ref', '-m', reason, '--', ref, to, from]);
    if (exit === 0) return;
    throw lockedByGit(stderr) ?? refused(root, branch, stderr);
  }
  await mustHaveRoom(run, holder, from, to);
  const args = ['merge', '--quiet', '--ff-only', '--no-autostash', to];
  const { exit, stderr } = await run(holder, args, { env: quiet });
  // A hook that runs afterwards may fail; what counts is where the branch is.
  if ((await must(run, root, ['rev-parse', ref])).trim() === to) return;
  throw lockedByGit(stderr) ?? refused(holder, branch, stderr || `git merge exited with ${exit}`);
}

function refused(folder: string, branch: string, stderr: string): PitwallError {
  const look = shellQuote(['git', '-C', folder, 'status']);
  return new PitwallError('CommandFailed', `${branch} did not move: ${lastLine(stderr)}`, look, {
    stderr: stderr.slice(-2000),
  });
}

/** git itself guards untracked files, but writes over ignored ones: here both count. */
async function mustHaveRoom(run: RunGit, holder: string, from: string, to: string): Promise<void> {
  const how = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--diff-filter=A', from, to];
  const added = byNul(await must(run, holder, how));
  const there = added.filter((path) => isThere(join(holder, path)));
  // A folder that only has files which go may be there; a file that stands where a folder comes is told by git.
  const inTheWay = there.filter((path) => !lstatSync(join(holder, path)).isDirectory());
  if (inTheWay.length === 0) return;
  throw new PitwallError(
    'DirtyWorktree',
    `${holder} has files of its own where the change brings some (${some(inTheWay)})`,
    shellQuote(['git', '-C', holder, 'status', '--ignored']),
    { names: inTheWay },
  );
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // A file stands where one of its folders would be.
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false;
    throw error;
  }
}
