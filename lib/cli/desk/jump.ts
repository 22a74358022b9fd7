import { jump } from '../../app/desk/jump.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, jsonOption, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall jump`: moves the client it is called from, else the one used last. */
export const command: Command = {
  name: 'jump',
  summary: 'go to the next item of the docket, the previous one, back, or to a task',
  usage: ['jump [next|prev|back|TASK[/AGENT]]'],
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall jump', 'pitwall jump back', 'pitwall jump fix-login/demo'],
  run,
};

async function run(call: Call): Promise<number> {
  if (call.positionals.length > 1)
    throw new PitwallError('Usage', 'jump takes one place to go', 'pitwall jump --help');
  const to = call.positionals[0] ?? 'next';
  // The docket is that of all projects, wherever it is asked for.
  const here = ['next', 'prev', 'back'].includes(to) ? null : await hereProject(call);
  const jumped = await jump(await call.context(), to, here);
  if (call.json) call.out(JSON.stringify({ version: 1, ...jumped }));
  return 0;
}
