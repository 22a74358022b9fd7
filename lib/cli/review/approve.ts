import { approveTask } from '../../app/review/outcomes.ts';
import { beginning } from '../../core/review/approval.ts';
import { type Call, type Command, flag, jsonOption, onlyTask, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall approve`: of what the worktree holds at this moment, and no later. */
export const command: Command = {
  name: 'approve',
  summary: 'approve what a task holds now; its item leaves the docket',
  usage: ['approve TASK'],
  options: {
    force: {
      type: 'boolean',
      short: 'f',
      words: 'also when prompts are held for its agents or comments were not sent',
    },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall approve fix-login'],
  run,
};

async function run(call: Call): Promise<number> {
  const typed = onlyTask(call, 'approve');
  const options = { force: flag(call, 'force') };
  const context = await call.context();
  const { held, ...outcome } = await approveTask(context, typed, await hereProject(call), options);
  if (call.json) call.out(JSON.stringify({ version: 1, ...outcome }));
  else call.out(`approved ${outcome.task} as it is at ${outcome.commit.slice(0, 12)}`);
  for (const { agent, text } of held)
    call.say(`pitwall: still held for ${outcome.task}/${agent}: ${beginning(text)}`);
  return 0;
}
