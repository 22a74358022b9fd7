import { settle } from '../../app/settle.ts';
import { seatSidebar } from '../../app/sidebar/sidebar-seat.ts';
import { type Call, type Command, flag } from '../command.ts';

/** `pitwall settle`: what tmux calls when a turn has ended; safe to repeat. */
export const command: Command = {
  name: 'settle',
  summary: 'deliver held prompts and put the docket’s options right',
  usage: ['settle [--wait]'],
  options: {
    seat: { type: 'boolean', words: 'seat the sidebar where it went with its window' },
    wait: { type: 'boolean', words: 'stay until starting agents are ready, a minute at most' },
  },
  examples: ['pitwall settle'],
  hidden: true,
  run,
};

async function run(call: Call): Promise<number> {
  if (flag(call, 'seat')) await seatSidebar(await call.context(), null);
  await settle(await call.context(), flag(call, 'wait'));
  return 0;
}
