import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sinceBase } from '../../lib/core/change-from.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

const begun = (commit: string) => sinceBase({ base: 'none', baseCommit: commit, branch: 'own' });

/** A worktree with a change of each kind: committed, staged, unstaged, renamed, deleted, binary, untracked. */
async function changed(box: Sandbox) {
  const root = await box.repository();
  const lines = Array.from({ length: 40 }, (_, n) => `line ${n}\n`).join('');
  for (const name of ['old name', 'gone', 'staged', '-dash']) writeFileSync(join(root, name), lines + name);
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'files');
  const temporary = join(box.folder, 'scratch');
  mkdirSync(temporary);
  const git = createGit({ env: { ...box.env, TMPDIR: temporary, GIT_DIR: '/nowhere', GIT_PAGER: 'cat' } });
  const worktree = join(box.folder, 'w');
  await git.addWorktree(root, { path: worktree, branch: 'work', create: true, start: 'main' });
  await box.git(worktree, 'mv', 'old name', 'new é "name"');
  await box.git(worktree, 'rm', '-q', 'gone');
  await box.git(worktree, 'commit', '-q', '-m', 'move');
  writeFileSync(join(worktree, 'staged'), `${lines}staged and more\n`);
  writeFileSync(join(worktree, 'added'), 'one\ntwo\n');
  await box.git(worktree, 'add', 'staged', 'added');
  writeFileSync(join(worktree, '-dash'), 'x\n');
  writeFileSync(join(worktree, 'new\nline'), 'a\nb');
  writeFileSync(join(worktree, ':(glob)*'), 'a\n');
  writeFileSync(join(worktree, 'binary'), Buffer.from([0, 10, 10]));
  symlinkSync('/etc/passwd', join(worktree, 'link'));
  // What the base does meanwhile is not the task's change.
  await box.git(root, 'commit', '-q', '--allow-empty', '-m', 'meanwhile');
  writeFileSync(join(root, 'README.md'), 'theirs\n');
  await box.git(root, 'commit', '-q', '-a', '-m', 'theirs');
  return { root, git, worktree, temporary };
}

test('sizes: committed, staged, unstaged and untracked since the merge base; a rename is one file', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { git, worktree } = await changed(box);
  // gone −41, staged +1 −1, added +2, -dash +1 −41, 'new line' +2, ':(glob)*' +1, link +1, binary 0, rename 0
  assert.deepEqual(await git.diffStat(worktree, begun('main')), { files: 9, insertions: 8, deletions: 83 });
  await assert.rejects(git.diffStat(worktree, begun('nowhere')), { code: 'BranchUnknown' });
});

test('names and states of changed files', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { git, worktree } = await changed(box);
  const files = await git.changedFiles(worktree, begun('main'));
  const told = Object.fromEntries(files.map((file) => [file.path, file.status]));
  assert.deepEqual(told, {
    '-dash': 'M',
    ':(glob)*': 'A',
    added: 'A',
    binary: 'A',
    gone: 'D',
    link: 'A',
    'new\nline': 'A',
    'new é "name"': 'A',
    'old name': 'D',
    staged: 'M',
  });
});

test('the shown diff has new files, and index, objects and temporary folder stay as they were', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree, temporary } = await changed(box);
  const folder = await box.git(worktree, 'rev-parse', '--absolute-git-dir');
  const index = readFileSync(join(folder, 'index'));
  const objects = await box.git(root, 'count-objects', '-v');
  const output = join(box.folder, 'shown');
  const show = async (...options: string[]) => {
    assert.equal(await git.showDiff(worktree, begun('main'), [`--output=${output}`, ...options], null), 0);
    return readFileSync(output, 'utf8');
  };
  const names = (await show('--name-only', '-z')).split('\0').filter((name) => name !== '');
  assert.deepEqual(names.sort(), [
    '-dash',
    ':(glob)*',
    'added',
    'binary',
    'gone',
    'link',
    'new\nline',
    'new é "name"',
    'staged',
  ]);
  assert.match(await show('--', 'staged'), /^diff --git a\/staged b\/staged/);
  assert.deepEqual(readFileSync(join(folder, 'index')), index);
  assert.equal(await box.git(root, 'count-objects', '-v'), objects);
  assert.deepEqual(readdirSync(temporary), []);
});

test('many and huge untracked files cost a bounded reading', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { git, worktree } = await changed(box);
  const before = await git.diffStat(worktree, begun('main'));
  writeFileSync(join(worktree, 'huge'), Buffer.alloc(8 << 20, 'x\n'));
  mkdirSync(join(worktree, 'many'));
  for (let n = 0; n < 1200; n += 1) writeFileSync(join(worktree, 'many', String(n)), 'x\n');
  const after = await git.diffStat(worktree, begun('main'));
  assert.equal(after.files, before.files + 1201, 'every file counts');
  assert.ok(after.insertions - before.insertions <= 1000, 'lines are counted of the first ones');
});

test('the fingerprint tells a commit that changes no file and leaves no reflog', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree } = await changed(box);
  await box.git(root, 'config', 'core.logAllRefUpdates', 'false');
  const folder = await box.git(worktree, 'rev-parse', '--absolute-git-dir');
  rmSync(join(folder, 'logs'), { recursive: true });
  rmSync(join(root, '.git', 'logs'), { recursive: true });
  const first = await git.fingerprint(worktree);
  await box.git(worktree, 'update-ref', 'refs/heads/work', 'main');
  assert.notEqual(await git.fingerprint(worktree), first);
});
