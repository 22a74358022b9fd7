/** Runs the commands that prepare a new worktree, once the person has accepted them. */
import type { TaskRecord } from '../../core/model.ts';
import { createOutputTail } from '../../core/output-tail.ts';
import { taskEnvironment } from '../../core/tmux/pane-command.ts';
import type { Context } from '../context.ts';

/** A command line for `sh -c`, and the seconds it may take. */
export interface SetupCommand {
  readonly run: string;
  readonly timeout: number;
}

/** The newest output of all commands that is kept, in UTF-16 units. */
const mostOutput = 1_000_000;

/**
 * Runs the commands one after the other in the worktree, in the task's environment. What they print is kept as
 * `output/setup.txt`, how it went stands in the journal. Answers what failed, or null.
 */
export async function runSetup(
  context: Context,
  record: TaskRecord,
  commands: readonly SetupCommand[],
  narrate: (line: string) => void,
): Promise<string | null> {
  const { files, processes, shipped, tmux } = context.deps;
  const folder = files.taskFolder(record.project, record.name);
  const env = taskEnvironment({ record, folder, hook: shipped.hook, socket: tmux.socket }, null);
  const printed = createOutputTail(mostOutput);
  let failed: string | null = null;
  for (const { run, timeout } of commands) {
    narrate(`setup: ${run}`);
    printed.add(`$ ${run}`);
    const ended = await processes.run(['sh', '-c', run], {
      cwd: record.worktree,
      env,
      timeout: timeout * 1000,
      onLine: printed.add,
    });
    if (ended.exit === 0 && !ended.timedOut) continue;
    failed = `setup “${run}” ${howEnded(ended, timeout)}`;
    printed.add(failed);
    break;
  }
  const path = await files.writeOutput(record.project, record.name, 'setup.txt', printed.text());
  const message = failed === null ? '' : `${failed}; see ${path}`;
  await files.append(record.project, record.name, { type: 'setup', ok: failed === null, message });
  return failed === null ? null : message;
}

/** How a command ended that did not succeed, in words. `timeout` in seconds. */
export function howEnded(
  ended: { readonly exit: number | null; readonly timedOut: boolean },
  timeout: number,
): string {
  if (ended.timedOut) return `took longer than ${timeout} s and was ended`;
  return ended.exit === null ? 'was ended by a signal' : `exited with ${ended.exit}`;
}
