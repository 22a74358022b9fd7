import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sinceBase } from '../../lib/core/change-from.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

const begun = (commit: string) => sinceBase({ base: 'none', baseCommit: commit, branch: 'own' });

/** A repository with a linked worktree on branch `work`. */
async function linked(box: Sandbox) {
  const root = await box.repository();
  writeFileSync(join(root, '.gitignore'), '.env\nnode_modules\n');
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'ignore');
  const git = createGit({ env: { ...box.env, EDITOR: 'false', PAGER: 'false', GIT_DIR: '/nowhere' } });
  const worktree = join(box.folder, 'work tree');
  await git.addWorktree(root, { path: worktree, branch: 'work', create: true, start: 'main' });
  return { root, git, worktree };
}

test('facts of a clean worktree: nothing would be lost', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree } = await linked(box);
  assert.deepEqual(await git.facts(worktree, 'main', 'work', root), {
    path: worktree,
    exists: true,
    stray: false,
    modified: [],
    untracked: [],
    ignored: [],
    underway: null,
    locked: false,
    unmerged: 0,
    contained: true,
    detached: 0,
    dirtySubmodules: [],
    stashes: [],
  });
});

test('a folder that is no worktree of the repository any more is a stray one; a link to one is not', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree } = await linked(box);
  const look = async (path: string) => {
    const facts = await git.facts(path, 'main', 'work', root);
    return { path: facts.path, exists: facts.exists, stray: facts.stray };
  };
  symlinkSync(worktree, join(box.folder, 'link'));
  assert.deepEqual(await look(join(box.folder, 'link')), { path: worktree, exists: true, stray: false });
  rmSync(join(worktree, '.git'));
  assert.deepEqual(await look(worktree), { path: worktree, exists: false, stray: true });
  await box.git(worktree, 'init', '-q');
  assert.deepEqual(await look(worktree), { path: worktree, exists: true, stray: true });
  rmSync(worktree, { recursive: true });
  assert.deepEqual(await look(worktree), { path: worktree, exists: false, stray: false });
});

test('facts name modified, untracked and ignored files, whatever their names', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { git, worktree } = await linked(box);
  const odd = ['a b', '"q"', 'new\nline', 'é 修', '-dash', '#(x)'];
  for (const name of odd) writeFileSync(join(worktree, name), 'x');
  writeFileSync(join(worktree, 'README.md'), 'changed\n');
  writeFileSync(join(worktree, '.env'), 'secret');
  const facts = await git.facts(worktree, 'main', 'work');
  assert.deepEqual(facts.modified, ['README.md']);
  assert.deepEqual([...facts.untracked].sort(), [...odd].sort());
  assert.deepEqual(facts.ignored, ['.env']);
  const stat = await git.diffStat(worktree, begun('main'));
  assert.equal(stat.files, odd.length + 1);
  const changed = await git.changedFiles(worktree, begun('main'));
  assert.deepEqual(changed.map((file) => file.path).sort(), [...odd, 'README.md'].sort());
  assert.equal(await box.git(worktree, 'diff', '--cached', '--name-only'), '', 'the index is left alone');
});

test('commits: only on the branch, merged, squash-merged', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree } = await linked(box);
  writeFileSync(join(worktree, 'new'), 'x\n');
  await box.git(worktree, 'add', '.');
  await box.git(worktree, 'commit', '-q', '-m', 'one');
  const look = async () => {
    const { unmerged, contained } = await git.facts(worktree, 'main', 'work');
    return { unmerged, contained };
  };
  assert.deepEqual(await look(), { unmerged: 1, contained: false });
  await box.git(root, 'merge', '-q', '--squash', 'work');
  await box.git(root, 'commit', '-q', '-m', 'squashed');
  assert.deepEqual(await look(), { unmerged: 1, contained: true });
  await box.git(root, 'branch', 'keeps-it', 'work');
  assert.equal((await look()).unmerged, 0);
});

test('a rebase under way, a lock, a missing worktree', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree } = await linked(box);
  await box.git(root, 'worktree', 'lock', worktree);
  assert.equal((await git.facts(worktree, 'main', 'work')).locked, true);
  await box.git(root, 'worktree', 'unlock', worktree);
  const folder = await box.git(worktree, 'rev-parse', '--absolute-git-dir');
  mkdirSync(join(folder, 'rebase-merge'));
  assert.equal((await git.facts(worktree, 'main', 'work')).underway, 'a rebase');
  assert.equal((await git.facts(join(box.folder, 'gone'), 'main', 'work', root)).exists, false);
  assert.equal(await git.fingerprint(join(box.folder, 'gone')), null);
});

test('the fingerprint changes with commits and staging, and with nothing else of git’s', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { git, worktree } = await linked(box);
  const first = await git.fingerprint(worktree);
  await git.facts(worktree, 'main', 'work');
  assert.equal(await git.fingerprint(worktree), first);
  writeFileSync(join(worktree, 'x'), 'x');
  await box.git(worktree, 'add', 'x');
  assert.notEqual(await git.fingerprint(worktree), first);
});

test('.worktreeinclude copies the ignored files it names, overwrites nothing, and knows what was edited', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree } = await linked(box);
  writeFileSync(join(root, '.worktreeinclude'), '.env\nREADME.md\n');
  writeFileSync(join(root, '.env'), 'A=1');
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', 'x'), 'x');
  const copied = await git.copyIncluded(root, worktree);
  assert.deepEqual(Object.keys(copied), ['.env']);
  assert.deepEqual(await git.unedited(worktree, copied), ['.env']);
  writeFileSync(join(worktree, '.env'), 'A=2');
  assert.deepEqual(await git.unedited(worktree, copied), []);
  assert.deepEqual(await git.copyIncluded(root, worktree), {}, 'what is there is not overwritten');
});

test('submodules are initialised, looked into and removed with their worktree', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const module = await box.repository('module');
  const root = await box.repository();
  await box.git(box.folder, 'config', '--global', 'protocol.file.allow', 'always');
  await box.git(root, 'submodule', '--quiet', 'add', module, 'sub');
  await box.git(root, 'commit', '-q', '-m', 'sub');
  const git = createGit({ env: box.env });
  const worktree = join(box.folder, 'w');
  await git.addWorktree(root, { path: worktree, branch: 'work', create: true, start: 'main' });
  await git.initSubmodules(worktree);
  assert.deepEqual((await git.facts(worktree, 'main', 'work')).dirtySubmodules, []);
  writeFileSync(join(worktree, 'sub', 'mine'), 'x');
  assert.deepEqual((await git.facts(worktree, 'main', 'work')).dirtySubmodules, ['sub']);
  await git.removeWorktree(root, worktree, true);
  assert.equal((await git.worktrees(root)).length, 1);
});
