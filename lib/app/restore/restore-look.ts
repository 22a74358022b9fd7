/** What tmux has of a project and what it lost: the facts that a restore is planned from. */
import { foldTask } from '../../core/journal/fold.ts';
import { authors, type ProjectRecord, type Task } from '../../core/model.ts';
import {
  type AgentSituation,
  type Obstacle,
  type ProjectSituation,
  planRestore,
  type RestorePlan,
  type TaskSituation,
} from '../../core/restore/restore-plan.ts';
import { parseWindowRecord, type WindowRecord } from '../../core/restore/window-record.ts';
import type { TaskPlace } from '../../core/tmux/pane-command.ts';
import type { StoredTask } from '../../ports.ts';
import { canResume } from '../agents/start-agents.ts';
import type { Context } from '../context.ts';
import { type Observed, observe } from '../observe.ts';
import { findObstacle } from './obstacle.ts';
import { halfMade } from './rebuild.ts';

/** The names of tasks of a project that tmux lost or that were left half made. Cheap: asks git nothing. */
export function lostTasks(observed: Observed, project: string): readonly string[] {
  const half = halfMade(observed.view, project);
  const pending = new Set(
    observed.view.panes.filter((pane) => pane.pending && pane.project === project).map((pane) => pane.task),
  );
  const tasks = observed.snapshot.projects.find((each) => each.name === project)?.tasks ?? [];
  return tasks
    .filter((task) => windowOf(task, half) === null || pending.has(task.name))
    .filter((task) => isReady(observed, task))
    .map((task) => task.name);
}

function isReady(observed: Observed, task: Task): boolean {
  const stored = storedIn(observed, task);
  const folded = stored?.record ? foldTask(stored.record.agents, stored.events) : null;
  return folded?.ready === true && folded.agents.some((agent) => agent.stopped === null);
}

/** A project as it stands, and what is to be done to it. */
export interface Looked {
  readonly situation: ProjectSituation;
  readonly plan: RestorePlan;
  readonly observed: Observed;
}

/** What there is of a project, and what is to be done. Looks only; under the project's lock it stays true. */
export async function lookAt(context: Context, project: ProjectRecord): Promise<Looked> {
  const observed = await observe(context, { diffs: 'kept' });
  const { snapshot, view } = observed;
  const seen = snapshot.projects.find((each) => each.name === project.name);
  const half = halfMade(view, project.name);
  const tasks: TaskSituation[] = [];
  for (const task of seen?.tasks ?? []) {
    const situation = await situationOf(context, project, observed, task, half);
    if (situation !== null) tasks.push(situation);
  }
  const session = seen?.session ?? null;
  const taken = view.panes.filter((pane) => pane.session === session && !half.includes(pane.window));
  const situation: ProjectSituation = {
    name: project.name,
    session,
    record: await recordOf(context, project.name, null),
    tasks,
    half,
    taken: [...new Set(taken.map((pane) => pane.windowIndex))],
  };
  return { situation, plan: planRestore(situation), observed };
}

/** The record of a task's window, or with null of the project's own; null when there is none to rely on. */
export async function recordOf(
  context: Context,
  project: string,
  task: string | null,
): Promise<WindowRecord | null> {
  const text = await context.deps.files.readWindow(project, task);
  return text === null ? null : parseWindowRecord(text);
}

/** Null for a task that is being made, or whose making was cut short, which is another command's to clear. */
async function situationOf(
  context: Context,
  project: ProjectRecord,
  observed: Observed,
  task: Task,
  half: readonly string[],
): Promise<TaskSituation | null> {
  const stored = storedIn(observed, task);
  if (!stored?.record) return null;
  const folded = foldTask(stored.record.agents, stored.events);
  if (!folded.ready) return null;
  const window = windowOf(task, half);
  const agents = authors(task.agents).map((agent): AgentSituation => {
    const { conversationId } = agent;
    const pane = observed.view.panes.find((each) => each.pane === agent.pane);
    const seated = pane === undefined || half.includes(pane.window) ? 'none' : 'seated';
    return {
      name: agent.name,
      seat: pane?.pending === true && seated === 'seated' ? 'pending' : seated,
      stopped: folded.agents.some((each) => each.name === agent.name && each.stopped !== null),
      resumes: canResume(context, agent.preset) ? conversationId : null,
    };
  });
  return {
    name: task.name,
    created: task.created,
    window: window === null ? 'missing' : 'there',
    record: await recordOf(context, project.name, task.name),
    agents,
    obstacle: (await findObstacle(context, project, stored.record)) ?? notSetUp(folded.problem, task),
  };
}

/** What was never ready to work in is for `start`, which sets it up again. */
function notSetUp(problem: string | null, { project, name }: Task): Obstacle | null {
  return problem === null ? null : { problem, hint: `pitwall start ${project}:${name}` };
}

function windowOf(task: Task, half: readonly string[]): string | null {
  return task.window === null || half.includes(task.window) ? null : task.window;
}

function storedIn(
  observed: Observed,
  task: { readonly project: string; readonly name: string },
): StoredTask | undefined {
  return observed.store.projects
    .find((each) => each.record.name === task.project)
    ?.tasks.find((each) => each.name === task.name);
}

/** Where a task's panes run and what they are told; null when its record cannot be read. */
export function placeOf(
  context: Context,
  observed: Observed,
  project: string,
  name: string,
): TaskPlace | null {
  const { deps } = context;
  const stored = storedIn(observed, { project, name });
  if (!stored?.record) return null;
  const { record, folder } = stored;
  return { record, folder, hook: deps.shipped.hook, socket: deps.tmux.socket };
}
