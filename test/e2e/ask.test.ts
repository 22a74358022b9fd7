/** The prompt that `new` asks for on a terminal: given, or not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

for (const [what, keys, expected] of [
  ['^C', ['x', 'C-c'], { code: '130', tasks: [], says: 'pitwall: no answer was given' }],
  ['Escape', ['x', 'Escape'], { code: '130', tasks: [], says: 'pitwall: no answer was given' }],
  ['the end of input', ['C-d'], { code: '130', tasks: [], says: 'pitwall: no answer was given' }],
  [
    'an answer, mended with arrows',
    ['fx it', 'Home', 'Right', 'i', 'Enter'],
    { code: '0', tasks: ['fix'], says: 'fix' },
  ],
] as const)
  test(`new asks, and is given ${what}`, async (t) => {
    const box = await sandbox();
    t.after(() => box.dispose());
    const root = await box.repository();
    await pitwall(box, root, ['open', '--no-attach']);
    const words = [process.execPath, resolve('bin/pitwall'), 'new', '--no-attach', '--agent', 'demo'];
    const program = 'trap : INT; "$@"; echo "$?" >"$0"; exec sleep 600';
    const argv = ['sh', '-c', program, join(box.folder, 'code'), ...words];
    const pane = await box.tmux(
      'new-window',
      '-t',
      '=app:',
      '-c',
      root,
      '-P',
      '-F',
      '#{pane_id}',
      '--',
      ...argv,
    );
    const screen = () => box.tmux('capture-pane', '-p', '-t', pane);
    await until('the question', async () => (await screen()).startsWith('What is to be done?'));
    for (const key of keys) await box.tmux('send-keys', '-t', pane, key);
    const code = await until('its end', () => readFileSync(join(box.folder, 'code'), 'utf8').trim());
    assert.equal(code, expected.code);
    assert.match(await screen(), new RegExp(`^${expected.says}`, 'm'));
    const tasks = (await listed(box, root)).projects[0]?.tasks.map((task) => task.name);
    assert.deepEqual(tasks, expected.tasks);
  });

test('a popup that asks goes away with ^C and with Escape', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  const terminal = await attach(box, 'app', 100, 30);
  const screen = () => terminal.screen();
  for (const key of ['C-c', 'Escape']) {
    await terminal.keys('C-b', 'g', 'c');
    await until('the question', async () => (await screen()).includes('What is to be done? (Esc leaves)'));
    await terminal.keys(key);
    await until('no popup', async () => !/What is to be done|press Enter/.test(await screen()));
  }
});
