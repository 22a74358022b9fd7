import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('a project that is open on one tmux server is not started on a second one', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, ['new', '--no-attach', '--agent', 'demo', '--name', 'one', 'edit docs/a.md']);
  await until('the question', async () => (await listed(box, root)).docket.length === 1);
  for (const words of [
    ['open', '--no-attach'],
    ['restore'],
    ['new', '--no-attach', '--agent', 'demo', 'x'],
  ]) {
    const refused = await pitwall(box, root, ['--socket', 'other', ...words]);
    assert.equal(refused.code, 1, words.join(' '));
    assert.match(
      refused.stderr,
      /^pitwall: app is open on another tmux server \(.*\/s\)\ntry: pitwall --socket s open$/m,
    );
  }
  assert.equal((await listed(box, root)).docket[0]?.kind, 'question');
  await box.tmux('kill-server');
  const moved = await pitwall(box, root, ['--socket', 'other', 'open', '--no-attach']);
  assert.equal(moved.code, 0, moved.stderr);
});

test('of several tasks to remove none goes when one is wrong or refused', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  for (const name of ['one', 'two'])
    await pitwall(box, root, ['new', '--no-attach', '--agent', 'demo', '--name', name]);
  assert.match((await pitwall(box, root, ['remove', 'one', 'nope'])).stderr, /there is no task nope/);
  assert.equal((await listed(box, root)).projects[0]?.tasks.length, 2);
  const removed = await pitwall(box, root, ['remove', 'one', 'two']);
  assert.equal(removed.stdout, 'removed one\nremoved two\n', removed.stderr);
});
