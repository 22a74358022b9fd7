/** Goes to another machine's project: on this terminal, or inside tmux in a session of its own. */

import { commandFailed, isPitwallError, PitwallError } from '../../core/errors.ts';
import { awayFormat, awayName, awaySettings, goAway, newAway, readAway } from '../../core/hosts/away.ts';
import { uniqueName } from '../../core/names.ts';
import { shellQuote, workPane } from '../../core/tmux/tmux-text.ts';
import type { ClientFact, TmuxCommand } from '../../ports.ts';
import type { Context } from '../context.ts';
import { serverAround } from '../desk/open.ts';
import { type FarPlace, farAttach } from './attach.ts';
import { farText, sshProbe } from './far.ts';

/** Answers an exit code: 1 for whatever ended badly there. NoClient off a terminal, CannotConnect without a connection. */
export async function attachThere(context: Context, place: FarPlace): Promise<number> {
  const { deps } = context;
  if ((await serverAround(context)) !== null) {
    await openAway(context, place, null);
    return 0;
  }
  if (deps.terminal === null)
    throw new PitwallError(
      'NoClient',
      'this is not a terminal: nothing to attach',
      shellQuote(['pitwall', 'list', '--host', place.host.name]),
    );
  const code = await deps.processes.foreground(await farAttach(context, place), null);
  // ssh's own: there was no connection, or it broke. What it was about it has said on the terminal.
  if (code === 255 && !place.host.mosh)
    throw new PitwallError(
      'CannotConnect',
      `there is no connection to ${place.host.name}; ssh tells why above`,
      sshProbe(place.host),
    );
  return code === 0 ? 0 : 1;
}

/**
 * In the tmux that this process is in: the place's session, made when there is none, and the client brought there.
 * `client`: null for the one that gave the command.
 */
export async function openAway(context: Context, place: FarPlace, client: ClientFact | null): Promise<void> {
  const { deps, preferences } = context;
  const server = await serverAround(context);
  if (server === null)
    throw new PitwallError('ServerGone', 'there is no tmux server around this', 'pitwall open');
  const run = (commands: readonly TmuxCommand[]) => onServer(context, server.path, commands);
  const named = `${place.host.name}:${place.project ?? ''}`;
  const known = readAway(await run([['list-sessions', '-F', awayFormat]]), named);
  let { session } = known;
  if (session === null) {
    const name = uniqueName(awayName(named), (each) => known.names.includes(each));
    const argv = await farAttach(context, place);
    const made = newAway({ name, folder: deps.home, path: deps.env.PATH ?? '', argv });
    session = (await run([made]))[0] ?? '';
    await run(awaySettings({ session, place: named, key: preferences.keys.away }));
  } else if (place.task !== null) await jumpThere(context, place, place.task);
  const pane = deps.env.TMUX_PANE || (client?.pane ?? '');
  const [home = pane] = await run([['display-message', '-p', '-t', pane, workPane]]);
  await run(goAway(session, client?.name ?? null, home));
}

/** It is attached there already: the client there is moved. What has no window any more is told there. */
async function jumpThere(context: Context, { host, project }: FarPlace, task: string): Promise<void> {
  try {
    await farText(context.deps, host, ['jump', '--', project === null ? task : `${project}:${task}`]);
  } catch (error) {
    if (!isPitwallError(error, 'CommandFailed')) throw error;
  }
}

/** One tmux invocation; a failing command is an error that names it. */
async function onServer(
  { deps }: Context,
  path: string,
  commands: readonly TmuxCommand[],
): Promise<readonly string[]> {
  const chain = commands.flatMap((command, index) => (index === 0 ? command : [';', ...command]));
  const argv = ['tmux', '-u', '-S', path, ...chain];
  const { exit, stdout, stderr } = await deps.processes.run(argv, { cwd: '/', timeout: 10_000 });
  if (exit !== 0) throw commandFailed(argv, exit, stderr);
  return stdout.split('\n').filter((line) => line !== '');
}
