/** Whether a turn has changed what the person last decided about: only then is there something to look at again. */
import { sinceCommit } from '../../core/change-from.ts';
import { turnOver } from '../../core/check/checks.ts';
import { isPitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import type { Context } from '../context.ts';
import type { Observed } from '../observe.ts';
import { storedTask } from '../projects.ts';

/** Compares each task whose turn is over with the last look at it, once a turn; answers whether any was compared. */
export async function compareWithLooks(
  { deps: { git, files } }: Context,
  { snapshot, store }: Observed,
): Promise<boolean> {
  let compared = false;
  for (const task of snapshot.projects.flatMap(({ tasks }) => tasks)) {
    const { record, events } = storedTask(store.projects, task.project, task.name);
    const folded = foldTask(record.agents, events);
    const look = folded.rounds.at(-1);
    if (look === undefined || folded.sinceDecision !== 'untold' || !turnOver(task.agents, folded)) continue;
    try {
      const { length } = await git.changedFiles(record.worktree, sinceCommit(look.commit));
      const same = length === 0;
      await files.append(task.project, task.name, { type: 'compared', round: look.round, same });
      compared = true;
    } catch (error) {
      // A worktree that is gone: the task says so itself.
      if (!isPitwallError(error)) throw error;
    }
  }
  return compared;
}
