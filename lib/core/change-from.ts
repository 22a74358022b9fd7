/** From where a change counts. */
import type { TaskRecord } from './model.ts';

/** A starting point of a change; `core/change-from.ts` makes them. */
export interface ChangeFrom {
  /**
   * `base`: what the task has and its base has not. `look`: what came since that commit, but for what was taken over from
   * the base. `commit`: all against just that commit.
   */
  readonly since: 'base' | 'look' | 'commit';
  readonly commit: string;
  /** The branch the task began from, whose commits are nobody's change here; null where there is none. */
  readonly branch: string | null;
}

type Begun = Pick<TaskRecord, 'base' | 'baseCommit' | 'branch'>;

/** All that a task changed. */
export function sinceBase(record: Begun): ChangeFrom {
  return { since: 'base', commit: record.baseCommit, branch: baseBranch(record) };
}

/** What a task changed since a look at it, which kept that commit. */
export function sinceLook(record: Begun, commit: string): ChangeFrom {
  return { since: 'look', commit, branch: baseBranch(record) };
}

/** What is different from that commit, wherever it came from. */
export function sinceCommit(commit: string): ChangeFrom {
  return { since: 'commit', commit, branch: null };
}

/** A task on the very branch that it began from has all of it as its own. */
function baseBranch({ base, branch }: Begun): string | null {
  return base === branch ? null : base;
}
