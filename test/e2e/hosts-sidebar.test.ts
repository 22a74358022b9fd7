/** Other hosts in the sidebar: their items, and Enter that goes there and comes back. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, until } from '../helpers/sandbox.ts';
import { machines, withoutSshd } from '../helpers/sshd.ts';

const newTask = ['new', '--no-attach', '--agent', 'demo', '--name'];
const clients = (box: Sandbox) => box.tmux('list-clients', '-F', '#{session_name}:#{window_name}');

async function sidebarPane(box: Sandbox): Promise<string> {
  const panes = (await box.tmux('list-panes', '-a', '-F', '#{pane_id} #{@pitwall_role}')).split('\n');
  return panes.find((line) => line.endsWith(' sidebar'))?.split(' ')[0] ?? '';
}

async function asking(box: Sandbox, task: string): Promise<string> {
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await box.tmux('set-option', '-g', 'assume-paste-time', '0');
  await pitwall(box, root, [...newTask, task, 'edit docs/a.md']);
  await until('a question', async () => (await listed(box, root)).docket.some((item) => item.task === task));
  return root;
}

test('the sidebar shows what waits elsewhere while it is seen; Enter goes there, one key comes back', {
  skip: withoutSshd,
}, async (t) => {
  const { near, far } = await machines(t, ['box', 'shed']);
  const [box, shed] = far;
  assert.ok(box && shed);
  await asking(box, 'far-away');
  shed.stop();
  for (const args of [
    ['hosts', 'add', 'box'],
    ['hosts', 'add', 'shed'],
    ['config', 'set', 'sidebar.hosts', 'true'],
    ['config', 'set', 'sidebar.hostsEvery', '5'],
  ])
    assert.equal((await pitwall(near, near.folder, args)).code, 0);
  await asking(near, 'here');
  const calls = () => readFileSync(join(near.folder, 'calls'), 'utf8').split('\n').length;
  const person = await attach(near, 'app', 120, 30);
  const screen = () => person.screen();
  await until('a client', async () => (await near.tmux('list-clients')) !== '');
  await until('what waits elsewhere', async () => / \? box:app:far-away/.test(await screen()));
  await until('the host that is off', async () => / ~ shed cannot be reach/.test(await screen()));
  assert.match(await person.screen(), /2 waiting/);
  const asked = calls();
  await until('asked again', () => calls() > asked);
  const sidebar = await sidebarPane(near);
  await near.tmux('select-pane', '-t', sidebar);
  const home = await clients(near);
  await person.keys('j');
  await person.keys('j');
  await until('it is selected', async () => /box:app:far/.test(await screen()));
  await person.keys('k');
  await person.keys('Enter');
  await until('away', async () => (await clients(near)).startsWith('box-app:'));
  await until('at the task there', async () => (await clients(box)) === 'app:far-away');
  await until('the way back', async () => /F12: back/.test(await screen()));
  await person.keys('F12');
  await until('home', async () => (await clients(near)) === home);
  assert.notEqual(await near.tmux('list-clients', '-F', '#{pane_id}'), sidebar);
  await near.tmux('select-pane', '-t', sidebar);
  await person.keys('h');
  await until('only what is here', async () => !/box:app/.test(await screen()));
});

test('a running sidebar learns of hosts that are added and removed', { skip: withoutSshd }, async (t) => {
  const { near, far } = await machines(t, ['box']);
  const [box] = far;
  assert.ok(box);
  await asking(box, 'far-away');
  const root = await asking(near, 'here');
  await pitwall(near, root, ['config', 'set', 'sidebar.hostsEvery', '5']);
  const person = await attach(near, 'app', 120, 30);
  await until('the sidebar', async () => /\? here/.test(await person.screen()));
  await near.tmux('select-pane', '-t', await sidebarPane(near));
  await person.keys('h');
  await until('there are none', async () => /no hosts yet/.test(await person.screen()));
  for (const name of ['box', 'gone.invalid'])
    assert.equal((await pitwall(near, root, ['hosts', 'add', name])).code, 0);
  await person.keys('h');
  await until('what waits there', async () => /\? box:app:far/.test(await person.screen()));
  await until('the one that is off', async () => /~ gone cannot be/.test(await person.screen()));
  await pitwall(near, root, ['hosts', 'remove', 'gone']);
  await until('it is not shown any more', async () => !/~ gone/.test(await person.screen()));
  await pitwall(near, root, ['hosts', 'remove', 'box']);
  await until('nor is the other', async () => !/box:app/.test(await person.screen()));
  await person.keys('h');
  await until('there are none again', async () => /no hosts yet/.test(await person.screen()));
});
