import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { watchPath } from '../../lib/adapters/chokidar-watch.ts';
import { until } from '../helpers/sandbox.ts';
import { folderOf } from '../helpers/workers.ts';

const options = { depth: 0, ignoreInitial: true, atomic: false, followSymlinks: false };
const systemWatches = () => process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length;

test('closed at any moment while files come and go, nothing is left open', async (t) => {
  const folder = folderOf(t);
  const log = join(folder, 'a.log');
  const write = () => {
    for (const name of [log, `${log}.part`]) appendFileSync(name, 'x');
    if (Math.random() < 0.5) renameSync(`${log}.part`, log);
    else rmSync(log);
  };
  for (let round = 0; round < 80; round += 1) {
    const watcher = watchPath(folder, options);
    const printing = setInterval(write, 1);
    await new Promise((resolve) => watcher.once('all', () => resolve(watcher.close())));
    clearInterval(printing);
  }
  await until('every watch of the system is closed', () => systemWatches() === 0, 2000);
});

test('a watch that is closed cannot be opened again', async (t) => {
  const folder = folderOf(t);
  const watcher = watchPath(folder, options);
  await once(watcher, 'ready');
  assert.equal(systemWatches(), 1);
  await watcher.close();
  await until('the watch of the system is closed', () => systemWatches() === 0, 2000);
  watcher.add(folder);
  assert.ok(watcher.closed);
  await assert.rejects(until('anything is watched', () => systemWatches() > 0, 300));
});
