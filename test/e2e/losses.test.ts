import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const shellTask = ['new', '--no-attach', '--agent', 'shell'];

async function committed(box: Sandbox, worktree: string): Promise<string> {
  // Its content differs by the worktree, or two commits of one second would be the same.
  writeFileSync(join(worktree, 'mine'), worktree);
  await box.git(worktree, 'add', '.');
  await box.git(worktree, 'commit', '-q', '-m', 'mine');
  return box.git(worktree, 'rev-parse', 'HEAD');
}

async function refused(box: Sandbox, root: string, task: string, code: string) {
  const ran = await pitwall(box, root, ['remove', task, '--json']);
  assert.equal(ran.code, 1, ran.stdout);
  const { error } = JSON.parse(ran.stderr);
  assert.equal(error.code, code, error.message);
  return error as { readonly message: string; readonly hint: string };
}

test('commits are not lost with a worktree that is gone, a branch switched away from, or a detached HEAD', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await box.git(root, 'branch', 'old');
  for (const name of ['gone', 'away']) await pitwall(box, root, [...shellTask, '--name', name]);
  await pitwall(box, root, [...shellTask, '--branch', 'old', '--name', 'kept']);
  const worktree = (name: string) => `${root}.worktrees/${name}`;
  const heads = [await committed(box, worktree('gone')), await committed(box, worktree('away'))];
  rmSync(worktree('gone'), { recursive: true });
  await box.git(worktree('away'), 'checkout', '-q', '--detach', 'main');
  await box.git(worktree('kept'), 'checkout', '-q', '--detach');
  heads.push(await committed(box, worktree('kept')));
  writeFileSync(join(worktree('kept'), 'new'), 'x');
  const { message } = await refused(box, root, 'kept', 'DirtyWorktree');
  assert.match(message, /^kept has 1 file .*\(new\).* 1 commit on old that main does not have/);
  rmSync(join(worktree('kept'), 'new'));
  for (const name of ['gone', 'away', 'kept']) await refused(box, root, name, 'UnmergedWork');
  for (const head of heads) assert.equal(await box.git(root, 'cat-file', '-t', head), 'commit');
  assert.notEqual(await box.git(root, 'branch', '--contains', heads[0] ?? ''), '');
});

test('what an agent saves on its way out is not removed with it', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const program = join(box.folder, 'saver');
  writeFileSync(
    program,
    '#!/bin/sh\ntrap "echo precious >saved; exit 0" TERM\necho ready\nwhile :; do sleep 0.05; done\n',
    { mode: 0o755 },
  );
  mkdirSync(join(box.env.XDG_CONFIG_HOME ?? '', 'pitwall'), { recursive: true });
  writeFileSync(
    join(box.env.XDG_CONFIG_HOME ?? '', 'pitwall', 'config.json'),
    JSON.stringify({ agents: { saver: { command: [program] } } }),
  );
  const made = await pitwall(box, root, ['new', '--no-attach', '--agent', 'saver', '--name', 'saver']);
  assert.equal(made.code, 0, made.stderr);
  await until(
    'it to be quiet',
    async () => (await listed(box, root)).projects[0]?.tasks[0]?.state === 'unknown',
  );
  await refused(box, root, 'saver', 'DirtyWorktree');
  assert.equal(readFileSync(`${root}.worktrees/saver/saved`, 'utf8'), 'precious\n');
});

test('start leaves the agents that run alone and seats a missing one beside them', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, [...shellTask, '--agent', 'shell', '--name', 'two']);
  const agents = async () => (await listed(box, root)).projects[0]?.tasks[0]?.agents ?? [];
  const [first, second] = await agents();
  await box.tmux('kill-pane', '-t', second?.pane ?? '');
  const started = await pitwall(box, root, ['start', 'two/shell-2']);
  assert.equal(started.code, 0, started.stderr);
  const now = await agents();
  assert.equal(now[0]?.pid, first?.pid);
  assert.notEqual(now[1]?.pid ?? null, null);
  assert.notEqual(now[1]?.pane, second?.pane);
});

test('a task cannot be removed from its own pane, and one whose repository is gone can be forgotten', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, [...shellTask, '--name', 'self']);
  const pane = (await listed(box, root)).projects[0]?.tasks[0]?.agents[0]?.pane ?? '';
  const out = join(box.folder, 'out');
  await box.tmux(
    'send-keys',
    '-t',
    pane,
    `${process.execPath} ${process.cwd()}/bin/pitwall remove --force self >${out} 2>&1; echo $? >>${out}`,
    'Enter',
  );
  await until('its answer', () => existsSync(out) && /\n1\n$/.test(readFileSync(out, 'utf8')));
  assert.match(readFileSync(out, 'utf8'), /runs in a pane of self itself/);
  rmSync(root, { recursive: true });
  const elsewhere = box.folder;
  assert.equal((await pitwall(box, elsewhere, ['remove', 'app:self'])).code, 1);
  const forgotten = await pitwall(box, elsewhere, ['remove', '--force', 'app:self']);
  assert.equal(forgotten.code, 0, forgotten.stderr);
  assert.equal(existsSync(`${root}.worktrees/self`), true, 'the worktree is left to the person');
  assert.deepEqual((await listed(box, elsewhere)).projects[0]?.tasks, []);
});

test('a dry run leaves no trace', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const ran = await pitwall(box, root, ['new', '--dry-run', '--agent', 'demo', 'some words']);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /worktree .*app\.worktrees\/words/);
  assert.equal(existsSync(join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app')), false);
  assert.equal(existsSync(`${root}.worktrees`), false);
});

test('a branch that is the default or checked out elsewhere is kept; what git cannot remove is refused at once', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const origin = join(box.folder, 'origin.git');
  await box.git(box.folder, 'clone', '-q', '--bare', root, origin);
  await box.git(root, 'remote', 'add', 'origin', origin);
  await box.git(origin, 'branch', 'trunk');
  await box.git(root, 'fetch', '-q', 'origin');
  await box.git(root, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/later');
  for (const name of ['later', 'twice', 'bare'])
    assert.equal((await pitwall(box, root, [...shellTask, '--base', 'main', '--name', name])).code, 0);
  const worktree = (name: string) => `${root}.worktrees/${name}`;
  await box.git(root, 'worktree', 'add', '-q', '--force', join(box.folder, 'second'), 'twice');
  const mine = await committed(box, worktree('twice'));
  for (const name of ['later', 'twice']) {
    await pitwall(box, root, ['stop', name]);
    const removed = await pitwall(box, root, ['remove', name]);
    assert.equal(removed.code, 0, removed.stderr);
    assert.match(removed.stdout, /its branch is kept/);
    assert.equal(existsSync(worktree(name)), false);
  }
  assert.equal(await box.git(root, 'rev-parse', 'twice'), mine);
  assert.notEqual(await box.git(root, 'branch', '--list', 'later'), '');
  rmSync(join(worktree('bare'), '.git'));
  const agents = async () => (await listed(box, root)).projects[0]?.tasks[0]?.agents ?? [];
  const before = await agents();
  for (const force of [[], ['--force']]) {
    const ran = await pitwall(box, root, ['remove', ...force, '--json', 'bare']);
    assert.equal(JSON.parse(ran.stderr).error?.code, 'Protected', ran.stderr);
  }
  assert.deepEqual(await agents(), before, 'nothing was ended');
  assert.equal(existsSync(join(worktree('bare'), 'README.md')), true);
});

test('programs that come and go in the worktree stand in no way, nor do our own in the background', async (t) => {
  const box = await sandbox();
  const over = join(box.folder, 'over');
  t.after(() => writeFileSync(over, ''));
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, [...shellTask, '--name', 'busy']);
  assert.match(await box.tmux('show-options', '-sv', '@pitwall_settle'), /^cd \/ && /);
  const loop = 'while [ ! -e "$1" ]; do (cd "$2" && exec sleep 0.25) || exit; done';
  spawn('sh', ['-c', loop, 'sh', over, `${root}.worktrees/busy`], { cwd: '/', stdio: 'ignore' });
  await pitwall(box, root, ['stop', 'busy']);
  const removed = await pitwall(box, root, ['remove', 'busy']);
  assert.equal(removed.code, 0, removed.stderr);
});
