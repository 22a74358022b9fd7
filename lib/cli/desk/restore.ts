import { currentProject } from '../../app/projects.ts';
import { type Restored, restoreProject } from '../../app/restore/restore.ts';
import { tellAgain } from '../../core/docket/docket.ts';
import { PitwallError } from '../../core/errors.ts';
import type { ProjectRecord } from '../../core/model.ts';
import { type Call, type Command, flag, jsonOption, projectOption, text } from '../command.ts';

/** `pitwall restore`: exit code 1 while a task of a chosen project is not back; repeating goes on from there. */
export const command: Command = {
  name: 'restore',
  summary: 'bring back what tmux lost: windows, layouts, agents in their own conversations',
  usage: ['restore [PROJECT] [--all]'],
  options: {
    all: { type: 'boolean', words: 'every project' },
    continue: { type: 'boolean', words: 'tell agents that were cut off at work to go on' },
    'dry-run': { type: 'boolean', words: 'only say what would be done' },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall restore', 'pitwall restore --all --continue', 'pitwall restore app --dry-run'],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const options = { dryRun: flag(call, 'dry-run'), goOn: flag(call, 'continue') };
  const restored: Restored[] = [];
  const problems: string[] = [];
  for (const project of await chosen(call))
    try {
      restored.push(await restoreProject(context, project, options, (line) => call.say(`pitwall: ${line}`)));
    } catch (error) {
      if (!(error instanceof PitwallError) || !flag(call, 'all')) throw error;
      problems.push(`${project.name}: ${error.message}`);
    }
  problems.push(...(await call.deps.files.load()).problems);
  for (const problem of problems) call.say(`pitwall: ${problem}`);
  const ok = problems.length === 0 && restored.every(isBack);
  if (call.json) call.out(JSON.stringify({ version: 1, dryRun: options.dryRun, ok, restored, problems }));
  else for (const each of restored) call.out((options.dryRun ? planned(each) : told(each)).join('\n'));
  return ok ? 0 : 1;
}

async function chosen(call: Call): Promise<readonly ProjectRecord[]> {
  const [named, ...more] = call.positionals;
  const usage = (message: string) => new PitwallError('Usage', message, 'pitwall restore --help');
  if (more.length > 0) throw usage('restore takes one project, or --all');
  if (flag(call, 'all')) {
    if (named !== undefined) throw usage('a project and --all exclude each other');
    return (await call.deps.files.load()).projects.map((project) => project.record);
  }
  return [await currentProject(await call.context(), named ?? text(call, 'project'), 'look')];
}

function isBack(restored: Restored): boolean {
  return restored.missing.length === 0 && restored.agents.every(({ how }) => how !== 'failed');
}

function planned({ project, steps }: Restored): readonly string[] {
  return steps.length > 0 ? steps : [`${project}: nothing is missing`];
}

/** What is back and what is not. */
function told(restored: Restored): readonly string[] {
  const { project, windows, agents, missing, continued } = restored;
  const lines: string[] = [];
  const how = { resumed: 'resumed', started: 'started', afresh: 'began anew', failed: 'did not start' };
  for (const task of new Set([...windows, ...agents.map((agent) => agent.task)])) {
    const own = agents.filter((agent) => agent.task === task);
    const words = own.map((agent) =>
      agent.reason === null
        ? `${agent.agent} ${how[agent.how]}`
        : `${agent.agent} ${how[agent.how]}: ${agent.reason}`,
    );
    const sign = own.some((agent) => agent.how === 'failed') ? 'not back' : 'back    ';
    lines.push(`${sign}  ${project}:${task}  ${words.join(', ') || 'its agents stay stopped'}`);
    for (const { agent, how } of own)
      if (how === 'afresh') lines.push(`          try: ${tellAgain(`${project}:${task}`, agent)}`);
  }
  for (const { task, problem, hint } of missing) {
    lines.push(`not back  ${project}:${task}  ${problem}`);
    if (hint !== null) lines.push(`          try: ${hint}`);
  }
  for (const each of continued) lines.push(`told ${project}:${each} to go on`);
  return lines.length > 0 ? lines : [`${project}: nothing is missing`];
}
