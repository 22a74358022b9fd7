import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { prefixBinding } from '../../lib/core/tmux/keys.ts';
import { removeServerHooks } from '../../lib/core/tmux/server-hooks.ts';
import { shellQuote } from '../../lib/core/tmux/tmux-text.ts';
import { sandbox, until } from '../helpers/sandbox.ts';
import { hooks, run, windowOf } from '../helpers/slots.ts';

test('an agent that ends is told to the hook by its pane', async () => {
  await using box = await sandbox();
  const hook = join(box.folder, "it's #(a) hook");
  const said = join(box.folder, 'said');
  await writeFile(hook, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${said}'\n`, { mode: 0o755 });
  const [, agent] = await windowOf(box, 'one', false);
  await run(box, [
    ...hooks(hook),
    ['set-option', '-p', '-t', agent, '@pitwall_agent', 'demo'],
    ['set-option', '-g', 'remain-on-exit', 'on'],
    ['new-window', '-d', '--', 'true', 'x'],
    ['respawn-pane', '-k', '-t', agent, '--', 'sh', '-c', 'exit 3'],
  ]);
  await until('it was told', async () => (await readFile(said, 'utf8')) === `--died\n${agent}\n`);
});

test('windows that the person kills have the docket settled once', async () => {
  await using box = await sandbox();
  const said = join(box.folder, 'said');
  await windowOf(box, 'one', false);
  const killed = [
    await windowOf(box, 'one', true),
    await windowOf(box, 'one', true),
    await windowOf(box, 'one', true),
  ];
  await run(box, [
    ...hooks(),
    ['set-option', '-s', '@pitwall_settle', shellQuote(['sh', '-c', 'echo settled >>"$1"', 'it"s', said])],
  ]);
  await box.tmux(...killed.flatMap(([window]) => ['kill-window', '-t', window, ';']));
  await until('it settled', () => readFile(said, 'utf8'));
  await until(
    'the next may come',
    async () => (await box.tmux('display-message', '-p', '#{@pitwall_settling}')) === '',
  );
  assert.equal(await readFile(said, 'utf8'), 'settled\n');
});

test("what is ours goes with our last session, what is the person's stays", async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d', '-s', 'mine', '--', 'sleep', '600');
  await box.tmux(
    'set-hook',
    '-g',
    'pane-died',
    'set -s @mine 1',
    ';',
    'set-hook',
    '-g',
    'window-resized[3]',
    'set -s @mine 2',
    ';',
    'bind-key',
    'g',
    'display-message',
    'old',
  );
  await box.tmux('unbind-key', 'g');
  const state = async () => [
    await box.tmux('show-hooks', '-g'),
    await box.tmux('show-hooks', '-gw'),
    await box.tmux('show-hooks', '-gp'),
    await box.tmux('list-keys'),
    await box.tmux('show-options', '-s'),
    await box.tmux('show-options', '-g'),
    await box.tmux('show-options', '-gw'),
  ];
  const before = await state();
  await windowOf(box, 'one', false);
  await windowOf(box, 'two', false);
  await run(box, [...hooks(), prefixBinding('g'), ['set-option', '-s', '@pitwall_docket', '%1 ']]);
  await box.tmux('kill-session', '-t', '=one');
  await until(
    'it would settle',
    async () => (await box.tmux('display-message', '-p', '#{@pitwall_settling}')) === '',
  );
  assert.match(await box.tmux('show-hooks', '-g'), /session-closed\[77\]/);
  assert.match(await box.tmux('show-hooks', '-gw'), /pane-died\[77\]/);
  await box.tmux('kill-session', '-t', '=two');
  await until('all is as before', async () => JSON.stringify(await state()) === JSON.stringify(before), 5000);
  assert.deepEqual(await state(), before);
});

test('a key that the person took back is not unbound', async () => {
  await using box = await sandbox();
  await box.tmux('new-session', '-d');
  await run(box, [
    ...hooks(),
    prefixBinding('g'),
    ['bind-key', 'g', 'display-message', 'mine'],
    ...removeServerHooks('g'),
  ]);
  await until('the list was looked at', async () => !(await box.tmux('show-hooks', '-g')).includes('[77]'));
  await box.tmux('run-shell', ':');
  assert.match(await box.tmux('list-keys', '-T', 'prefix', 'g'), /display-message mine/);
});
