import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

/** A repository with a worktree on branch `work`, and a way to commit a file there. */
async function linked(box: Sandbox) {
  const root = await box.repository();
  const git = createGit({ env: box.env });
  const worktree = join(box.folder, 'w');
  await git.addWorktree(root, { path: worktree, branch: 'work', create: true, start: 'main' });
  const commit = async (folder: string, name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    await box.git(folder, 'add', '.');
    await box.git(folder, 'commit', '-q', '-m', `${name} in ${folder}`);
  };
  const look = async () => {
    const { unmerged, contained, detached } = await git.facts(worktree, 'main', 'work', root);
    return { unmerged, contained, detached };
  };
  return { root, git, worktree, commit, look };
}

test('commits of the branch count when the worktree is gone', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree, commit, look } = await linked(box);
  await commit(worktree, 'a', 'a');
  rmSync(worktree, { recursive: true });
  assert.deepEqual(await look(), { unmerged: 1, contained: false, detached: 0 });
  assert.equal((await git.facts(worktree, 'main', 'work', root)).exists, false);
  await assert.rejects(git.facts(worktree, 'main', 'work'), { code: 'TargetGone' });
});

test('commits of the branch count when the worktree stands elsewhere, and those of a detached HEAD apart', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { worktree, commit, look } = await linked(box);
  await commit(worktree, 'a', 'a');
  await box.git(worktree, 'switch', '-q', '-c', 'other', 'main');
  assert.deepEqual(await look(), { unmerged: 1, contained: false, detached: 0 });
  await box.git(worktree, 'switch', '-q', '--detach');
  await commit(worktree, 'b', 'b');
  assert.deepEqual(await look(), { unmerged: 2, contained: false, detached: 1 });
});

test('a squash that only the remote of the base has', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, worktree, commit, look } = await linked(box);
  await commit(worktree, 'a', 'a\n');
  await box.git(root, 'switch', '-q', '-c', 'theirs');
  await commit(root, 'a', 'a\n');
  await box.git(root, 'remote', 'add', 'origin', root);
  await box.git(root, 'update-ref', 'refs/remotes/origin/main', 'theirs');
  await box.git(root, 'switch', '-q', 'main');
  assert.deepEqual(await look(), { unmerged: 1, contained: false, detached: 0 });
  await box.git(root, 'branch', '-q', '--set-upstream-to=origin/main', 'main');
  assert.deepEqual(await look(), { unmerged: 1, contained: true, detached: 0 });
});

test('a base that is gone hides nothing', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { git, worktree, commit } = await linked(box);
  await commit(worktree, 'a', 'a');
  const { unmerged, contained } = await git.facts(worktree, 'no-such-base', 'work');
  assert.deepEqual({ unmerged, contained }, { unmerged: 1, contained: false });
});

test('an ignored file is named behind any number of folders that tools rebuild', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { git, worktree, commit } = await linked(box);
  await commit(worktree, '.gitignore', 'node_modules/\n*.env\n');
  for (let n = 0; n < 60; n += 1) {
    mkdirSync(join(worktree, `p${n}`, 'node_modules', 'x'), { recursive: true });
    writeFileSync(join(worktree, `p${n}`, 'node_modules', 'x', 'y'), '');
  }
  writeFileSync(join(worktree, 'z.env'), '');
  const { ignored } = await git.facts(worktree, 'main', 'work');
  assert.ok(ignored.includes('z.env'));
  assert.ok(ignored.includes('p0/node_modules/'), 'folders are named as one');
});

test('real rebase, merge, cherry-pick, revert and bisect under way', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree, commit } = await linked(box);
  await commit(root, 'f', 'main\n');
  await commit(worktree, 'f', 'work\n');
  const started: readonly (readonly [string, readonly string[], string])[] = [
    ['a rebase', ['rebase', 'main'], 'rebase'],
    ['a merge', ['merge', 'main'], 'merge'],
    ['a cherry-pick', ['cherry-pick', 'main'], 'cherry-pick'],
  ];
  for (const [words, args, what] of started) {
    await assert.rejects(box.git(worktree, ...args));
    const facts = await git.facts(worktree, 'main', 'work');
    assert.equal(facts.underway, words);
    assert.deepEqual(facts.modified, ['f']);
    await box.git(worktree, what, '--abort');
  }
  await commit(worktree, 'f', 'more\n');
  await assert.rejects(box.git(worktree, 'revert', 'HEAD~1'));
  assert.equal((await git.facts(worktree, 'main', 'work')).underway, 'a revert');
  await box.git(worktree, 'revert', '--abort');
  await box.git(worktree, 'bisect', 'start');
  assert.equal((await git.facts(worktree, 'main', 'work')).underway, 'a bisect');
});

test('submodules: commits and stashes no remote has; removal looks again', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const module = await box.repository('module');
  const { root, git, worktree, commit } = await linked(box);
  await box.git(box.folder, 'config', '--global', 'protocol.file.allow', 'always');
  await box.git(worktree, 'submodule', '--quiet', 'add', module, 'sub é "x"');
  await box.git(worktree, 'commit', '-q', '-m', 'sub');
  await box.git(root, 'merge', '-q', '--ff-only', 'work');
  const sub = join(worktree, 'sub é "x"');
  const dirty = async () => (await git.facts(worktree, 'main', 'work')).dirtySubmodules;
  assert.deepEqual(await dirty(), []);
  await box.git(sub, 'checkout', '-q', '-b', 'aside');
  await commit(sub, 'a', 'a');
  await box.git(sub, 'checkout', '-q', 'main');
  assert.deepEqual(await dirty(), ['sub é "x"'], 'a commit on a branch aside');
  await box.git(sub, 'branch', '-q', '-D', 'aside');
  writeFileSync(join(sub, 'README.md'), 'stashed');
  await box.git(sub, 'stash', '-q');
  assert.deepEqual(await dirty(), ['sub é "x"'], 'a stash');
  await box.git(sub, 'stash', 'drop', '-q');
  assert.deepEqual(await dirty(), []);
  writeFileSync(join(sub, 'late'), 'x');
  await assert.rejects(git.removeWorktree(root, worktree, false), { code: 'DirtyWorktree' });
  rmSync(join(sub, 'late'));
  await git.removeWorktree(root, worktree, false);
  assert.equal((await git.worktrees(root)).length, 1);
});

test('stashes made on the branch, in any worktree and with any words, and on no other branch', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree } = await linked(box);
  const stash = async (folder: string, ...words: string[]) => {
    writeFileSync(join(folder, 'README.md'), words.join(' ') || folder);
    await box.git(folder, 'stash', 'push', '-q', ...words);
  };
  await stash(worktree);
  await stash(root, '-m', 'On work: not so');
  await stash(worktree, '-m', 'two\nlines: é');
  await box.git(worktree, 'switch', '-q', '-c', 'work-2');
  await stash(worktree);
  const { stashes } = await git.facts(worktree, 'main', 'work', root);
  assert.deepEqual(stashes, ['stash@{1}', 'stash@{3}']);
  rmSync(worktree, { recursive: true });
  assert.deepEqual((await git.facts(worktree, 'main', 'work', root)).stashes, stashes);
});

test('changes that git status was told not to look for', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { git, worktree, commit } = await linked(box);
  const names = ['assumed é', 'skipped', 'absent', 'same', '-dash'];
  for (const name of names) await commit(worktree, name, `${name}\n`);
  await box.git(worktree, 'update-index', '--assume-unchanged', 'assumed é', 'same');
  await box.git(worktree, 'update-index', '--skip-worktree', '--', 'skipped', 'absent', '-dash');
  const modified = async () => (await git.facts(worktree, 'main', 'work')).modified;
  assert.deepEqual(await modified(), []);
  for (const name of ['assumed é', 'skipped', '-dash']) writeFileSync(join(worktree, name), 'mine\n');
  rmSync(join(worktree, 'absent'));
  assert.deepEqual(await modified(), ['-dash', 'assumed é', 'skipped']);
});
