/** What the person does to the sidebar and its slots, and what becomes of it: the hooks alone, in a real server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTmux } from '../../lib/adapters/tmux.ts';
import { serverHooks } from '../../lib/core/tmux/server-hooks.ts';
import { slotCommands } from '../../lib/core/tmux/window.ts';
import { attach } from '../helpers/client.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

/** Two windows with an agent each and a slot made as the program makes it; the sidebar sits in the first. */
async function desk(box: Sandbox): Promise<readonly [string, string]> {
  const server = createTmux({ socket: box.socket, env: box.env, stableDir: '/' });
  const size = ['-x', '120', '-y', '40'];
  await box.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'app', ...size, '--', 'sleep', '600');
  await box.tmux('new-window', '-d', '-t', '=app:', '--', 'sleep', '600');
  await server.run([
    ['set-option', '-t', '=app:', '@pitwall_project', 'app'],
    ['set-option', '-s', '@pitwall_sidebar_command', "'cat'"],
    ...serverHooks({ hook: '/nowhere', record: '/nowhere', sidebarWidth: 30, prefixKey: null }),
    ...slotCommands({ side: 'left', width: 30 }, '@0', 'app'),
    ...slotCommands({ side: 'left', width: 30 }, '@1', 'app'),
  ]);
  const [first = '', second = ''] = (
    await box.tmux('list-panes', '-a', '-f', '#{@pitwall_role}', '-F', '#{pane_id}')
  ).split('\n');
  await box.tmux('set-option', '-p', '-t', first, '@pitwall_role', 'sidebar');
  await box.tmux('respawn-pane', '-k', '-t', first, '--', 'cat', '-u');
  return [first, second];
}

const places = (box: Sandbox) =>
  box.tmux(
    'list-panes',
    '-a',
    '-F',
    '#{window_id} #{pane_id} #{@pitwall_role} #{pane_width} #{pane_current_command}',
  );

/** Ends a pane's program; tmux may only notice when another child of its ends. */
async function kill(box: Sandbox, pane: string, signal: NodeJS.Signals): Promise<void> {
  process.kill(Number(await box.tmux('display-message', '-p', '-t', pane, '#{pane_pid}')), signal);
  await until('tmux noticed', async () => {
    await box.tmux('run-shell', '-b', 'true');
    return !(await places(box)).includes(`${pane} sidebar 30 cat`);
  });
}

test('a sidebar that is killed starts again in its place, and the window keeps its shape', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [pane] = await desk(box);
  await kill(box, pane, 'SIGKILL');
  assert.match(await places(box), new RegExp(`^@0 ${pane} (slot|sidebar) 30 `, 'm'));
  await until('it runs', async () => (await places(box)).includes(`@0 ${pane} sidebar 30 cat`));
  assert.equal(await box.tmux('show-options', '-sv', '@pitwall_sidebar'), pane);
});

test('a sidebar that ends by itself leaves a slot, and starts anew in the next window shown', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [pane, other] = await desk(box);
  await attach(box, 'app', 120, 41);
  await box.tmux('send-keys', '-t', pane, 'C-d');
  await until('it is a slot', async () => {
    await box.tmux('run-shell', '-b', 'true');
    return (await places(box)).includes(`@0 ${pane} slot 30`);
  });
  await box.tmux('select-window', '-t', '@1');
  await until('it runs there', async () => (await places(box)).includes(`@1 ${other} sidebar 30 cat`));
  assert.match(await places(box), new RegExp(`^@0 ${pane} slot 30`, 'm'));
});

test('a window goes with the last pane of the person, and the sidebar is there in the next', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [, other] = await desk(box);
  const third = await box.tmux('new-window', '-d', '-P', '-F', '#{window_id}', '--', 'sleep', '600');
  const client = await attach(box, 'app', 120, 41);
  await box.tmux('select-window', '-t', '@1', ';', 'select-window', '-t', '@0');
  await box.tmux('kill-pane', '-t', '%0');
  await until('the window is gone', async () => !(await places(box)).includes('@0 '));
  await until('the sidebar in the other', async () =>
    (await places(box)).includes(`@1 ${other} sidebar 30 cat`),
  );
  assert.equal(await client.window(), '@1');
  await box.tmux('select-window', '-t', third);
  await box.tmux('kill-pane', '-t', '%1');
  await until('one that is not shown too', async () => !(await places(box)).includes('@1 '));
  assert.match(await places(box), new RegExp(`^${third} \\S+  120 sleep$`));
});

test('a slot that the person closes leaves its window alone, and comes back with nothing distorted', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [pane, other] = await desk(box);
  await attach(box, 'app', 120, 41);
  await box.tmux('kill-pane', '-t', other);
  await box.tmux('select-window', '-t', '@1');
  await box.tmux('select-window', '-t', '@0');
  await until('the sidebar where it was', async () =>
    (await places(box)).includes(`@0 ${pane} sidebar 30 cat`),
  );
  assert.match(await places(box), /^@1 %1 {2}120 sleep$/m);
});
