/** Two tasks that did the same: one entry of the docket, and the second again once the first is decided about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('what says the same about the same files is shown as one', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = async (...args: string[]) => {
    const ran = await pitwall(box, root, args);
    assert.equal(ran.code, 0, ran.stderr);
    return ran.stdout;
  };
  for (const name of ['one', 'two', 'other'])
    await run(
      ...['new', '--no-attach', '--agent', 'demo', '--name', name],
      `write a line into ${name === 'other' ? 'b' : 'a'}.md [no-question]`,
    );
  const docket = async () =>
    (await listed(box, root)).docket.map(({ task, also }) => `${task}+${also.join()}`).sort();
  await until('two entries', async () => (await docket()).join(' ') === 'one+two other+');
  await until(
    'tmux to say so',
    async () => (await box.tmux('show-options', '-sv', '@pitwall_count')) === '2',
  );
  assert.match(await run('list', '--docket'), /changed a\.md: write a line into a\.md \(also two\)/);
  // Another report makes the hook put the docket in order by itself.
  await run('send', 'other', 'and c.md [no-question]');
  await until('its second turn', async () =>
    (await listed(box, root)).docket.some(({ summary }) => /c\.md/.test(summary)),
  );
  await until('still two', async () => (await box.tmux('show-options', '-sv', '@pitwall_count')) === '2');
  await run('approve', 'one');
  assert.deepEqual(await docket(), ['other+', 'two+']);
  assert.equal(await box.tmux('show-options', '-sv', '@pitwall_count'), '2');
});
