import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProcesses } from '../../lib/adapters/process.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

const env = { PATH: process.env.PATH ?? '/usr/bin:/bin' };

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie waits only for its parent to look.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'latin1'));
}

/** A shell in a group of its own. Its script writes pids into `$1`, one file each. */
async function group(script: string, folder: string, names: readonly string[]) {
  const child: ChildProcess = spawn('sh', ['-c', script, 'sh', folder], {
    detached: true,
    stdio: 'ignore',
    env,
  });
  const pids = await Promise.all(
    names.map((name) =>
      until(`pid of ${name}`, () => {
        const file = join(folder, name);
        return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : 0;
      }),
    ),
  );
  return { root: child.pid ?? 0, pids };
}

test('run: output, exit code, environment, lines; a missing program and a missing folder are told apart', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { run } = createProcesses({ env: { ...env, FROM: 'given' } });
  const lines: string[] = [];
  const script = 'echo "$FROM $MORE"; printf "é"; printf "\\n修 last" ; echo err >&2; exit 3';
  const result = await run(['sh', '-c', script], {
    cwd: box.folder,
    env: { MORE: 'too' },
    onLine: (line) => lines.push(line),
  });
  assert.deepEqual(result, { exit: 3, stdout: 'given too\né\n修 last', stderr: 'err\n', timedOut: false });
  assert.deepEqual(
    lines.filter((line) => line !== 'err'),
    ['given too', 'é', '修 last'],
  );
  assert.ok(lines.includes('err'));
  await assert.rejects(run(['no-such-program'], { cwd: box.folder }), { code: 'ToolMissing' });
  await assert.rejects(run(['true'], { cwd: join(box.folder, 'none') }), { code: 'TargetGone' });
});

test('run: the last megabyte is kept of a program that prints without end, and it is not ended for it', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { run } = createProcesses({ env });
  const script = 'head -c 3000000 /dev/zero | tr "\\0" x; echo; echo the end';
  const result = await run(['sh', '-c', script], { cwd: box.folder });
  assert.equal(result.exit, 0);
  assert.ok(result.stdout.endsWith('the end\n'));
  assert.ok(result.stdout.length <= 1 << 20);
});

test('run: after its time the whole group is ended, one that hides from TERM too', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { run } = createProcesses({ env });
  const script = 'trap "" TERM; sleep 600 & echo $! > "$1/kid"; wait';
  const result = await run(['sh', '-c', script, 'sh', box.folder], { cwd: box.folder, timeout: 300 });
  assert.equal(result.timedOut, true);
  const kid = Number(readFileSync(join(box.folder, 'kid'), 'utf8'));
  await until('the child is gone', () => !runs(kid));
});

test('ending: children that left the group, that ignore TERM, or that are stopped', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const deaf = `trap "" TERM; echo $$ > "$1/deaf"; while :; do sleep 1; done`;
  const script = `
    set -m
    sh -c 'echo $$ > "$1/left"; exec sleep 600' sh "$1" &
    set +m
    sh -c '${deaf}' sh "$1" &
    sh -c 'echo $$ > "$1/stopped"; kill -STOP $$; sleep 600' sh "$1" &
    wait`;
  const { root, pids } = await group(script, box.folder, ['left', 'deaf', 'stopped']);
  const { endGroups, descendants } = createProcesses({ env });
  const below = await descendants([root]);
  for (const pid of [root, ...pids]) assert.ok(below.includes(pid), String(pid));
  await endGroups([root], 300);
  for (const pid of [root, ...pids]) assert.equal(runs(pid), false, String(pid));
});

test('ending: waits no longer than needed, and leaves alone what is not meant', async (t) => {
  const box = await sandbox();
  const other = await group('echo $$ > "$1/other"; sleep 600', box.folder, ['other']);
  const { root } = await group('echo $$ > "$1/root"; exec sleep 600', box.folder, ['root']);
  const { endGroups } = createProcesses({ env });
  t.after(() => endGroups([other.root], 100));
  t.after(() => box.dispose());
  const begun = Date.now();
  await endGroups([2 ** 22 + 7, root], 20_000);
  assert.ok(Date.now() - begun < 10_000);
  assert.equal(runs(root), false);
  assert.equal(runs(other.root), true);
});

test('ending never reaches the group of the one who ends, nor what it lives in', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const worker = join(box.folder, 'end.mjs');
  const adapter = new URL('../../lib/adapters/process.ts', import.meta.url).pathname;
  writeFileSync(
    worker,
    `const { createProcesses } = await import(${JSON.stringify(adapter)});
     await createProcesses({ env: process.env }).endGroups([process.ppid], 100);
     (await import('node:fs')).writeFileSync(${JSON.stringify(join(box.folder, 'lived'))}, 'yes');`,
  );
  const script = `"${process.execPath}" --import tsx "${worker}"; echo $? > "$1/after"`;
  spawn('sh', ['-c', script, 'sh', box.folder], { detached: true, stdio: 'ignore', env, cwd: process.cwd() });
  await until('the shell around lived on', () => existsSync(join(box.folder, 'after')));
  assert.ok(existsSync(join(box.folder, 'lived')));
});

test('inside: by working directory, with odd names, and not of a folder with the same beginning', async (t) => {
  const box = await sandbox();
  const [folder, beside] = [join(box.folder, 'a "b" é'), join(box.folder, 'a "b" é-2')];
  mkdirSync(join(folder, 'below'), { recursive: true });
  mkdirSync(beside);
  const { inside, endGroups } = createProcesses({ env });
  const script = (at: string, name: string) => `cd '${at}'; echo $$ > "$1/${name}"; exec sleep 600`;
  const one = await group(script(join(folder, 'below'), 'one'), box.folder, ['one']);
  const two = await group(script(beside, 'two'), box.folder, ['two']);
  t.after(() => endGroups([one.root, two.root], 100));
  t.after(() => box.dispose());
  const found = await until('sleep has started', async () => {
    const list = await inside(folder);
    return list.some((each) => each.command === 'sleep') && list;
  });
  assert.deepEqual(found, [{ pid: one.root, command: 'sleep' }]);
});

test('which: on PATH, by path, and never a folder or a file that cannot be run', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  mkdirSync(join(box.folder, 'tool'));
  mkdirSync(join(box.folder, 'bin'));
  writeFileSync(join(box.folder, 'plain'), '');
  writeFileSync(join(box.folder, 'bin', 'tool'), '#!/bin/sh\n', { mode: 0o755 });
  const { which } = createProcesses({ env: { PATH: `${box.folder}::${join(box.folder, 'bin')}` } });
  assert.equal(await which('tool'), join(box.folder, 'bin', 'tool'));
  assert.equal(await which('plain'), null);
  assert.equal(await which('bin/tool'), null);
  assert.equal(await which(join(box.folder, 'bin', 'tool')), join(box.folder, 'bin', 'tool'));
  assert.equal(await which(''), null);
});

test('foreground: exit codes and signals', async () => {
  const { foreground } = createProcesses({ env });
  assert.equal(await foreground(['sh', '-c', 'exit 7'], null), 7);
  assert.equal(await foreground(['sh', '-c', 'kill -TERM $$'], null), 143);
  assert.equal(await foreground(['sh', '-c', 'kill -INT $PPID; exit 4'], null), 4, '^C is for the program');
  await assert.rejects(foreground(['no-such-program'], null), { code: 'ToolMissing' });
});

test('foreground: whoever listened to signals before is told of none meanwhile, and of all afterwards', async () => {
  const { foreground } = createProcesses({ env });
  let told = 0;
  const listener = () => {
    told += 1;
  };
  process.on('SIGINT', listener);
  try {
    assert.equal(await foreground(['sh', '-c', 'kill -INT $PPID; sleep 0.1; exit 4'], null), 4);
    await assert.rejects(foreground(['no-such-program'], null), { code: 'ToolMissing' });
    assert.equal(told, 0);
    process.kill(process.pid, 'SIGINT');
    await until('it is told again', () => told === 1);
  } finally {
    process.off('SIGINT', listener);
  }
  assert.equal(process.listenerCount('SIGTERM') + process.listenerCount('SIGINT'), 0);
});
