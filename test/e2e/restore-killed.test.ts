import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import {
  conversations,
  desk,
  killServer,
  programs,
  recorded,
  settled,
  stands,
  stateOf,
  windows,
} from '../helpers/lost-desk.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

/** How many programs run for each conversation, over the whole system. */
async function running(box: Sandbox, root: string): Promise<readonly number[]> {
  const ids = (await conversations(box, root))?.flatMap(([, each]) => each) ?? [];
  const argvs = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((argv) => argv.includes('demo-agent.cjs'));
  return ids.map((id) => argvs.filter((argv) => argv.includes(`${id}`)).length);
}

/** Starts a restore and kills it with SIGKILL once `due` says so. */
async function killed(box: Sandbox, root: string, due: () => Promise<boolean>): Promise<void> {
  const child = spawn(process.execPath, [resolve('bin/pitwall'), 'restore'], {
    cwd: root,
    env: { ...box.env, PITWALL_DEMO_PACE: '10' },
    stdio: 'ignore',
  });
  const exited = new Promise((done) => child.on('exit', done));
  await Promise.race([until('the moment', due), exited]);
  child.kill('SIGKILL');
  await exited;
}

test('a restore killed at any step is finished by the next, and nothing runs twice', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 6, null);
  await recorded(box, 6);
  const before = [await stands(box), await programs(box)] as const;
  const launched = (count: number) => async () => {
    const all = readdirSync(join(stateOf(box), 'app'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('journal.jsonl'))
      .map((path) => readFileSync(join(stateOf(box), 'app', path), 'utf8'))
      .join('');
    return all.split('"resumed":true').length - 1 >= count;
  };
  await killServer(box);
  await killed(box, root, async () => true);
  await killed(box, root, async () => (await windows(box)).some((each) => each.startsWith('project')));
  await killed(box, root, async () => (await windows(box)).some((each) => each.startsWith('t')));
  await killed(box, root, launched(1));
  await killed(box, root, launched(5));
  await killed(box, root, launched(9));
  // What a kill between the two chains of a window leaves.
  await box.tmux('kill-window', '-t', '=app:t2');
  const half = await box.tmux(
    'new-window',
    '-d',
    '-t',
    'app:3',
    '-n',
    't2',
    '-P',
    '-F',
    '#{window_id}',
    'cat',
  );
  await box.tmux('set-option', '-w', '-t', half, '@pitwall_making', '1');
  const restored = await pitwall(box, root, ['restore']);
  assert.equal(restored.code, 0, restored.stderr + restored.stdout);
  await settled(box);
  assert.deepEqual(await stands(box), before[0]);
  assert.deepEqual(await programs(box), before[1]);
  assert.deepEqual(new Set(await running(box, root)), new Set([1]));
});

test('two restores and an open at once start nothing twice; decoys are neither taken nor ended', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 4, null);
  await recorded(box, 4);
  const ids = await conversations(box, root);
  await killServer(box);
  const decoy = ['-n', 't0', '-c', `${root}.worktrees/t0`, '-P', '-F', '#{pane_id}', '/bin/sh'];
  const first = await box.tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-s',
    'app',
    '-x',
    '90',
    '-y',
    '20',
    ...decoy,
  );
  const second = await box.tmux('new-window', '-d', '-t', 'app:', ...decoy);
  const plan = await pitwall(box, root, ['restore', '--dry-run']);
  assert.equal(plan.code, 0);
  assert.match(plan.stdout, /^session app$/m);
  assert.match(
    plan.stdout,
    new RegExp(`^window t0 at 1, 2 panes at 200×50: demo resumes ${ids?.[0]?.[1]?.[0]}$`, 'm'),
  );
  assert.equal((await windows(box)).length, 2, 'a dry run makes nothing');
  const ran = await Promise.all([
    pitwall(box, root, ['restore']),
    pitwall(box, root, ['restore', '--all']),
    pitwall(box, root, ['open', '--no-attach']),
  ]);
  for (const each of ran) assert.equal(each.code, 0, each.stderr);
  assert.deepEqual(new Set(await running(box, root)), new Set([1]));
  assert.deepEqual(await conversations(box, root), ids);
  const sessions = (await box.tmux('list-sessions', '-F', '#{session_name} #{session_windows}')).split('\n');
  assert.deepEqual(sessions, ['app 2', 'app-2 5']);
  const decoys = await box.tmux(
    'list-panes',
    '-s',
    '-t',
    '=app:',
    '-F',
    '#{pane_id} #{pane_current_command} #{pane_dead}',
  );
  assert.deepEqual(decoys.split('\n'), [`${first} sh 0`, `${second} sh 0`]);
});

test('a missing worktree is told with its cure, the rest comes back, a torn journal line does no harm', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 3, null);
  await recorded(box, 3);
  await killServer(box);
  rmSync(`${root}.worktrees/t0`, { recursive: true });
  rmSync(`${root}.worktrees/t1`, { recursive: true });
  await box.git(root, 'worktree', 'prune');
  await box.git(root, 'worktree', 'add', '-q', join(box.folder, 'elsewhere'), 't1');
  appendFileSync(
    join(stateOf(box), 'app', 't2', 'journal.jsonl'),
    '{"at":"2026-01-01T00:00:00Z","type":"stopp',
  );
  writeFileSync(join(stateOf(box), 'app', 't2', 'window'), 'pitwall-window 1\nwindow\t3\t20');
  const ran = await pitwall(box, root, ['restore']);
  assert.equal(ran.code, 1);
  assert.match(ran.stdout, /^back {6}app:t2 {2}demo resumed, demo-2 resumed$/m, ran.stderr);
  assert.match(ran.stdout, /^not back {2}app:t0 {2}its worktree .*t0 is missing$/m);
  assert.match(ran.stdout, /app:t1 {2}.* its branch t1 is checked out in .*elsewhere/);
  const cure = /try: (git .* worktree add .*), or pitwall remove app:t0/.exec(ran.stdout)?.[1] ?? '';
  await box.git(root, ...cure.split(' ').slice(1));
  const again = await pitwall(box, root, ['restore', '--json']);
  assert.equal(again.code, 1, 't1 is still not back');
  assert.deepEqual(JSON.parse(again.stdout).restored[0].windows, ['t0']);
  const docket = (await listed(box, root)).docket;
  const failed = docket.filter((item) => item.kind === 'failure').map((item) => item.task);
  assert.deepEqual(new Set(failed), new Set(['t1']));
  assert.equal(
    docket.some((item) => item.action?.startsWith('pitwall restore app ') === true),
    true,
  );
});
