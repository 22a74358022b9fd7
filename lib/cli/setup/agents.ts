import { type AgentSight, listAgents } from '../../app/agents/agents.ts';
import { applyChanges, type FileChange, planInstall, planUninstall } from '../../app/agents/install-agent.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag, jsonOption } from '../command.ts';

/** `pitwall agents`: looks at every preset; writes into HOME only for `install` and `uninstall`. */
export const command: Command = {
  name: 'agents',
  summary: 'the kinds of agent that can be started here; places what some need to report their state',
  usage: ['agents', 'agents install|uninstall PRESET'],
  options: { yes: { type: 'boolean', short: 'y', words: 'do not ask' }, ...jsonOption },
  examples: ['pitwall agents', 'pitwall agents --json', 'pitwall agents install gemini'],
  run,
};

async function run(call: Call): Promise<number> {
  const [action, name, ...more] = call.positionals;
  if (action === undefined) return show(call);
  if ((action !== 'install' && action !== 'uninstall') || name === undefined || more.length > 0)
    throw new PitwallError(
      'Usage',
      'agents takes install or uninstall, and one name',
      'pitwall agents --help',
    );
  return place(call, action, name);
}

async function show(call: Call): Promise<number> {
  const agents = await listAgents(await call.context());
  if (call.json) call.out(JSON.stringify({ version: 1, agents }));
  else for (const agent of agents) call.out(lines(agent).join('\n'));
  return 0;
}

function lines(agent: AgentSight): readonly string[] {
  const name = agent.name.padEnd(10);
  if (!agent.found) return [`${name} missing  ${agent.title}`, ...mend(agent)];
  const words = [
    agent.version === null ? agent.title : `${agent.title} ${agent.version}`,
    agent.path ?? '',
    agent.hooks ? 'reports its state' : 'is read from its output',
    agent.resume ? 'resumes by id' : 'starts fresh',
  ];
  const said = words.filter((word) => word !== '').join(', ');
  return [
    `${name} found    ${said}`,
    ...(agent.missing === null ? [] : [`${''.padEnd(20)}${agent.missing}`]),
    ...mend(agent),
  ];
}

function mend(agent: AgentSight): readonly string[] {
  return agent.install === null ? [] : [`${''.padEnd(20)}try: ${agent.install}`];
}

async function place(call: Call, action: 'install' | 'uninstall', name: string): Promise<number> {
  const context = await call.context();
  const changes = await (action === 'install' ? planInstall : planUninstall)(context, name);
  const done = action === 'install' ? 'installed' : 'removed';
  if (changes.length === 0) {
    answer(call, name, changes, `${name}: nothing to do`);
    return 0;
  }
  for (const change of changes) call.say(describe(change));
  if (!flag(call, 'yes')) {
    if (!call.interactive)
      throw new PitwallError(
        'Usage',
        'these files are yours: say --yes',
        `pitwall agents ${action} ${name} --yes`,
      );
    const said = await call.ask(`${action} these? [y/N] `);
    if (!/^y(es)?$/i.test(said.trim())) return 1;
  }
  await applyChanges(context, changes);
  answer(call, name, changes, `${name}: ${done}`);
  return 0;
}

function answer(call: Call, agent: string, changes: readonly FileChange[], words: string): void {
  const paths = changes.map((change) => change.path);
  call.out(call.json ? JSON.stringify({ version: 1, agent, changed: paths }) : words);
}

/** One file: what becomes of it, and what would stand in it when there is nothing in it yet. */
function describe({ path, kind, before, after }: FileChange): string {
  if (after === null) return `removes ${path}`;
  if (before !== null && kind === 'shared') return `changes only pitwall’s entries in ${path}:\n${after}`;
  return `${before === null ? 'writes' : 'replaces'} ${path}:\n${after}`;
}
