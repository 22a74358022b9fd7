import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, newTask, pitwall } from '../helpers/program.ts';
import { sandbox } from '../helpers/sandbox.ts';

test('repositories that are none, empty, bare or detached', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const plain = join(box.folder, 'plain');
  await mkdir(plain);
  const refusal = async (cwd: string) =>
    JSON.parse((await pitwall(box, cwd, [...newTask, '--json', 'x'])).stderr).error;
  assert.equal((await refusal(plain)).code, 'NotARepository');
  const empty = join(box.folder, 'empty');
  await mkdir(empty);
  await box.git(empty, 'init', '-q');
  assert.equal((await refusal(empty)).code, 'EmptyRepository');
  const root = await box.repository();
  await box.git(box.folder, 'clone', '-q', '--bare', root, 'bare.git');
  assert.equal((await refusal(join(box.folder, 'bare.git'))).code, 'BareRepository');
  await box.git(root, 'checkout', '-q', '--detach');
  const detached = await pitwall(box, root, [...newTask, '--name', 'det', 'x']);
  assert.equal(detached.code, 0, detached.stderr);
  const states = await listed(box, root);
  assert.deepEqual(
    states.projects.flatMap((project) => project.tasks.map((task) => task.name)),
    ['det'],
  );
});

test('branches: existing, remote, in use, clashing, unknown base', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const origin = await box.repository('origin');
  await box.git(origin, 'branch', 'far');
  const root = join(box.folder, 'app');
  await box.git(box.folder, 'clone', '-q', origin, root);
  await box.git(root, 'branch', 'mine');
  const mine = await pitwall(box, root, [...newTask, '--branch', 'mine', 'x']);
  assert.equal(mine.code, 0, mine.stderr);
  const far = await pitwall(box, root, [...newTask, '--branch', 'far', 'x far']);
  assert.equal(far.code, 0, far.stderr);
  const error = async (...args: string[]) =>
    JSON.parse((await pitwall(box, root, [...newTask, '--json', ...args])).stderr).error;
  const inUse = await error('--branch', 'mine', '--name', 'again', 'x');
  assert.equal(inUse.code, 'BranchInUse');
  assert.match(inUse.message, /app\.worktrees\//);
  assert.equal((await error('--branch', 'mine/x', 'x')).code, 'NameTaken');
  assert.equal((await error('--base', 'nowhere', '--name', 'b', 'x')).code, 'BaseUnknown');
  assert.equal((await error('--branch', '-x', '--name', 'c', 'x')).code, 'Usage');
  assert.equal((await error('--agent', 'nobody', 'x')).code, 'AgentMissing');
  assert.equal((await error('--layout', 'sole', 'x')).code, 'NoSuchLayout');
  const tasks = (await listed(box, root)).projects[0]?.tasks.map((task) => task.branch);
  assert.deepEqual(tasks, ['mine', 'far'], 'refusals left nothing');
  const kept = await pitwall(box, root, ['remove', '--force', 'x']);
  assert.equal(kept.code, 0, kept.stderr);
  assert.notEqual(
    await box.git(root, 'branch', '--list', 'mine'),
    '',
    'a branch that was there before stays',
  );
});
