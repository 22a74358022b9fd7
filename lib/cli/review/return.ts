import { returnTask } from '../../app/review/outcomes.ts';
import { readNotes } from '../../app/review/review-read.ts';
import { PitwallError } from '../../core/errors.ts';
import { unsent } from '../../core/review/review.ts';
import { type Call, type Command, jsonOption, onlyTask, projectOption, text } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall return`: the round is closed even when the prompt has to wait for the agent. */
export const command: Command = {
  name: 'return',
  summary: 'send a task back to its agent with what is to be changed',
  usage: ['return TASK -m TEXT|-'],
  options: {
    message: {
      type: 'string',
      short: 'm',
      value: 'TEXT',
      words: 'what is to be changed; - for standard input',
    },
    ...projectOption,
    ...jsonOption,
  },
  examples: [
    'pitwall return fix-login -m "also cover the logout"',
    'pitwall return fix-login -m - < notes.md',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  const typed = onlyTask(call, 'return');
  const message = text(call, 'message');
  if (message === null) throw new PitwallError('Usage', 'return needs a message', 'pitwall return --help');
  const words = message === '-' ? await call.stdin() : message;
  const context = await call.context();
  const { sent, ...outcome } = await returnTask(context, typed, words, await hereProject(call));
  if (call.json)
    call.out(JSON.stringify({ version: 1, ...outcome, agent: sent.agent, held: !sent.delivered }));
  else call.out(`returned ${outcome.task} to ${sent.agent}`);
  const { length } = unsent(await readNotes(context.deps, outcome.project, outcome.task));
  if (length > 0)
    call.say(
      `pitwall: ${length} ${length === 1 ? 'comment' : 'comments'} of the review did not go along; try: pitwall review ${outcome.task}`,
    );
  if (!sent.delivered)
    call.say(
      `pitwall: held for ${sent.task}/${sent.agent}: ${sent.reason}; it is delivered once the agent is ready`,
    );
  return 0;
}
