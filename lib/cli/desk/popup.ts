import { PitwallError } from '../../core/errors.ts';
import type { Call, Command } from '../command.ts';

/** `pitwall popup`: ends by itself after a jump. */
export const command: Command = {
  name: 'popup',
  summary: 'the sidebar’s list over the whole width, for narrow clients; leaves after a jump',
  usage: ['popup'],
  options: {},
  examples: ['tmux display-popup -E -w 100% -h 100% pitwall popup'],
  leaves: true,
  run,
};

async function run(call: Call): Promise<number> {
  if (!call.interactive) throw new PitwallError('Usage', 'popup needs a terminal', 'pitwall list');
  const { watchDesk } = await import('../../app/sidebar/desk.ts');
  await watchDesk(await call.context(), 'popup');
  return 0;
}
