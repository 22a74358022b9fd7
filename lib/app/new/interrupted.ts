/** What a killed `new` left: the next command that changes the project clears it, unless there is work in it. */

import { isPitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import type { ProjectRecord } from '../../core/model.ts';
import type { Store, StoredTask } from '../../ports.ts';
import type { Context } from '../context.ts';

/**
 * Call under the project's lock. Tells each thing it cleared or left; never fails because of one. Answers what is stored,
 * or null when there was any: what was seen before may not hold then.
 */
export async function clearInterrupted(
  context: Context,
  project: ProjectRecord,
  narrate: (line: string) => void,
): Promise<Store | null> {
  const store = await context.deps.files.load();
  const tasks = store.projects.find((each) => each.record.name === project.name)?.tasks ?? [];
  const interrupted = tasks.filter((task) => isInterrupted(context, task));
  for (const task of interrupted) {
    try {
      narrate(
        (await clearTask(context, project, task))
          ? `cleared ${task.name}, whose making was interrupted`
          : kept(task),
      );
    } catch (error) {
      if (!isPitwallError(error)) throw error;
      narrate(`${kept(task)}: ${error.message}`);
    }
  }
  return interrupted.length > 0 ? null : store;
}

function kept(task: StoredTask): string {
  return `left ${task.name}, whose making was interrupted, because there is work in it; try: pitwall remove ${task.name}`;
}

function isInterrupted(context: Context, task: StoredTask): boolean {
  if (task.record === null) return false;
  const folded = foldTask(task.record.agents, task.events);
  return !folded.ready && (folded.maker === null || !context.deps.files.alive(folded.maker));
}

/** Takes back what a half-made task has; false when its worktree holds anything that was not there at the start. */
async function clearTask(context: Context, project: ProjectRecord, task: StoredTask): Promise<boolean> {
  const record = task.record;
  if (record === null) return false;
  const { git, tmux, files } = context.deps;
  const view = await tmux.view();
  const panes = view.panes.filter((pane) => pane.project === project.name && pane.task === record.name);
  const holder = (await git.worktrees(project.root)).find((each) => each.path === record.worktree);
  if (holder) {
    const facts = await git.facts(record.worktree, record.baseCommit, record.branch, project.root);
    const touched = facts.exists && (facts.modified.length > 0 || facts.untracked.length > 0);
    if (touched || (holder.head !== null && holder.head !== record.baseCommit && record.ownsBranch))
      return false;
  }
  await context.deps.processes.endGroups(
    panes.filter((pane) => !pane.dead).map((pane) => pane.pid),
    1000,
  );
  if (panes.length > 0) await tmux.run(panes.map((pane) => ['kill-pane', '-t', pane.pane]));
  if (holder) await git.removeWorktree(project.root, record.worktree, true);
  if (
    record.ownsBranch &&
    (await git.resolve(project.root, `refs/heads/${record.branch}`)) === record.baseCommit
  )
    await git.deleteBranch(project.root, record.branch, record.baseCommit);
  await files.deleteTask(project.name, record.name);
  return true;
}
