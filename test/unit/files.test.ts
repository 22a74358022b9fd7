import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { prepared, tasksOf } from '../helpers/files.ts';
import { folderOf, runTogether } from '../helpers/workers.ts';

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
