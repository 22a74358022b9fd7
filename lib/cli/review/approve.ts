import { approveTask } from '../../app/review/outcomes.ts';
import { type Call, type Command, jsonOption, onlyTask, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall approve`: of what the worktree holds at this moment, and no later. */
export const command: Command = {
  name: 'approve',
  summary: 'approve what a task holds now; its item leaves the docket',
  usage: ['approve TASK'],
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall approve fix-login'],
  run,
};

async function run(call: Call): Promise<number> {
  const typed = onlyTask(call, 'approve');
  const outcome = await approveTask(await call.context(), typed, await hereProject(call));
  if (call.json) call.out(JSON.stringify({ version: 1, ...outcome }));
  else call.out(`approved ${outcome.task} as it is at ${outcome.commit.slice(0, 12)}`);
  return 0;
}
