import { bring } from '../../app/desk/open.ts';
import { forkTask } from '../../app/new/fork.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag, jsonOption, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall fork`: the first task stays as it is. */
export const command: Command = {
  name: 'fork',
  summary: 'a second task from the files a task has now, with a copy of its conversation',
  usage: ['fork TASK [NAME]'],
  options: {
    'no-attach': { type: 'boolean', words: 'stay here' },
    'dry-run': { type: 'boolean', words: 'only say what would be done' },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall fork fix-login', 'pitwall fork fix-login fix-login-by-token --no-attach'],
  run,
};

async function run(call: Call): Promise<number> {
  const [task, name = null, ...more] = call.positionals;
  if (task === undefined || more.length > 0)
    throw new PitwallError('Usage', 'fork needs a task, and perhaps a name', 'pitwall fork --help');
  const context = await call.context();
  const dryRun = flag(call, 'dry-run');
  const here = await hereProject(call);
  const made = await forkTask(context, { task, name, dryRun }, here, (line) => call.say(`pitwall: ${line}`));
  for (const notice of made.notices) call.say(`pitwall: ${notice}`);
  const { record, window } = made;
  if (call.json)
    call.out(JSON.stringify({ version: 1, dryRun, task: { ...record, window }, steps: made.steps }));
  else if (dryRun) call.out(made.steps.join('\n'));
  else call.out(`${record.name}  ${record.branch}  ${record.worktree}`);
  if (dryRun || flag(call, 'no-attach') || call.json || window === null || !call.interactive) return 0;
  return bring(context, window);
}
