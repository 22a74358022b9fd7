/** What kept a task from landing is handed to its agent with one key. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('m on a conflict in the sidebar gives it to its agent', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = async (...args: string[]) => {
    const ran = await pitwall(box, root, args);
    assert.ok(ran.code === 0 || args[0] === 'land', `${args.join(' ')}: ${ran.stderr}`);
  };
  await run('open', '--no-attach');
  await run('new', '--no-attach', '--agent', 'demo', '--name', 'clash', '[no-question] [report-only] look');
  const task = async () => (await listed(box, root)).projects[0]?.tasks[0];
  await until('it is done', async () => (await task())?.state === 'done');
  for (const folder of [`${root}.worktrees/clash`, root]) {
    writeFileSync(join(folder, 'shared'), folder);
    await box.git(folder, 'add', '-A');
    await box.git(folder, 'commit', '-qm', 'shared');
  }
  await run('approve', 'clash');
  await run('land', 'clash');
  const kinds = async () => (await listed(box, root)).docket.map(({ kind }) => kind);
  assert.deepEqual(await kinds(), ['conflict']);
  const roles = async () =>
    (await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role} #{pane_id}')).split('\n');
  if (!(await roles()).some((line) => line.startsWith('sidebar '))) await run('sidebar', 'toggle');
  const sidebar = await until(
    'the sidebar',
    async () => (await roles()).find((line) => line.startsWith('sidebar '))?.split(' ')[1],
  );
  const shows = (text: string) =>
    until(text, async () => (await box.tmux('capture-pane', '-p', '-t', sidebar)).includes(text));
  await shows('m mend');
  await box.tmux('send-keys', '-t', sidebar, 'm');
  await shows('clash/demo is told');
  await until('its agent is at it', async () => !(await kinds()).includes('conflict'));
});
