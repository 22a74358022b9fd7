import { type Removed, removeTask } from '../../app/land/remove.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag, jsonOption, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall remove`: none of the named tasks is touched when one of them is refused. */
export const command: Command = {
  name: 'remove',
  aliases: ['rm'],
  summary: 'remove window, worktree and branch of tasks; refuses when anything would be lost',
  usage: ['remove TASK…'],
  options: {
    force: {
      type: 'boolean',
      short: 'f',
      words: 'also when work would be lost; never the main worktree or the base branch',
    },
    'dry-run': { type: 'boolean', words: 'only say what would be done' },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall remove fix-login', 'pitwall rm old-docs spike --dry-run'],
  run,
};

async function run(call: Call): Promise<number> {
  if (call.positionals.length === 0)
    throw new PitwallError('Usage', 'remove needs a task', 'pitwall remove --help');
  const context = await call.context();
  const here = await hereProject(call, undefined, call.positionals);
  const options = { force: flag(call, 'force'), dryRun: flag(call, 'dry-run') };
  const narrate = (line: string) => call.say(`pitwall: ${line}`);
  // All are judged before the first goes: a name that is wrong, or a refusal, takes none along.
  if (!options.dryRun && call.positionals.length > 1)
    for (const task of call.positionals)
      await removeTask(context, task, here, { ...options, dryRun: true }, narrate);
  const removed: Removed[] = [];
  for (const task of call.positionals) {
    const each = await removeTask(context, task, here, options, narrate);
    removed.push(each);
    if (!call.json)
      call.out(
        options.dryRun
          ? each.steps.join('\n')
          : `removed ${each.task}${each.branchKept ? ', its branch is kept' : ''}`,
      );
  }
  if (call.json) call.out(JSON.stringify({ version: 1, dryRun: options.dryRun, removed }));
  return 0;
}
