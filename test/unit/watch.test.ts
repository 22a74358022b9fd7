import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { createWatcher } from '../../lib/adapters/watch.ts';
import type { Files, WatchEvent } from '../../lib/ports.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { until } from '../helpers/sandbox.ts';
import { folderOf, startWorker } from '../helpers/workers.ts';

interface Watched {
  readonly files: Files;
  readonly stateDir: string;
  /** Everything seen so far, as `task app one`, `projects`, `output app one demo`. */
  readonly events: string[];
  /** Takes what was told so far as seen. */
  forget(): void;
  /** Waits for an event after what was seen so far; answers how many ms it took. */
  next(event: string, timeout?: number): Promise<number>;
}

const quietMs = 150;

async function watched(t: TestContext, ...tasks: string[]): Promise<Watched> {
  const stateDir = join(folderOf(t), 'state');
  const files = createFiles({ stateDir });
  await files.saveProject(projectRecord());
  for (const task of tasks) await files.createTask(taskRecord(task));
  const watcher = createWatcher({ stateDir, quietMs });
  const events: string[] = [];
  let woken: () => void = () => undefined;
  await watcher.start((event: WatchEvent) => {
    events.push(Object.values(event).join(' '));
    woken();
  });
  t.after(() => watcher.stop());
  let from = 0;
  const next = async (event: string, timeout = 5000): Promise<number> => {
    const start = performance.now();
    for (;;) {
      const found = events.indexOf(event, from);
      if (found >= 0) {
        from = events.length;
        return performance.now() - start;
      }
      const left = timeout - (performance.now() - start);
      if (left < 0) throw new Error(`no “${event}” in: ${events.slice(from).join(', ')}`);
      await Promise.race([
        new Promise<void>((resolve) => {
          woken = resolve;
        }),
        new Promise((resolve) => setTimeout(resolve, left).unref()),
      ]);
    }
  };
  const forget = () => {
    from = events.length;
  };
  return { files, stateDir, events, next, forget };
}

test('a journal line is told within a few milliseconds', async (t) => {
  const { files, next, events } = await watched(t, 'one', 'two');
  assert.deepEqual(events, [], 'nothing is told of what was there before');
  const took: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    await files.append('app', 'two', { type: 'ready' });
    took.push(await next('task app two'));
    await new Promise((resolve) => setTimeout(resolve, 70));
  }
  const median = took.sort((a, b) => a - b)[4] ?? 0;
  t.diagnostic(`append to event, median: ${median.toFixed(1)} ms`);
  assert.ok(median < 40, `${median} ms`);
});

test('of a burst of lines the last is not missed', async (t) => {
  const { files, events } = await watched(t, 'one');
  for (let round = 0; round < 10; round += 1) {
    const before = events.length;
    let read = 0;
    await files.append('app', 'one', { type: 'ready' });
    await until('the first is told', () => events.length > before);
    read = events.length;
    await files.append('app', 'one', { type: 'ready' });
    await until('the one right after it is told', () => events.length > read, 2000);
    await new Promise((resolve) => setTimeout(resolve, 130));
  }
});

test('records, reports, new tasks and projects, and their end are told', async (t) => {
  const { files, stateDir, next, events } = await watched(t, 'one');
  await files.saveTask({ ...taskRecord('one'), priority: 3 });
  await next('task app one');
  writeFileSync(join(files.taskFolder('app', 'one'), 'report.md'), 'done');
  await next('task app one');
  await files.createTask(taskRecord('two'));
  await next('task app two');
  await files.append('app', 'two', { type: 'ready' });
  await next('task app two');
  await files.saveProject(projectRecord('web'));
  await next('projects');
  await files.createTask(taskRecord('three', 'web'));
  await next('task web three');
  await files.deleteTask('app', 'one');
  await next('task app one');
  rmSync(join(stateDir, 'web'), { recursive: true });
  await next('projects');
  assert.ok(!events.some((event) => event.includes('.')), events.join(', '));
});

test('payloads, kept diffs, prompts, locks and temporary files are told of by nobody', async (t) => {
  const { files, next, events } = await watched(t, 'one', 'two');
  const folder = files.taskFolder('app', 'one');
  await files.saveDiff('app', 'one', 'k', { files: 1, insertions: 1, deletions: 1 });
  await files.writeText('app', 'one', 'prompt-demo.txt', 'x');
  writeFileSync(join(folder, 'payloads', '1.json'), '{}');
  await files.locked('x', async () => writeFileSync(join(folder, '.hidden'), 'x'));
  await files.append('app', 'two', { type: 'ready' });
  await next('task app two');
  assert.deepEqual([...new Set(events)], ['task app two']);
});

test('output is told at once, then at most once in a while, then once more when quiet', async (t) => {
  const all = await watched(t, 'one');
  const { files, next, events } = all;
  const log = join(files.taskFolder('app', 'one'), 'output', 'demo.log');
  const output = 'output app one demo';
  for (let round = 0; round < 2; round += 1) {
    appendFileSync(`${log}.part`, 'x');
    await next(output);
    const before = events.length;
    const end = performance.now() + 5 * quietMs;
    while (performance.now() < end) {
      appendFileSync(`${log}.part`, 'x');
      if (Math.random() < 0.1) renameSync(`${log}.part`, log);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const told = events.length - before;
    assert.ok(told >= 3 && told <= 6, `told ${told} times`);
    await next(output);
    await silence(all);
    all.forget();
  }
  assert.deepEqual([...new Set(events)], [output]);
});

test('the output of a task that comes later, and of a second agent beside a busy one, is told', async (t) => {
  const { files, next } = await watched(t);
  await files.createTask(taskRecord('new'));
  await next('task app new');
  const output = join(files.taskFolder('app', 'new'), 'output');
  writeFileSync(join(output, 'a.log.part'), 'x');
  await next('output app new a');
  writeFileSync(join(output, 'b.log.part'), 'x');
  await next('output app new b');
});

/** Waits until nothing was told for longer than anything is put off. */
async function silence({ events }: Watched): Promise<void> {
  await until('nothing more is told', async () => {
    const count = events.length;
    await new Promise((resolve) => setTimeout(resolve, 3 * quietMs));
    return events.length === count;
  });
}

/** Makes a change again and again until it is told: there is a moment in which all is watched anew. */
async function toldInTheEnd(
  { next }: Watched,
  event: string,
  change: () => void | Promise<void>,
): Promise<void> {
  await until(`${event} is told`, async () => {
    await change();
    return next(event, 200).catch(() => 0);
  });
}

test('a task that is removed and made again at once is watched, its journal and its output', async (t) => {
  const all = await watched(t, 'one');
  const { files, next } = all;
  await files.deleteTask('app', 'one');
  await files.createTask(taskRecord('one'));
  await silence(all);
  all.forget();
  await files.append('app', 'one', { type: 'ready' });
  await next('task app one');
  appendFileSync(join(files.taskFolder('app', 'one'), 'output', 'demo.log.part'), 'x');
  await next('output app one demo');
});

test('a state folder that is removed is told, and found again when it is back', async (t) => {
  const all = await watched(t, 'one');
  const { files, stateDir, next } = all;
  rmSync(stateDir, { recursive: true });
  await next('projects');
  mkdirSync(stateDir);
  await next('projects');
  await files.saveProject(projectRecord());
  await next('projects');
  await files.createTask(taskRecord('one'));
  await toldInTheEnd(all, 'task app one', () => files.append('app', 'one', { type: 'ready' }));
});

test('a watcher that is stopped while it starts stops', async (t) => {
  const watcher = createWatcher({ stateDir: folderOf(t), quietMs });
  const starting = watcher.start(() => assert.fail('nothing is told'));
  await watcher.stop();
  await starting;
});

test('agents that print without pause cost at most 5 % of a core', async (t) => {
  const stateDir = folderOf(t);
  const files = createFiles({ stateDir });
  await files.saveProject(projectRecord());
  await files.createTask(taskRecord('one'));
  const output = join(files.taskFolder('app', 'one'), 'output');
  const watching = await startWorker(t, 'watch-worker.ts', stateDir, '4000', '1000');
  for (const agent of ['a', 'b']) await startWorker(t, 'print-without-pause.ts', output, agent);
  watching.go();
  await watching.end();
  const { kinds, used } = JSON.parse(watching.printed().split('\n')[1] ?? '');
  t.diagnostic(`${(used / 40).toFixed(2)} % of a core, ${kinds.length} events in 4 s`);
  assert.ok(used / 4000 <= 0.05, `${used} ms in 4000`);
  assert.ok(kinds.length >= 4 && kinds.length <= 10, kinds.join(' '));
});

test('watchers that are stopped while agents print let their processes end', async (t) => {
  const stateDir = folderOf(t);
  const files = createFiles({ stateDir });
  await files.saveProject(projectRecord());
  await files.createTask(taskRecord('one'));
  const output = join(files.taskFolder('app', 'one'), 'output');
  await startWorker(t, 'print-without-pause.ts', output, 'a');
  const watching = await Promise.all(
    [500, 550, 600, 650].map((ms) => startWorker(t, 'watch-worker.ts', stateDir, String(ms), '50')),
  );
  for (const each of watching) each.go();
  await Promise.all(watching.map((each) => until('its end', () => each.process.exitCode === 0)));
});
