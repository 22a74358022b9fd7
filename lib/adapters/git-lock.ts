/** The lock files by which one git keeps others out, and which one that was killed leaves behind. */
import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import { gitFolder } from './git-folder.ts';
import { line } from './git-small-file.ts';

/** The file of another git in the way, as git says it, or null. Source: lockfile.c, config.c and setup.c of git. */
export function inTheWay(stderr: string): string | null {
  const created = /Unable to create '(.*\.lock)': File exists/.exec(stderr)?.[1];
  if (created !== undefined) return created;
  const config = /could not lock config file (.*): File exists/.exec(stderr)?.[1];
  if (config !== undefined) return `${config}.lock`;
  return /failed to read (.*\/worktrees\/[^/]+\/\w+)/.exec(stderr)?.[1] ?? null;
}

/** The error of a command in `cwd` that met another git to the end, or null when that was not its trouble. */
export function lockedByGit(stderr: string, cwd: string): PitwallError | null {
  const file = inTheWay(stderr);
  return file === null ? null : lockError(resolve(cwd, file));
}

/** Whether a git is at work is for the person to see: the lock tells no pid. */
export function lockError(file: string): PitwallError {
  // A worktree that another git is just making: nothing to be removed.
  if (!file.endsWith('.lock'))
    return new PitwallError('Locked', `another git is at work on ${file}`, shellQuote(['ls', '-l', file]));
  return new PitwallError(
    'Locked',
    `${file} keeps git out: another git is at work, or was killed and left it; remove it when none is`,
    shellQuote(['rm', file]),
  );
}

/** The lock files that are in the way of a commit, merge or rebase in this worktree. */
export function locksOf(worktree: string): readonly string[] {
  const place = gitFolder(worktree);
  if (place === null) return [];
  const ref = /^ref: (.*)$/.exec(line(join(place.own, 'HEAD')) ?? '')?.[1];
  const own = ['index.lock', 'HEAD.lock', 'ORIG_HEAD.lock'].map((name) => join(place.own, name));
  const all = ref === undefined ? own : [...own, join(place.common, `${ref}.lock`)];
  return all.filter((file) => writtenAt(file) !== null);
}

/** Locks of these worktrees, branches and bases that were made before a moment (ms since the epoch). */
export function leftLocks(
  root: string,
  tasks: readonly { readonly worktree: string; readonly branch: string; readonly base: string }[],
  before: number,
): readonly string[] {
  const common = gitFolder(root)?.common;
  if (common === undefined) return [];
  const shared = ['config.lock', 'packed-refs.lock'].map((name) => join(common, name));
  const refs = tasks.flatMap(({ branch, base }) =>
    [branch, base].map((name) => join(common, 'refs', 'heads', `${name}.lock`)),
  );
  const inside = [root, ...tasks.map(({ worktree }) => worktree)].flatMap(locksOf);
  return [...new Set([...inside, ...refs, ...shared])].filter((file) => (writtenAt(file) ?? before) < before);
}

/** ms since the epoch; null when it is not there. */
function writtenAt(file: string): number | null {
  return lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
