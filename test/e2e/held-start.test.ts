/** A prompt that was held while its agent was stopped reaches it soon after its start, whatever it was in the middle of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('an agent stopped in the middle of a question gets what was held once it is started', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = async (...args: string[]) => {
    const ran = await pitwall(box, root, args);
    assert.equal(ran.code === 0 || args[0] === 'send', true, ran.stderr);
    return ran.stdout;
  };
  await run('new', '--no-attach', '--agent', 'demo', '--name', 'one', 'Extend a.md');
  await until('its question', async () => (await listed(box, root)).docket[0]?.kind === 'question');
  await run('stop', 'one');
  await run('send', 'one', 'Extend b.md [no-question]');
  await run('start', 'one');
  await until(
    'the prompt has reached it',
    async () => JSON.parse(await run('show', 'one', '--json')).held.length === 0,
    8000,
  );
});

test('a branch of a remote is not made one of our own by its whole name', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await box.git(root, 'update-ref', 'refs/remotes/origin/rem', 'HEAD');
  for (const name of ['origin/rem', 'remotes/origin/rem']) {
    const made = await pitwall(box, root, ['new', '--no-attach', '--agent', 'demo', '--branch', name, 'do']);
    assert.equal(made.code, 2, made.stdout);
    assert.match(made.stderr, /is a branch of a remote\ntry: pitwall new --branch rem$/m);
  }
  assert.equal(await box.git(root, 'for-each-ref', 'refs/heads/origin', 'refs/heads/remotes'), '');
});
