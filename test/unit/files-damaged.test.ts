import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { prepared, tasksOf } from '../helpers/files.ts';
import { folderOf } from '../helpers/workers.ts';

test('a damaged task.json is set aside with its content, named each time, and the rest goes on', async (t) => {
  const { files, stateDir } = await prepared(t, 'one', 'two');
  await files.append('app', 'one', { type: 'ready' });
  await files.load();
  const path = join(stateDir, 'app', 'one', 'task.json');
  writeFileSync(path, '{"version":1,"name":"on');
  const store = await files.load();
  assert.equal(store.problems.length, 1);
  const [kept = ''] = readdirSync(join(stateDir, 'app', 'one')).filter((name) => name.includes('damaged'));
  assert.match(kept, /^task\.json\.damaged-\d{8}T\d{6}Z$/);
  assert.ok(
    store.problems[0]?.includes(path) &&
      store.problems[0].includes(kept) &&
      store.problems[0].includes('not JSON'),
  );
  assert.equal(readFileSync(join(stateDir, 'app', 'one', kept), 'utf8'), '{"version":1,"name":"on');
  const [one, two] = store.projects[0]?.tasks ?? [];
  assert.equal(one?.record, null);
  assert.deepEqual(
    one?.events.map((event) => event.type),
    ['ready'],
  );
  assert.deepEqual(two?.record, taskRecord('two'));
  assert.match((await files.load()).problems[0] ?? '', /was damaged/);
  await files.saveTask(taskRecord('one'));
  assert.deepEqual((await files.load()).problems, []);
});

test('two records damaged in the same second are both kept', async (t) => {
  const { stateDir } = await prepared(t, 'one');
  const files = createFiles({ stateDir, now: () => 0 });
  for (const content of ['first', 'second']) {
    writeFileSync(join(stateDir, 'app', 'one', 'task.json'), content);
    await files.load();
  }
  const kept = readdirSync(join(stateDir, 'app', 'one')).filter((name) => name.includes('damaged'));
  assert.deepEqual(
    kept.map((name) => readFileSync(join(stateDir, 'app', 'one', name), 'utf8')),
    ['first', 'second'],
  );
});

test('a copied folder is not mistaken for the task it was copied from', async (t) => {
  const { files, stateDir } = await prepared(t, 'one');
  cpSync(join(stateDir, 'app', 'one'), join(stateDir, 'app', 'copy'), { recursive: true });
  const store = await files.load();
  assert.deepEqual(
    store.projects[0]?.tasks.map((task) => [task.name, task.record?.name]),
    [
      ['copy', undefined],
      ['one', 'one'],
    ],
  );
  assert.match(store.problems[0] ?? '', /not the record of app:copy/);
});

test('a damaged project.json is set aside; other projects go on; opening it again brings its tasks back', async (t) => {
  const { files, stateDir } = await prepared(t, 'one');
  await files.saveProject(projectRecord('web'));
  writeFileSync(join(stateDir, 'app', 'project.json'), '');
  for (const problem of [/app\/project\.json is damaged: it is empty/, /app\/project\.json was damaged/]) {
    const store = await files.load();
    assert.deepEqual(
      store.projects.map((project) => project.record.name),
      ['web'],
    );
    assert.equal(store.problems.length, 1);
    assert.match(store.problems[0] ?? '', problem);
  }
  await files.saveProject(projectRecord());
  const store = await files.load();
  assert.deepEqual(store.problems, []);
  assert.equal(store.projects[0]?.tasks.length, 1);
});

test('a folder without task.json is a task without a record; one that is empty may be claimed', async (t) => {
  const { files, stateDir } = await prepared(t);
  mkdirSync(join(stateDir, 'app', 'half'));
  const [half] = await tasksOf(files);
  assert.deepEqual([half?.name, half?.record, half?.events], ['half', null, []]);
  await files.createTask(taskRecord('half'));
  assert.deepEqual((await tasksOf(files))[0]?.record, taskRecord('half'));
});

const asRoot = process.getuid?.() === 0;

test('a file that may not be read is named and the rest goes on', {
  skip: asRoot && 'root may read everything',
}, async (t) => {
  const { files, stateDir } = await prepared(t, 'one', 'two');
  chmodSync(join(stateDir, 'app', 'one', 'task.json'), 0);
  const store = await files.load();
  assert.match(store.problems[0] ?? '', /one\/task\.json cannot be read: EACCES/);
  assert.deepEqual(
    store.projects[0]?.tasks.map((task) => task.record?.name),
    [undefined, 'two'],
  );
});

const noSmallDisk =
  asRoot && process.platform === 'linux' ? false : 'needs root on Linux to mount a small tmpfs';

test('a full disk is DiskFull with the path, the old records whole, the journal good again', {
  skip: noSmallDisk,
}, async (t) => {
  const folder = folderOf(t);
  const stateDir = join(folder, 'small');
  mkdirSync(stateDir);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', stateDir], { stdio: 'ignore' });
  } catch {
    t.skip('mounting is not allowed here');
    return;
  }
  try {
    const files = createFiles({ stateDir });
    await files.saveProject(projectRecord());
    await files.createTask(taskRecord('one'));
    await files.append('app', 'one', { type: 'ready' });
    const task = files.taskFolder('app', 'one');
    const filler = join(stateDir, 'filler');
    const full = (path: string) => (error: unknown) =>
      isPitwallError(error, 'DiskFull') && error.message.endsWith(path);
    assert.throws(() => writeFileSync(filler, Buffer.alloc(1 << 20)), /ENOSPC/);
    const held = { type: 'held', agent: 'demo', prompt: 'p', text: 'x'.repeat(20_000) } as const;
    await assert.rejects(files.append('app', 'one', held), full(join(task, 'journal.jsonl')));
    await assert.rejects(
      files.saveTask({ ...taskRecord('one'), priority: 9 }),
      full(join(task, 'task.json')),
    );
    await assert.rejects(files.createTask(taskRecord('two')), (error) => isPitwallError(error, 'DiskFull'));
    await assert.rejects(
      files.locked('x', async () => null),
      (error) => isPitwallError(error, 'DiskFull'),
    );
    rmSync(filler);
    await files.append('app', 'one', { type: 'removing' });
    const store = await files.load();
    assert.deepEqual(store.problems, []);
    assert.deepEqual(
      store.projects[0]?.tasks.map((each) => each.record),
      [taskRecord('one')],
    );
    assert.deepEqual(
      store.projects[0]?.tasks[0]?.events.map((event) => event.type),
      ['ready', 'removing'],
    );
    assert.deepEqual(readdirSync(join(stateDir, 'app')).sort(), ['one', 'project.json']);
    assert.deepEqual(readdirSync(task).sort(), ['journal.jsonl', 'output', 'payloads', 'task.json']);
    assert.equal(await files.tryLocked('x', async () => 'free'), 'free');
    assert.deepEqual(readdirSync(join(stateDir, '.locks')), []);
  } finally {
    execFileSync('umount', [stateDir]);
  }
});
