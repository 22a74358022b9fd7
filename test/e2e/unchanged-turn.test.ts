/** Turns that change nothing about what the person has decided. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

async function changed(t: TestContext) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = async (...args: string[]) => {
    const ran = await pitwall(box, root, args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  };
  await run('open', '--no-attach');
  await run('new', '--no-attach', '--agent', 'demo', '--name', 'one', 'Extend a.md [no-question]');
  const docket = async () =>
    (await listed(box, root)).docket.map(({ kind, summary }) => `${kind} ${summary}`);
  const shown = (start: string) =>
    until(start, async () => (await docket()).some((item) => item.startsWith(start)));
  await shown('review ');
  const approved = async () => JSON.parse(await run('show', 'one', '--json')).task.approved as boolean;
  return { run, docket, shown, approved };
}

test('a question about an approved task leaves it approved, and its answer is a report', async (t) => {
  const { run, docket, shown, approved } = await changed(t);
  await run('approve', 'one');
  assert.deepEqual(await docket(), []);
  await run('send', 'one', 'Why so? [no-question] [report-only]');
  await shown('report ');
  await until('it stands', approved);
  assert.match(await run('land', 'one', '--commit', '--dry-run'), /would land/);
  await run('approve', 'one');
  assert.deepEqual(await docket(), []);
  await run('send', 'one', 'Extend a.md [no-question]');
  await shown('review ');
  assert.equal(await approved(), false);
});

test('an agent that was sent back and changed nothing reports, and is not approved', async (t) => {
  const { run, shown, approved } = await changed(t);
  await run('return', 'one', '-m', 'Explain it [no-question] [report-only]');
  await shown('report ');
  assert.equal(await approved(), false);
  await run('send', 'one', 'Extend b.md [no-question]');
  await shown('review ');
});
