import { stopTask } from '../../app/agents/stop.ts';
import { type Call, type Command, jsonOption, onlyTask, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall stop`: the programs end; worktree, branch and conversations stay. */
export const command: Command = {
  name: 'stop',
  summary: 'end the agents of a task; the worktree stays',
  usage: ['stop TASK[/AGENT]'],
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall stop fix-login', 'pitwall stop add-search/demo-2'],
  run,
};

async function run(call: Call): Promise<number> {
  const changed = await stopTask(await call.context(), onlyTask(call, 'stop'), await hereProject(call));
  const names = changed.agents.length > 0 ? changed.agents.join(', ') : 'nothing to stop';
  call.out(
    call.json
      ? JSON.stringify({ version: 1, ...changed })
      : `${changed.task}: ${changed.agents.length > 0 ? 'stopped ' : ''}${names}`,
  );
  return 0;
}
