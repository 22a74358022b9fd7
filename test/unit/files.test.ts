import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import type { Files } from '../../lib/ports.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { folderOf, runTogether } from '../helpers/workers.ts';

async function prepared(t: TestContext, ...tasks: string[]): Promise<{ files: Files; stateDir: string }> {
  const stateDir = join(folderOf(t), 'state');
  const files = createFiles({ stateDir });
  await files.saveProject(projectRecord());
  for (const task of tasks) await files.createTask(taskRecord(task));
  return { files, stateDir };
}

const tasksOf = async (files: Files) => (await files.load()).projects[0]?.tasks ?? [];

test('without a state folder there is nothing, and loading makes none', async (t) => {
  const stateDir = join(folderOf(t), 'state');
  assert.deepEqual(await createFiles({ stateDir }).load(), { projects: [], problems: [] });
  assert.equal(existsSync(stateDir), false);
});

test('what is saved is loaded, by another reader too; nobody else can read it', async (t) => {
  const { files, stateDir } = await prepared(t, 'two', 'one', '修');
  await files.append('app', 'one', { type: 'ready' });
  await files.saveDiff('app', 'one', 'k', { files: 1, insertions: 2, deletions: 3 });
  const prompt = await files.writeText('app', 'one', 'prompt-demo.txt', 'hello\n');
  const store = await createFiles({ stateDir }).load();
  assert.deepEqual(store.problems, []);
  assert.deepEqual(store.projects[0]?.record, projectRecord());
  assert.deepEqual(
    store.projects[0]?.tasks.map((task) => task.name),
    ['one', 'two', '修'],
  );
  const [one] = store.projects[0]?.tasks ?? [];
  assert.deepEqual(one?.record, taskRecord('one'));
  assert.deepEqual(one?.diff, { key: 'k', stat: { files: 1, insertions: 2, deletions: 3 } });
  assert.equal(one?.folder, files.taskFolder('app', 'one'));
  assert.equal(readFileSync(prompt, 'utf8'), 'hello\n');
  for (const name of readdirSync(stateDir, { recursive: true, encoding: 'utf8' })) {
    const stats = statSync(join(stateDir, name));
    assert.equal(stats.mode & 0o777, stats.isDirectory() ? 0o700 : 0o600, name);
  }
});

test('a record saved again is seen by a reader that had read the old one', async (t) => {
  const { files, stateDir } = await prepared(t, 'one');
  const reader = createFiles({ stateDir });
  await reader.load();
  await files.saveTask({ ...taskRecord('one'), priority: 5 });
  assert.equal((await tasksOf(reader))[0]?.record?.priority, 5);
  await assert.rejects(files.saveTask(taskRecord('gone')), (error) => isPitwallError(error, 'NoSuchTask'));
});

test('a name is claimed once: twelve processes at once, then again, and by a case that differs nowhere', async (t) => {
  const { files, stateDir } = await prepared(t);
  const workers = await runTogether(
    t,
    'state-worker.ts',
    Array.from({ length: 12 }, () => [stateDir, 'create', 'one']),
  );
  const said = workers.map((worker) => worker.printed().split('\n')[1]).sort();
  assert.deepEqual(said, ['made', ...Array.from({ length: 11 }, () => 'taken')]);
  await assert.rejects(files.createTask(taskRecord('one')), (error) => isPitwallError(error, 'NameTaken'));
  assert.deepEqual(readdirSync(join(stateDir, 'app')).sort(), ['one', 'project.json']);
});

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

test('deleting is safe to repeat, never leaves the state folder, and clears what was left by the killed', async (t) => {
  const { files, stateDir } = await prepared(t, 'one', 'two');
  const app = join(stateDir, 'app');
  const dead = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  mkdirSync(join(app, '.trash-1-1-old', 'payloads'), { recursive: true });
  mkdirSync(join(app, `.new-${dead}-1-x`));
  mkdirSync(join(app, `.new-${process.ppid}-1-y`));
  assert.deepEqual(
    (await tasksOf(files)).map((task) => task.name),
    ['one', 'two'],
  );
  await files.deleteTask('app', 'one');
  await files.deleteTask('app', 'one');
  assert.deepEqual(readdirSync(app).sort(), [`.new-${process.ppid}-1-y`, 'project.json', 'two']);
  for (const name of ['..', '../app', '.', '', 'a/b', '.locks', 'a\0b'])
    await assert.rejects(files.deleteTask('app', name), (error) => isPitwallError(error, 'NoSuchTask'), name);
  await assert.rejects(files.deleteTask('..', 'state'), (error) => isPitwallError(error, 'NoSuchProject'));
  await files.deleteTask('nobody', 'nothing');
  assert.equal(existsSync(join(stateDir, 'nobody')), false);
});

test('links are not followed, a pipe does not hang, a huge report is cut', { timeout: 5000 }, async (t) => {
  const { files, stateDir } = await prepared(t, 'one', 'two', 'three');
  const outside = folderOf(t);
  cpSync(join(stateDir, 'app', 'one'), join(outside, 'linked'), { recursive: true });
  symlinkSync(join(outside, 'linked'), join(stateDir, 'app', 'linked'));
  writeFileSync(join(outside, 'secret'), 'secret');
  symlinkSync(join(outside, 'secret'), join(stateDir, 'app', 'one', 'report.md'));
  execFileSync('mkfifo', [
    join(stateDir, 'app', 'two', 'report.md'),
    join(stateDir, 'app', 'two', 'journal.jsonl'),
  ]);
  writeFileSync(join(stateDir, 'app', 'three', 'report.md'), 'x'.repeat(1 << 20));
  const tasks = await tasksOf(files);
  assert.deepEqual(
    tasks.map((task) => [task.name, task.report?.text.length ?? null]),
    [
      ['one', null],
      ['three', 1 << 18],
      ['two', null],
    ],
  );
});

test('when each agent last printed is told from its logs, empty ones and other files aside', async (t) => {
  const { files, stateDir } = await prepared(t, 'one');
  const output = join(stateDir, 'app', 'one', 'output');
  const log = (name: string, text: string, seconds: number) => {
    writeFileSync(join(output, name), text);
    utimesSync(join(output, name), seconds, seconds);
  };
  log('a.log', 'x', 100);
  log('a.log.part', 'x', 200);
  log('b.log', 'x', 300);
  log('b.log.part', '', 400);
  log('c.log.part', '', 500);
  log('.d.log', 'x', 600);
  log('notes', 'x', 700);
  assert.deepEqual((await tasksOf(files))[0]?.printed, { a: 200_000, b: 300_000 });
});

test('a report is read anew when it changes; a kept diff that is damaged is forgotten', async (t) => {
  const { files, stateDir } = await prepared(t, 'one');
  const folder = join(stateDir, 'app', 'one');
  assert.equal((await tasksOf(files))[0]?.report, null);
  for (const text of ['first', 'other']) {
    writeFileSync(join(folder, 'report.md'), text);
    assert.equal((await tasksOf(files))[0]?.report?.text, text);
  }
  writeFileSync(join(folder, 'diff.json'), 'nonsense');
  assert.equal((await tasksOf(files))[0]?.diff, null);
  assert.deepEqual((await files.load()).problems, []);
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
