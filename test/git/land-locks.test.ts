import assert from 'node:assert/strict';
import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isPitwallError } from '../../lib/core/errors.ts';
import { place } from '../helpers/landing.ts';

/** The refusal that names a lock and the command that removes it. */
function names(lock: string) {
  return (error: unknown) => {
    assert.ok(isPitwallError(error, 'Locked'), String(error));
    assert.ok(error.message.includes(lock), error.message);
    assert.equal(error.hint, `rm ${lock}`);
    return true;
  };
}

for (const lock of ['worktrees/task/index.lock', 'worktrees/task/HEAD.lock', 'refs/heads/task.lock'])
  test(`a task with ${lock}: it is named, and nothing was begun`, async (t) => {
    const { root, worktree, at, commit, tip, git, hook } = await place(t);
    const onto = await commit(root, 'moved', 'on\n');
    writeFileSync(join(worktree, 'open'), 'uncommitted\n');
    const ran = join(root, '.git', 'ran');
    hook('pre-commit', `: >${ran}`);
    const path = join(root, '.git', lock);
    writeFileSync(path, '');
    const before = await at('status', '--porcelain=v2', '--branch');
    await Promise.all([
      assert.rejects(git.commitAll(worktree, 'words'), names(path)),
      assert.rejects(git.bringUpToDate(worktree, { onto, how: 'merge', message: 'm' }), names(path)),
      assert.rejects(git.bringUpToDate(worktree, { onto, how: 'rebase', message: 'm' }), names(path)),
    ]);
    assert.equal(existsSync(ran), false);
    assert.equal(await at('status', '--porcelain=v2', '--branch'), before);
    assert.equal(await at('rev-parse', 'task'), tip);
    setTimeout(() => rmSync(path), 300);
    assert.equal(await git.commitAll(worktree, 'words'), null);
    assert.equal(await git.bringUpToDate(worktree, { onto, how: 'merge', message: 'm' }), null);
    assert.equal(await at('status', '--porcelain'), '');
  });

for (const lock of ['index.lock', 'HEAD.lock', 'refs/heads/main.lock'])
  test(`a base with ${lock}: it is named, and the base and its worktree are as before`, async (t) => {
    const { root, say, main, make, advance } = await place(t);
    const made = await make('squash');
    const before = await main();
    const path = join(root, '.git', lock);
    writeFileSync(path, '');
    await assert.rejects(advance(made, root), names(path));
    rmSync(path);
    assert.equal(await main(), before);
    assert.equal(await say('status', '--porcelain'), '');
    await advance(made, root);
    assert.equal(await main(), made);
  });

test('a ref of ours that is locked is named', async (t) => {
  const { root, worktree, git } = await place(t);
  const ref = 'refs/pitwall/landing/app/one';
  await git.keepWork(worktree, ref);
  const path = join(root, '.git', `${ref}.lock`);
  writeFileSync(path, '');
  writeFileSync(join(worktree, 'open'), 'more\n');
  await assert.rejects(git.keepWork(worktree, ref), names(path));
});

test('locks that a killed git left are found once they are old', async (t) => {
  const { root, worktree, git } = await place(t);
  const tasks = [
    { worktree, branch: 'task', base: 'main' },
    { worktree: join(root, 'gone'), branch: 'gone', base: 'origin/main' },
  ];
  const found = () => git.leftLocks(root, tasks, Date.now() - 60_000);
  const paths = [
    'index.lock',
    'HEAD.lock',
    'refs/heads/main.lock',
    'worktrees/task/index.lock',
    'worktrees/task/HEAD.lock',
    'refs/heads/task.lock',
    'refs/heads/gone.lock',
  ].map((name) => join(root, '.git', name));
  for (const path of paths) writeFileSync(path, '');
  assert.deepEqual(await found(), []);
  const old = new Date(Date.now() - 120_000);
  for (const path of paths) utimesSync(path, old, old);
  assert.deepEqual([...(await found())].sort(), [...paths].sort());
});
