/** What removing a task would lose, and whether it is refused. Pure; the facts come from git and the process table. */
import { type ErrorCode, PitwallError } from './errors.ts';
import type { TaskRecord } from './model.ts';

/** What a worktree holds that git would not bring back. Paths are relative to it, at most 50 each but for `ignored`. */
export interface WorktreeFacts {
  /** Its path without symlinks, as git lists it; as it was asked for when nothing is there. */
  readonly path: string;
  readonly exists: boolean;
  /** A folder stands there that is not a worktree of this repository any more: nothing in it was looked at. */
  readonly stray: boolean;
  /** Tracked files that are modified, staged or in conflict. */
  readonly modified: readonly string[];
  readonly untracked: readonly string[];
  /** All ignored files; a folder that is ignored as a whole stands for what is in it and ends with a slash. */
  readonly ignored: readonly string[];
  /** A rebase, merge, cherry-pick, revert or bisect under way, or null. */
  readonly underway: string | null;
  readonly locked: boolean;
  /** Commits on HEAD or the task's branch that are neither on the base nor on any remote, tag or other branch. */
  readonly unmerged: number;
  /** Commits on a detached HEAD that no branch holds: lost with the worktree even when the branch is kept. */
  readonly detached: number;
  /** Whether merging HEAD into the base would change nothing (squash-merged). */
  readonly contained: boolean;
  /** Stated facts of submodules that hold work of their own, as paths. */
  readonly dirtySubmodules: readonly string[];
}

export interface RemovalInput {
  readonly task: string;
  readonly record: Pick<TaskRecord, 'worktree' | 'branch' | 'base' | 'ownsBranch' | 'included'>;
  /** The main worktree. */
  readonly root: string;
  readonly facts: WorktreeFacts;
  /** All worktrees of the repository as git lists them. */
  readonly worktrees: readonly {
    readonly path: string;
    readonly branch: string | null;
    readonly locked: boolean;
    readonly prunable: boolean;
  }[];
  /** The branch that the repository's `origin/HEAD` names, or null. */
  readonly defaultBranch: string | null;
  /** Copied files that were not edited since. */
  readonly unedited: readonly string[];
  readonly working: readonly string[];
  readonly foreignProcesses: readonly { readonly pid: number; readonly command: string }[];
  readonly foreignPanes: readonly string[];
  readonly force: boolean;
}

export interface Verdict {
  readonly refusal: PitwallError | null;
  readonly worktree: 'remove' | 'absent';
  readonly branch: 'delete' | 'keep';
  /** Only what the person forced is forced. */
  readonly forceWorktree: boolean;
}

/** Folders that tools make again from what git keeps: nobody's work is in them. */
export const rebuildable: readonly string[] = [
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.cache',
  '.next',
  '.nuxt',
  '.turbo',
  '.gradle',
  '.tox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.parcel-cache',
  'dist',
  'target',
  'coverage',
];

/** Refuses and names what would be lost; `force` passes everything but the guard. */
export function judgeRemoval(input: RemovalInput): Verdict {
  const { facts, force } = input;
  return {
    refusal: guarded(input) ?? (force ? null : firstLoss(input)),
    worktree: facts.exists || holderOf(input) !== null ? 'remove' : 'absent',
    branch: losesBranch(input) ? 'delete' : 'keep',
    forceWorktree: force,
  };
}

/** The worktree as git lists it under the task's path, or null. */
function holderOf({ facts, worktrees }: RemovalInput): RemovalInput['worktrees'][number] | null {
  return worktrees.find((each) => each.path === facts.path) ?? null;
}

/** Only a branch made for the task goes with it, and only while it is nothing else's: git would refuse the rest. */
function losesBranch(input: RemovalInput): boolean {
  const { record, facts, worktrees, defaultBranch } = input;
  const { branch, base } = record;
  const elsewhere = worktrees.some((each) => each.branch === branch && each.path !== facts.path);
  return (
    record.ownsBranch &&
    !elsewhere &&
    branch !== defaultBranch &&
    branch !== base &&
    `origin/${branch}` !== base
  );
}

/** What even force does not pass. */
function guarded(input: RemovalInput): PitwallError | null {
  const { task, record, root, facts, worktrees } = input;
  const { path } = facts;
  const held = (message: string, hint: string) => new PitwallError('Protected', message, hint);
  if (path === root || root.startsWith(`${path}/`))
    return held(`${task} works in the main worktree ${root}, which is never removed`, `pitwall stop ${task}`);
  const holder = holderOf(input);
  if (facts.exists && holder === null)
    return held(`${record.worktree} is not a worktree of this repository`, `git -C ${root} worktree list`);
  if (facts.stray && holder !== null)
    return held(
      `${record.worktree} has lost its .git file, so that git cannot tell what is in it`,
      `git -C ${root} worktree repair ${record.worktree}`,
    );
  const inside = worktrees.find((each) => each.path.startsWith(`${path}/`) && !each.prunable);
  if (inside === undefined) return null;
  return held(`${record.worktree} holds another worktree (${inside.path})`, `git -C ${root} worktree list`);
}

function firstLoss(input: RemovalInput): PitwallError | null {
  return heldUp(input) ?? uncommitted(input) ?? unmerged(input) ?? busy(input);
}

function refuse(
  { task }: RemovalInput,
  code: ErrorCode,
  what: string,
  names: readonly string[],
  hint: string,
): PitwallError {
  return new PitwallError(code, `${task} ${what}`, `${hint}, or pitwall remove ${task} --force`, { names });
}

function heldUp(input: RemovalInput): PitwallError | null {
  const { facts, record } = input;
  const { worktree } = record;
  if (facts.locked || holderOf(input)?.locked)
    return refuse(
      input,
      'WorktreeBusy',
      `has a locked worktree (${worktree})`,
      [worktree],
      `git worktree unlock ${worktree}`,
    );
  if (facts.underway === null) return null;
  return refuse(
    input,
    'WorktreeBusy',
    `has ${facts.underway} under way`,
    [facts.underway],
    `git -C ${worktree} status`,
  );
}

function uncommitted(input: RemovalInput): PitwallError | null {
  const { facts, record, task } = input;
  const look = `pitwall diff ${task}`;
  const changed = [...facts.modified, ...facts.untracked];
  if (changed.length > 0) {
    const are = changed.length === 1 ? 'is' : 'are';
    const what = `has ${counted(changed.length, 'file')} that ${are} not committed (${some(changed)})`;
    return refuse(input, 'DirtyWorktree', what, changed, look);
  }
  const submodules = facts.dirtySubmodules;
  if (submodules.length > 0)
    return refuse(input, 'DirtyWorktree', `has work in submodules (${some(submodules)})`, submodules, look);
  const ignored = facts.ignored.filter((file) => isWork(file, input));
  if (ignored.length === 0) return null;
  const what = `has ignored files that git does not keep (${some(ignored)})`;
  return refuse(input, 'DirtyWorktree', what, ignored, `ls ${record.worktree}`);
}

function unmerged(input: RemovalInput): PitwallError | null {
  const { record, task } = input;
  const commits = holdsCommits(input);
  if (commits === 0) return null;
  const what = `has ${counted(commits, 'commit')} on ${record.branch} that ${record.base} does not have`;
  return refuse(input, 'UnmergedWork', what, [record.branch], `pitwall diff ${task}`);
}

function busy(input: RemovalInput): PitwallError | null {
  const { working, task } = input;
  if (working.length > 0)
    return refuse(
      input,
      'WorktreeBusy',
      `has agents at work (${some(working)})`,
      working,
      `pitwall stop ${task}`,
    );
  const processes = input.foreignProcesses.map((each) => `${each.command} (pid ${each.pid})`);
  const strangers = [...input.foreignPanes, ...processes];
  if (strangers.length === 0) return null;
  return refuse(input, 'WorktreeBusy', `is in use by others (${some(strangers)})`, strangers, 'close them');
}

/** A branch that is kept keeps its commits, but not those of a detached HEAD; squash-merged content is not lost. */
function holdsCommits(input: RemovalInput): number {
  const { facts } = input;
  if (facts.contained) return 0;
  return losesBranch(input) ? facts.unmerged : facts.detached;
}

/** A copy that was edited is work wherever it lies. */
function isWork(file: string, input: RemovalInput): boolean {
  if (input.unedited.includes(file)) return false;
  if (Object.hasOwn(input.record.included, file)) return true;
  const parts = file.replace(/\/$/, '').split('/');
  const copied = Object.keys(input.record.included).filter(
    (each) => each.startsWith(file) && file.endsWith('/'),
  );
  if (copied.some((each) => !input.unedited.includes(each))) return true;
  return (
    !parts.some((part) => rebuildable.includes(part)) && !/\.(pyc|tsbuildinfo)$|(^|\/)\.DS_Store$/.test(file)
  );
}

function counted(count: number, noun: string): string {
  return `${count}${count >= 50 ? ' or more' : ''} ${noun}${count === 1 ? '' : 's'}`;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
