import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { desk, refusal } from '../helpers/repository.ts';

test('root: from below, from a linked worktree, through a symlink, with odd names', async (t) => {
  const { box, root, git } = await desk(t);
  const below = join(root, 'a #(b) "é 修"');
  mkdirSync(below);
  symlinkSync(root, join(box.folder, 'link'));
  await box.git(root, 'worktree', 'add', '-q', join(box.folder, 'w'));
  for (const path of [root, below, join(box.folder, 'link'), join(box.folder, 'w')])
    assert.equal(await git.root(path), root, path);
});

test('root: a submodule and its own linked worktree, a git folder kept elsewhere', async (t) => {
  const { box, root, git } = await desk(t);
  const inner = await box.repository('module');
  await box.git(box.folder, 'config', '--global', 'protocol.file.allow', 'always');
  await box.git(root, 'submodule', '--quiet', 'add', inner, 'sub');
  await box.git(join(root, 'sub'), 'worktree', 'add', '-q', join(box.folder, 'w'));
  assert.equal(await git.root(join(root, 'sub')), join(root, 'sub'));
  assert.equal(await git.root(join(box.folder, 'w')), join(root, 'sub'));
  const apart = join(box.folder, 'apart');
  await box.git(box.folder, 'init', '-q', '--separate-git-dir', join(box.folder, 'store'), apart);
  assert.equal(await git.root(apart), apart);
});

test('root: bare, bare with linked worktrees, no repository, no folder', async (t) => {
  const { box, root, git } = await desk(t);
  const bare = join(box.folder, 'app.git');
  await box.git(box.folder, 'clone', '-q', '--bare', root, bare);
  await box.git(bare, 'worktree', 'add', '-q', join(box.folder, 'w'), 'main');
  const hidden = join(box.folder, 'hidden', '.git');
  await box.git(box.folder, 'clone', '-q', '--bare', root, hidden);
  await box.git(hidden, 'worktree', 'add', '-q', join(box.folder, 'v'), 'main');
  for (const path of [bare, join(box.folder, 'w'), hidden, join(box.folder, 'v')])
    await assert.rejects(git.root(path), refusal('BareRepository', /bare/, /git clone/), path);
  await assert.rejects(git.root(box.folder), refusal('NotARepository', /pitwall-test/, /git init/));
  await assert.rejects(git.root(join(box.folder, 'none')), refusal('NotARepository', /none/));
});

test('default base: origin/HEAD, else the branch, else the commit; never a guess', async (t) => {
  const { box, root, git } = await desk(t);
  const commit = await box.git(root, 'rev-parse', 'HEAD');
  assert.deepEqual(await git.defaultBase(root), { ref: 'main', commit });
  await box.git(root, 'checkout', '-q', '--detach');
  assert.deepEqual(await git.defaultBase(root), { ref: commit, commit });
  await box.git(root, 'checkout', '-q', '-b', 'trunk/é');
  await box.git(root, 'commit', '-q', '--allow-empty', '-m', 'more');
  const clone = join(box.folder, 'clone');
  await box.git(box.folder, 'clone', '-q', root, clone);
  await box.git(clone, 'checkout', '-q', '-b', 'mine', commit);
  const tip = await box.git(root, 'rev-parse', 'HEAD');
  assert.deepEqual(await git.defaultBase(clone), { ref: 'origin/trunk/é', commit: tip });
  await box.git(clone, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/gone');
  assert.deepEqual(await git.defaultBase(clone), { ref: 'mine', commit }, 'origin/HEAD points nowhere');
  const empty = join(box.folder, 'empty');
  await box.git(box.folder, 'init', '-q', empty);
  await assert.rejects(git.defaultBase(empty), refusal('EmptyRepository', /empty/, /commit --allow-empty/));
});

test('branches: local, remote with origin first, clashes, and names git does not take', async (t) => {
  const { box, root, git } = await desk(t);
  const tip = await box.git(root, 'rev-parse', 'HEAD');
  for (const ref of [
    'remotes/alpha/feat/x',
    'remotes/origin/feat/x',
    'remotes/alpha/y',
    'heads/a/b',
    'heads/c',
  ])
    await box.git(root, 'update-ref', `refs/${ref}`, tip);
  const look = (name: string) => git.branch(root, name);
  const none = { local: false, remote: null, clash: null, valid: true };
  assert.deepEqual(await look('main'), { ...none, local: true });
  assert.deepEqual(await look('feat/x'), { ...none, remote: 'origin/feat/x' });
  assert.deepEqual(await look('y'), { ...none, remote: 'alpha/y' });
  assert.deepEqual(await look('a'), { ...none, clash: 'a/b' });
  assert.deepEqual(await look('c/d/e'), { ...none, clash: 'c' });
  assert.deepEqual(await look('mai'), none);
  for (const name of ['#(touch x)', 'é-修', `it's-"q"`, '$HOME;x'])
    assert.equal((await look(name)).valid, !name.includes(' '), name);
  for (const name of [
    '-x',
    '',
    'a b',
    'a..b',
    'a.lock',
    'a/.b',
    'x~1',
    '@',
    '@{-1}',
    'HEAD',
    'a//b',
    '/a',
    'a/',
    'a.',
    'a\nb',
    'a?',
    '-',
  ])
    assert.deepEqual(await look(name), { ...none, valid: false }, name);
});

test('branches of remotes whose names hold a slash', async (t) => {
  const { box, root, git } = await desk(t);
  await box.git(root, 'remote', 'add', 'team/north', box.folder);
  await box.git(root, 'remote', 'add', 'alpha', box.folder);
  for (const ref of ['team/north/feat/x', 'team/north/y', 'alpha/y', 'alpha/feat/z', 'alpha/north/y/w'])
    await box.git(root, 'update-ref', `refs/remotes/${ref}`, 'HEAD');
  const remote = async (name: string) => (await git.branch(root, name)).remote;
  assert.equal(await remote('feat/x'), 'team/north/feat/x');
  assert.equal(await remote('y'), 'alpha/y');
  assert.equal(await remote('feat/z'), 'alpha/feat/z');
  for (const name of ['x', 'z', 'north/y', 'w', 'north']) assert.equal(await remote(name), null, name);
});
