import { toggleSidebar } from '../../app/sidebar/sidebar-seat.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag } from '../command.ts';

/** `pitwall sidebar`: for all sessions of the server at once. */
export const command: Command = {
  name: 'sidebar',
  summary: 'switch the sidebar on or off',
  usage: ['sidebar [toggle]'],
  options: { run: { type: 'boolean', words: 'be the sidebar, in this pane (used by pitwall itself)' } },
  examples: ['pitwall sidebar'],
  leaves: true,
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  if (flag(call, 'run')) {
    const { watchDesk } = await import('../../app/sidebar/desk.ts');
    await watchDesk(context, 'sidebar');
    return 0;
  }
  const [what, ...more] = call.positionals;
  if (more.length > 0 || (what !== undefined && what !== 'toggle'))
    throw new PitwallError('Usage', `sidebar knows only toggle, not ${what}`, 'pitwall sidebar --help');
  const view = await context.deps.tmux.view();
  if (!view.sessions.some((session) => session.project !== null))
    throw new PitwallError('TargetGone', 'no project is open on this tmux server', 'pitwall open');
  const on = await toggleSidebar(context, null);
  call.say(`sidebar ${on ? 'on' : 'off'}`);
  return 0;
}
