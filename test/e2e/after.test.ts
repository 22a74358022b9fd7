/** A task that would get in another's way begins after it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

async function project(t: TestContext) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = (...args: string[]) => pitwall(box, root, args);
  const must = async (...args: string[]) => {
    const ran = await run(...args);
    assert.equal(ran.code, 0, ran.stderr);
    return ran;
  };
  const start = (name: string, prompt: string, ...more: string[]) =>
    must('new', '--no-attach', '--agent', 'demo', '--name', name, ...more, `${prompt} [no-question]`);
  const task = async (name: string) =>
    (await listed(box, root)).projects[0]?.tasks.find((each) => each.name === name);
  const kinds = async (name: string) =>
    (await listed(box, root)).docket.flatMap((item) => (item.task === name ? [item.kind] : []));
  const review = (name: string) =>
    until(`the review of ${name}`, async () => (await kinds(name)).includes('review'));
  return { box, root, run, must, start, task, review };
}

test('new says what it would run into, names the way to wait, and a task that waits begins on top of what landed', async (t) => {
  const { box, root, run, must, start, task, review } = await project(t);
  await start('first', 'write a line into README.md');
  await review('first');
  const warned = await start('second', 'write a line into README.md', '--after', 'first', '--priority', '1');
  assert.match(warned.stderr, /^pitwall: first is changing README\.md: better one after the other$/m);
  const plain = await must('new', '--dry-run', '--agent', 'demo', 'again README.md');
  assert.doesNotMatch(plain.stderr, /try:/, 'a look asks nothing');
  const waits = await task('second');
  assert.deepEqual([waits?.queued, waits?.window, waits?.state], [true, null, 'exited']);
  assert.match((await must('list')).stdout, /^· queued +second /m);
  await must('settle');
  assert.equal((await task('second'))?.queued, true);
  assert.match((await run('new', '--no-attach', '--after', 'nobody', 'x')).stderr, /there is no task/);

  await must('approve', 'first');
  await must('land', '--commit', 'first');
  await review('second');
  const begun = await task('second');
  assert.deepEqual([begun?.queued, begun?.diff?.files], [false, 1]);
  const readme = readFileSync(join(begun?.worktree ?? '', 'README.md'), 'utf8').split('\n');
  assert.equal(
    readme.filter((line) => line.includes('demo agent')).length,
    2,
    'both lines, one above the other',
  );
  const { baseCommit } = JSON.parse((await must('show', 'second', '--json')).stdout);
  assert.equal(baseCommit, await box.git(root, 'rev-parse', 'main'));
});

test('it begins once the other is removed, once however many look, and by hand before that', async (t) => {
  const { run, must, start, task, review, box } = await project(t);
  await must('new', '--no-attach', '--agent', 'shell', '--name', 'first');
  await start('second', 'write a line into a.md', '--after', 'first');
  await start('third', 'write a line into b.md', '--after', 'first');
  await must('start', 'third');
  await review('third');
  assert.equal((await task('second'))?.queued, true);
  await must('remove', '--force', 'first');
  await Promise.all([run('settle'), run('settle'), run('settle')]);
  await review('second');
  const journal = join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', 'second', 'journal.jsonl');
  assert.equal(existsSync(journal) && readFileSync(journal, 'utf8').match(/"launched"/g)?.length, 1);
});

test('on a terminal it is offered', async (t) => {
  const { box, root, must, start, task, review } = await project(t);
  await start('first', 'write a line into README.md');
  await review('first');
  await must('open', '--no-attach');
  const terminal = await attach(box, 'app', 120, 40);
  const program = `cd '${root}' && '${process.execPath}' '${process.cwd()}/bin/pitwall' new --no-attach --agent demo --name second 'extend README.md [no-question]'`;
  await box.tmux('new-window', '-t', 'app:', '--', '/bin/sh', '-c', `${program}; sleep 600`);
  await until('the offer', async () =>
    /begin once first has landed or is gone\? \[y\/N\]/.test(await terminal.screen()),
  );
  await terminal.keys('y', 'Enter');
  await until('it to wait', async () => (await task('second'))?.queued === true);
});
