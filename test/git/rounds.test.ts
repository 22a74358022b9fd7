import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sinceCommit } from '../../lib/core/change-from.ts';
import { sandbox } from '../helpers/sandbox.ts';

test('all that a worktree holds is kept under a ref; index and worktree stay as they are', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const git = createGit({ env: box.env });
  const say = (...args: string[]) => box.git(root, ...args);
  writeFileSync(join(root, '.gitignore'), 'ignored\n');
  writeFileSync(join(root, 'staged'), 'one\n');
  await say('add', '.');
  await say('commit', '-qm', 'files');
  writeFileSync(join(root, 'staged'), 'two\n');
  await say('add', 'staged');
  writeFileSync(join(root, 'staged'), 'three\n');
  mkdirSync(join(root, 'a b'));
  writeFileSync(join(root, 'a b', 'né"w'), 'new\n');
  symlinkSync('staged', join(root, 'link'));
  writeFileSync(join(root, 'ignored'), 'secret\n');
  const before = await say('status', '--porcelain=v2');
  const commit = await git.keepWork(root, 'refs/pitwall/rounds/app/a/1');
  assert.equal(await say('status', '--porcelain=v2'), before);
  assert.equal((await say('rev-parse', 'refs/pitwall/rounds/app/a/1')).trim(), commit);
  assert.equal(await say('show', `${commit}:staged`), 'three');
  assert.equal(await say('show', `${commit}:a b/né"w`), 'new');
  assert.match(await say('ls-tree', commit, 'link'), /^120000 /);
  await assert.rejects(async () => say('show', `${commit}:ignored`));
  await say('gc', '--prune=now', '--quiet');
  assert.equal(await say('show', `${commit}:staged`), 'three');
  await git.forgetWork(root, 'refs/pitwall/rounds/app/a');
  await git.forgetWork(root, 'refs/pitwall/rounds/app/a');
  assert.equal(await say('for-each-ref', 'refs/pitwall'), '');
});

test('what changed since a kept state is told, uncommitted then and now', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const git = createGit({ env: box.env });
  writeFileSync(join(root, 'seen'), 'seen\n');
  writeFileSync(join(root, 'gone'), 'gone\n');
  const commit = await git.keepWork(root, 'refs/pitwall/rounds/app/a/1');
  assert.deepEqual(await git.changedFiles(root, sinceCommit(commit)), []);
  writeFileSync(join(root, 'new'), 'new\n');
  rmSync(join(root, 'gone'));
  await box.git(root, 'add', 'seen');
  await box.git(root, 'commit', '-qm', 'seen');
  assert.deepEqual(await git.changedFiles(root, sinceCommit(commit)), [
    { status: 'D', path: 'gone' },
    { status: 'A', path: 'new' },
  ]);
});

test('no ref but ours is written', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const git = createGit({ env: box.env });
  for (const ref of ['refs/heads/main', 'refs/pitwall/../heads/main', 'HEAD'])
    await assert.rejects(git.keepWork(root, ref), /is not a ref of pitwall/);
});
