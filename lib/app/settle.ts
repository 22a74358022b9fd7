/**
 * What is due after something happened: held prompts are delivered, the docket's options are put right, checks of
 * finished turns are started, tasks are compared.
 */

import { allAgents } from '../core/check/verdict.ts';
import { isPitwallError } from '../core/errors.ts';
import { foldTask } from '../core/journal/fold.ts';
import { escapeFormat, shellQuote } from '../core/tmux/tmux-text.ts';
import { reviveRefused } from './agents/revive.ts';
import { deliver } from './agents/send.ts';
import { startChecks } from './check/check-pane.ts';
import { compareWithLooks } from './check/compare-looks.ts';
import type { Context } from './context.ts';
import { startQueued } from './new/queued.ts';
import { notify } from './notify.ts';
import { type Observed, observe } from './observe.ts';
import { refreshOverlaps } from './overlap.ts';
import { publish } from './publish.ts';

/** Milliseconds that `wait` gives starting agents to become ready. */
const longestWait = 60_000;

/**
 * Delivers what can be delivered, publishes, and tells the person what is new; then sees to the work that a turn's end
 * brings. With `wait` it stays until no prompt is held for an agent that is
 * starting, at most a minute; every other agent tells by its hook when it is ready.
 */
export async function settle(context: Context, wait: boolean): Promise<void> {
  const { clock, tmux, shipped } = context.deps;
  await reviveRefused(context, await observe(context, { diffs: 'kept' }));
  const end = clock.now() + longestWait;
  for (;;) {
    const pending = await deliverHeld(context);
    let observed = await publish(context, await observe(context, { diffs: 'fresh' }));
    if (await compareWithLooks(context, observed))
      observed = await publish(context, await observe(context, { diffs: 'kept' }));
    await notify(context, observed);
    if (!wait || !pending || clock.now() > end) {
      if (await startChecks(context, observed))
        await publish(context, await observe(context, { diffs: 'kept' }));
      await startQueued(context, observed);
      // Items that say the same are one once it is known that they are about the same files.
      if (await compareTasks(context, observed))
        await publish(context, await observe(context, { diffs: 'kept' }));
      break;
    }
    await clock.sleep(200);
  }
  // tmux has no hook for windows that only change places.
  if ((await tmux.view()).running)
    await tmux.run([
      ['run-shell', '-b', `${escapeFormat(shellQuote([shipped.record]))} >/dev/null 2>&1 || :`],
    ]);
}

/** Whether anything is new. What cannot be compared now stays as it was last; the next turn's end tries again. */
async function compareTasks(context: Context, { store }: Observed): Promise<boolean> {
  let fresh = false;
  for (const project of store.projects) {
    if (project.tasks.length < 2) continue;
    try {
      const { computed } = await refreshOverlaps(context, project, 'turns');
      fresh ||= computed > 0;
    } catch (error) {
      if (!isPitwallError(error)) throw error;
    }
  }
  return fresh;
}

/** Delivers what is held for agents that are ready; answers whether a prompt is still held for one that runs. */
export async function deliverHeld(context: Context): Promise<boolean> {
  const { store, snapshot } = await observe(context, { diffs: 'kept' });
  let pending = false;
  for (const project of store.projects)
    for (const task of project.tasks) {
      if (task.record === null) continue;
      for (const held of foldTask(allAgents(task.record.agents, task.events), task.events).held) {
        const seen = snapshot.projects
          .find((each) => each.name === task.project)
          ?.tasks.find((each) => each.name === task.name)
          ?.agents.find((agent) => agent.name === held.agent);
        if (!seen || seen.pid === null) continue;
        try {
          if ((await deliver(context, task.project, task.name, held.id)) !== null) pending = true;
        } catch (error) {
          // It stands in the journal as undelivered: the docket tells the person.
          if (!isPitwallError(error)) throw error;
        }
      }
    }
  return pending;
}
