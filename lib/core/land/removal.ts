/** What removing a task would lose, and whether it is refused. Pure; the facts come from git and the process table. */
import { type ErrorCode, PitwallError } from '../errors.ts';
import type { TaskRecord } from '../model.ts';
import { shellQuote } from '../tmux/tmux-text.ts';

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
  /** Stashes made on the task's branch (`stash@{0}`): git keeps them, but nothing tells where they belong without it. */
  readonly stashes: readonly string[];
}

/** All that the verdict depends on. */
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
  /** First lines of prompts that no agent has got yet. */
  readonly held: readonly string[];
  readonly foreignProcesses: readonly { readonly pid: number; readonly command: string }[];
  readonly foreignPanes: readonly string[];
  readonly force: boolean;
}

/** What is to be done with worktree and branch; nothing where there is a refusal. */
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
    refusal: guarded(input) ?? (force ? null : refusal(input)),
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
    return held(
      `${record.worktree} is not a worktree of this repository`,
      shellQuote(['git', '-C', root, 'worktree', 'list']),
    );
  if (facts.stray && holder !== null)
    return held(
      `${record.worktree} has lost its .git file, so that git cannot tell what is in it`,
      shellQuote(['git', '-C', root, 'worktree', 'repair', record.worktree]),
    );
  const inside = worktrees.find((each) => each.path.startsWith(`${path}/`) && !each.prunable);
  if (inside === undefined) return null;
  return held(
    `${record.worktree} holds another worktree (${inside.path})`,
    shellQuote(['git', '-C', root, 'worktree', 'list']),
  );
}

/** One thing that stands in the way. */
interface Loss {
  readonly code: ErrorCode;
  /** Ends the sentence that begins with “the task has”. */
  readonly what: string;
  readonly names: readonly string[];
  /** A command that shows it or puts it right. */
  readonly hint: string;
}

/** All that stands in the way in one message; code and hint are those of what is to be looked at first. */
function refusal(input: RemovalInput): PitwallError | null {
  const losses = [...heldUp(input), ...uncommitted(input), ...unmerged(input), ...busy(input)];
  const first = losses[0];
  if (first === undefined) return null;
  const message = `${input.task} has ${listed(losses.map((loss) => loss.what))}`;
  const names = losses.flatMap((loss) => loss.names);
  return new PitwallError(first.code, message, first.hint, { names });
}

function loss(
  code: ErrorCode,
  names: readonly string[],
  what: string,
  hint: readonly string[],
): readonly Loss[] {
  return names.length === 0 ? [] : [{ code, what, names, hint: shellQuote(hint) }];
}

function heldUp(input: RemovalInput): readonly Loss[] {
  const { facts, record, root } = input;
  const { worktree } = record;
  const locked = facts.locked || holderOf(input)?.locked === true;
  const underway = facts.underway === null ? [] : [facts.underway];
  const unlock = ['git', '-C', root, 'worktree', 'unlock', worktree];
  return [
    ...loss('WorktreeBusy', locked ? [worktree] : [], `a locked worktree (${worktree})`, unlock),
    ...loss('WorktreeBusy', underway, `${facts.underway} under way`, ['git', '-C', worktree, 'status']),
  ];
}

function uncommitted(input: RemovalInput): readonly Loss[] {
  const { facts, record, task } = input;
  const look = ['pitwall', 'diff', task];
  const changed = [...facts.modified, ...facts.untracked];
  const are = changed.length === 1 ? 'is' : 'are';
  const ignored = facts.ignored.filter((file) => isWork(file, input));
  const files = `${counted(changed.length, 'file')} that ${are} not committed (${some(changed)})`;
  const submodules = facts.dirtySubmodules;
  return [
    ...loss('DirtyWorktree', changed, files, look),
    ...loss('DirtyWorktree', submodules, `work in submodules (${some(submodules)})`, look),
    ...loss('DirtyWorktree', ignored, `ignored files that git does not keep (${some(ignored)})`, [
      'ls',
      '-la',
      record.worktree,
    ]),
  ];
}

function unmerged(input: RemovalInput): readonly Loss[] {
  const { record, facts, task } = input;
  const commits = holdsCommits(input);
  const words = `${counted(commits, 'commit')} on ${record.branch} that ${record.base} does not have`;
  const stashes = losesBranch(input) ? facts.stashes : [];
  return [
    ...loss('UnmergedWork', commits === 0 ? [] : [record.branch], words, ['pitwall', 'diff', task]),
    ...loss(
      'UnmergedWork',
      stashes,
      `${counted(stashes.length, 'stash', 'es')} made on ${record.branch} (${some(stashes)})`,
      ['git', '-C', input.root, 'stash', 'show', '-p', stashes[0] ?? ''],
    ),
  ];
}

function busy(input: RemovalInput): readonly Loss[] {
  const { working, held, task, foreignProcesses, foreignPanes } = input;
  const processes = foreignProcesses.map((each) => `${each.command} (pid ${each.pid})`);
  const pids = foreignProcesses.map(({ pid }) => String(pid)).join(',');
  const look = foreignPanes.length > 0 ? ['pitwall', 'jump', task] : ['ps', '-f', '-p', pids];
  const others = [...foreignPanes, ...processes];
  return [
    ...loss('WorktreeBusy', working, `agents at work (${some(working)})`, ['pitwall', 'stop', task]),
    ...loss(
      'NotDelivered',
      held,
      `${counted(held.length, 'prompt')} that no agent has got yet (${some(held)})`,
      ['pitwall', 'show', task],
    ),
    ...loss('WorktreeBusy', others, `programs of others in it (${some(others)})`, look),
  ];
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

function counted(count: number, noun: string, plural = 's'): string {
  return `${count}${count >= 50 ? ' or more' : ''} ${noun}${count === 1 ? '' : plural}`;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** `a`, `a and b`, `a; b and c`: semicolons, because the parts hold commas. */
function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join('; ')} and ${last}`;
}
