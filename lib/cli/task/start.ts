import { continueInterrupted } from '../../app/agents/continue.ts';
import { startTask } from '../../app/agents/stop.ts';
import { type Call, type Command, flag, jsonOption, onlyTask, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall start`: leaves agents alone that run. */
export const command: Command = {
  name: 'start',
  summary: 'start the agents of a task that do not run, in their own conversations',
  usage: ['start TASK[/AGENT]'],
  options: {
    continue: { type: 'boolean', words: 'tell agents that were cut off at work to go on' },
    ...projectOption,
    ...jsonOption,
  },
  examples: [
    'pitwall start fix-login',
    'pitwall start add-search/demo-2',
    'pitwall start --continue fix-login',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  const narrate = (line: string) => call.say(`pitwall: ${line}`);
  const context = await call.context();
  const changed = await startTask(context, onlyTask(call, 'start'), await hereProject(call), narrate);
  const continued = flag(call, 'continue')
    ? await continueInterrupted(context, changed.project, changed.task)
    : [];
  const names = changed.agents.length > 0 ? changed.agents.join(', ') : 'nothing to start';
  for (const each of continued) call.say(`pitwall: told ${each} to go on`);
  call.out(
    call.json
      ? JSON.stringify({ version: 1, ...changed, continued })
      : `${changed.task}: ${changed.agents.length > 0 ? 'started ' : ''}${names}`,
  );
  return 0;
}
