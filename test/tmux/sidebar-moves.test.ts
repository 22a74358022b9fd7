import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { shellQuote } from '../../lib/core/tmux/tmux-text.ts';
import { attach } from '../helpers/client.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';
import { hooks, run, windowOf } from '../helpers/slots.ts';

/** The sidebar's program writes what is typed into it to a file. */
async function seat(box: Sandbox, slot: string): Promise<string> {
  const file = join(box.folder, "side'bar {1} #(x)");
  const command = shellQuote(['sh', '-c', 'stty raw -echo; : >>"$1"; exec cat >>"$1"', 'sh', file]);
  await run(box, [
    ['set-option', '-s', '@pitwall_sidebar_command', command],
    ['set-option', '-p', '-t', slot, '@pitwall_role', 'sidebar'],
    ['respawn-pane', '-k', '-t', slot, '--', 'sh', '-c', `exec ${command}`],
  ]);
  await until('the sidebar runs', () => readFile(file, 'utf8').then(() => true));
  return file;
}

const places = (box: Sandbox) =>
  box.tmux(
    'list-panes',
    '-a',
    '-F',
    '#{window_id} #{pane_id} #{@pitwall_role} #{pane_width} #{?pane_active,active,}',
  );

async function isIn(box: Sandbox, sidebar: string, window: string): Promise<void> {
  await until(
    `the sidebar is in ${window}`,
    async () => (await places(box)).includes(`${window} ${sidebar} sidebar 30`),
    5000,
  );
}

test('the sidebar follows over windows and sessions, without a resize, and is told the window', async () => {
  await using box = await sandbox();
  const [one, first, sidebar] = await windowOf(box, 'one', false);
  const [two, second] = await windowOf(box, 'one', true);
  const [three, third] = await windowOf(box, 'other', false);
  await run(box, hooks());
  await run(box, hooks());
  const file = await seat(box, sidebar);
  const client = await attach(box, 'one', 120, 41);
  for (const [target, window] of [
    [second, two],
    [third, three],
    [first, one],
    [third, three],
    [second, two],
  ] as const) {
    await box.tmux('switch-client', '-c', client.name, '-t', target);
    await isIn(box, sidebar, window);
    assert.equal(await client.pane(), target);
  }
  const numbers = [two, three, one, three, two].map((window) => `\u001b[77;${window.slice(1)}~`).join('');
  await until('it was told', async () => (await readFile(file, 'utf8')) === numbers);
  for (const line of (await places(box)).split('\n'))
    assert.match(line, / (slot|sidebar) 30 $| agent 89 active$/);
});

test('keys that show another window of a session take the sidebar along', async () => {
  await using box = await sandbox();
  const [, , sidebar] = await windowOf(box, 'one', false);
  const [two] = await windowOf(box, 'one', true);
  await run(box, hooks());
  await seat(box, sidebar);
  const client = await attach(box, 'one', 120, 41);
  await client.keys('C-b', 'n');
  await isIn(box, sidebar, two);
});

test('the slot never has the focus, neither where the person left nor where they come', async () => {
  await using box = await sandbox();
  const [one, first, sidebar] = await windowOf(box, 'one', false);
  const [two, second, slot] = await windowOf(box, 'one', true);
  await box.tmux('split-window', '-d', '-t', first, '--', 'sleep', '600');
  const other = (await places(box))
    .split('\n')
    .find((line) => line.startsWith(one) && !line.includes(first) && !line.includes(sidebar));
  await run(box, hooks());
  await seat(box, sidebar);
  await attach(box, 'one', 120, 41);
  const wanted = other?.split(' ')[1] ?? '';
  await box.tmux(
    'select-pane',
    '-t',
    wanted,
    ';',
    'select-pane',
    '-t',
    sidebar,
    ';',
    'select-pane',
    '-t',
    slot,
  );
  await box.tmux('select-window', '-t', two);
  await isIn(box, sidebar, two);
  const active = async () =>
    (await places(box))
      .split('\n')
      .filter((line) => line.endsWith(' active'))
      .map((line) => line.split(' ')[1]);
  assert.deepEqual(await active(), [wanted, second]);
});

test('zoomed windows stay zoomed, and the width is right when they are not any more', async () => {
  await using box = await sandbox();
  const [one, first, sidebar] = await windowOf(box, 'one', false);
  const [two, second] = await windowOf(box, 'one', true);
  await run(box, hooks());
  await seat(box, sidebar);
  const client = await attach(box, 'one', 120, 41);
  await box.tmux('resize-pane', '-Z', '-t', first, ';', 'resize-pane', '-Z', '-t', second);
  await box.tmux('select-window', '-t', two);
  await until('the sidebar moved', async () => (await places(box)).includes(`${two} ${sidebar} sidebar`));
  const zoomed = () =>
    box.tmux('list-panes', '-a', '-f', '#{pane_active}', '-F', '#{pane_id} #{window_zoomed_flag}');
  assert.equal(await zoomed(), `${first} 1\n${second} 1`);
  await client.resize(70, 41);
  await client.resize(160, 41);
  await until(
    'it is wide',
    async () => (await box.tmux('display-message', '-p', '-t', second, '#{window_width}')) === '160',
  );
  assert.equal(await zoomed(), `${first} 1\n${second} 1`);
  await box.tmux('resize-pane', '-Z', '-t', second);
  await isIn(box, sidebar, two);
  await box.tmux('select-window', '-t', one);
  await until('the sidebar is back', async () => (await places(box)).includes(`${one} ${sidebar} sidebar`));
  await box.tmux('resize-pane', '-Z', '-t', first);
  await isIn(box, sidebar, one);
});

test('a narrower client does not distort the sidebar for good; a narrow window gives it one cell', async () => {
  await using box = await sandbox();
  const [one, , sidebar] = await windowOf(box, 'one', false);
  await run(box, hooks('/nowhere', 80));
  await seat(box, sidebar);
  const client = await attach(box, 'one', 120, 41);
  for (const [columns, width] of [
    [90, 30],
    [60, 1],
    [10, 1],
    [200, 30],
    [120, 30],
  ] as const) {
    await client.resize(columns, 41);
    await until(
      `${width} at ${columns}`,
      async () => (await places(box)).includes(`${one} ${sidebar} sidebar ${width} `),
      5000,
    );
  }
});

test('a sidebar that went with its window starts anew in the slot that is shown', async () => {
  await using box = await sandbox();
  const [one, , sidebar] = await windowOf(box, 'one', false);
  const [two, , slot] = await windowOf(box, 'one', true);
  await run(box, hooks());
  await seat(box, sidebar);
  await attach(box, 'one', 120, 41);
  await box.tmux('kill-window', '-t', one);
  await isIn(box, slot, two);
  assert.equal(await box.tmux('display-message', '-p', '#{@pitwall_sidebar}'), slot);
  await until(
    'it runs',
    async () => (await box.tmux('display-message', '-p', '-t', slot, '#{pane_current_command}')) === 'cat',
  );
});

test('no sidebar is started when it is switched off, and none moves for a session nobody looks at', async () => {
  await using box = await sandbox();
  const [one, , sidebar] = await windowOf(box, 'one', false);
  const [two, , slot] = await windowOf(box, 'one', true);
  const [, , third] = await windowOf(box, 'other', false);
  const [fourth] = await windowOf(box, 'other', true);
  await run(box, hooks());
  await seat(box, sidebar);
  await attach(box, 'one', 120, 41);
  await box.tmux('select-window', '-t', fourth);
  await box.tmux('set-option', '-s', '@pitwall_sidebar_command', '', ';', 'kill-window', '-t', one);
  await until('the other window is shown', async () => (await places(box)).startsWith(two));
  await box.tmux('select-window', '-t', two);
  const now = await places(box);
  assert.match(now, new RegExp(`${slot} slot`));
  assert.match(now, new RegExp(`${third} slot`));
});

test('who attaches again finds the sidebar, and it goes to the one of two who moved last', async () => {
  await using box = await sandbox();
  const [one, first, sidebar] = await windowOf(box, 'one', false);
  const [two] = await windowOf(box, 'one', true);
  const [three, third] = await windowOf(box, 'other', false);
  await run(box, hooks());
  await seat(box, sidebar);
  const early = await attach(box, 'one', 120, 41);
  await isIn(box, sidebar, one);
  await early.close();
  await until('nobody is there', async () => (await box.tmux('list-clients')) === '');
  await box.tmux('select-window', '-t', two);
  const left = await attach(box, 'one', 120, 41);
  await isIn(box, sidebar, two);
  const right = await attach(box, 'other', 120, 41);
  await isIn(box, sidebar, three);
  await left.keys('C-b', 'n');
  await isIn(box, sidebar, one);
  assert.equal(await left.pane(), first);
  assert.equal(await right.pane(), third);
});

test('windows without a slot leave the sidebar where it is', async () => {
  await using box = await sandbox();
  const [one, , sidebar] = await windowOf(box, 'one', false);
  const plain = await box.tmux('new-window', '-d', '-P', '-F', '#{window_id}', '--', 'sleep', '600');
  await run(box, hooks());
  const file = await seat(box, sidebar);
  await attach(box, 'one', 120, 41);
  await box.tmux('select-window', '-t', plain);
  await box.tmux('select-window', '-t', one);
  await isIn(box, sidebar, one);
  assert.equal(await readFile(file, 'utf8'), '');
});
