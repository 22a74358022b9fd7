import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { look } from '../helpers/review.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

/** A project with a task of a shell for each name. */
async function project(t: TestContext, ...names: string[]) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = async (...args: string[]) => {
    const ran = await pitwall(box, root, args);
    assert.equal(ran.code, 0, ran.stderr);
    return ran;
  };
  for (const name of names) await run('new', '--no-attach', '--agent', 'shell', '--name', name);
  const write = (task: string, file: string, text: string) =>
    writeFileSync(join(`${root}.worktrees`, task, file), text);
  return { box, root, run, write };
}

test('overlap tells shares and conflicts of uncommitted work, and computes only what changed', async (t) => {
  const { box, root, run, write } = await project(t, 'one', 'two', 'three');
  const told = async (...args: string[]) => JSON.parse((await run('overlap', '--json', ...args)).stdout);
  assert.equal((await run('overlap')).stdout, 'no two tasks change the same files\n');
  write('one', 'README.md', 'one\n');
  write('two', 'README.md', 'two\n');
  for (const name of ['a', 'b', 'c']) write('two', name, name);
  write('three', 'new', 'x');
  const first = await told();
  assert.equal(first.computed, 3);
  const [worst, ...rest] = first.pairs;
  assert.deepEqual(worst, {
    tasks: ['one', 'two'],
    shared: 1,
    files: ['README.md'],
    share: 1,
    weight: 'serial',
    conflict: true,
    conflicts: ['README.md'],
  });
  assert.deepEqual(
    rest.map((pair: { share: number; conflict: boolean }) => [pair.share, pair.conflict]),
    [
      [0, false],
      [0, false],
    ],
  );
  assert.equal((await told()).computed, 0);
  write('three', 'README.md', 'two\n');
  const next = await told('three');
  assert.equal(next.computed, 2);
  assert.deepEqual(
    next.pairs.map((pair: { tasks: string[]; share: number; conflict: boolean }) => [
      pair.tasks.join(),
      pair.share,
      pair.conflict,
    ]),
    [
      ['one,three', 1, true],
      ['three,two', 0.5, false],
    ],
  );
  assert.match(
    (await run('overlap')).stdout,
    /^one ⇄ three +100 % +1 file +better one after the other; git would conflict +README\.md$/m,
  );
  assert.match((await run('show', 'three')).stdout, /^overlap +two: 1 file, 50 %, worth a look$/m);
  const terminal = await look(box, root, 100, 24, {}, ['three']);
  await terminal.shows(/^ three ◆ first look · 2 files \+2 −1 · ⇄× one 100 % .*against main$/m);
  await terminal.type('t');
  await terminal.shows(
    /^ Overlap\n {3}one: 1 file, 100 %, better one after the other; git would conflict\n {3}two: 1 file, 50 %, worth a look$/m,
  );
  await terminal.type('q', 'q');
  const { projects } = await listed(box, root);
  assert.deepEqual(
    projects[0]?.tasks.map((task) => task.overlaps[0]?.conflict),
    [true, true, true],
  );
  await run('remove', '--force', 'one');
  assert.deepEqual(
    (await listed(box, root)).projects[0]?.tasks.map((task) => task.overlaps.length),
    [1, 1],
  );
  const wrong = await pitwall(box, root, ['overlap', 'none']);
  assert.equal(wrong.code, 1);
  assert.equal(await box.git(root, 'status', '--porcelain'), '');
});

test('the end of a turn brings it up to date, and new says what a prompt would run into', async (t) => {
  const { box, root, run, write } = await project(t, 'hand');
  write('hand', 'README.md', 'mine\n');
  write('hand', 'other.md', 'mine\n');
  const quiet = await run('new', '--no-attach', '--dry-run', 'tidy other/things.md and the code');
  assert.doesNotMatch(quiet.stderr, /is changing/);
  const warned = await run(
    'new',
    '--no-attach',
    '--agent',
    'demo',
    '--name',
    'demo',
    'write a line into README.md [no-question]',
  );
  assert.match(warned.stderr, /^pitwall: hand is changing README\.md: better one after the other$/m);
  await until('the overlap to be known', async () => {
    const demo = (await listed(box, root)).projects[0]?.tasks.find((task) => task.name === 'demo');
    return demo?.overlaps.some((each) => each.task === 'hand' && each.files > 0);
  });
});
