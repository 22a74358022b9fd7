import assert from 'node:assert/strict';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import { until } from '../helpers/sandbox.ts';
import { folderOf, runTogether, startWorker } from '../helpers/workers.ts';

const worker = 'state-worker.ts';

/** A process that took the lock and was killed: the content of what it left. */
async function leftByKilled(t: TestContext, stateDir: string, lock: string): Promise<string> {
  const holder = await startWorker(t, worker, stateDir, 'hold', lock);
  holder.go();
  await until('the lock is held', () => holder.printed().includes('held'));
  holder.process.kill('SIGKILL');
  await until('the holder is dead', () => holder.process.signalCode === 'SIGKILL');
  return readFileSync(join(stateDir, '.locks', `${lock}.lock`), 'utf8');
}

test('the lock of a killed process is taken over at once', async (t) => {
  const stateDir = folderOf(t);
  await leftByKilled(t, stateDir, 'project:app');
  const files = createFiles({ stateDir });
  assert.equal(await files.tryLocked('project:app', async () => 'mine'), 'mine');
  assert.deepEqual(readdirSync(join(stateDir, '.locks')), []);
});

test('twelve processes that find twenty dead owners lose no increment and leave nothing', async (t) => {
  const stateDir = folderOf(t);
  const folder = folderOf(t);
  const left = JSON.parse(await leftByKilled(t, stateDir, 'lock0'));
  const locks = Array.from({ length: 20 }, (_, number) => `lock${number}`);
  for (const lock of locks) {
    writeFileSync(join(folder, lock), '0');
    writeFileSync(
      join(stateDir, '.locks', `${lock}.lock`),
      JSON.stringify({ ...left, token: `dead-${lock}` }),
    );
  }
  await runTogether(
    t,
    worker,
    Array.from({ length: 12 }, () => [stateDir, 'count', folder, ...locks]),
  );
  for (const lock of locks) assert.equal(readFileSync(join(folder, lock), 'utf8'), '12', lock);
  assert.deepEqual(readdirSync(join(stateDir, '.locks')), []);
});

test('a taker killed between guard and lock is taken over too, and its leftovers are cleared', async (t) => {
  const stateDir = folderOf(t);
  const left = JSON.parse(await leftByKilled(t, stateDir, 'x'));
  const locks = join(stateDir, '.locks');
  const plant = (name: string, token: string) =>
    writeFileSync(join(locks, name), JSON.stringify({ ...left, token }));
  plant('x.lock', 'T');
  plant('.guard-T', 'U');
  plant('.guard-U', 'V');
  plant('.guard-gone', 'W');
  plant(`.lock-${left.pid}-9-abc`, 'Z');
  const files = createFiles({ stateDir });
  assert.equal(await files.tryLocked('x', async () => 'mine'), 'mine');
  await files.tryLocked('x', async () => null);
  assert.deepEqual(readdirSync(locks), []);
});

test('a lock file that a power cut emptied is taken over', async (t) => {
  const stateDir = folderOf(t);
  await leftByKilled(t, stateDir, 'x');
  writeFileSync(join(stateDir, '.locks', 'x.lock'), '');
  assert.equal(await createFiles({ stateDir }).tryLocked('x', async () => 'mine'), 'mine');
});

test('the pid of a dead owner that another process has now is not its owner', async (t) => {
  const stateDir = folderOf(t);
  const left = JSON.parse(await leftByKilled(t, stateDir, 'x'));
  writeFileSync(join(stateDir, '.locks', 'x.lock'), JSON.stringify({ ...left, pid: process.ppid }));
  assert.equal(await createFiles({ stateDir }).tryLocked('x', async () => 'mine'), 'mine');
});

test('Locked names the lock and the pid that holds it, with a hint', async (t) => {
  const stateDir = folderOf(t);
  const holder = await startWorker(t, worker, stateDir, 'hold', 'project:app');
  holder.go();
  await until('the lock is held', () => holder.printed().includes('held'));
  const files = createFiles({ stateDir });
  assert.equal(await files.tryLocked('project:app', async () => 'mine'), null);
  await assert.rejects(
    files.locked('project:app', async () => 'mine', 50),
    (error) =>
      isPitwallError(error, 'Locked') &&
      error.message === `project:app is locked by process ${holder.process.pid}` &&
      error.hint === `ps -o pid,lstart,command -p ${holder.process.pid}`,
  );
});

test('neither a file from another time nor a clock that jumps ends a lock or the waiting for it', async (t) => {
  const stateDir = folderOf(t);
  const files = createFiles({ stateDir });
  const { now } = Date;
  t.after(() => {
    Date.now = now;
  });
  let order = '';
  const first = files.locked('x', async () => {
    utimesSync(join(stateDir, '.locks', 'x.lock'), 0, 0);
    Date.now = () => now() + 86_400_000;
    assert.equal(await files.tryLocked('x', async () => 'stolen'), null);
    Date.now = () => now() - 86_400_000;
    assert.equal(await files.tryLocked('x', async () => 'stolen'), null);
    await new Promise((resolve) => setTimeout(resolve, 100));
    order += 'first ';
  });
  const second = files.locked(
    'x',
    async () => {
      order += 'second';
    },
    10_000,
  );
  await Promise.all([first, second]);
  assert.equal(order, 'first second');
});

test('the lock is given back after the work, after its failure and by process.exit in its midst', async (t) => {
  const stateDir = folderOf(t);
  const files = createFiles({ stateDir });
  assert.equal(await files.locked('x', async () => 1), 1);
  await assert.rejects(
    files.locked('x', async () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.deepEqual(readdirSync(join(stateDir, '.locks')), []);
  const holder = await startWorker(t, worker, stateDir, 'hold', 'x', 'exit');
  holder.go();
  await holder.end();
  assert.deepEqual(readdirSync(join(stateDir, '.locks')), []);
});

test('any name makes a lock: slashes, dots, other scripts, 5,000 characters', async (t) => {
  const stateDir = folderOf(t);
  const files = createFiles({ stateDir });
  const names = ['a/b', '..', '.hidden', '修'.repeat(5000), 'x y\n\0', ''];
  for (const name of names) assert.equal(await files.tryLocked(name, async () => 'mine'), 'mine', name);
  assert.deepEqual(readdirSync(stateDir), ['.locks']);
});
