import { sendPrompt } from '../../app/agents/send.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, jsonOption, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall send`: exit code 0 when the agent has the prompt, 1 when it is held. */
export const command: Command = {
  name: 'send',
  summary: 'deliver a prompt to an agent; held until the agent is ready',
  usage: ['send TASK[/AGENT] [TEXT|-]'],
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall send fix-login "also cover the logout"', 'pitwall send add-search/demo - < notes.md'],
  run,
};

async function run(call: Call): Promise<number> {
  const [task, ...words] = call.positionals;
  if (task === undefined) throw new PitwallError('Usage', 'send needs a task', 'pitwall send --help');
  const fromInput = (words.length === 1 && words[0] === '-') || (words.length === 0 && !call.interactive);
  if (words.length === 0 && !fromInput)
    throw new PitwallError('Usage', 'send needs a text, or - for standard input', 'pitwall send --help');
  const prompt = fromInput ? await call.stdin() : words.join(' ');
  const sent = await sendPrompt(await call.context(), task, prompt, await hereProject(call));
  const name = `${sent.task}/${sent.agent}`;
  if (call.json) call.out(JSON.stringify({ version: 1, ...sent, held: !sent.delivered }));
  if (sent.delivered) {
    if (!call.json) call.out(`delivered to ${name}`);
    return 0;
  }
  call.say(`pitwall: held for ${name}: ${sent.reason}; it is delivered once the agent is ready`);
  return 1;
}
