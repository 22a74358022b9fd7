import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, newTask, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('a killed `new` leaves something the next command clears', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  // git's own hook stops `new` in the middle of the plan: the branch and the worktree exist, the window does not.
  writeFileSync(
    join(root, '.git', 'hooks', 'post-checkout'),
    '#!/bin/sh\nkill -9 $(ps -o ppid= -p $PPID | tr -d " ")\nsleep 0.2\n',
    { mode: 0o755 },
  );
  const killed = await pitwall(box, root, [...newTask, '--name', 'half', 'x']);
  assert.notEqual(killed.code, 0);
  await box.git(root, 'config', 'core.hooksPath', '/dev/null');
  const half = (await listed(box, root)).projects[0]?.tasks[0];
  assert.match(half?.problem ?? '', /interrupted/);
  const next = await pitwall(box, root, [...newTask, '--name', 'whole', 'x']);
  assert.equal(next.code, 0, next.stderr);
  assert.match(next.stderr, /cleared half/);
  assert.deepEqual(
    (await listed(box, root)).projects[0]?.tasks.map((task) => task.name),
    ['whole'],
  );
  assert.equal(await box.git(root, 'branch', '--list', 'half'), '');
  assert.equal(existsSync(`${root}.worktrees/half`), false);
});

test('a failing step undoes the ones before it', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  writeFileSync(join(root, '.git', 'hooks', 'post-checkout'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const failed = await pitwall(box, root, [...newTask, '--name', 'no', 'x']);
  assert.equal(failed.code, 1);
  assert.equal(existsSync(`${root}.worktrees/no`), false);
  assert.equal(await box.git(root, 'branch', '--list', 'no'), '');
  assert.deepEqual((await listed(box, root)).projects[0]?.tasks ?? [], []);
});

test('a program that dies is a failure on the docket, one that was stopped is not; start resumes', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, [...newTask, '--name', 'a', 'x [sleep 60] [no-question]']);
  const agent = await until(
    'its process',
    async () => (await listed(box, root)).projects[0]?.tasks[0]?.agents[0],
  );
  process.kill(agent.pid ?? 0, 'SIGKILL');
  const item = await until('the failure', async () =>
    (await listed(box, root)).docket.find((each) => each.kind === 'failure'),
  );
  assert.match(item.summary, /KILL|9/i);
  await until(
    'tmux to know too',
    async () => (await box.tmux('show-options', '-sv', '@pitwall_count')) === '1',
  );
  const started = await pitwall(box, root, ['start', 'a']);
  assert.equal(started.code, 0, started.stderr);
  const resumed = await until('the agent again', async () =>
    (await listed(box, root)).projects[0]?.tasks[0]?.agents.find((each) => each.pid !== null),
  );
  assert.equal(resumed.conversationId, agent.conversationId);
  assert.notEqual(resumed.pid, agent.pid);
  assert.equal((await pitwall(box, root, ['stop', 'a'])).code, 0);
  const stopped = await until('it to end', async () =>
    (await listed(box, root)).projects[0]?.tasks[0]?.agents.find((each) => each.state === 'exited'),
  );
  assert.equal(stopped.pid, null);
  assert.deepEqual((await listed(box, root)).docket, []);
});

test('after kill-server, open brings back windows, conversations and the docket', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...newTask, '--name', 'finished', 'docs/a.md [no-question]']);
  await pitwall(box, root, [...newTask, '--name', 'asking', 'docs/b.md']);
  await until('a review and a question', async () => (await listed(box, root)).docket.length === 2);
  const before = (await listed(box, root)).projects[0]?.tasks.map((task) => task.agents[0]?.conversationId);
  await box.tmux('kill-server');
  const opened = await pitwall(box, root, ['open', '--no-attach']);
  assert.equal(opened.code, 0, opened.stderr);
  const after = (await listed(box, root)).projects[0]?.tasks;
  assert.deepEqual(
    after?.map((task) => task.agents[0]?.conversationId),
    before,
  );
  const docket = await until('the docket again', async () => {
    const items = (await listed(box, root)).docket;
    return items.length === 2 ? items : null;
  });
  assert.deepEqual(
    docket.map((item) => `${item.kind} ${item.task}`),
    ['failure asking', 'review finished'],
  );
  assert.match(docket[0]?.summary ?? '', /interrupted while asking: May I run/);
  const sent = await pitwall(box, root, ['send', 'asking', 'go on']);
  assert.equal(sent.code, 0, sent.stderr);
  await until(
    'the failure to be settled',
    async () => !(await listed(box, root)).docket.some((item) => item.kind === 'failure'),
  );
});
