import { handOver } from '../../app/land/hand-over.ts';
import { type LandReport, land } from '../../app/land/land.ts';
import type { LandOptions } from '../../app/land/land-candidate.ts';
import { checkAgain } from '../../app/land/land-checks.ts';
import type { Landed } from '../../app/land/land-outcome.ts';
import { currentProject } from '../../app/projects.ts';
import { PitwallError } from '../../core/errors.ts';
import { type Strategy, strategies } from '../../core/land/land.ts';
import { type Call, type Command, flag, jsonOption, onlyTask, projectOption, text } from '../command.ts';
import { errorText } from '../errors.ts';
import { hereProject } from '../here.ts';

/** `pitwall land`: each task by itself; exit code 1 when one did not land or a push failed. */
export const command: Command = {
  name: 'land',
  summary: 'bring approved tasks into their base branch, by priority, then age',
  usage: ['land [TASK…]', 'land --hand-over TASK'],
  options: {
    strategy: {
      type: 'string',
      value: strategies.join('|'),
      words: 'how it comes into its base; else as the project has it',
    },
    'dry-run': { type: 'boolean', words: 'only say what would land and what would conflict' },
    commit: { type: 'boolean', words: 'commit what is not committed' },
    message: {
      type: 'string',
      short: 'm',
      value: 'TEXT',
      words: 'the message of that commit, and of the squashed one',
    },
    push: { type: 'boolean', words: 'push the base branch afterwards' },
    pr: {
      type: 'boolean',
      words: 'push the task’s branch and open a pull request (gh); the base stays as it is',
    },
    keep: { type: 'boolean', words: 'leave window, worktree and branch' },
    'hand-over': { type: 'boolean', words: 'give what kept a task from landing to its agent' },
    ...projectOption,
    ...jsonOption,
  },
  examples: [
    'pitwall land --dry-run',
    'pitwall land fix-login --strategy squash',
    'pitwall land fix-login --commit -m "Mend the login" --push',
    'pitwall land --hand-over fix-login',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  if (flag(call, 'hand-over')) return runHandOver(call);
  const options = optionsOf(call);
  const context = await call.context();
  // Tasks may be named from anywhere; all of a project only where there is one.
  const here =
    call.positionals.length > 0
      ? await hereProject(call, undefined, call.positionals)
      : (await currentProject(context, text(call, 'project'), 'look')).name;
  const report = await land(context, call.positionals, here, options, (line) => call.say(`pitwall: ${line}`));
  if (call.json) call.out(JSON.stringify(reportJson(report, options.dryRun)));
  else tell(call, report);
  const fine = ['landed', 'nothing', 'requested', 'would-land'];
  const failed = report.tasks.some(({ outcome }) => !fine.includes(outcome));
  return failed || report.pushes.some(({ error }) => error !== null) ? 1 : 0;
}

function optionsOf(call: Call): LandOptions {
  const [strategy, message] = [text(call, 'strategy'), text(call, 'message')];
  const known = strategies.find((each): each is Strategy => each === strategy) ?? null;
  if (strategy !== null && known === null)
    throw new PitwallError(
      'Usage',
      `--strategy takes ${strategies.join(', ')}, not ${strategy}`,
      'pitwall land --help',
    );
  if (message !== null && (!flag(call, 'commit') || message.trim() === ''))
    throw new PitwallError('Usage', '-m is the message for --commit', 'pitwall land --help');
  return {
    strategy: known,
    dryRun: flag(call, 'dry-run'),
    commit: flag(call, 'commit') ? true : null,
    message,
    push: flag(call, 'push'),
    request: flag(call, 'pr'),
    keep: flag(call, 'keep'),
    check: checkAgain,
  };
}

async function runHandOver(call: Call): Promise<number> {
  const typed = onlyTask(call, 'land --hand-over');
  const { sent, ...outcome } = await handOver(await call.context(), typed, await hereProject(call));
  if (call.json)
    call.out(JSON.stringify({ version: 1, ...outcome, agent: sent.agent, held: !sent.delivered }));
  else call.out(`handed ${outcome.task} to ${sent.agent}`);
  if (!sent.delivered)
    call.say(
      `pitwall: held for ${sent.task}/${sent.agent}: ${sent.reason}; it is delivered once the agent is ready`,
    );
  return 0;
}

function tell(call: Call, { tasks, pushes }: LandReport): void {
  if (tasks.length === 0) call.out('nothing is approved');
  for (const task of tasks)
    if (task.error === null) call.out(sentence(task));
    else call.say(errorText(task.error, false));
  for (const { branch, remote, error } of pushes)
    if (error === null) call.out(`pushed ${branch} to ${remote}`);
    else call.say(errorText(error, false));
}

function sentence({ task, outcome, base, commit, url, removed }: Landed): string {
  const at = commit?.slice(0, 12);
  const gone = removed ? ' and was removed' : '';
  if (outcome === 'landed') return `${task} landed in ${base} at ${at}${gone}`;
  if (outcome === 'nothing') return `${task} is in ${base} already${gone}`;
  if (outcome === 'requested') return `${task} waits as ${url}`;
  return `${task} would land in ${base}`;
}

function reportJson({ tasks, pushes }: LandReport, dryRun: boolean) {
  const errorJson = (error: PitwallError | null) =>
    error && { code: error.code, message: error.message, hint: error.hint };
  return {
    version: 1,
    dryRun,
    tasks: tasks.map((each) => ({ ...each, error: errorJson(each.error) })),
    pushes: pushes.map((each) => ({ ...each, error: errorJson(each.error) })),
  };
}
