/** `pitwall land`: approved tasks brought into their base, one after the other, each by itself. */
import { isPitwallError, PitwallError } from '../../core/errors.ts';
import { landingOrder, notApproved } from '../../core/land/land.ts';
import type { Snapshot, Task } from '../../core/model.ts';
import type { Context } from '../context.ts';
import { startQueuedSoon } from '../new/queued.ts';
import { observe } from '../observe.ts';
import { findTask } from '../projects.ts';
import { publish } from '../publish.ts';
import type { LandOptions } from './land-candidate.ts';
import { foreseeLanding } from './land-foresee.ts';
import { failed, type Landed, nothingYet, type Place } from './land-outcome.ts';
import { landTask } from './land-task.ts';
import { removeTask } from './remove.ts';

/** A base branch that was sent, or the error that kept it. */
export interface Pushed {
  readonly project: string;
  readonly branch: string;
  readonly remote: string | null;
  readonly error: PitwallError | null;
}

/** What became of each task, in the order of landing, and of each push. */
export interface LandReport {
  readonly tasks: readonly Landed[];
  readonly pushes: readonly Pushed[];
}

type Narrate = (line: string) => void;

/** Lands the tasks named in `typed`, else all approved ones of `here`. One that fails does not stop the others. */
export async function land(
  context: Context,
  typed: readonly string[],
  here: string | null,
  options: LandOptions,
  narrate: Narrate,
): Promise<LandReport> {
  const { snapshot } = await observe(context, { diffs: 'kept' });
  const chosen = candidates(snapshot, typed, here);
  const refused = chosen.filter((task) => !task.approved);
  const wanted = landingOrder(chosen.filter((task) => task.approved));
  const turnedDown = refused.map((task) => failed(placeOf(task), notApproved(task.name)));
  if (options.dryRun) {
    const foreseen = await foreseeLanding(context, wanted.map(placeOf), options);
    return { tasks: [...foreseen, ...turnedDown], pushes: [] };
  }
  const tasks: Landed[] = [];
  for (const task of wanted) tasks.push(await one(context, placeOf(task), options, narrate));
  const pushes = options.push ? await pushAll(context, snapshot, tasks) : [];
  await publish(context, await observe(context, { diffs: 'kept' }));
  await startQueuedSoon(context);
  return { tasks: [...tasks, ...turnedDown], pushes };
}

function candidates(snapshot: Snapshot, typed: readonly string[], here: string | null): readonly Task[] {
  if (typed.length === 0)
    return (snapshot.projects.find((each) => each.name === here)?.tasks ?? []).filter(
      (task) => task.approved,
    );
  const found = typed.map((each) => findTask(snapshot, each, here));
  const agent = found.find((each) => each.agent !== null);
  if (agent)
    throw new PitwallError(
      'Usage',
      `${agent.task.name}/${agent.agent} names an agent; a whole task lands`,
      `pitwall land ${agent.task.name}`,
    );
  return [...new Set(found.map(({ task }) => task))];
}

function placeOf(task: Task): Place {
  return { project: task.project, task: task.name };
}

async function one(context: Context, place: Place, options: LandOptions, narrate: Narrate): Promise<Landed> {
  try {
    const told = await landTask(context, place, options, narrate);
    const landed: Landed = { ...place, ...nothingYet, ...told };
    const over = landed.outcome === 'landed' || landed.outcome === 'nothing';
    if (!over || options.keep) return landed;
    return { ...landed, removed: await removed(context, place, narrate) };
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    return failed(place, error);
  }
}

/** What is in the way of removing it is told: it has landed all the same. */
async function removed(context: Context, { project, task }: Place, narrate: Narrate): Promise<boolean> {
  try {
    await removeTask(context, `${project}:${task}`, null, { force: false, dryRun: false }, narrate);
    return true;
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    narrate(`${task} has landed and was kept: ${error.message}`);
    return false;
  }
}

/** Each branch that tasks landed in, once. A push that fails takes nothing back. */
async function pushAll(
  context: Context,
  snapshot: Snapshot,
  tasks: readonly Landed[],
): Promise<readonly Pushed[]> {
  const pushes: Pushed[] = [];
  for (const { name: project, root } of snapshot.projects) {
    const branches = tasks.flatMap((task) =>
      task.project === project && task.base !== null && ['landed', 'nothing'].includes(task.outcome)
        ? [task.base]
        : [],
    );
    for (const branch of new Set(branches))
      try {
        const remote = await context.deps.git.push(root, branch, null);
        pushes.push({ project, branch, remote, error: null });
      } catch (error) {
        if (!isPitwallError(error)) throw error;
        pushes.push({ project, branch, remote: null, error });
      }
  }
  return pushes;
}
