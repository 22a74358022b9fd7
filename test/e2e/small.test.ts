/** A phone: everything is done in 40×20, and beside a large client nothing is left distorted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const newTask = ['new', '--no-attach', '--agent', 'demo', '--name'];

/** A client of 40×20 that can wait for what it shows; no line of it is ever cut by the terminal itself. */
async function phone(box: Sandbox) {
  const client = await attach(box, 'app', 40, 20);
  const text = async () => await client.screen();
  const shows = (wanted: RegExp) =>
    until(`${wanted}`, async () => {
      const shown = await text();
      if (wanted.test(shown)) return shown;
      throw new Error(`\n${shown}`);
    });
  return { ...client, shows };
}

test('in 40×20: look, answer, prompt, start a task, review and approve, by keys alone', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['config', 'set', 'agent', 'demo']);
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...newTask, 'fix-login', 'edit docs/a.md']);
  await until('a question', async () => (await listed(box, root)).docket[0]?.kind === 'question');
  const { keys, shows, screen, close } = await phone(box);
  await keys('C-b', 'g', 's');
  const list = await shows(/1 waiting/);
  assert.match(list, /1 \? fix-login/);
  await keys('p');
  await shows(/read-only/);
  await keys('Escape');
  await shows(/1 \? fix-login/);
  await keys('a');
  await shows(/1 ◆ fix-login/);
  await keys('Space', 'm', 'o', 'r', 'e');
  await shows(/> more/);
  await keys('Enter');
  const agent = (await listed(box, root)).projects[0]?.tasks[0]?.agents[0]?.pane ?? '';
  await until('the second turn', async () =>
    (await box.tmux('capture-pane', '-p', '-S', '-200', '-t', agent)).includes('› more'),
  );
  // What the docket has of the turn before is no answer.
  await until('its question or its end', async () => {
    const task = (await listed(box, root)).projects[0]?.tasks[0];
    const state = task?.agents[0]?.state;
    return state === 'waiting' || (state === 'done' && (task?.diff?.insertions ?? 0) > 1);
  });
  if ((await listed(box, root)).docket[0]?.kind === 'question') {
    await shows(/1 \? fix-login/);
    await keys('a');
  }
  await shows(/1 ◆ fix-login/);
  await keys('n');
  await shows(/What is to be done/);
  for (const key of 'edit docs/b.md') await keys(key === ' ' ? 'Space' : key);
  await keys('Enter');
  await until('a second task', async () => (await listed(box, root)).projects[0]?.tasks.length === 2);
  await shows(/◆ fix-login/);
  await keys('q');
  await until('the list is left', async () => !/waiting/.test(await screen()));
  const second = (await listed(box, root)).projects[0]?.tasks[1]?.name ?? '';
  assert.equal((await pitwall(box, root, ['remove', '--force', second])).code, 0);
  await until('only the first waits', async () =>
    (await listed(box, root)).docket.every(({ task }) => task === 'fix-login'),
  );
  await keys('C-b', 'g', 'v');
  await shows(/docs\/a\.md/);
  await keys('a');
  await shows(/approved fix-login/);
  await close();
});

test('40×20 and 200×50 on one session: the one used last has its size; the large one is as it was', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [
    ...['new', '--no-attach', '--name', 'pair', '--layout', 'test', 'edit docs/a.md'],
    ...['--agent', 'demo', '--agent', 'demo'],
  ]);
  await until('a question', async () => (await listed(box, root)).docket.length > 0);
  const large = await attach(box, 'app', 200, 50);
  const windows = () => box.tmux('list-windows', '-a', '-F', '#{window_name} #{window_layout}');
  const sidebar = async () =>
    (await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role} #{pane_width} #{window_width}'))
      .split('\n')
      .find((line) => line.startsWith('sidebar '));
  await large.keys('C-b', 'g', 'n');
  await until('wide', async () => (await sidebar()) === 'sidebar 32 200');
  const before = await windows();
  const small = await phone(box);
  await until('narrow', async () => (await sidebar()) === 'sidebar 1 40');
  await small.keys('C-b', 'g', 'd');
  await small.shows(/1 \? pair/);
  await small.keys('q');
  await large.keys('Escape');
  await until('wide again while both are there', async () => (await sidebar()) === 'sidebar 32 200');
  await small.keys('Escape');
  await until('narrow again', async () => (await sidebar()) === 'sidebar 1 40');
  await small.close();
  await until('as it was', async () => {
    const now = await windows();
    if (now === before) return true;
    throw new Error(`\n${before}\n${now}`);
  });
  await large.close();
});
