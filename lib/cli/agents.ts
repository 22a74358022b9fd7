import { listAgents } from '../app/agents.ts';
import { type Call, type Command, jsonOption } from './command.ts';

export const command: Command = {
  name: 'agents',
  summary: 'the kinds of agent that can be started here',
  usage: ['agents'],
  completes: 'none',
  options: { ...jsonOption },
  examples: ['pitwall agents', 'pitwall agents --json'],
  run,
};

async function run(call: Call): Promise<number> {
  const agents = await listAgents(await call.context());
  if (call.json) call.out(JSON.stringify({ version: 1, agents }));
  else
    for (const agent of agents) {
      const can = [
        agent.hooks ? 'reports its state' : 'is read from its output',
        agent.resume ? 'resumes by id' : 'starts fresh',
      ];
      call.out(
        `${agent.name.padEnd(10)} ${agent.found ? 'found' : 'missing'}  ${agent.title}; ${can.join(', ')}`,
      );
    }
  return 0;
}
