/** Changes that were not checked because nobody has accepted the repository's commands. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('a change says at once that it is not checked, and is checked once the commands are accepted', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  mkdirSync(join(root, '.pitwall'));
  const settings = (run: string) =>
    writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify({ checks: [{ name: 'test', run }] }));
  settings('true');
  const run = async (...args: string[]) => {
    const ran = await pitwall(box, root, args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
  };
  await run('open', '--no-attach');
  await run('new', '--no-attach', '--agent', 'demo', '--name', 'one', 'Extend a.md [no-question]');
  const item = async () => (await listed(box, root)).docket[0];
  const refused = (file: string) =>
    until(`${file} is not checked`, async () => {
      const found = await item();
      const said = 'not checked: its commands are not accepted; ';
      return found?.summary.startsWith(said) && found.summary.includes(file) ? found : null;
    });
  const first = await refused('a.md');
  assert.deepEqual([first.kind, first.action], ['review', 'pitwall trust app']);
  await run('trust', '--yes');
  const checked = () =>
    until('it is checked', async () => {
      const { docket, projects } = await listed(box, root);
      return projects[0]?.tasks[0]?.checks === 'passed' && docket[0]?.summary.startsWith('changed ');
    });
  await checked();
  settings('echo other');
  await run('send', 'one', 'Extend b.md [no-question]');
  assert.equal((await refused('b.md')).action, 'pitwall trust app');
  await run('trust', '--yes');
  await checked();
  // What passed other commands says nothing of these, though no file has changed.
  settings('exit 3');
  await run('trust', '--yes');
  await run('send', 'one', 'Why? [report-only] [no-question]');
  await until(
    'the new command has failed',
    async () => (await listed(box, root)).projects[0]?.tasks[0]?.checks === 'failed',
  );
});
