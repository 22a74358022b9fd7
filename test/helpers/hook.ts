/** Agents that report by the hook, with no pitwall around them. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseJournal } from '../../lib/core/journal/journal-parse.ts';
import { type Sandbox, until } from './sandbox.ts';

/** The hook that ships. */
export const hook = resolve('bin/pitwall-hook');

/** Some panes of agents, each its own task unless told otherwise. */
export async function desk(box: Sandbox, count: number, task = (index: number) => `t${index}`) {
  await box.tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    '200',
    '-y',
    '200',
    '-s',
    's',
    'sleep',
    '1000',
  );
  const agents: { readonly pane: string; readonly env: Record<string, string>; readonly folder: string }[] =
    [];
  for (let index = 0; index < count; index += 1) {
    const pane = await box.tmux('new-window', '-d', '-P', '-F', '#{pane_id}', '-t', 's:', 'sleep', '1000');
    const folder = join(box.folder, `task ${index}`);
    mkdirSync(folder, { recursive: true });
    const options = {
      project: 'app',
      task: task(index),
      agent: `a${index}`,
      role: 'agent',
      state: 'starting',
      order: '5000',
      dir: folder,
    };
    for (const [name, value] of Object.entries(options))
      await box.tmux('set-option', '-p', '-t', pane, `@pitwall_${name}`, value);
    agents.push({
      pane,
      folder,
      env: {
        ...box.env,
        TMUX_PANE: pane,
        PITWALL_TASK: task(index),
        PITWALL_PROJECT: 'app',
        PITWALL_AGENT: `a${index}`,
        PITWALL_TASK_DIR: folder,
      },
    });
  }
  return agents;
}

/** Runs the hook; never throws for an exit code. */
export function call(
  env: Record<string, string>,
  args: readonly string[],
  input: string | null = null,
  program = hook,
): Promise<{ code: number; out: string }> {
  return new Promise((done) => {
    const child = execFile(program, [...args], { env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** The journal of a task’s folder. */
export const events = (folder: string) => parseJournal(readFileSync(join(folder, 'journal.jsonl'), 'utf8'));

/** An option of the server. */
export const option = (box: Sandbox, name: string) =>
  box.tmux('display-message', '-p', `#{@pitwall_${name}}`);

/** The state that the pane shows. */
export const stateOf = (box: Sandbox, pane: string) =>
  box.tmux('display-message', '-p', '-t', pane, '#{@pitwall_state}');

/** The hook tells tmux in the background, and tmux has the docket computed there. */
export const becomes = (box: Sandbox, name: string, value: string) =>
  until(`${name} ${value}`, async () => (await option(box, name)) === value);

/** Waits until the pane shows the state. */
export const isIn = (box: Sandbox, pane: string, state: string) =>
  until(`${pane} ${state}`, async () => (await stateOf(box, pane)) === state);

/** Ends the agent's program by TERM and tells the hook so, as tmux does. */
export async function end(
  box: Sandbox,
  agent: { readonly pane: string; readonly env: Record<string, string> },
) {
  await box.tmux('set-option', '-p', '-t', agent.pane, 'remain-on-exit', 'on');
  const told = (format: string) => box.tmux('display-message', '-p', '-t', agent.pane, format);
  process.kill(Number(await told('#{pane_pid}')), 'SIGTERM');
  await until('it to be dead', async () => {
    await box.tmux('run-shell', '-b', 'true');
    return (await told('#{pane_dead}#{pane_dead_signal}#{pane_dead_status}')).length > 1;
  });
  await call(agent.env, ['--died', agent.pane]);
  return { state: await told('#{@pitwall_state}'), count: await told('#{@pitwall_count}') };
}
