import { PitwallError } from '../../core/errors.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import { type Call, type Command, flag, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall review`: needs a terminal; leaving it decides nothing. */
export const command: Command = {
  name: 'review',
  summary: 'look at a change on the screen, comment on lines, approve or return it',
  usage: ['review [TASK]'],
  options: {
    message: {
      type: 'boolean',
      words: 'say what was decided in tmux’s message line (used by pitwall itself)',
    },
    ...projectOption,
  },
  examples: ['pitwall review', 'pitwall review fix-login'],
  leaves: true,
  run,
};

async function run(call: Call): Promise<number> {
  const [task = null, ...more] = call.positionals;
  if (more.length > 0) throw new PitwallError('Usage', 'review takes one task', 'pitwall review --help');
  if (!call.interactive) {
    const instead = task === null ? 'pitwall diff TASK' : shellQuote(['pitwall', 'diff', task]);
    throw new PitwallError('Usage', 'review needs a terminal', instead);
  }
  const { reviewTask } = await import('../../app/review/review-deeds.ts');
  const decided = await reviewTask(await call.context(), task, await hereProject(call), (line) =>
    call.say(`pitwall: ${line}`),
  );
  if (decided === null) return 0;
  call.out(decided);
  if (flag(call, 'message')) {
    const { messageHere } = await import('../../app/desk/client-here.ts');
    await messageHere(await call.context(), decided);
  }
  return 0;
}
