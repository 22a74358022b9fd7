import { startTask } from '../app/stop.ts';
import { type Call, type Command, jsonOption, onlyTask, projectOption } from './command.ts';
import { hereProject } from './here.ts';

export const command: Command = {
  name: 'start',
  summary: 'start the agents of a task that do not run, in their own conversations',
  usage: ['start TASK[/AGENT]'],
  completes: 'task',
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall start fix-login', 'pitwall start add-search/demo-2'],
  run,
};

async function run(call: Call): Promise<number> {
  const narrate = (line: string) => call.say(`pitwall: ${line}`);
  const context = await call.context();
  const changed = await startTask(context, onlyTask(call, 'start'), await hereProject(call), narrate);
  const names = changed.agents.length > 0 ? changed.agents.join(', ') : 'nothing to start';
  call.out(
    call.json
      ? JSON.stringify({ version: 1, ...changed })
      : `${changed.task}: ${changed.agents.length > 0 ? 'started ' : ''}${names}`,
  );
  return 0;
}
