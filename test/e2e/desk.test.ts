import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, newTask, pitwall, silent } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const dozen = ['new', '--no-attach', ...Array.from({ length: 12 }, () => ['--agent', 'demo']).flat()];

const asks = 'edit docs/a.md';

const panes = (box: Sandbox, format: string) => box.tmux('list-panes', '-a', '-F', format);

const shown = async (box: Sandbox) =>
  (await box.tmux('list-clients', '-F', '#{window_name} #{@pitwall_role}')).split(' ');

test('keys jump by the docket without starting a process; back goes back', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  for (const name of ['one', 'two']) await pitwall(box, root, [...newTask, '--name', name, asks]);
  await until('two questions', async () => (await listed(box, root)).docket.length === 2);
  const terminal = await attach(box, 'app', 120, 30);
  await until('a client', async () => (await box.tmux('list-clients')) !== '');
  const press = async (key: string, window: string) => {
    await terminal.keys('C-b', 'g');
    await until(
      'the key table',
      async () => (await box.tmux('list-clients', '-F', '#{client_key_table}')) === 'pitwall',
    );
    await terminal.keys(key);
    await until(`${key} to show ${window}`, async () => (await shown(box))[0] === window, 5000);
  };
  await press('n', 'one');
  await press('n', 'two');
  await press('n', 'one');
  await press('p', 'two');
  await press('1', 'one');
  await press('2', 'two');
  await press('b', 'one');
  await press('b', 'two');
  const bound = (await box.tmux('list-keys', '-T', 'pitwall'))
    .split('\n')
    .filter((line) => / (n|p|b|[1-9]) /.test(line.slice(0, 40)));
  assert.equal(bound.length >= 12, true);
  for (const line of bound) assert.doesNotMatch(line, /run-shell(?! -C)/, 'no process');
});

test('one sidebar follows over windows and sessions, keeps its width, and comes back when its window is killed', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const other = await box.repository('other');
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...newTask, '--name', 'one', asks]);
  await pitwall(box, other, ['open', '--no-attach']);
  await pitwall(box, other, [...newTask, '--name', 'far', asks]);
  const terminal = await attach(box, 'app', 140, 30);
  await until('a client', async () => (await box.tmux('list-clients')) !== '');
  const sidebar = async () =>
    (await panes(box, '#{@pitwall_role} #{window_name} #{pane_width} #{pane_pid}'))
      .split('\n')
      .filter((line) => line.startsWith('sidebar '));
  const pid = (await until('the sidebar', async () => (await sidebar())[0])).split(' ')[3];
  for (const window of ['one', 'far', 'one', 'far']) {
    const target = (await panes(box, '#{window_name} #{pane_id} #{@pitwall_role}'))
      .split('\n')
      .find((line) => line.startsWith(`${window} `) && line.endsWith(' agent'))
      ?.split(' ')[1];
    await box.tmux('switch-client', '-t', target ?? '');
    const line = await until(`the sidebar in ${window}`, async () => {
      const found = await sidebar();
      return found.length === 1 && found[0]?.split(' ')[1] === window ? found[0] : null;
    });
    assert.deepEqual(line.split(' ').slice(2), ['32', pid], 'same width, same process');
  }
  await box.tmux('kill-window', '-t', '=other:far');
  const again = await until('a new sidebar', async () => {
    const found = await sidebar();
    return found.length === 1 && found[0]?.split(' ')[3] !== pid ? found[0] : null;
  });
  assert.match(again, / 32 /);
  await until('its rows', async () => /app|other/.test(await terminal.screen()));
});

test('small clients and many agents: it works, or one clear error and nothing left', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  const terminal = await attach(box, 'app', 80, 24);
  await until('a client', async () => (await box.tmux('list-clients')) !== '');
  const twelve = await pitwall(box, root, [...dozen, '--name', 'twelve', silent]);
  assert.equal(twelve.code, 0, twelve.stderr);
  await until(
    'twelve agents done',
    async () =>
      (await listed(box, root)).projects[0]?.tasks[0]?.agents.every((agent) => agent.state === 'done'),
    60_000,
  );
  assert.equal((await listed(box, root)).docket.length, 1);
  await terminal.resize(10, 2);
  await until(
    'the small client',
    async () => (await box.tmux('list-clients', '-F', '#{client_width}')) === '10',
  );
  const tiny = await pitwall(box, root, [...newTask, '--name', 'tiny', silent]);
  assert.equal(tiny.code, 0, tiny.stderr);
  const crowded = await pitwall(box, root, [...dozen, '--name', 'crowded', silent]);
  assert.equal(crowded.code, 1);
  assert.match(crowded.stderr, /no room for 12 agents/);
  const names = (await listed(box, root)).projects[0]?.tasks.map((task) => task.name);
  assert.deepEqual(names, ['twelve', 'tiny']);
});

test('the person’s own splits, swaps and renames in our windows change nothing', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...newTask, '--name', 'one', asks]);
  const pane =
    (await until(
      'the agent',
      async () => (await listed(box, root)).projects[0]?.tasks[0]?.agents[0]?.pane,
    )) ?? '';
  await box.tmux('split-window', '-d', '-t', pane, 'sleep', '1000');
  await box.tmux('swap-pane', '-t', pane, '-D');
  await box.tmux('rename-window', '-t', pane, 'mine');
  await until('the question', async () => (await listed(box, root)).docket[0]?.pane === pane);
  assert.equal((await pitwall(box, root, ['answer', 'one', 'yes'])).code, 0);
  await until('its end', async () => (await listed(box, root)).docket[0]?.kind === 'review');
  const refused = await pitwall(box, root, ['remove', 'one']);
  assert.equal(refused.code, 1);
  await box.tmux('break-pane', '-d', '-s', pane);
  assert.equal(
    (await pitwall(box, root, ['send', 'one', 'more'])).code,
    0,
    'found by its option, wherever it is',
  );
});

test('a window that a narrow client makes narrow gives the sidebar’s room back, and takes it again', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...newTask, '--name', 'one', asks]);
  await attach(box, 'app', 140, 30);
  const widths = async () =>
    (await panes(box, '#{window_name} #{window_width} #{@pitwall_role} #{pane_width}'))
      .split('\n')
      .filter((line) => line.startsWith('project '))
      .sort();
  const wide = ['project 140 shell 107', 'project 140 sidebar 32'];
  const seen = async (lines: readonly string[]) => (await widths()).join() === lines.join();
  await until('the wide window', () => seen(wide));
  const phone = await attach(box, 'app', 70, 24);
  await until('the narrow window', () => seen(['project 70 shell 68', 'project 70 sidebar 1']), 5000);
  await phone.resize(120, 24);
  await until('room enough', () => seen(['project 120 shell 87', 'project 120 sidebar 32']), 5000);
  await phone.resize(60, 24);
  await until('a narrow window again', () => seen(['project 60 shell 58', 'project 60 sidebar 1']), 5000);
  await phone.close();
  await until('the wide window again', () => seen(wide), 5000);
});
