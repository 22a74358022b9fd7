import { afterTurn } from '../../app/check/after-turn.ts';
import { type CheckOutcome, runChecks } from '../../app/check/check.ts';
import { isPitwallError } from '../../core/errors.ts';
import { type Call, type Command, flag, jsonOption, onlyTask, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall check`: exit code 0 when all checks passed; what they print goes to stderr with --json. */
export const command: Command = {
  name: 'check',
  summary: 'run the project’s checks for a task now, in the foreground',
  usage: ['check TASK'],
  options: {
    turn: {
      type: 'boolean',
      words:
        'a turn has ended: the reviewer follows, and what is found goes back to the agent (used by pitwall itself)',
    },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall check fix-login', 'pitwall check fix-login --json'],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const task = onlyTask(call, 'check');
  const here = await hereProject(call);
  if (flag(call, 'turn')) return inPane(call, () => afterTurn(context, task, here, call.out));
  // With --json the answer alone goes to stdout.
  const print = call.json ? call.say : call.out;
  const outcome = await runChecks(context, task, here, 'hand', print);
  if (call.json) call.out(JSON.stringify({ version: 1, ...outcome }));
  else call.say(summary(outcome));
  return outcome.state === 'passed' ? 0 : 1;
}

/** A pane that has nothing bad to show goes, so that the others have their room again. */
async function inPane(call: Call, work: () => Promise<CheckOutcome>): Promise<number> {
  const { tmux, env } = call.deps;
  let state: CheckOutcome['state'] = 'passed';
  try {
    const outcome = await work();
    call.out(summary(outcome));
    state = outcome.state;
  } catch (error) {
    // Another runs them already, or the task is gone.
    if (!isPitwallError(error, 'Locked', 'NoSuchTask')) throw error;
  }
  if (state === 'failed') return 1;
  if (env.TMUX_PANE) await tmux.run([['kill-pane', '-t', env.TMUX_PANE]]);
  return 0;
}

function summary({ task, state, checks, message, log }: CheckOutcome): string {
  const passed = checks.filter((check) => check.ok).length;
  const counted = `${passed} of ${checks.length} checks passed`;
  const where = log === null || state === 'passed' ? '' : `; see ${log}`;
  return `${task}: ${checks.length === 0 ? message : counted}${message && checks.length > 0 ? `; ${message}` : ''}${where}`;
}
