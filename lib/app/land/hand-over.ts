/** What kept a task from landing, handed to its agent. */
import { PitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import { handOverText } from '../../core/land/land-text.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Sent } from '../agents/send.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { type Outcome, returnTask } from '../review/outcomes.ts';

/** Sends the task back to its agent with the files to merge; NothingWaits when nothing kept it from landing. */
export async function handOver(
  context: Context,
  typed: string,
  here: string | null,
): Promise<Outcome & { readonly sent: Sent }> {
  const { snapshot, store } = await observe(context, { diffs: 'kept' });
  const { task, project } = findTask(snapshot, typed, here);
  const { record, events } = storedTask(store.projects, task.project, task.name);
  const { conflict } = foldTask(record.agents, events);
  if (conflict === null)
    throw new PitwallError(
      'NothingWaits',
      `nothing kept ${task.name} from landing`,
      shellQuote(['pitwall', 'land', task.name]),
    );
  const { branch, name } = await context.deps.git.landingBase(project.root, record.base);
  const text = handOverText(record, branch ?? name, conflict);
  return returnTask(context, `${task.project}:${task.name}`, text, null);
}
