import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import type { Files, StoredTask } from '../../lib/ports.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { folderOf, runTogether } from '../helpers/workers.ts';

async function prepared(t: TestContext): Promise<{ files: Files; stateDir: string; journal: string }> {
  const stateDir = folderOf(t);
  const files = createFiles({ stateDir });
  await files.saveProject(projectRecord());
  const folder = await files.createTask(taskRecord('one'));
  return { files, stateDir, journal: join(folder, 'journal.jsonl') };
}

async function one(files: Files): Promise<StoredTask> {
  const task = (await files.load()).projects[0]?.tasks[0];
  assert.ok(task);
  return task;
}

const types = (task: StoredTask) => task.events.map((event) => event.type);

test('four processes append 200 lines each: none lost, none torn, each in its own order', async (t) => {
  const { files, stateDir, journal } = await prepared(t);
  const names = ['a', 'b', 'c', 'd'];
  await runTogether(
    t,
    'state-worker.ts',
    names.map((name) => [stateDir, 'append', name, '200']),
  );
  const { events, skipped } = await one(files);
  assert.equal(skipped, 0);
  assert.equal(events.length, 800);
  for (const name of names) {
    const numbers = events.flatMap((event) =>
      event.type === 'note' && event.message.startsWith(name) ? [event.message.split(' ')[1]] : [],
    );
    assert.deepEqual(
      numbers,
      Array.from({ length: 200 }, (_, number) => String(number)),
    );
  }
  assert.equal(statSync(journal).mode & 0o777, 0o600);
});

test('a torn last line does not swallow the next event, ours or the hook’s', async (t) => {
  const { files, journal } = await prepared(t);
  await files.append('app', 'one', { type: 'ready' });
  appendFileSync(journal, '{"at":"2026-11-21T02:31:07.000Z","type":"ho');
  assert.deepEqual(types(await one(files)), ['ready']);
  await files.append('app', 'one', { type: 'removing' });
  assert.equal(readFileSync(journal, 'utf8').split('\n').length, 4);
  appendFileSync(journal, '{"at":"2026-11-21T02');
  appendFileSync(journal, '{"at":"2026-11-21T02:31:07.000Z","type":"stopped","agent":null}\n');
  const task = await one(files);
  assert.deepEqual(types(task), ['ready', 'removing', 'stopped']);
  assert.equal(task.skipped, 2);
});

test('a last line without its end is taken when it is whole, and only once', async (t) => {
  const { files, journal } = await prepared(t);
  appendFileSync(journal, '{"at":"2026-11-21T02:31:07.000Z","type":"ready"}');
  assert.deepEqual(types(await one(files)), ['ready']);
  await files.append('app', 'one', { type: 'removing' });
  assert.deepEqual(types(await one(files)), ['ready', 'removing']);
});

test('what grew is read onwards, what was replaced, cut or rewritten is read anew', async (t) => {
  const { files, journal } = await prepared(t);
  const other = createFiles({ stateDir: files.stateDir });
  await files.append('app', 'one', { type: 'priority', priority: 1 });
  const before = await one(files);
  assert.equal((await one(files)).events, before.events, 'nothing is made anew while nothing changed');
  await other.append('app', 'one', { type: 'priority', priority: 2 });
  const after = await one(files);
  assert.deepEqual(types(after), ['priority', 'priority']);
  assert.equal(after.events[0], before.events[0], 'the first event was not read twice');
  assert.equal(before.events.length, 1, 'what was answered before stays as it was');

  writeFileSync(`${journal}.x`, readFileSync(journal, 'utf8').replaceAll('priority":2', 'priority":3'));
  renameSync(`${journal}.x`, journal);
  assert.deepEqual((await one(files)).events, (await one(other)).events);
  assert.deepEqual((await one(files)).events.at(-1), { ...after.events[1], priority: 3 });
  const text = readFileSync(journal, 'utf8');
  writeFileSync(`${journal}.x`, text.replace('"priority":1', '"priority":7'));
  renameSync(`${journal}.x`, journal);
  assert.deepEqual((await one(files)).events[0], { ...before.events[0], priority: 7 });
  writeFileSync(journal, `${text.replaceAll('priority":3', 'priority":4')}${text}`);
  assert.equal((await one(files)).events.length, 4);
  assert.deepEqual((await one(files)).events[1], { ...after.events[1], priority: 4 });
  truncateSync(journal, 0);
  assert.deepEqual(await one(files).then(types), []);
});

test('a line of 5 MB in the way is passed over, whole or in parts', async (t) => {
  const { files, journal } = await prepared(t);
  await files.append('app', 'one', { type: 'ready' });
  appendFileSync(journal, `{"at":"${'x'.repeat(4_000_000)}`);
  assert.deepEqual(types(await one(files)), ['ready']);
  appendFileSync(journal, 'x'.repeat(1_000_000));
  assert.equal((await one(files)).skipped, 1);
  appendFileSync(journal, '\n');
  await files.append('app', 'one', { type: 'removing' });
  const task = await one(files);
  assert.deepEqual(types(task), ['ready', 'removing']);
  assert.equal(task.skipped, 1);
  assert.deepEqual((await one(createFiles({ stateDir: files.stateDir }))).events, task.events);
});

test('characters of several bytes across every boundary stay whole', async (t) => {
  const { files } = await prepared(t);
  const text = `a${'修é🎈'.repeat(30_000)}`;
  await files.append('app', 'one', { type: 'held', agent: 'demo', prompt: 'p', text });
  await files.append('app', 'one', { type: 'held', agent: 'demo', prompt: 'q', text: `b${text}` });
  const [first, second] = (await one(files)).events;
  assert.ok(first?.type === 'held' && second?.type === 'held');
  assert.equal(first.text, text);
  assert.equal(second.text, `b${text}`);
});

test('an event too long to be read is refused; one for a task that is gone makes no folder', async (t) => {
  const { files } = await prepared(t);
  const text = 'x'.repeat(1_100_000);
  await assert.rejects(
    files.append('app', 'one', { type: 'held', agent: 'demo', prompt: 'p', text }),
    /too long/,
  );
  await assert.rejects(files.append('app', 'two', { type: 'ready' }), (error) =>
    isPitwallError(error, 'NoSuchTask'),
  );
  assert.equal((await files.load()).projects[0]?.tasks.length, 1);
});

test('the order of lines counts, not a clock that was set back', async (t) => {
  const stateDir = folderOf(t);
  let now = Date.parse('2026-11-21T02:31:07.000Z');
  const files = createFiles({ stateDir, now: () => now });
  await files.saveProject(projectRecord());
  await files.createTask(taskRecord('one'));
  await files.append('app', 'one', { type: 'ready' });
  now -= 3_600_000;
  await files.append('app', 'one', { type: 'removing' });
  assert.deepEqual((await one(files)).events, [
    { at: '2026-11-21T02:31:07.000Z', type: 'ready' },
    { at: '2026-11-21T01:31:07.000Z', type: 'removing' },
  ]);
});
