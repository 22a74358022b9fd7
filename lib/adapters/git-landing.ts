/**
 * The commit that lands, and the base branch moved to it. The commit is made by `git merge` and `git commit` in a
 * worktree of our own, so that identity, signature and hooks are as the person has set them; then the branch moves in
 * one step, so that whoever is killed leaves a base that has nothing or all of it.
 */
import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { some } from '../core/land/land.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { LandGit } from '../ports.ts';
import { lockedByGit } from './git-lock.ts';
import { untilFree } from './git-patience.ts';
import { byNul, must, type RunGit, reasonOf, wordsOf } from './git-run.ts';
import { plainMerge, quiet } from './git-update.ts';
import { worktreePart } from './git-worktrees.ts';

type Wanted = Parameters<LandGit['landingCommit']>[1];
type Move = Parameters<LandGit['advance']>[1];

/**
 * The commit that lands; for a rebase the tip itself. CommandFailed in git’s words when a hook or a signature refuses
 * it; the worktree for it is gone either way.
 */
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
  const ended = await run(folder, args, { env: quiet });
  const { exit, stderr } = ended;
  if (exit === 0) return;
  const message = `git ${args[0]} was refused: ${wordsOf(ended)}`;
  throw (
    lockedByGit(stderr, folder) ??
    new PitwallError('CommandFailed', message, null, { exit, stderr: stderr.slice(-2000) })
  );
}

/** Also what a process that was killed left of it: git's own entry and the folder, which nobody but us ever uses. */
async function clear(run: RunGit, root: string, folder: string): Promise<void> {
  const known = (await worktreePart(run).worktrees(root)).some((each) => each.path === folder);
  if (known) await run(root, ['worktree', 'remove', '--force', '--force', '--', folder]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  if (known) await run(root, ['worktree', 'remove', '--force', '--force', '--', folder]);
}

/**
 * Moves the base from one commit to another, with its worktree where it has one. DirtyWorktree when files are in the way,
 * Locked while another git is at work, CommandFailed when it stands elsewhere by now or a hook refuses: branch, index and
 * files are then as before.
 */
export async function advance(run: RunGit, root: string, move: Move): Promise<void> {
  const { branch, holder, from, to, reason } = move;
  if (from === to) return;
  const ref = `refs/heads/${branch}`;
  if (holder === null) {
    const { exit, stderr } = await run(root, ['update-ref', '-m', reason, '--', ref, to, from]);
    if (exit === 0) return;
    throw lockedByGit(stderr, root) ?? refused(root, branch, stderr);
  }
  await mustHaveRoom(run, holder, from, to);
  // A lock that git meets after it has brought the files along would leave them as changes.
  await untilFree(holder);
  const args = ['merge', '--quiet', '--ff-only', '--no-autostash', to];
  const { exit, stderr } = await run(holder, args, { env: quiet });
  // A hook that runs afterwards may fail; what counts is where the branch is.
  if ((await must(run, root, ['rev-parse', ref])).trim() === to) return;
  throw lockedByGit(stderr, holder) ?? refused(holder, branch, stderr || `git merge exited with ${exit}`);
}

function refused(folder: string, branch: string, stderr: string): PitwallError {
  const look = shellQuote(['git', '-C', folder, 'status']);
  return new PitwallError('CommandFailed', `${branch} did not move: ${reasonOf(stderr)}`, look, {
    stderr: stderr.slice(-2000),
  });
}

/** git itself guards untracked files, but writes over ignored ones: here both count. */
async function mustHaveRoom(run: RunGit, holder: string, from: string, to: string): Promise<void> {
  const how = ['diff-tree', '-r', '-z', '--name-only', '--no-renames'];
  const changed = async (kind: string) =>
    byNul(await must(run, holder, [...how, `--diff-filter=${kind}`, from, to]));
  const [added, gone] = [await changed('A'), new Set(await changed('D'))];
  const folders = new Set(added.flatMap(foldersOf));
  const isFile = (path: string) => !gone.has(path) && kindOf(join(holder, path)) === 'file';
  const stranded = added.filter((path) => kindOf(join(holder, path)) === 'folder');
  const inside = stranded.length === 0 ? [] : await untrackedIn(run, holder, stranded);
  const inTheWay = [...added.filter(isFile), ...[...folders].filter(isFile), ...inside];
  if (inTheWay.length === 0) return;
  throw new PitwallError(
    'DirtyWorktree',
    `${holder} has files of its own where the change brings some (${some(inTheWay)})`,
    shellQuote(['git', '-C', holder, 'status', '--ignored']),
    { names: inTheWay },
  );
}

/** Untracked files in some folders, ignored ones too. */
async function untrackedIn(
  run: RunGit,
  holder: string,
  folders: readonly string[],
): Promise<readonly string[]> {
  const env = { GIT_LITERAL_PATHSPECS: '1' };
  return byNul(await must(run, holder, ['ls-files', '--others', '-z', '--', ...folders], { env }));
}

/** `a`, `a/b` for `a/b/c`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function kindOf(path: string): 'file' | 'folder' | null {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat === undefined ? null : stat.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    // A file stands where one of its folders would be.
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return null;
    throw error;
  }
}
