/** `pitwall stop` and `pitwall start`: end a task's agents, or bring them back in their own conversations. */

import { PitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import { authors, type Task } from '../../core/model.ts';
import type { PaneCommand, TaskPlace } from '../../core/tmux/pane-command.ts';
import { splitCommands } from '../../core/tmux/window.ts';
import type { TmuxCommand } from '../../ports.ts';
import type { Context } from '../context.ts';
import { requireHome } from '../desk/home-server.ts';
import { settleLater } from '../desk/server.ts';
import { journalLaunch } from '../new/new-steps.ts';
import { runSetup } from '../new/setup.ts';
import { type Observed, observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { publish } from '../publish.ts';
import { findObstacle } from '../restore/obstacle.ts';
import { restoreTask } from '../restore/restore.ts';
import { notAccepted, readTrust } from '../trust.ts';
import { agentPane } from './launch.ts';
import { type Seat, type Started, seatOf, startSeats } from './start-agents.ts';

/** Milliseconds between asking a process to end and ending it. */
const grace = 3000;

/** The agents that were ended or started; none when there was nothing to do. */
export interface Changed {
  readonly project: string;
  readonly task: string;
  readonly agents: readonly string[];
}

/** Ends the agents (all, or the one named); the panes stay with their last screen, the worktree stays. */
export async function stopTask(context: Context, typed: string, here: string | null): Promise<Changed> {
  const { deps } = context;
  const { snapshot } = await observe(context, { diffs: 'kept' });
  const found = findTask(snapshot, typed, here);
  const { project, name } = found.task;
  const running = found.task.agents.filter(
    (agent) => agent.pid !== null && (found.agent === null || agent.name === found.agent),
  );
  for (const agent of running) await deps.files.append(project, name, { type: 'stopped', agent: agent.name });
  await deps.processes.endGroups(
    running.flatMap((agent) => (agent.pid === null ? [] : [agent.pid])),
    grace,
  );
  await publish(context, await observe(context, { diffs: 'kept' }));
  return { project, task: name, agents: running.map((agent) => agent.name) };
}

/** Starts the agents that do not run, each in its own conversation where its preset can resume. */
export async function startTask(
  context: Context,
  typed: string,
  here: string | null,
  narrate: (line: string) => void,
): Promise<Changed> {
  const first = await observe(context, { diffs: 'kept' });
  const { task, project } = findTask(first.snapshot, typed, here);
  await setUpAgain(context, first, task, project.root, narrate);
  const changed = await context.deps.files.locked(`project:${task.project}`, async () => {
    const observed = await observe(context, { diffs: 'kept' });
    const found = findTask(observed.snapshot, typed, here);
    return startAgents(context, observed, found.task, found.agent);
  });
  const { store } = await publish(context, await observe(context, { diffs: 'kept' }));
  const { record, events } = storedTask(store.projects, task.project, task.name);
  const { held } = foldTask(record.agents, events);
  // An agent that starts in the middle of nothing may tell nothing that would have it delivered.
  if (held.some(({ agent }) => changed.agents.includes(agent))) await settleLater(context);
  return changed;
}

/** A setup that failed is run again before anything starts; CommandFailed when it fails again. */
async function setUpAgain(
  context: Context,
  { store }: Observed,
  task: Task,
  root: string,
  narrate: (line: string) => void,
): Promise<void> {
  const { record, events } = storedTask(store.projects, task.project, task.name);
  const last = events.findLast((event) => event.type === 'setup');
  if (last?.type !== 'setup' || last.ok) return;
  const { settings, accepted } = await readTrust(context, { name: task.project, root });
  if (!accepted) throw notAccepted(task.project, 'the setup commands');
  const failed = await runSetup(context, record, settings.setup, narrate);
  if (failed !== null) throw new PitwallError('CommandFailed', failed, `pitwall start ${task.name}`);
}

/** Under the project's lock: respawns dead panes, makes the window anew when it is gone. */
export async function startAgents(
  context: Context,
  observed: Observed,
  task: Task,
  named: string | null,
): Promise<Changed> {
  const { deps } = context;
  const idle = authors(task.agents).filter(
    (agent) => agent.pid === null && (named === null || agent.name === named),
  );
  const changed = { project: task.project, task: task.name, agents: idle.map((agent) => agent.name) };
  if (idle.length === 0) return changed;
  await requireHome(context, task.project, observed.view);
  const stored = storedTask(observed.store.projects, task.project, task.name);
  const project = observed.store.projects.find((each) => each.record.name === task.project)?.record;
  if (!project)
    throw new PitwallError('NoSuchProject', `there is no project ${task.project}`, 'pitwall list --all');
  const obstacle = await findObstacle(context, project, stored.record);
  if (obstacle !== null)
    throw new PitwallError('TargetGone', `${task.name} cannot start: ${obstacle.problem}`, obstacle.hint);
  if (task.window === null) {
    const others = named === null ? [] : stoppedAgents(task).filter((name) => name !== named);
    requireUp(await restoreTask(context, observed, project, task.name, others));
    const started = authors(task.agents)
      .map((agent) => agent.name)
      .filter((name) => !others.includes(name));
    return { ...changed, agents: started };
  }
  const place = {
    record: stored.record,
    folder: stored.folder,
    hook: deps.shipped.hook,
    socket: deps.tmux.socket,
  };
  const seats: Seat[] = [];
  for (const agent of idle)
    if (agent.pane !== null) seats.push(await seatOf(context, place, stored.events, agent, agent.pane));
  requireUp(await startSeats(context, seats, () => undefined));
  for (const agent of idle.filter((each) => each.pane === null)) {
    const { launch } = await seatOf(context, place, stored.events, agent, '');
    const command = await agentPane(context, place, launch);
    await journalLaunch(context, stored.record, launch);
    await deps.tmux.run(besideCommands(context, place, task.window, command));
  }
  return changed;
}

function stoppedAgents(task: Task): readonly string[] {
  return task.agents.filter((agent) => agent.why === 'you stopped it').map((agent) => agent.name);
}

/** CommandFailed names the first that did not start. */
function requireUp(started: readonly Started[]): void {
  const down = started.find(({ how }) => how === 'failed');
  if (down === undefined) return;
  const name = `${down.seat.place.record.name}/${down.seat.agent.name}`;
  throw new PitwallError('CommandFailed', `${name} did not start: ${down.reason}`, `pitwall jump ${name}`);
}

/** In a new pane beside the others, which go on undisturbed. */
function besideCommands(
  { deps }: Context,
  { record, folder }: TaskPlace,
  window: string,
  command: PaneCommand,
): readonly TmuxCommand[] {
  return splitCommands(
    {
      folder: record.worktree,
      project: record.project,
      task: record.name,
      taskFolder: folder,
      priority: record.priority,
      recorder: [deps.shipped.output],
    },
    command,
    window,
  );
}
