/** Landing, decided without git: in which order, whether into this base, whether this task as it stands. */
import { PitwallError } from '../errors.ts';
import { shellQuote } from '../tmux/tmux-text.ts';

/** How a task's commits become the base's: one merge commit, one plain commit, or they themselves. */
export const strategies = ['merge', 'squash', 'rebase'] as const;
/** How a branch comes into its base. */
export type Strategy = (typeof strategies)[number];

/** A worktree in which the base branch is checked out, or is being rebased or bisected. */
export interface BaseHolder {
  readonly path: string;
  /** Files that are not as its HEAD has them; untracked ones only where they are in the way, which shows later. */
  readonly changed: readonly string[];
  /** `a rebase`, `a merge` and the like, or null. */
  readonly underway: string | null;
}

/** The branch that tasks of a base land in, as git tells it. */
export interface LandingBase {
  /** The local branch; null when there is none. */
  readonly branch: string | null;
  /** What the base is called where it comes from: `main` for `origin/main`. */
  readonly name: string;
  /** The remote it comes from, or null. */
  readonly remote: string | null;
  /**
   * The commit that tasks are brought up to date with: the local branch's, or that of the remote's branch it follows
   * when it is only behind that; what others did must not become part of a task's commit.
   */
  readonly commit: string | null;
  /** The local branch's own commit, from which it moves. */
  readonly from: string | null;
  /** Whether the local branch and the one it follows each have commits that the other has not. */
  readonly diverged: boolean;
  /** What the local branch of that name follows instead of the base, or null. */
  readonly follows: string | null;
  readonly holders: readonly BaseHolder[];
}

/** A task's worktree against what was approved. */
export interface Standing {
  readonly head: string;
  /** The branch that HEAD is on; null when detached. */
  readonly branch: string | null;
  /** The tree of all that the worktree holds, uncommitted and untracked files included. */
  readonly tree: string;
  /** Files that are not committed. */
  readonly changed: readonly string[];
  readonly underway: string | null;
  /** Whether the worktree holds what was approved, alone or merged with what the base has gained. */
  readonly approved: boolean;
}

/** Higher priority first, then the older task, then by name. */
export function landingOrder<
  T extends { readonly priority: number; readonly created: string; readonly name: string },
>(tasks: readonly T[]): readonly T[] {
  return [...tasks].sort(
    (a, b) =>
      b.priority - a.priority ||
      Date.parse(a.created) - Date.parse(b.created) ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** Why nothing can land in this base now, or null. `root` is the main worktree, for the hints. */
export function judgeBase(base: string, told: LandingBase, root: string): PitwallError | null {
  const { branch, name, remote, commit, follows, diverged, holders } = told;
  if (commit === null)
    return new PitwallError('BaseUnknown', `the base ${base} is gone`, git(root, 'branch', '--all'));
  if (branch === null) {
    if (remote === null)
      return new PitwallError('Protected', `${base} is not a branch: nothing can land in it`, null);
    if (follows !== null)
      return new PitwallError(
        'Protected',
        `branch ${name} here follows ${follows}, not ${base}`,
        git(root, 'branch', `--set-upstream-to=${base}`, name),
      );
    return new PitwallError(
      'Protected',
      `there is no branch ${name} here that follows ${base}`,
      git(root, 'branch', '--track', name, base),
    );
  }
  if (diverged)
    return new PitwallError(
      'Protected',
      `branch ${branch} and ${base} have diverged`,
      git(holders[0]?.path ?? root, 'log', '--oneline', '--left-right', `${branch}...${base}`),
    );
  for (const { path, changed, underway } of holders) {
    if (underway !== null)
      return new PitwallError(
        'WorktreeBusy',
        `${path}, which has ${branch}, has ${underway} under way`,
        git(path, 'status'),
      );
    if (changed.length > 0)
      return new PitwallError(
        'DirtyWorktree',
        `${path}, which has ${branch} checked out, has files that are not committed (${some(changed)})`,
        git(path, 'status'),
        { names: changed },
      );
  }
  if (holders.length < 2) return null;
  const paths = holders.map(({ path }) => path);
  return new PitwallError(
    'BranchInUse',
    `${branch} is checked out in several worktrees (${some(paths)})`,
    git(root, 'worktree', 'list'),
    { names: paths },
  );
}

/** Why the task cannot land as it stands, or null. `commits` says whether what is not committed may be. */
export function judgeStanding(
  task: { readonly name: string; readonly branch: string; readonly worktree: string },
  standing: Standing,
  commits: boolean,
): PitwallError | null {
  const { name, branch, worktree } = task;
  if (standing.underway !== null)
    return new PitwallError(
      'WorktreeBusy',
      `${name} has ${standing.underway} under way`,
      git(worktree, 'status'),
    );
  if (standing.branch !== branch)
    return new PitwallError(
      'BranchInUse',
      `the worktree of ${name} is on ${standing.branch ?? 'no branch'}, not on ${branch}`,
      git(worktree, 'switch', branch),
    );
  if (!standing.approved)
    return new PitwallError(
      'WorktreeBusy',
      `${name} has changed since it was approved`,
      shellQuote(['pitwall', 'approve', name]),
    );
  if (commits || standing.changed.length === 0) return null;
  const count = standing.changed.length;
  return new PitwallError(
    'DirtyWorktree',
    `${name} has ${count} ${count === 1 ? 'file that is' : 'files that are'} not committed (${some(standing.changed)})`,
    shellQuote(['pitwall', 'land', name, '--commit']),
    { names: standing.changed },
  );
}

/** The refusal of a task that nobody approved. */
export function notApproved(task: string): PitwallError {
  return new PitwallError('Usage', `${task} is not approved`, shellQuote(['pitwall', 'approve', task]));
}

/** Names at the length of a line. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function git(folder: string, ...args: readonly string[]): string {
  return shellQuote(['git', '-C', folder, ...args]);
}
