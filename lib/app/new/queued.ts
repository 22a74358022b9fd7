/** Tasks that begin once another has landed or is gone. */
import { isPitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import { isQueued } from '../../core/state/snapshot.ts';
import type { StoredProject, StoredTask } from '../../ports.ts';
import { startTask } from '../agents/stop.ts';
import type { Stored } from '../check/check.ts';
import type { Context } from '../context.ts';
import type { Observed } from '../observe.ts';

/** Starts those whose turn it is. Two at once start each once; what cannot be started now is tried again later. */
export async function startQueued(context: Context, { store }: Observed): Promise<void> {
  for (const project of store.projects)
    for (const task of project.tasks)
      if (isDue(project, task))
        await context.deps.files.tryLocked(`queued:${task.project}:${task.name}`, () =>
          startOne(context, task),
        );
}

/** Has tmux look for what may begin now, when anything waits at all. */
export async function startQueuedSoon({ deps: { files, tmux } }: Context): Promise<void> {
  const { projects } = await files.load();
  if (!projects.some((project) => project.tasks.some((task) => isDue(project, task)))) return;
  if ((await tmux.view()).running)
    await tmux.run([['run-shell', '-b', '#{@pitwall_settle} >/dev/null 2>&1 || :']]);
}

function isDue({ tasks }: StoredProject, task: StoredTask): task is Stored {
  const { record, events } = task;
  if (record === null) return false;
  const folded = foldTask(record.agents, events);
  if (!isQueued(record, folded) || folded.problem !== null || !folded.ready || folded.removing) return false;
  const first = tasks.find(({ name }) => name === record.after);
  if (first === undefined) return true;
  return first.record !== null && foldTask(first.record.agents, first.events).landed !== null;
}

async function startOne(context: Context, task: Stored): Promise<void> {
  try {
    await bringUpToDate(context, task);
    await startTask(context, `${task.project}:${task.name}`, null, () => undefined);
  } catch (error) {
    // It stays queued, and can be started by hand, which tells what is wrong.
    if (!isPitwallError(error)) throw error;
  }
}

/** A branch on which nothing was done yet begins where its base is now, with what it waited for. */
async function bringUpToDate({ deps: { git, files } }: Context, { record }: Stored): Promise<void> {
  if (!record.ownsBranch) return;
  const { worktree, baseCommit } = record;
  const [head, onto] = await Promise.all([git.resolve(worktree, 'HEAD'), git.resolve(worktree, record.base)]);
  if (onto === null || onto === baseCommit || head !== baseCommit) return;
  const stopped = await git.bringUpToDate(worktree, { onto, how: 'rebase', message: '' });
  if (stopped === null) await files.saveTask({ ...record, baseCommit: onto });
}
