/** What keeps a task from being brought back, and the command that cures it. */
import type { ProjectRecord, TaskRecord } from '../../core/model.ts';
import type { Obstacle } from '../../core/restore/restore-plan.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';

/** Null when the task's worktree is there and its agents are known. Looks only. */
export async function findObstacle(
  context: Context,
  project: ProjectRecord,
  task: TaskRecord,
): Promise<Obstacle | null> {
  const { git } = context.deps;
  if ((await git.fingerprint(project.root)) === null) {
    const hint = `pitwall remove --force ${project.name}:${task.name}`;
    return { problem: `the repository ${project.root} is gone`, hint };
  }
  if ((await git.fingerprint(task.worktree)) === null) return missingWorktree(context, project, task);
  const unknown = task.agents.find((agent) => !context.presets.has(agent.preset));
  if (unknown === undefined) return null;
  return { problem: `there is no agent preset ${unknown.preset}`, hint: 'pitwall agents' };
}

/** The `git worktree add` that brings it back, or who stands in its way. */
async function missingWorktree(
  context: Context,
  project: ProjectRecord,
  task: TaskRecord,
): Promise<Obstacle> {
  const { git } = context.deps;
  const { worktree, branch } = task;
  const worktrees = await git.worktrees(project.root);
  const holder = worktrees.find((each) => each.branch === branch && each.path !== worktree);
  const gone = `its worktree ${worktree} is missing`;
  if (holder !== undefined)
    return {
      problem: `${gone} and its branch ${branch} is checked out in ${holder.path}`,
      hint: `${shellQuote(['git', '-C', holder.path, 'switch', '--detach'])}, then pitwall restore ${project.name}`,
    };
  const known = worktrees.find((each) => each.path === worktree);
  if (known?.locked === true)
    return {
      problem: `${gone}, and git holds its place locked: is its disk not mounted?`,
      hint: shellQuote(['git', '-C', project.root, 'worktree', 'list', '--verbose']),
    };
  const add = ['git', '-C', project.root, 'worktree', 'add', ...(known === undefined ? [] : ['--force'])];
  const { local } = await git.branch(project.root, branch);
  const argv = local ? [...add, worktree, branch] : [...add, '-b', branch, worktree, task.baseCommit];
  const cure = local ? gone : `${gone} and so is its branch ${branch}`;
  return { problem: cure, hint: `${shellQuote(argv)}, or pitwall remove ${project.name}:${task.name}` };
}
