import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { createTmux } from '../../lib/adapters/tmux.ts';
import { parseWindowRecord, recordFiles, recordFormat } from '../../lib/core/restore/window-record.ts';
import { serverHooks } from '../../lib/core/tmux/server-hooks.ts';
import { attach } from '../helpers/client.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const record = resolve('bin/pitwall-record');
const sleep = ['--', 'sleep', '600'];

const set = (pane: string, options: Readonly<Record<string, string>>) =>
  Object.entries(options).flatMap(([name, value]) => [
    ...['set-option', '-p', '-t', pane, `@pitwall_${name}`, value],
    ';',
  ]);

async function hooks(box: Sandbox): Promise<void> {
  const wanted = serverHooks({ hook: '/nowhere', record, sidebarWidth: 30, prefixKey: null });
  await createTmux({ socket: box.socket, env: box.env, stableDir: '/' }).run(wanted);
}

/** A window of a task with one agent and a slot; answers window, agent's pane and the record's file. */
async function taskWindow(box: Sandbox, task: string) {
  const folder = join(box.folder, `of ${task}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'task.json'), '{}');
  const [server] = await box.tmux('list-sessions').then(
    (sessions) => [sessions !== ''],
    () => [false],
  );
  const make = server ? ['new-window', '-d', '-t', 'app:'] : ['new-session', '-d', '-s', 'app'];
  const size = server ? [] : ['-x', '160', '-y', '50'];
  const first = server ? [] : ['-f', '/dev/null'];
  const said = await box.tmux(...first, ...make, ...size, '-P', '-F', '#{window_id} #{pane_id}', ...sleep);
  const [window = '', agent = ''] = said.split(' ');
  const options = { dir: folder, task, agent: 'demo', role: 'agent', project: 'app' };
  const slot = await box.tmux('split-window', '-dhbf', '-l', '30', '-t', agent, '-P', '-F', '#{pane_id}', '');
  await box.tmux(...set(agent, options), ...set(slot, { role: 'slot', project: 'app' }), 'display-message');
  return { window, agent, slot, file: join(folder, 'window') };
}

const read = (file: string) => (existsSync(file) ? parseWindowRecord(readFileSync(file, 'utf8')) : null);

test('a window with a pane that goes by itself keeps its record until that is gone', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const one = await taskWindow(box, 'one');
  await hooks(box);
  const pane = await box.tmux('split-window', '-d', '-t', one.agent, '-P', '-F', '#{pane_id}', ...sleep);
  await until('three panes', () => read(one.file)?.panes.length === 3);
  const passing = { role: 'agent', agent: 'reviewer', task: 'one', project: 'app', passing: '1' };
  const reviewer = await box.tmux('split-window', '-d', '-t', pane, '-P', '-F', '#{pane_id}', '');
  await box.tmux(...set(reviewer, passing), 'display-message');
  await box.tmux('split-window', '-d', '-t', one.agent, ...sleep);
  execFileSync(record, { env: box.env });
  assert.equal(read(one.file)?.panes.length, 3);
  const listed = await box.tmux('list-panes', '-a', '-F', recordFormat);
  assert.deepEqual(recordFiles(listed.split('\n')), []);
  await box.tmux('kill-pane', '-t', reviewer);
  await until('four panes', () => read(one.file)?.panes.length === 4);
});

test('a change of a window is on disk soon after: layout, zoom, place, name, panes of the person', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const one = await taskWindow(box, 'one');
  const two = await taskWindow(box, 'two');
  await hooks(box);
  const folder = join(box.folder, 'it’s\t"here" $x');
  mkdirSync(folder);
  await box.tmux('split-window', '-d', '-c', folder, '-t', one.agent, ...sleep);
  const first = await until('its record', () => read(one.file));
  assert.equal(first.layout, await box.tmux('display-message', '-p', '-t', one.window, '#{window_layout}'));
  assert.deepEqual(
    [first.columns, first.rows, first.zoomed, first.session, first.active],
    [160, 50, false, 'app', 1],
  );
  assert.deepEqual(first.panes, [
    { kind: 'slot' },
    { kind: 'agent', agent: 'demo' },
    { kind: 'program', own: false, runs: { shell: true }, folder: folder.replace('\t', ' ') },
  ]);
  assert.equal(statSync(one.file).mode & 0o777, 0o600);
  await box.tmux('resize-pane', '-Z', '-t', one.agent);
  await until('the zoom', () => read(one.file)?.zoomed);
  assert.equal(read(one.file)?.layout, first.layout, 'zoomed, the layout is still the whole one');
  await box.tmux(
    'rename-window',
    '-t',
    two.window,
    'mine ##(id)',
    ';',
    'rename-session',
    '-t',
    'app',
    'work',
  );
  await until('the names', () => read(two.file)?.name === 'mine #(id)' && read(one.file)?.session === 'work');
  await box.tmux('move-window', '-s', two.window, '-t', 'work:9');
  await until('the move', () => read(two.file)?.index === 9);
  assert.deepEqual(
    readdirSync(join(one.file, '..')).filter((name) => name.startsWith('.')),
    [],
  );
});

test('what is half made, or has lost its agents, or whose task is gone, is not recorded', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const one = await taskWindow(box, 'one');
  const two = await taskWindow(box, 'two');
  const gone = await taskWindow(box, 'gone');
  await hooks(box);
  for (const each of [one, two, gone]) await box.tmux('split-window', '-d', '-t', each.agent, ...sleep);
  await until('records', () => [one, two, gone].every((each) => read(each.file)?.panes.length === 3));
  const before = readFileSync(one.file, 'utf8');
  await box.tmux('set-option', '-w', '-t', two.window, '@pitwall_making', '1');
  rmSync(join(gone.file, '..'), { recursive: true });
  await box.tmux('kill-pane', '-t', one.agent, ';', 'split-window', '-d', '-t', two.agent, ...sleep);
  execFileSync(record, { env: box.env });
  assert.equal(readFileSync(one.file, 'utf8'), before, 'its last good record stays');
  assert.equal(read(two.file)?.panes.length, 3);
  assert.equal(existsSync(join(gone.file, '..')), false);
  await box.tmux('set-option', '-wu', '-t', two.window, '@pitwall_making', ';', 'kill-pane', '-t', two.slot);
  await until('two again', () => read(two.file)?.panes.length === 3 && read(two.file)?.layout !== before);
});

test('the script and pitwall itself write the same', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const one = await taskWindow(box, 'one');
  execFileSync(record, { env: box.env });
  const rows = (await box.tmux('list-panes', '-a', '-F', recordFormat)).split('\n');
  assert.deepEqual(recordFiles(rows), [{ path: one.file, text: readFileSync(one.file, 'utf8') }]);
});

test('going from window to window, the sidebar along, starts no process', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const one = await taskWindow(box, 'one');
  const two = await taskWindow(box, 'two');
  await hooks(box);
  await box.tmux(
    'set-option',
    '-p',
    '-t',
    one.slot,
    '@pitwall_role',
    'sidebar',
    ';',
    'respawn-pane',
    '-k',
    '-t',
    one.slot,
    ...sleep,
  );
  const client = await attach(box, 'app', 150, 45);
  const roles = () => box.tmux('list-panes', '-a', '-F', '#{window_id} #{pane_id} #{@pitwall_recorded}');
  const sits = async (window: string) => {
    await box.tmux('select-window', '-t', window);
    await until('the sidebar', async () => (await roles()).includes(`${window} ${one.slot} `));
    await until(
      'its size',
      async () => (await box.tmux('display-message', '-p', '-t', window, '#{window_width}')) === '150',
    );
  };
  for (const { agent } of [one, two]) await box.tmux('split-window', '-d', '-t', agent, ...sleep);
  await until('all is recorded', () => [one, two].every(({ file }) => read(file)?.panes.length === 3));
  const due = () => box.tmux('show-options', '-sqv', '@pitwall_recording');
  await until('none is due', async () => (await due()) === '');
  for (const { window } of [two, one, two, one]) {
    await sits(window);
    for (let look = 0; look < 5; look += 1) assert.equal(await due(), '', `look ${look}`);
  }
  await client.close();
});
