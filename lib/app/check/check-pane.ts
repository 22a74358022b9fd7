/** Starts what follows finished turns, checks and reviewer, each in a pane of the task's window. */

import { checksDue, isUntold, unchecked } from '../../core/check/checks.ts';
import { verdictDue } from '../../core/check/verdict.ts';
import { isPitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import type { Project, Task } from '../../core/model.ts';
import { hookReader } from '../../core/state/explain.ts';
import { personalEnvironment, taskEnvironment } from '../../core/tmux/pane-command.ts';
import { checkPaneOptions, checkPaneSplit } from '../../core/tmux/window.ts';
import type { StoredTask } from '../../ports.ts';
import type { Context } from '../context.ts';
import { checkerAlive, type Observed, observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { readTrust } from '../trust.ts';
import { afterTurn } from './after-turn.ts';

/** Milliseconds that a pane's program is given to begin. */
const patience = 10_000;

/**
 * Starts what is due. Two at once start it once. A task without a window is checked by this process itself. Of a change
 * whose checks nobody has accepted that is journalled; answers whether any was.
 */
export async function startChecks(context: Context, { snapshot, store }: Observed): Promise<boolean> {
  let refused = false;
  for (const project of store.projects) {
    const due = project.tasks.filter((task) => isDue(context, snapshot.projects, task));
    const untold = project.tasks.filter((task) => isUntoldOf(context, snapshot.projects, task));
    if (due.length + untold.length === 0) continue;
    const { settings, accepted } = await readTrust(context, project.record);
    const wants = settings.checks.length > 0 || settings.reviewer !== null;
    for (const task of accepted || !wants ? [] : untold) {
      await refuse(context, task);
      refused = true;
    }
    for (const { name, record } of due)
      if ((accepted && wants) || ownReviewer(record))
        await startOnce(context, `${project.record.name}:${name}`);
  }
  return refused;
}

async function refuse({ deps: { files } }: Context, { project, name, record, events }: StoredTask) {
  const run = (foldTask(record?.agents ?? [], events).checks?.run ?? 0) + 1;
  const said = { check: null, back: false, message: unchecked.refused };
  await files.append(project, name, {
    type: 'check',
    run,
    state: 'refused',
    tree: '-',
    ...said,
    ...files.self,
  });
}

/** What the person asked for themselves needs no trust. */
function ownReviewer(record: StoredTask['record']): boolean {
  return record !== null && (record.reviewer ?? 'none') !== 'none';
}

function isDue(context: Context, projects: readonly Project[], stored: StoredTask): boolean {
  const known = standing(context, projects, stored);
  if (known === null) return false;
  const { task, folded, gated } = known;
  const { events } = stored;
  if (gated && checksDue(task, folded, checkerAlive(context, events, 'check'))) return true;
  const alive = checkerAlive(context, events, 'verdict');
  return (task.reviewer ?? null) !== null && verdictDue(task, folded, { gated, alive });
}

/** Not of what another agent is to read at the person's own wish: that needs no trust, and tells what it finds. */
function isUntoldOf(context: Context, projects: readonly Project[], stored: StoredTask): boolean {
  const known = ownReviewer(stored.record) ? null : standing(context, projects, stored);
  return known !== null && isUntold(known.task, known.folded);
}

/** How a task stands; null without a record. */
function standing({ presets }: Context, projects: readonly Project[], stored: StoredTask) {
  const project = projects.find((each) => each.name === stored.project);
  const task = project?.tasks.find((each) => each.name === stored.name);
  if (project === undefined || task === undefined || stored.record === null) return null;
  const folded = foldTask(stored.record.agents, stored.events, hookReader(presets, stored.payloads));
  return { task, folded, gated: project.gated === true };
}

async function startOnce(context: Context, name: string): Promise<void> {
  await context.deps.files.tryLocked(`start-check:${name}`, async () => {
    // Looked at again under the lock: another may just have started them.
    const observed = await observe(context, { diffs: 'kept' });
    const { task } = findTask(observed.snapshot, name, null);
    const stored = storedTask(observed.store.projects, task.project, task.name);
    if (!isDue(context, observed.snapshot.projects, stored)) return;
    const panes = observed.view.panes.filter(
      (pane) => pane.role === 'check' && pane.project === task.project && pane.task === task.name,
    );
    if (panes.some((pane) => !pane.dead)) return;
    const begun = await openPane(
      context,
      task,
      stored,
      panes.map((pane) => pane.pane),
    );
    if (begun === null || !(await begins(context, task, stored.events.length, begun)))
      await runHere(context, name);
  });
}

/** The pane for it; null without a window or in one that is too small. */
async function openPane(
  context: Context,
  task: Task,
  { record, folder }: ReturnType<typeof storedTask>,
  old: readonly string[],
): Promise<string | null> {
  const { shipped, tmux, env } = context.deps;
  const beside = task.agents.find((agent) => agent.pane !== null)?.pane ?? null;
  if (beside === null) return null;
  const name = `${task.project}:${task.name}`;
  const place = { record, folder, hook: shipped.hook, socket: tmux.socket };
  const command = {
    role: 'check' as const,
    agent: null,
    argv: [shipped.node, shipped.pitwall, 'check', '--turn', name],
    env: { ...personalEnvironment(env), ...taskEnvironment(place, null) },
    output: null,
  };
  try {
    const kill = old.map((pane) => ['kill-pane', '-t', pane]);
    const [pane] = (await tmux.run([...kill, checkPaneSplit(record.worktree, command, beside, '30%')])).slice(
      -1,
    );
    if (pane) await mark(context, pane, { project: task.project, task: task.name, folder });
    return pane ?? null;
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    return null;
  }
}

/** A pane that is gone again already has had its result. */
async function mark(
  context: Context,
  pane: string,
  of: { readonly project: string; readonly task: string; readonly folder: string },
): Promise<void> {
  try {
    await context.deps.tmux.run(checkPaneOptions(pane, of));
  } catch (error) {
    if (!isPitwallError(error, 'TargetGone')) throw error;
  }
}

/** Waits until its program has told that it runs; false when the pane went before that. */
async function begins(context: Context, task: Task, before: number, pane: string): Promise<boolean> {
  const { files, clock, tmux } = context.deps;
  const end = clock.now() + patience;
  const told = async () => {
    const { projects } = await files.load();
    const { events } = storedTask(projects, task.project, task.name);
    return events.slice(before).some(({ type }) => type === 'check' || type === 'verdict');
  };
  while (clock.now() < end) {
    const gone = !(await tmux.view()).panes.some((each) => each.pane === pane);
    if (await told()) return true;
    if (gone) return false;
    await clock.sleep(100);
  }
  return true;
}

async function runHere(context: Context, name: string): Promise<void> {
  try {
    await afterTurn(context, name, null, () => undefined);
  } catch (error) {
    // It stands in the journal, or the docket tells that the checks did not run.
    if (!isPitwallError(error)) throw error;
  }
}
