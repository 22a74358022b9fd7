/** What goes along with a task's first prompt, in the built program. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('an agent is asked for a report in words that the person reads and changes', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = async (...args: string[]) => {
    const ran = await pitwall(box, root, args);
    assert.equal(ran.code, 0, ran.stderr);
    return ran.stdout;
  };
  const start = (name: string, ...more: string[]) =>
    run('new', '--no-attach', '--name', name, ...more, 'write a line into a.md [no-question]');
  const folder = (name: string) => join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', name);
  const handed = (name: string, agent = 'demo') =>
    readFileSync(join(folder(name), `prompt-${agent}.txt`), 'utf8');
  const item = (name: string) =>
    until(`an item of ${name}`, async () =>
      (await listed(box, root)).docket.find((each) => each.task === name),
    );

  assert.match(await run('config', 'get', 'preamble'), /write a report .* \{report\}/);
  await start('shipped', '--agent', 'demo', '--accept', 'a.md has a line');
  assert.match(
    handed('shipped'),
    /^write a line into a\.md \[no-question\]\n\n---\nIt is done when all of this holds:\n- a\.md has a line\n\n.*write a report/,
  );
  assert.ok(handed('shipped').includes(`${folder('shipped')}/report.md`));
  assert.match((await item('shipped')).summary, /^changed a\.md: write a line into a\.md$/);
  assert.equal(
    JSON.parse(await run('show', 'shipped', '--json')).prompt,
    'write a line into a.md [no-question]',
  );

  await run('config', 'set', 'preamble', 'Say what you did in {report}.');
  await start('own', '--agent', 'demo');
  assert.match(handed('own'), /\n\n---\nSay what you did in \/.*\/own\/report\.md\.$/);
  await run('config', 'set', 'preamble', '""');
  await start('bare', '--agent', 'demo');
  assert.equal(handed('bare'), 'write a line into a.md [no-question]');

  // Typed to those that take no prompt as an argument.
  await run('config', 'unset', 'preamble');
  await run('config', 'set', 'agents.reader', '{"command":["sh","-c","echo ready; exec cat"]}');
  await start('typed', '--agent', 'reader');
  await until('the prompt to be typed', async () => {
    const [agent] =
      (await listed(box, root)).projects[0]?.tasks.find(({ name }) => name === 'typed')?.agents ?? [];
    return (await box.tmux('capture-pane', '-p', '-J', '-t', agent?.pane ?? '')).includes(
      'write a report for the person',
    );
  });
});
