/** Windows with a slot each, and a sidebar that moves between them. */
import { createTmux } from '../../lib/adapters/tmux.ts';
import { serverHooks } from '../../lib/core/tmux/server-hooks.ts';
import type { Sandbox } from './sandbox.ts';

/** The commands that set our hooks; `minColumns` in cells. */
export const hooks = (hook = '/nowhere/pitwall-hook', minColumns = 0) =>
  serverHooks({ hook, record: '/nowhere/pitwall-record', sidebarWidth: 30, minColumns, prefixKey: 'g' });

/** Runs tmux commands as pitwall does. */
export async function run(box: Sandbox, commands: readonly (readonly string[])[]): Promise<void> {
  await createTmux({ socket: box.socket, env: box.env, stableDir: '/' }).run(commands);
}

/** A window with one agent pane and a slot of 30 cells; answers [window, agent, slot]. The first makes the session. */
export async function windowOf(
  box: Sandbox,
  session: string,
  made: boolean,
): Promise<[string, string, string]> {
  const make = made
    ? ['new-window', '-d', '-t', `=${session}:`]
    : ['new-session', '-d', '-s', session, '-x', '120', '-y', '40'];
  const said = await box.tmux(...make, '-P', '-F', '#{window_id} #{pane_id}', '--', 'sleep', '600');
  const [window = '', agent = ''] = said.split(' ');
  const slot = await box.tmux('split-window', '-hbfd', '-l', '30', '-t', agent, '-P', '-F', '#{pane_id}', '');
  await box.tmux(
    'set-option',
    '-p',
    '-t',
    slot,
    '@pitwall_role',
    'slot',
    ';',
    'set-option',
    '-p',
    '-t',
    agent,
    '@pitwall_role',
    'agent',
  );
  if (!made) await box.tmux('set-option', '-t', `=${session}:`, '@pitwall_project', session);
  return [window, agent, slot];
}
