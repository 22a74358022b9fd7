/** `pitwall open`: the project's session, what is missing in it started, and the person brought there. */
import { PitwallError } from '../core/errors.ts';
import type { ProjectRecord } from '../core/model.ts';
import { uniqueName } from '../core/names.ts';
import { personalEnvironment } from '../core/pane-command.ts';
import type { Context } from './context.ts';
import { clearInterrupted } from './interrupted.ts';
import { openWindow, sidebarSlot, windowSize } from './launch.ts';
import { observe } from './observe.ts';
import { currentProject, ensureProject } from './projects.ts';
import { publish } from './publish.ts';
import { prepareServer } from './server.ts';
import { seatSidebar } from './sidebar-seat.ts';
import { startAgents } from './stop.ts';

export interface OpenOptions {
  readonly path: string | null;
  readonly project: string | null;
  readonly attach: boolean;
}

export interface Opened {
  readonly project: ProjectRecord;
  readonly session: string;
  /** Tasks whose agents were started because their window was gone. */
  readonly started: readonly string[];
}

/** Creates the session if needed, starts what is missing, seats the sidebar. Does not attach: see `bring`. */
export async function openProject(
  context: Context,
  options: OpenOptions,
  narrate: (line: string) => void,
): Promise<Opened> {
  const { deps, preferences } = context;
  await deps.tmux.version();
  const project =
    options.path === null
      ? await currentProject(context, options.project)
      : await ensureProject(context, options.path);
  const opened = await deps.files.locked(
    `project:${project.name}`,
    async () => {
      await clearInterrupted(context, project, narrate);
      const session = await ensureSession(context, project);
      const keyProblem = await prepareServer(context);
      if (keyProblem !== null) narrate(`${keyProblem}; try: pitwall config set keys.prefix KEY`);
      return { project, session, started: await startMissing(context, project, narrate) };
    },
    120_000,
  );
  if (preferences.sidebar.on) await seatSidebar(context, opened.session);
  await publish(context, await observe(context, { diffs: 'kept' }));
  return opened;
}

/** The project's session: found by our own option, never by name; made with one shell in the main worktree. */
async function ensureSession(context: Context, project: ProjectRecord): Promise<string> {
  const { deps } = context;
  const view = await deps.tmux.view();
  const found = view.sessions.find((session) => session.project === project.name);
  if (found) return found.id;
  const sessionName = uniqueName(project.name, (name) => view.sessions.some((each) => each.name === name));
  const size = windowSize(view, null, deps.terminal);
  const shell = deps.env.SHELL || '/bin/sh';
  const env = { ...personalEnvironment(deps.env), PITWALL_PROJECT: project.name };
  const made = await openWindow(context, {
    session: null,
    sessionName,
    index: 0,
    name: 'project',
    folder: project.root,
    project: project.name,
    task: null,
    taskFolder: `${deps.files.stateDir}/${project.name}`,
    priority: 0,
    columns: size.columns,
    rows: size.rows,
    panes: [{ role: 'shell', agent: null, argv: [shell], env, output: null, runs: { shell: true } }],
    layout: null,
    slot: sidebarSlot(context, view, size.columns),
    recorder: [deps.shipped.output],
  });
  return made.session;
}

/** Windows that tmux lost come back; agents the person stopped, or that ended by themselves, stay ended. */
async function startMissing(
  context: Context,
  project: ProjectRecord,
  narrate: (line: string) => void,
): Promise<readonly string[]> {
  const started: string[] = [];
  const observed = await observe(context, { diffs: 'kept' });
  const tasks = observed.snapshot.projects.find((each) => each.name === project.name)?.tasks ?? [];
  for (const task of tasks) {
    if (task.window !== null || task.problem !== null) continue;
    if (task.agents.every((agent) => agent.why === 'you stopped it')) continue;
    try {
      await startAgents(context, observed, task, null);
      started.push(task.name);
    } catch (error) {
      if (!(error instanceof PitwallError)) throw error;
      narrate(`${task.name} was not started: ${error.message}`);
    }
  }
  return started;
}

/** Attaches this terminal to the session, or switches the client when already inside that server. Answers an exit code. */
export async function bring(context: Context, target: string): Promise<number> {
  const { deps } = context;
  const { TMUX: inside, TMUX_PANE: pane } = deps.env;
  if (!inside) {
    if (deps.terminal === null)
      throw new PitwallError(
        'NoClient',
        'this is not a terminal: nothing to attach',
        'pitwall open --no-attach',
      );
    return deps.processes.foreground([...deps.tmux.argv, 'attach-session', '-t', target], null);
  }
  const socket = inside.split(',')[0]?.split('/').at(-1) ?? '';
  const nested = deps.tmux.socket !== null && deps.tmux.socket !== socket;
  if (nested) {
    const hint = `detach from here, then ${[...deps.tmux.argv, 'attach-session', '-t', target].join(' ')}`;
    throw new PitwallError('NoClient', `this terminal is inside another tmux server (${socket})`, hint);
  }
  const view = await deps.tmux.view();
  const client = pane ? view.clients.find((each) => each.pane === pane) : undefined;
  await deps.tmux.run([['switch-client', ...(client ? ['-c', client.name] : []), '-t', target]]);
  return 0;
}
