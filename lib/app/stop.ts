/** `pitwall stop` and `pitwall start`: end a task's agents, or bring them back in their own conversations. */
import { isPitwallError, PitwallError } from '../core/errors.ts';
import type { Layout } from '../core/layout.ts';
import { withAgents } from '../core/layout-agents.ts';
import type { Task } from '../core/model.ts';
import { uniqueName } from '../core/names.ts';
import type { PaneCommand, TaskPlace } from '../core/pane-command.ts';
import { shellQuote } from '../core/tmux-text.ts';
import { respawnCommand, splitCommands } from '../core/window.ts';
import type { TmuxCommand } from '../ports.ts';
import type { Context } from './context.ts';
import { type AgentLaunch, agentPane, openWindow, taskWindow } from './launch.ts';
import { findLayout } from './layouts.ts';
import { journalLaunch } from './new-steps.ts';
import { type Observed, observe } from './observe.ts';
import { findTask, storedTask } from './projects.ts';
import { publish } from './publish.ts';
import { resumeLaunch } from './resume.ts';
import { runSetup } from './setup.ts';
import { notAccepted, readTrust } from './trust.ts';

/** Milliseconds between asking a process to end and ending it. */
const grace = 3000;

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
  await publish(context, await observe(context, { diffs: 'kept' }));
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
  const idle = task.agents.filter((agent) => agent.pid === null && (named === null || agent.name === named));
  const changed = { project: task.project, task: task.name, agents: idle.map((agent) => agent.name) };
  if (idle.length === 0) return changed;
  const stored = storedTask(observed.store.projects, task.project, task.name);
  if ((await deps.git.fingerprint(stored.record.worktree)) === null)
    throw new PitwallError(
      'TargetGone',
      `the worktree of ${task.name} is missing (${task.worktree})`,
      shellQuote(['git', '-C', projectRoot(observed, task), 'worktree', 'add', task.worktree, task.branch]),
    );
  const place = {
    record: stored.record,
    folder: stored.folder,
    hook: deps.shipped.hook,
    socket: deps.tmux.socket,
  };
  const launches: AgentLaunch[] = [];
  for (const { name, preset, role, conversationId } of task.agents) {
    const agent = { name, preset, role, conversationId };
    launches.push(await resumeLaunch(context, place, stored.events, agent));
  }
  const seated = idle.filter((agent) => agent.pane !== null);
  const alive = task.agents.some((agent) => agent.pid !== null);
  if (task.window !== null && (alive || seated.length === idle.length)) {
    for (const agent of idle) {
      const launch = launches.find((each) => each.agent.name === agent.name);
      if (launch === undefined) continue;
      const command = await agentPane(context, place, launch);
      await journalLaunch(context, stored.record, launch);
      await deps.tmux.run(seatCommands(context, place, agent.pane, task.window, command));
    }
    return changed;
  }
  if (task.window !== null)
    await deps.tmux.run(panesOf(observed, task).map((pane) => ['kill-pane', '-t', pane]));
  const layout = withAgents(
    await layoutOf(context, task.layout, { name: task.project, root: projectRoot(observed, task) }),
    stored.record.agents.map((agent) => agent.preset),
  );
  const view = await deps.tmux.view();
  const sessionName = uniqueName(task.project, (name) => view.sessions.some((each) => each.name === name));
  const { plan } = await taskWindow(context, { place, layout: layout.layout, launches, view, sessionName });
  for (const launch of launches) await journalLaunch(context, stored.record, launch);
  await openWindow(context, plan);
  return { ...changed, agents: task.agents.map((agent) => agent.name) };
}

/** In its own pane where that still stands, else in a new one beside the others, which go on undisturbed. */
function seatCommands(
  { deps }: Context,
  { record, folder }: TaskPlace,
  pane: string | null,
  window: string,
  command: PaneCommand,
): readonly TmuxCommand[] {
  const recorder = [deps.shipped.output];
  if (pane !== null) return respawnCommand(pane, record.worktree, command, recorder);
  return splitCommands(
    {
      folder: record.worktree,
      project: record.project,
      task: record.name,
      taskFolder: folder,
      priority: record.priority,
      recorder,
    },
    command,
    window,
  );
}

/** The task's layout; `solo` when it was deleted since, which grows a pane for each agent. */
async function layoutOf(
  context: Context,
  name: string,
  project: { readonly name: string; readonly root: string },
): Promise<Layout> {
  const { accepted } = await readTrust(context, project);
  const { root } = project;
  try {
    return await findLayout(context, name, root, accepted ? 'accepted' : 'refused');
  } catch (error) {
    if (!isPitwallError(error, 'NoSuchLayout', 'LayoutInvalid')) throw error;
    return findLayout(context, 'solo', root);
  }
}

function panesOf(observed: Observed, task: Task): readonly string[] {
  return observed.view.panes
    .filter((pane) => pane.project === task.project && pane.task === task.name)
    .map((pane) => pane.pane);
}

function projectRoot(observed: Observed, task: Task): string {
  return observed.snapshot.projects.find((project) => project.name === task.project)?.root ?? '';
}
