/** A desk that was lost: how it stood, how tmux is killed, and what runs again. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseWindowRecord } from '../../lib/core/restore/window-record.ts';
import { listed, pitwall } from './program.ts';
import { type Sandbox, until } from './sandbox.ts';

const layouts = ['solo', 'pair', 'test', 'bench', 'review'] as const;

/** A prompt that the demo agent carries out without a question. */
export const quiet = 'edit docs/a.md [no-question]';

/** The sandbox’s state folder. */
export const stateOf = (box: Sandbox) => join(box.env.XDG_STATE_HOME ?? '', 'pitwall');

/** A project with so many tasks in all layouts and a session of the person’s own; answers its root. */
export async function desk(box: Sandbox, tasks: number, prompt: string | null = quiet): Promise<string> {
  const root = await box.repository();
  // A session of the person's own, which keeps its windows to itself.
  await box.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', '-x', '300', '-y', '90', 'cat');
  const opened = await pitwall(box, root, ['open', '--no-attach']);
  assert.equal(opened.code, 0, opened.stderr);
  for (let number = 0; number < tasks; number += 1) {
    const words = ['--name', `t${number}`, '--layout', layouts[number % layouts.length] ?? 'solo'];
    const made = await pitwall(box, root, [
      'new',
      '--no-attach',
      '--agent',
      'demo',
      ...words,
      ...(prompt ? [prompt] : []),
    ]);
    assert.equal(made.code, 0, made.stderr);
    assert.equal(existsSync(join(stateOf(box), 'app', `t${number}`, 'window')), true, 'on record at once');
  }
  await until('every agent has its conversation', async () => {
    const told = await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role}');
    const agents = told.split('\n').filter((role) => role === 'agent').length;
    const kept =
      tasks === 0 ? [] : readdirSync(join(stateOf(box), 'app'), { recursive: true, encoding: 'utf8' });
    return kept.filter((path) => /\/demo\/[^/]+\.jsonl$/.test(path)).length === agents;
  });
  return root;
}

const format = [
  '#{session_name} #{window_index} #{window_name} #{window_zoomed_flag} #{window_width}x#{window_height}',
  '#{window_layout}',
  '#{?#{==:#{@pitwall_role},sidebar},slot,#{@pitwall_role}} #{@pitwall_task}/#{@pitwall_agent} #{@pitwall_runs} #{?#{==:#{@pitwall_role},sidebar},,#{pane_current_path}}',
].join(' | ');

/** Sessions of ours, window by window and pane by pane, without what differs from server to server: ids. */
export async function stands(box: Sandbox): Promise<readonly string[]> {
  const said = await box.tmux('list-panes', '-a', '-f', '#{!=:#{session_name},mine}', '-F', format);
  return said
    .split('\n')
    .map((line) => line.replace(/[0-9a-f]{4},(?=\d+x)/, '').replace(/(\d+x\d+,\d+,\d+),\d+/g, '$1'));
}

/** A program that has just been started may not tell its folder yet. */
export async function settled(box: Sandbox): Promise<void> {
  await until('folders', async () => !/agent .* $/m.test((await stands(box)).join('\n')));
}

/** argv of the agents' programs, from the system's own table: `TASK: argv`. */
export async function programs(box: Sandbox): Promise<readonly string[]> {
  const said = await box.tmux(
    'list-panes',
    '-a',
    '-f',
    '#{==:#{@pitwall_role},agent}',
    '-F',
    '#{pane_pid} #{@pitwall_task}/#{@pitwall_agent}',
  );
  return said.split('\n').map((line) => {
    const [pid = '', name = ''] = line.split(' ');
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(1, -1);
    return `${name}: ${argv
      .filter((word) => !word.includes('no-question') && word !== '--')
      .join(' ')
      .replace('--conversation', '--resume')}`;
  });
}

/** The conversations of each task’s agents. */
export const conversations = async (box: Sandbox, root: string) =>
  (await listed(box, root)).projects[0]?.tasks.map((task) => [
    task.name,
    task.agents.map((agent) => agent.conversationId),
  ]);

/** Kills tmux as a crash does; resolves when its process is gone. */
export async function killServer(box: Sandbox): Promise<void> {
  const pid = Number(await box.tmux('display-message', '-p', '#{pid}'));
  process.kill(pid, 'SIGKILL');
  await until('the server is gone', () => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
}

/** Until the records on disk are those of the windows that stand. */
export async function recorded(box: Sandbox, tasks: number): Promise<void> {
  await until(
    'nothing is due',
    async () => (await box.tmux('show-options', '-sqv', '@pitwall_recording')) === '',
  );
  await until('the records', async () => {
    const said = await box.tmux(
      'list-windows',
      '-a',
      '-F',
      '#{window_index} #{window_zoomed_flag} #{window_layout}',
    );
    const records = readdirSync(join(stateOf(box), 'app'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('/window'))
      .map((path) => parseWindowRecord(readFileSync(join(stateOf(box), 'app', path), 'utf8')));
    const fits = records.filter((each) =>
      said.includes(`${each?.index} ${each?.zoomed ? 1 : 0} ${each?.layout}`),
    );
    return fits.length === tasks;
  });
}

/** Names of all windows, with `half` behind those that are being made; none without a server. */
export const windows = async (box: Sandbox) => {
  try {
    return (await box.tmux('list-windows', '-a', '-F', '#{window_name} #{?@pitwall_making,half,}')).split(
      '\n',
    );
  } catch {
    return [];
  }
};
