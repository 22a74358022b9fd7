import { answer } from '../../app/agents/answer.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, jsonOption, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall answer`: 0 only when the dialog took the answer. */
export const command: Command = {
  name: 'answer',
  summary: 'answer what an agent asks, when its dialog is known',
  usage: ['answer TASK[/AGENT] yes|no|TEXT'],
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall answer fix-login yes', 'pitwall answer fix-login/codex "the second one"'],
  run,
};

async function run(call: Call): Promise<number> {
  const [task, ...words] = call.positionals;
  if (task === undefined || words.length === 0)
    throw new PitwallError('Usage', 'answer needs a task and the answer', 'pitwall answer --help');
  const sent = await answer(await call.context(), task, words.join(' '), await hereProject(call));
  call.out(call.json ? JSON.stringify({ version: 1, ...sent }) : `answered ${sent.task}/${sent.agent}`);
  return 0;
}
