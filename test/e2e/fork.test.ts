import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const newTask = ['new', '--no-attach', '--agent', 'demo'];

async function desk(t: TestContext) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const taskOf = async (name: string) =>
    (await listed(box, root)).projects[0]?.tasks.find((task) => task.name === name);
  const done = (name: string) =>
    until(`${name} to be done`, async () => {
      const task = await taskOf(name);
      return task?.state === 'done' ? task : null;
    });
  return { box, root, taskOf, done };
}

const screenOf = (box: Sandbox, pane: string | null | undefined) =>
  box.tmux('capture-pane', '-p', '-t', pane ?? '');

test('a fork has the files as they are and goes on with a copy of the conversation; the first is untouched', async (t) => {
  const { box, root, done } = await desk(t);
  assert.equal((await pitwall(box, root, [...newTask, '--name', 'one', 'edit a.md [no-question]'])).code, 0);
  const one = await done('one');
  writeFileSync(join(one.worktree, 'untracked.txt'), 'mine\n');
  mkdirSync(join(one.worktree, 'sub'));
  writeFileSync(join(one.worktree, 'README.md'), '# changed\n');
  await box.git(one.worktree, 'add', 'README.md');
  const status = () => box.git(one.worktree, 'status', '--porcelain');
  const before = await status();
  const planned = await pitwall(box, root, ['fork', 'one', '--dry-run', '--json']);
  assert.equal(planned.code, 0, planned.stderr);
  const plan = JSON.parse(planned.stdout);
  assert.equal(plan.dryRun, true);
  assert.deepEqual([plan.task.name, plan.task.branch, plan.steps.length], ['one-2', 'one-2', 6]);
  assert.equal(existsSync(plan.task.worktree), false);

  const made = await pitwall(box, root, ['fork', 'one', 'second', '--no-attach', '--json']);
  assert.equal(made.code, 0, made.stderr);
  assert.equal(made.stderr, '');
  const two = JSON.parse(made.stdout).task;
  assert.deepEqual([two.name, two.branch, two.base, two.layout], ['second', 'second', 'main', 'solo']);
  assert.notDeepEqual(two.ports, one.ports);
  assert.equal(readFileSync(join(two.worktree, 'untracked.txt'), 'utf8'), 'mine\n');
  assert.equal(readFileSync(join(two.worktree, 'README.md'), 'utf8'), '# changed\n');
  assert.ok(existsSync(join(two.worktree, 'a.md')));
  assert.equal(await status(), before);
  const agent = await until('its agent', async () => {
    const task = (await listed(box, root)).projects[0]?.tasks.find((each) => each.name === 'second');
    return task?.agents[0]?.pane ? task.agents[0] : null;
  });
  assert.notEqual(agent.conversationId, one.agents[0]?.conversationId);
  const screen = await until('its history', async () => {
    const text = await screenOf(box, agent.pane);
    return text.includes('› edit a.md') ? text : null;
  });
  assert.match(screen, new RegExp(`forked conversation ${agent.conversationId}`));
  const sent = await until('it to take a prompt', async () => {
    const ran = await pitwall(box, root, ['send', 'second', 'and b.md']);
    return ran.code === 0 ? ran : null;
  });
  assert.match(sent.stdout, /delivered to second\/demo/);
  await done('second');
  assert.match(readFileSync(join(two.worktree, 'a.md'), 'utf8'), /b\.md/, 'it knows what it did before');
  assert.equal(await status(), before);
  const lines = (await screenOf(box, one.agents[0]?.pane)).split('\n');
  assert.ok(!lines.some((line) => line.includes('and b.md')));
});

test('what cannot be copied starts with the prompt, and is said; names that are taken are refused', async (t) => {
  const { box, root, done } = await desk(t);
  const config = join(box.env.XDG_CONFIG_HOME ?? '', 'pitwall');
  const program = join(box.folder, 'mine');
  await mkdir(config, { recursive: true });
  await writeFile(program, '#!/bin/sh\necho "told: $1"\nexec cat\n');
  chmodSync(program, 0o755);
  const mine = { command: [program, '{prompt}'] };
  await writeFile(join(config, 'config.json'), JSON.stringify({ agents: { mine } }));
  const made = await pitwall(box, root, [
    'new',
    '--no-attach',
    '--agent',
    'mine',
    '--name',
    'one',
    'the words',
  ]);
  assert.equal(made.code, 0, made.stderr);
  await done('one');
  const forked = await pitwall(box, root, ['fork', 'one', '--no-attach']);
  assert.equal(forked.code, 0, forked.stderr);
  assert.match(
    forked.stderr,
    /mine has one that pitwall cannot copy \(mine\): it starts with the prompt of the task/,
  );
  await until('the prompt', async () => {
    const pane = (await listed(box, root)).projects[0]?.tasks.find((task) => task.name === 'one-2')?.agents[0]
      ?.pane;
    return pane !== undefined && (await screenOf(box, pane)).includes('told: the words');
  });
  const error = async (...args: string[]) =>
    JSON.parse((await pitwall(box, root, ['fork', ...args, '--json'])).stderr).error.code;
  assert.equal(await error('one', 'one-2'), 'NameTaken');
  assert.equal(await error('one/mine'), 'Usage');
  assert.equal(await error('nobody'), 'NoSuchTask');
  assert.equal(await error(), 'Usage');
  await box.git(root, 'branch', 'held');
  const beside = await pitwall(box, root, ['fork', 'one', 'held', '--no-attach', '--json']);
  assert.equal(JSON.parse(beside.stdout).task.branch, 'held-2', 'a branch of that name stays as it is');
});

test('a fork that fails leaves nothing of it', async (t) => {
  const { box, root, done, taskOf } = await desk(t);
  assert.equal((await pitwall(box, root, [...newTask, '--name', 'one', 'edit a.md [no-question]'])).code, 0);
  const one = await done('one');
  const path = join(root, '..', 'app.worktrees', 'two');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'somebody.txt'), 'x');
  const failed = await pitwall(box, root, ['fork', 'one', 'two', '--no-attach', '--json']);
  assert.equal(failed.code, 1);
  assert.equal(await taskOf('two'), undefined);
  assert.equal(await box.git(root, 'branch', '--list', 'two'), '');
  assert.ok(existsSync(join(path, 'somebody.txt')));
  assert.ok(existsSync(one.worktree));
});
