/** `pitwall attach`: the project the person was last in, one by name, or one on another machine. */
import { isPitwallError, PitwallError } from '../../core/errors.ts';
import { farTerminal } from '../../core/hosts/far-command.ts';
import type { Host } from '../../core/hosts/hosts.ts';
import { hostsOf } from '../../core/hosts/hosts.ts';
import { nearNames } from '../../core/names.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import { paneOfTask } from '../desk/jump.ts';
import { bring, openProject } from '../desk/open.ts';
import { observe } from '../observe.ts';
import { findTask } from '../projects.ts';

/** Opens what is known of a project here, and brings the person to it or to a task of it. Answers an exit code. */
export async function attachHere(
  context: Context,
  to: { readonly project: string | null; readonly task: string | null },
  restores: (project: string, tasks: readonly string[]) => Promise<boolean>,
  narrate: (line: string) => void,
): Promise<number> {
  const project = to.project === null ? await lastProject(context) : await knownProject(context, to.project);
  const { session } = await openProject(context, { path: null, project, attach: true, restores }, narrate);
  return bring(
    context,
    to.task === null ? session : await paneOrSession(context, `${project}:${to.task}`, session, narrate),
  );
}

async function paneOrSession(
  context: Context,
  task: string,
  session: string,
  narrate: (line: string) => void,
): Promise<string> {
  try {
    const pane = paneOfTask(findTask((await observe(context, { diffs: 'kept' })).snapshot, task, null));
    if (pane !== null) return pane;
    narrate(`${task} has no window now; try: ${shellQuote(['pitwall', 'start', task])}`);
  } catch (error) {
    if (!isPitwallError(error, 'NoSuchTask', 'NoSuchAgent')) throw error;
    narrate(error.message);
  }
  return session;
}

async function knownProject({ deps, preferences }: Context, name: string): Promise<string> {
  const names = (await deps.files.load()).projects.map(({ record }) => record.name);
  if (names.includes(name)) return name;
  const host = hostsOf(preferences).find((each) => each.name === name);
  const near = nearNames(name, names);
  const meant = near.length > 0 ? ` (${near.join(', ')}?)` : '';
  throw new PitwallError(
    'NoSuchProject',
    `there is no project ${name}${meant}`,
    host === undefined ? 'pitwall list --all' : `pitwall attach ${name}:`,
    { names },
  );
}

/** Where something was typed last on tmux; where tmux knows none, the project in which something happened last. */
async function lastProject({ deps }: Context): Promise<string> {
  const view = await deps.tmux.view();
  const ours = new Map(view.sessions.flatMap(({ id, project }) => (project === null ? [] : [[id, project]])));
  if (ours.size > 0) {
    const listed = await deps.tmux.run([['list-sessions', '-F', '#{session_activity} #{session_id}']]);
    const [newest] = listed
      .map((line) => line.split(' '))
      .filter(([, id = '']) => ours.has(id))
      .sort(([a], [b]) => Number(b) - Number(a));
    const project = ours.get(newest?.[1] ?? '');
    if (project !== undefined) return project;
  }
  const [newest] = (await deps.files.load()).projects
    .map(({ record, tasks }) => ({
      name: record.name,
      at: [record.created, ...tasks.flatMap(({ events }) => events.at(-1)?.at ?? [])].sort().at(-1) ?? '',
    }))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  if (newest !== undefined) return newest.name;
  throw new PitwallError('NoSuchProject', 'no project is known yet', 'pitwall open PATH');
}

/** A place on another machine: a project there, and a task of it. */
export interface FarPlace {
  readonly host: Host;
  /** Null: the one last used there. */
  readonly project: string | null;
  /** `TASK` or `TASK/AGENT`. */
  readonly task: string | null;
}

/** argv that attaches there from a terminal; ToolMissing when mosh is asked for and there is none here. */
export async function farAttach(
  { deps }: Context,
  { host, project, task }: FarPlace,
): Promise<readonly string[]> {
  const words = [
    ...[...host.command, 'attach'],
    ...(task === null ? [] : ['--task', task]),
    ...(project === null ? [] : ['--', project]),
  ];
  const far = farTerminal(words, host.name);
  if (!host.mosh) return deps.remote.terminal(host.destination, far, host.timeout);
  if ((await deps.processes.which('mosh')) === null)
    throw new PitwallError('ToolMissing', 'mosh is not installed (or not on PATH)', 'sudo apt install mosh');
  return deps.remote.mosh(host.destination, far, host.timeout);
}
