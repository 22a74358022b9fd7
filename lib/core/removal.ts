/** What removing a task would lose, and whether it is refused. Pure; the facts come from git and the process table. */
import { type ErrorCode, PitwallError } from './errors.ts';
import type { TaskRecord } from './model.ts';

export interface RemovalFacts {
  readonly exists: boolean;
  readonly modified: readonly string[];
  readonly untracked: readonly string[];
  readonly ignored: readonly string[];
  readonly underway: string | null;
  readonly locked: boolean;
  readonly unmerged: number;
  readonly detached: number;
  readonly contained: boolean;
  readonly dirtySubmodules: readonly string[];
}

export interface RemovalInput {
  readonly task: string;
  readonly record: Pick<TaskRecord, 'worktree' | 'branch' | 'base' | 'ownsBranch' | 'included'>;
  /** The main worktree. */
  readonly root: string;
  readonly facts: RemovalFacts;
  /** The worktree as git lists it under the task's path, or null. */
  readonly holder: { readonly branch: string | null } | null;
  /** The branch checked out in the main worktree. */
  readonly mainBranch: string | null;
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
  const { record, facts, force } = input;
  const guard = guarded(input);
  const first = guard ?? (force ? null : firstLoss(input));
  const shared =
    record.branch === record.base ||
    record.branch === input.mainBranch ||
    `origin/${record.branch}` === record.base;
  return {
    refusal: first,
    worktree: facts.exists || input.holder !== null ? 'remove' : 'absent',
    branch: record.ownsBranch && !shared ? 'delete' : 'keep',
    forceWorktree: force,
  };
}

/** What even force does not pass. */
function guarded({ task, record, root, holder, facts }: RemovalInput): PitwallError | null {
  if (record.worktree === root || root.startsWith(`${record.worktree}/`))
    return new PitwallError(
      'Protected',
      `${task} works in the main worktree ${root}, which is never removed`,
      `pitwall stop ${task}`,
    );
  if (facts.exists && holder === null)
    return new PitwallError(
      'Protected',
      `${record.worktree} is not a worktree of this repository`,
      `git -C ${root} worktree list`,
    );
  return null;
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
  if (facts.locked)
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
function holdsCommits({ record, facts }: RemovalInput): number {
  if (facts.contained) return 0;
  return record.ownsBranch ? facts.unmerged : facts.detached;
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
