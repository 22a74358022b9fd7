/** Worktrees and branches made and removed. What fails leaves nothing behind; what is in use or not ours stays. */
import { existsSync, lstatSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { commandFailed, PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { Git, WorktreeFact } from '../ports.ts';
import { lockedByGit } from './git-lock.ts';
import { patient, patiently } from './git-patience.ts';
import { defaultBranch, isBranchName } from './git-repository.ts';
import { lastLine, must, type RunGit } from './git-run.ts';
import { dirtySubmodules } from './git-submodules.ts';

type Part = Pick<Git, 'worktrees' | 'addWorktree' | 'removeWorktree' | 'deleteBranch'>;
type NewWorktree = Parameters<Git['addWorktree']>[1];

/** This part of the port, on one runner. Callers hold the project's lock around what changes things. */
export function worktreePart(runOnce: RunGit): Part {
  const run = patient(runOnce);
  return {
    worktrees: (root) => listWorktrees(run, root),
    addWorktree: (root, options) => addWorktree(run, runOnce, root, options),
    removeWorktree: (root, path, force) => removeWorktree(run, root, path, force),
    deleteBranch: (root, branch, commit) => deleteBranch(run, root, branch, commit),
  };
}

async function listWorktrees(run: RunGit, root: string): Promise<readonly WorktreeFact[]> {
  const output = await must(run, root, ['worktree', 'list', '--porcelain', '-z']);
  return output
    .split('\0\0')
    .filter((block) => block !== '')
    .map((block) => {
      const lines = block.split('\0');
      const value = (key: string) =>
        lines.find((line) => line === key || line.startsWith(`${key} `))?.slice(key.length + 1);
      return {
        path: value('worktree') ?? '',
        head: value('HEAD') ?? null,
        branch: value('branch')?.replace(/^refs\/heads\//, '') ?? null,
        locked: value('locked') !== undefined,
        prunable: value('prunable') !== undefined,
      };
    });
}

async function addWorktree(run: RunGit, runOnce: RunGit, root: string, wanted: NewWorktree): Promise<void> {
  const { path, branch, create, start } = wanted;
  if (!isBranchName(branch))
    throw new PitwallError('Usage', `“${branch}” is not a name git takes for a branch`);
  const ref = `refs/heads/${branch}`;
  if (create) await createBranch(run, root, branch, start);
  else if ((await run(root, ['show-ref', '--verify', '--quiet', ref])).exit !== 0)
    throw new PitwallError('BranchUnknown', `there is no branch ${branch}`, 'git branch --all');
  const wasThere = isThere(path);
  // A post-checkout hook that fails leaves a whole worktree behind.
  const tidy = async (): Promise<void> => {
    if (!wasThere && isThere(path)) await run(root, ['worktree', 'remove', '--force', '--force', '--', path]);
  };
  // With the branch made before, git has nothing to guess or to track.
  const add = ['worktree', 'add', '--quiet', '--', path, branch];
  const { exit, stderr } = await patiently(() => runOnce(root, add), tidy);
  if (exit === 0) return;
  await tidy();
  if (create) await run(root, ['update-ref', '-d', ref, `${start}^{commit}`]);
  throw addFailed(root, wanted, exit, stderr);
}

/** Makes the branch only if there is none: the old value of nothing decides between two who try at once. */
async function createBranch(run: RunGit, root: string, branch: string, start: string): Promise<void> {
  const reason = `branch: Created from ${start}`;
  const args = ['update-ref', '-m', reason, '--', `refs/heads/${branch}`, `${start}^{commit}`, ''];
  const { exit, stderr } = await run(root, args);
  if (exit === 0) return;
  if (/not a valid SHA1|not a valid object/.test(stderr))
    throw new PitwallError('BranchUnknown', `there is no branch or commit ${start}`, 'git branch --all');
  const clash = /'refs\/heads\/(.*)' exists; cannot create/.exec(stderr)?.[1];
  if (clash !== undefined)
    throw new PitwallError(
      'NameTaken',
      `branch ${branch} cannot be made beside branch ${clash}`,
      shellQuote(['pitwall', 'new', '--branch', branch.replaceAll('/', '-')]),
    );
  if (/already exists/.test(stderr))
    throw new PitwallError('NameTaken', `branch ${branch} is there already`, 'pitwall new --branch OTHER');
  throw (
    fullDisk(stderr, root) ??
    lockedByGit(stderr, root) ??
    commandFailed(['git', 'update-ref', `refs/heads/${branch}`], exit, stderr)
  );
}

function addFailed(root: string, wanted: NewWorktree, exit: number, stderr: string): PitwallError {
  const { path, branch } = wanted;
  const holder = /already (?:checked out|used by worktree) at '(.*)'/.exec(stderr)?.[1];
  if (holder !== undefined)
    return new PitwallError(
      'BranchInUse',
      `branch ${branch} is checked out in ${holder}`,
      shellQuote(['git', '-C', holder, 'switch', 'OTHER']),
    );
  if (/already registered worktree/.test(stderr))
    return new PitwallError(
      'NameTaken',
      `git still knows a worktree at ${path}, whose folder is gone`,
      shellQuote(['git', '-C', root, 'worktree', 'remove', path]),
    );
  if (/already exists/.test(stderr))
    return new PitwallError('NameTaken', `${path} is there already`, shellQuote(['ls', path]));
  return (
    fullDisk(stderr, path) ??
    lockedByGit(stderr, root) ??
    new PitwallError('CommandFailed', `git worktree add ${path} failed: ${lastLine(stderr)}`, null, {
      exit,
      stderr: stderr.slice(-2000),
    })
  );
}

function fullDisk(stderr: string, path: string): PitwallError | null {
  if (!/No space left on device|Disk quota exceeded/.test(stderr)) return null;
  return new PitwallError('DiskFull', `there is no room for ${path}`, 'df -h');
}

/** A worktree that is gone is forgotten alone, not pruned with all others that are not there at the moment. */
async function removeWorktree(run: RunGit, root: string, path: string, force: boolean): Promise<void> {
  const [main, ...linked] = await listWorktrees(run, root);
  const wanted = real(path);
  if (main && real(main.path) === wanted)
    throw new PitwallError('Protected', `${path} is the main worktree, which is never removed`, null);
  const known = linked.find((each) => real(each.path) === wanted);
  if (!known) {
    if (!isThere(path)) return;
    const message = `${path} is not a worktree of ${root}`;
    throw new PitwallError('Protected', message, shellQuote(['git', '-C', root, 'worktree', 'list']));
  }
  if (known.locked && !force) {
    const unlock = shellQuote(['git', '-C', root, 'worktree', 'unlock', path]);
    throw new PitwallError('WorktreeBusy', `the worktree ${path} is locked`, unlock);
  }
  await removeKnown(run, root, known.path, force);
  const parent = dirname(path);
  if (parent.endsWith('.worktrees') && existsSync(parent) && readdirSync(parent).length === 0)
    rmdirSync(parent);
}

async function removeKnown(run: RunGit, root: string, path: string, force: boolean): Promise<void> {
  const args = ['worktree', 'remove', ...(force ? ['--force', '--force'] : []), '--', path];
  const { exit, stderr } = await run(root, args);
  if (exit === 0) return;
  const submodules = /containing submodules/.test(stderr);
  // git does not look into submodules and wants force for any: so they are looked into here.
  if (submodules && !force && (await isClean(run, path))) return removeKnown(run, root, path, true);
  if (submodules || /contains modified or untracked files/.test(stderr))
    throw new PitwallError(
      'DirtyWorktree',
      `${path} has files that are not committed`,
      shellQuote(['git', '-C', path, 'status']),
    );
  const message = `git worktree remove ${path} failed: ${lastLine(stderr)}`;
  const look = shellQuote(['git', '-C', root, 'worktree', 'list']);
  throw lockedByGit(stderr, root) ?? new PitwallError('CommandFailed', message, look, { exit, stderr });
}

async function isClean(run: RunGit, worktree: string): Promise<boolean> {
  const status = await must(run, worktree, ['status', '--porcelain', '--ignore-submodules=none']);
  return status === '' && (await dirtySubmodules(run, worktree, 'HEAD')).length === 0;
}

async function deleteBranch(run: RunGit, root: string, branch: string, commit: string | null): Promise<void> {
  const [worktrees, main] = await Promise.all([listWorktrees(run, root), defaultBranch(run, root)]);
  const holder = worktrees.findIndex((each) => each.branch === branch);
  if (holder === 0 || branch === main)
    throw new PitwallError(
      'Protected',
      `branch ${branch} is ${holder === 0 ? 'checked out in the main worktree' : 'the default branch'}`,
    );
  if (holder > 0) {
    const path = worktrees[holder]?.path ?? '';
    throw new PitwallError(
      'BranchInUse',
      `branch ${branch} is checked out in ${path}`,
      shellQuote(['ls', path]),
    );
  }
  const args = ['update-ref', '-d', '--', `refs/heads/${branch}`, ...(commit === null ? [] : [commit])];
  const { exit, stderr } = await run(root, args);
  if (/but expected/.test(stderr))
    throw new PitwallError(
      'UnmergedWork',
      `branch ${branch} has moved meanwhile and was kept`,
      shellQuote(['git', '-C', root, 'log', branch]),
    );
  if (exit !== 0 && !/unable to resolve reference/.test(stderr))
    throw lockedByGit(stderr, root) ?? commandFailed(['git', ...args], exit, stderr);
  // Its section in the configuration may not exist: then there is nothing to clear.
  await run(root, ['config', '--local', '--remove-section', `branch.${branch}`]);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The path without symlinks; as it stands when it is not there. */
function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}
