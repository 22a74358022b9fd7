/** Names of the refs that keep what a person has looked at. A task's name is fit for a ref by its own rules. */

/** Under which all rounds of a task are kept. */
export function roundsPrefix(project: string, task: string): string {
  return `refs/pitwall/rounds/${project}/${task}`;
}

/** The ref of one round, counted from 1. */
export function roundRef(project: string, task: string, round: number): string {
  return `${roundsPrefix(project, task)}/${round}`;
}

/** The ref of the commit that is to become the base's: whoever finds it there knows that the task has landed. */
export function landingRef(project: string, task: string): string {
  return `refs/pitwall/landing/${project}/${task}`;
}

/** Under which is kept what a worktree held before and after readings by a reviewer. */
export function readingsPrefix(project: string, task: string): string {
  return `refs/pitwall/reviewer/${project}/${task}`;
}

/** The ref that keeps what a dropped task held; `stamp` tells two of one name apart. */
export function droppedRef(project: string, task: string, stamp: string): string {
  return `refs/pitwall/dropped/${project}/${task}/${stamp}`;
}
