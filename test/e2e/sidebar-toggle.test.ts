/** The sidebar switched off and on: the windows' panes keep their shares. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('switched off and on, every window stands as before; off, the shares are kept', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = async (...args: string[]) => {
    const ran = await pitwall(box, root, args);
    assert.equal(ran.code, 0, ran.stderr);
  };
  await run('open', '--no-attach');
  for (const layout of ['pair', 'test', 'bench', 'solo'])
    await run('new', '--no-attach', '--agent', 'demo', '--layout', layout, '--name', layout, '[no-question]');
  const shapes = async () => {
    const format = '#{window_name} #{window_zoomed_flag} #{P:#{pane_left}x#{pane_width} }';
    return (await box.tmux('list-windows', '-a', '-F', format)).split('\n');
  };
  const widths = (line = '') => [...line.matchAll(/x(\d+)/g)].map(([, width]) => Number(width));
  const on = await shapes();
  const [, pair] = on;
  assert.match(pair ?? '', /^pair 0 0x32 /);
  await run('sidebar', 'toggle');
  const off = await shapes();
  const [first = 0, second = 0] = widths(off[1]);
  const [, was = 0, beside = 0] = widths(pair);
  assert.ok(Math.abs(first / second - was / beside) < 0.05, `${pair} became ${off[1]}`);
  for (let round = 0; round < 3; round += 1) {
    await run('sidebar', 'toggle');
    assert.deepEqual(await shapes(), on);
    await run('sidebar', 'toggle');
    assert.deepEqual(await shapes(), off);
  }
  await box.tmux('resize-pane', '-t', '=app:pair.0', '-x', '20');
  await box.tmux('resize-pane', '-Z', '-t', '=app:test.1');
  const changed = await shapes();
  await run('sidebar', 'toggle');
  const again = await shapes();
  assert.match(again[1] ?? '', /^pair 0 0x32 33x1[3-7] /, 'what the person changed since is kept');
  assert.match(again[2] ?? '', /^test 1 /, 'a zoomed pane stays so');
  await run('sidebar', 'toggle');
  await until('all is as it was', async () => {
    const now = await shapes();
    return now.slice(2).join() === changed.slice(2).join();
  });
});

test('the sidebar runs in no worktree, not even where a restore has made its slot', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  assert.equal((await pitwall(box, root, ['open', '--no-attach'])).code, 0);
  const asked = [
    'new',
    '--no-attach',
    '--agent',
    'demo',
    '--name',
    'one',
    '[no-question] [report-only] look',
  ];
  assert.equal((await pitwall(box, root, asked)).code, 0);
  await until('it is done', async () => /done/.test((await pitwall(box, root, ['list'])).stdout));
  await box.tmux('select-window', '-t', '=app:one');
  await until(
    'the window is recorded',
    async () => (await box.tmux('show-options', '-sqv', '@pitwall_recording')) === '',
  );
  await box.tmux('kill-server');
  assert.equal((await pitwall(box, root, ['restore'])).code, 0);
  const format = '#{@pitwall_role} #{pane_current_path}';
  const sidebar = await until('the sidebar', async () =>
    (await box.tmux('list-panes', '-a', '-F', format)).split('\n').find((line) => /^sidebar \//.test(line)),
  );
  assert.equal(sidebar, 'sidebar /');
  const removed = await pitwall(box, root, ['remove', 'one']);
  assert.equal(removed.code, 0, removed.stderr);
});

test('opening another project without attaching leaves the sidebar where somebody looks', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [root, other] = [await box.repository('app'), await box.repository('other')];
  assert.equal((await pitwall(box, root, ['open', '--no-attach'])).code, 0);
  const roles = async () => box.tmux('list-panes', '-a', '-F', '#{@pitwall_role} #{session_name}');
  if (!(await roles()).includes('sidebar')) await pitwall(box, root, ['sidebar', 'toggle']);
  await attach(box, 'app', 120, 30);
  assert.match(await roles(), /^sidebar app$/m);
  assert.equal((await pitwall(box, other, ['open', '--no-attach'])).code, 0);
  assert.match(await roles(), /^sidebar app$/m);
  assert.match(await roles(), /^slot other$/m);
});
