/** Runs a task's checks, in the foreground of whoever asks for it: a person, or a pane of the task's window. */

import { checkFailurePrompt, type FailedCheck, mostStale } from '../../core/check/checks.ts';
import { PitwallError } from '../../core/errors.ts';
import { checkPrompt, type FoldedTask, foldTask } from '../../core/journal/fold.ts';
import type { CheckState } from '../../core/journal/journal.ts';
import { authors, type Task } from '../../core/model.ts';
import { createOutputTail } from '../../core/output-tail.ts';
import type { ProjectSettings } from '../../core/settings/project-settings.ts';
import { hookReader } from '../../core/state/explain.ts';
import { taskEnvironment } from '../../core/tmux/pane-command.ts';
import type { StoredTask } from '../../ports.ts';
import { deliver } from '../agents/send.ts';
import type { Context } from '../context.ts';
import { howEnded } from '../new/setup.ts';
import { observe } from '../observe.ts';
import { workNow } from '../overlap.ts';
import { findTask, storedTask } from '../projects.ts';
import { publish } from '../publish.ts';
import { notAccepted, readTrust } from '../trust.ts';
import { author, holdBack } from './send-back.ts';

type Check = ProjectSettings['checks'][number];
/** A task whose record could be read. */
export type Stored = StoredTask & { readonly record: NonNullable<StoredTask['record']> };

/** `hand`: a person asked for it; `turn`: a turn has ended, and a failure goes back to the agent. */
export type CheckCause = 'hand' | 'turn';

/** How the checks of one task ended; times in seconds. */
export interface CheckOutcome {
  readonly project: string;
  readonly task: string;
  readonly state: Exclude<CheckState, 'running' | 'refused'>;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly seconds: number }[];
  readonly message: string;
  /** The file that holds what they printed; null when nothing had to be run. */
  readonly log: string | null;
}

/** The newest output of a run that is kept, in UTF-16 units. */
const mostOutput = 2_000_000;

/**
 * Runs the accepted checks of the task's project one after the other until one fails. Usage when it has none,
 * NotTrusted when they are not accepted, Locked when they run already.
 */
export async function runChecks(
  context: Context,
  typed: string,
  here: string | null,
  cause: CheckCause,
  print: (line: string) => void,
): Promise<CheckOutcome> {
  const { files } = context.deps;
  const { snapshot, store } = await observe(context, { diffs: 'kept' });
  const { task, project } = findTask(snapshot, typed, here);
  const { settings, accepted, problems } = await readTrust(context, project);
  for (const problem of problems) print(`pitwall: ${problem}`);
  if (settings.checks.length === 0)
    throw new PitwallError(
      'Usage',
      `${project.name} has no checks`,
      `$EDITOR ${project.root}/.pitwall/config.json`,
    );
  if (!accepted) throw notAccepted(project.name, 'the checks');
  const stored = storedTask(store.projects, task.project, task.name);
  const outcome = await files.tryLocked(`check:${task.project}:${task.name}`, async () => {
    let done = await runOnce(context, stored, settings, cause, print);
    // A change meanwhile that no turn made: once more, then it is a failure of its own.
    while (done.state === 'stale' && !(await working(context, task)))
      done = await runOnce(context, stored, settings, cause, print);
    return done;
  });
  if (outcome === null)
    throw new PitwallError('Locked', `the checks of ${task.name} are running`, `pitwall show ${task.name}`);
  await publish(context, await observe(context, { diffs: 'fresh' }));
  return outcome;
}

async function working(context: Context, { project, name }: Task): Promise<boolean> {
  const { snapshot } = await observe(context, { diffs: 'kept' });
  const { task } = findTask(snapshot, `${project}:${name}`, null);
  return authors(task.agents).some((agent) => agent.state === 'working' || agent.state === 'starting');
}

async function runOnce(
  context: Context,
  stored: Stored,
  settings: ProjectSettings,
  cause: CheckCause,
  print: (line: string) => void,
): Promise<CheckOutcome> {
  const { files } = context.deps;
  const { project, name: task } = stored;
  const before = await foldNow(context, stored);
  const work = await workNow(context, stored);
  // A pass is one of these commands: what passed others says nothing of them.
  const tree = `${work}:${context.deps.sha256(JSON.stringify(settings.checks)).slice(0, 16)}`;
  const run = (before.checks?.run ?? 0) + 1;
  const record = (state: CheckState, rest: { check?: string | null; back?: boolean; message: string }) =>
    files.append(project, task, {
      type: 'check',
      run,
      state,
      tree,
      check: null,
      back: false,
      ...rest,
      ...files.self,
    });
  const said = { project, task, checks: [], log: null };
  if (cause === 'turn' && before.checks?.state === 'passed' && before.checks.tree === tree) {
    const message = 'passed before, and nothing has changed since';
    await record('passed', { message });
    return { ...said, state: 'passed', message };
  }
  await record('running', { message: '' });
  const { checks, failed, printed } = await runAll(context, stored, settings.checks, print);
  const log = await files.writeOutput(project, task, `checks-${run}.txt`, printed);
  if ((await workNow(context, stored)) !== work) {
    const again = before.checks !== null && !before.checks.outdated && before.checks.stale + 1 >= mostStale;
    const message = 'the worktree changed while its checks ran';
    await record(again ? 'failed' : 'stale', { message });
    print(`pitwall: ${message}`);
    return { ...said, checks, log, state: again ? 'failed' : 'stale', message };
  }
  if (failed === null) {
    await record('passed', { message: '' });
    return { ...said, checks, log, state: 'passed', message: '' };
  }
  const message = `check ${failed.name} failed: ${failed.how}`;
  const agent =
    cause === 'turn' && before.attempts < settings.checkAttempts ? await author(context, stored) : null;
  const prompt =
    agent === null
      ? null
      : await holdBack(
          context,
          stored,
          agent,
          checkPrompt,
          checkFailurePrompt(failed, before.attempts + 1, settings.checkAttempts),
        );
  await record('failed', { check: failed.name, back: prompt !== null, message });
  if (prompt !== null) await deliver(context, project, task, prompt);
  return { ...said, checks, log, state: 'failed', message };
}

/** What the task's journal says now. */
export async function foldNow(context: Context, { project, name, record }: Stored): Promise<FoldedTask> {
  const { projects } = await context.deps.files.load();
  const { events, payloads } = storedTask(projects, project, name);
  return foldTask(record.agents, events, hookReader(context.presets, payloads));
}

async function runAll(
  context: Context,
  { record, folder }: Stored,
  checks: readonly Check[],
  print: (line: string) => void,
) {
  const { processes, clock, shipped, tmux } = context.deps;
  const env = taskEnvironment({ record, folder, hook: shipped.hook, socket: tmux.socket }, null);
  const ran: { readonly name: string; readonly ok: boolean; readonly seconds: number }[] = [];
  const printed = createOutputTail(mostOutput);
  const tell = (line: string): void => {
    printed.add(line);
    print(line);
  };
  for (const { name, run, timeout } of checks) {
    tell(`── check ${name}: ${run}`);
    const start = clock.now();
    const output = createOutputTail(mostOutput);
    const ended = await processes.run(['sh', '-c', run], {
      cwd: record.worktree,
      env,
      timeout: timeout * 1000,
      onLine: (line) => {
        output.add(line);
        tell(line);
      },
    });
    const ok = ended.exit === 0 && !ended.timedOut;
    const seconds = Math.round((clock.now() - start) / 100) / 10;
    const how = ok ? 'passed' : howEnded(ended, timeout);
    ran.push({ name, ok, seconds });
    tell(`── check ${name} ${how}, ${seconds} s`);
    if (!ok) {
      const failed: FailedCheck = { name, run, how, output: output.text() };
      return { checks: ran, printed: printed.text(), failed };
    }
  }
  return { checks: ran, printed: printed.text(), failed: null };
}
