import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('a new item reaches the status line, the terminal and a program, once, and not what is looked at', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const told = join(box.folder, 'told');
  const set = async (key: string, value: string) =>
    assert.equal((await pitwall(box, root, ['config', 'set', key, value])).code, 0, key);
  await set('notify.terminal', 'osc9');
  await set('notify.cooldown', '0');
  await set('notify.command', JSON.stringify(['sh', '-c', 'cat >>"$1"', 'sh', told]));
  await set('sidebar.on', 'false');
  await pitwall(box, root, ['open', '--no-attach']);
  const terminal = await attach(box, 'app', 100, 24);
  const bytes = join(box.folder, 'bytes');
  writeFileSync(bytes, '');
  await box.tmux('-L', terminal.socket, 'pipe-pane', '-t', 'terminal', `exec cat >> ${bytes}`);
  await box.tmux('set-option', '-g', 'display-time', '20000');
  await pitwall(box, root, ['new', '--no-attach', '--agent', 'demo', '--name', 'away', 'edit docs/a.md']);
  await until('a question', async () => (await listed(box, root)).docket.length === 1);
  await until('the line', async () => (await terminal.screen()).includes('pitwall: away asks'));
  await until('the sequence', async () => readFileSync(bytes, 'latin1').includes(']9;away asks'));
  const items = () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []);
  await until('the program', async () => items().length === 1);
  assert.equal(JSON.parse(items()[0] ?? '').task, 'away');
  await pitwall(box, root, ['settle']);
  assert.equal(items().length, 1, 'told once');

  const second = ['new', '--no-attach', '--agent', 'demo', '--name', 'near', '[sleep 4] edit docs/b.md'];
  await pitwall(box, root, second);
  const window = (await listed(box, root)).projects[0]?.tasks.find(({ name }) => name === 'near')?.window;
  const client = await box.tmux('list-clients', '-F', '#{client_name}');
  await box.tmux('switch-client', '-c', client.trim(), '-t', window ?? '');
  await until('a second question', async () => (await listed(box, root)).docket.length === 2);
  await pitwall(box, root, ['settle']);
  assert.deepEqual(
    items().map((line) => JSON.parse(line).task),
    ['away'],
    'what is looked at is not told',
  );
});
