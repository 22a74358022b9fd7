/**
 * The tmux server that a project's windows are on. Starting its agents on a second one would run each of them twice, in
 * one worktree and one conversation.
 */
import { PitwallError } from '../../core/errors.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { ServerView } from '../../ports.ts';
import type { Context } from '../context.ts';

const file = '.servers.json';

/** A server by its process and its socket's path. */
interface Home {
  readonly pid: string;
  readonly path: string;
}

/** CannotConnect when the project's windows are on another server that lives. */
export async function requireHome(context: Context, project: string, view: ServerView): Promise<void> {
  const home = (await homes(context)).get(project);
  if (home === undefined || home.pid === view.pid) return;
  const asked = ['tmux', '-S', home.path, 'display-message', '-p', '#{pid}'];
  const { exit, stdout } = await context.deps.processes.run(asked, { cwd: '/', timeout: 2000 });
  if (exit !== 0 || stdout.trim() !== home.pid) return;
  throw new PitwallError(
    'CannotConnect',
    `${project} is open on another tmux server (${home.path})`,
    shellQuote(['pitwall', '--socket', home.path.split('/').at(-1) ?? '', 'open']),
  );
}

/** Remembers the server that has a session of the project now. */
export async function noteHome(context: Context, project: string): Promise<void> {
  const [said = ''] = await context.deps.tmux.run([['display-message', '-p', '#{pid} #{socket_path}']]);
  const [pid = '', ...path] = said.split(' ');
  const known = await homes(context);
  if (known.get(project)?.pid === pid || pid === '') return;
  known.set(project, { pid, path: path.join(' ') });
  await context.deps.files.keep(file, JSON.stringify(Object.fromEntries(known)));
}

async function homes({ deps }: Context): Promise<Map<string, Home>> {
  const found = new Map<string, Home>();
  const text = await deps.files.kept(file);
  if (text === null) return found;
  for (const [project, home] of Object.entries(parsed(text)))
    if (typeof home === 'object' && home !== null && 'pid' in home && 'path' in home)
      found.set(project, { pid: String(home.pid), path: String(home.path) });
  return found;
}

/** What is no JSON object of ours tells nothing. */
function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
