import { dropTask } from '../../app/review/outcomes.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag, jsonOption, onlyTask, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall drop`: asks first, off a terminal it wants --yes. */
export const command: Command = {
  name: 'drop',
  summary: 'remove a task whose work is not wanted; a ref keeps the work',
  usage: ['drop TASK'],
  options: {
    yes: { type: 'boolean', short: 'y', words: 'do not ask' },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall drop spike', 'pitwall drop spike --yes --json'],
  run,
};

async function run(call: Call): Promise<number> {
  const typed = onlyTask(call, 'drop');
  if (!flag(call, 'yes') && !(await agreed(call, typed))) return 1;
  const context = await call.context();
  const narrate = (line: string) => call.say(`pitwall: ${line}`);
  const dropped = await dropTask(context, typed, await hereProject(call), narrate);
  if (call.json) call.out(JSON.stringify({ version: 1, ...dropped }));
  else call.out(`dropped ${dropped.task}`);
  if (!call.json && dropped.bringBack !== null)
    call.say(`its work is kept; to bring it back: ${dropped.bringBack}`);
  return 0;
}

async function agreed(call: Call, task: string): Promise<boolean> {
  if (!call.interactive)
    throw new PitwallError('Usage', `drop asks before it removes ${task}`, `pitwall drop ${task} --yes`);
  const said = await call.ask(
    `drop ${task}: its window, worktree and branch go, a ref keeps the work. Sure? [y/N] `,
  );
  return /^y(es)?$/i.test(said.trim());
}
