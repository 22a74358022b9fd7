/** `pitwall open`: the project's session, what is missing in it started, and the person brought there. */
import { PitwallError } from '../../core/errors.ts';
import type { ProjectRecord } from '../../core/model.ts';
import { speaksUtf8 } from '../../core/text.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import { clearInterrupted } from '../new/interrupted.ts';
import { observe } from '../observe.ts';
import { currentProject, ensureProject } from '../projects.ts';
import { publish } from '../publish.ts';
import { makeSession, restoreLocked } from '../restore/restore.ts';
import { lostTasks, recordOf } from '../restore/restore-look.ts';
import { seatSidebar } from '../sidebar/sidebar-seat.ts';
import { noteHome, requireHome } from './home-server.ts';
import { prepareServer } from './server.ts';

/** Which project, and what may be started and asked. `path` is absolute. */
export interface OpenOptions {
  readonly path: string | null;
  readonly project: string | null;
  readonly attach: boolean;
  /** Whether to bring back these tasks of the project, which tmux has lost. */
  readonly restores: (project: string, tasks: readonly string[]) => Promise<boolean>;
}

/** The project that is open, its session by id. */
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
  const observed = await observe(context, { diffs: 'kept' });
  await requireHome(context, project.name, observed.view);
  const lost = lostTasks(observed, project.name);
  const wanted = lost.length > 0 && (await options.restores(project.name, lost));
  const opened = await deps.files.locked(
    `project:${project.name}`,
    async () => {
      if (!wanted) await clearInterrupted(context, project, narrate);
      const restored = wanted ? await restoreLocked(context, project, narrate) : null;
      for (const { task, problem, hint } of restored?.missing ?? [])
        narrate(`${task} is not back: ${problem}${hint === null ? '' : `; try: ${hint}`}`);
      const session = restored?.session ?? (await ensureSession(context, project));
      const keyProblem = await prepareServer(context);
      if (keyProblem !== null && restored === null) narrate(keyProblem);
      return { project, session, started: restored?.windows ?? [] };
    },
    120_000,
  );
  await noteHome(context, project.name);
  await tellOthers(context, project.name, narrate);
  if (preferences.sidebar.on) await seatSidebar(context, opened.session);
  await publish(context, await observe(context, { diffs: 'kept' }));
  return opened;
}

/** The project's session: found by our own option, never by name; made with one shell in the main worktree. */
async function ensureSession(context: Context, project: ProjectRecord): Promise<string> {
  const view = await context.deps.tmux.view();
  const found = view.sessions.find((session) => session.project === project.name);
  if (found) return found.id;
  return (await makeSession(context, project, await recordOf(context, project.name, null), view)).session;
}

/** One line when tasks of other projects are missing too. */
async function tellOthers(context: Context, own: string, narrate: (line: string) => void): Promise<void> {
  const observed = await observe(context, { diffs: 'kept' });
  const others = observed.store.projects.map(({ record }) => record.name).filter((name) => name !== own);
  const missing = others.filter((name) => lostTasks(observed, name).length > 0);
  if (missing.length > 0)
    narrate(`windows of ${missing.join(', ')} are missing too; try: pitwall restore --all`);
}

/**
 * Brings this terminal to a session or pane: switches the client when inside that server, else attaches. Answers an exit
 * code. NoClient inside another server that lives; a TMUX left over from one that does not is passed over.
 */
export async function bring(context: Context, target: string): Promise<number> {
  const { deps } = context;
  const inside = await surroundings(context);
  if (inside === 'here') {
    const view = await deps.tmux.view();
    const client = view.clients.find((each) => each.pane === deps.env.TMUX_PANE);
    await deps.tmux.run([['switch-client', ...(client ? ['-c', client.name] : []), '-t', target]]);
    return 0;
  }
  // What we ask tmux is always UTF-8; a terminal is what its locale says.
  const tmux = deps.tmux.argv.filter((word, index) => index !== 1 || word !== '-u' || speaksUtf8(deps.env));
  const attach = [...tmux, 'attach-session', '-t', target];
  if (inside !== 'nowhere')
    throw new PitwallError(
      'NoClient',
      `this terminal is inside another tmux server (${inside.other}): detach from it first`,
      shellQuote(attach),
    );
  if (deps.terminal === null)
    throw new PitwallError(
      'NoClient',
      'this is not a terminal: nothing to attach',
      'pitwall open --no-attach',
    );
  return deps.processes.foreground(['sh', '-c', onKnownTerminal, 'sh', ...attach], null);
}

/**
 * A terminal that came from elsewhere may be of a kind that this machine does not know: tmux would not start on it. Then
 * the nearest plainer kind that is known is taken.
 */
const onKnownTerminal = [
  'unset TMUX TMUX_PANE',
  'known() { [ "$1" != dumb ] && infocmp "$1" >/dev/null 2>&1; }',
  'case $TERM in tmux*|screen*) near="screen-256color screen" ;; *) near="xterm-256color xterm" ;; esac',
  'if command -v infocmp >/dev/null 2>&1; then for TERM in "$TERM" $near vt100; do known "$TERM" && break; done; fi',
  'export TERM',
  'exec "$@"',
].join('; ');

/** Which tmux server this terminal is a pane of: ours, none, or another one that lives, by its socket's name. */
async function surroundings(context: Context): Promise<'here' | 'nowhere' | { readonly other: string }> {
  const { deps } = context;
  if (!deps.env.TMUX) return 'nowhere';
  const [ours] = await deps.tmux.run([['display-message', '-p', '#{socket_path},#{pid}']]);
  if (deps.env.TMUX.startsWith(`${ours},`)) return 'here';
  const around = await serverAround(context);
  return around === null ? 'nowhere' : { other: around.path.split('/').at(-1) ?? around.path };
}

/** The tmux server that this process is in a pane of, if it lives. */
export async function serverAround({ deps }: Context): Promise<{ readonly path: string } | null> {
  // tmux(1): TMUX is the socket's path, the server's process id and a session's number.
  const [path = '', pid = ''] = (deps.env.TMUX ?? '').split(',');
  if (path === '') return null;
  const asked = ['tmux', '-S', path, 'list-sessions', '-F', '#{pid}'];
  const { exit, stdout } = await deps.processes.run(asked, { cwd: '/', timeout: 2000 });
  return exit === 0 && stdout.split('\n').includes(pid) ? { path } : null;
}
