import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

/** A repository with some files, a worktree `one` of it, and a clean worktree `two` made at the same commit on demand. */
async function pair(box: Sandbox) {
  const root = await box.repository();
  const write = (folder: string, path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const path of ['a.txt', 'b.txt', 'run.sh', 'gone.txt', 'was-file', 'folder/x.txt'])
    write(root, path, `${path}\n${'line\n'.repeat(5)}`);
  write(root, '.gitignore', '*.log\n');
  await box.git(root, 'add', '-A');
  await box.git(root, 'commit', '-qm', 'files');
  const [one, two] = [join(box.folder, 'one'), join(box.folder, 'two')];
  await box.git(root, 'worktree', 'add', '-q', '-b', 'one', one);
  const git = createGit({ env: box.env });
  const second = async () => {
    const head = await box.git(one, 'rev-parse', 'HEAD');
    await git.addWorktree(root, { path: two, branch: 'two', create: true, start: head });
    await git.initSubmodules(two);
  };
  return { root, one, two, git, write: (path: string, text: string) => write(one, path, text), second };
}

/** All that git says of a worktree, with its index as bytes. */
async function stateOf(box: Sandbox, worktree: string) {
  const index = await box.git(worktree, 'rev-parse', '--path-format=absolute', '--git-path', 'index');
  return {
    index: readFileSync(index).toString('hex'),
    head: readFileSync(join(await box.git(worktree, 'rev-parse', '--absolute-git-dir'), 'HEAD'), 'utf8'),
    status: await box.git(
      worktree,
      '--no-optional-locks',
      'status',
      '--porcelain=v2',
      '--branch',
      '-z',
      '-uall',
    ),
  };
}

test('changed, new, renamed, removed, mode, symlink, file for folder: all arrive, uncommitted; the first stays', async (t) => {
  await using box = await sandbox();
  const { one, two, git, write, second } = await pair(box);
  write('a.txt', 'changed\n');
  write('b.txt', 'staged\n');
  await box.git(one, 'add', 'b.txt');
  write('b.txt', 'and changed after\n');
  await box.git(one, 'mv', 'folder/x.txt', 'moved.txt');
  renameSync(join(one, 'gone.txt'), join(one, 'renamed by hand.txt'));
  chmodSync(join(one, 'run.sh'), 0o755);
  rmSync(join(one, 'was-file'));
  write('was-file/now-folder.txt', 'x\n');
  write('new/with "quotes"\nand é.txt', 'new\n');
  symlinkSync('a.txt', join(one, 'link'));
  symlinkSync('/nowhere/at all', join(one, 'broken'));
  write('secret.log', 'ignored\n');
  write('forced.log', 'forced\n');
  await box.git(one, 'add', '-f', 'forced.log');
  const before = await stateOf(box, one);
  await second();
  const indexes = join(box.folder, 'indexes');
  mkdirSync(indexes);
  const { TMPDIR } = process.env;
  process.env.TMPDIR = indexes;
  t.after(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });
  assert.deepEqual(await git.carry(one, two), []);
  assert.deepEqual(await stateOf(box, one), before);
  const text = (path: string) => readFileSync(join(two, path), 'utf8');
  assert.equal(text('a.txt'), 'changed\n');
  assert.equal(text('b.txt'), 'and changed after\n');
  assert.match(text('moved.txt'), /^folder\/x\.txt/);
  assert.match(text('renamed by hand.txt'), /^gone\.txt/);
  assert.equal(text('was-file/now-folder.txt'), 'x\n');
  assert.equal(text('new/with "quotes"\nand é.txt'), 'new\n');
  assert.equal(text('forced.log'), 'forced\n');
  assert.equal(statSync(join(two, 'run.sh')).mode & 0o111, 0o111);
  assert.deepEqual(
    [readlinkSync(join(two, 'link')), readlinkSync(join(two, 'broken'))],
    ['a.txt', '/nowhere/at all'],
  );
  for (const path of ['gone.txt', 'folder', 'secret.log'])
    assert.equal(existsSync(join(two, path)), false, path);
  assert.equal(await box.git(two, 'diff', '--cached', '--name-only'), '', 'nothing is staged');
  assert.equal(await box.git(two, 'rev-parse', 'HEAD'), await box.git(one, 'rev-parse', 'HEAD'));
  assert.deepEqual(await readdir(indexes), [], 'no index of ours is left');
});

test('nothing changed: nothing to carry; commits of the branch are there', async () => {
  await using box = await sandbox();
  const { one, two, git, write, second } = await pair(box);
  write('c.txt', 'committed\n');
  await box.git(one, 'add', '-A');
  await box.git(one, 'commit', '-qm', 'on one');
  await second();
  assert.deepEqual(await git.carry(one, two), []);
  assert.equal(await box.git(two, 'status', '--porcelain'), '');
  assert.ok(existsSync(join(two, 'c.txt')));
});

test('a merge under way is carried as its files are', async () => {
  await using box = await sandbox();
  const { root, one, two, git, write, second } = await pair(box);
  writeFileSync(join(root, 'a.txt'), 'on main\n');
  await box.git(root, 'commit', '-qam', 'main');
  write('a.txt', 'on one\n');
  await box.git(one, 'commit', '-qam', 'one');
  await assert.rejects(box.git(one, 'merge', '-q', 'main'));
  const before = await stateOf(box, one);
  await second();
  await git.carry(one, two);
  assert.deepEqual(await stateOf(box, one), before);
  assert.equal(readFileSync(join(two, 'a.txt'), 'utf8'), readFileSync(join(one, 'a.txt'), 'utf8'));
  assert.match(readFileSync(join(two, 'a.txt'), 'utf8'), /<<<<<<</);
});

test('a submodule with its own changes and a commit of its own; one that is new is named', async () => {
  await using box = await sandbox();
  const library = await box.repository('library');
  const { root, one, two, git, write } = await pair(box);
  const allow = ['-c', 'protocol.file.allow=always'];
  await box.git(root, ...allow, 'submodule', '--quiet', 'add', library, 'lib');
  await box.git(root, 'commit', '-qm', 'with a submodule');
  await box.git(one, 'merge', '-q', 'main');
  await box.git(one, ...allow, 'submodule', '--quiet', 'update', '--init');
  writeFileSync(join(one, 'lib', 'own.txt'), 'committed in the submodule\n');
  await box.git(join(one, 'lib'), 'add', '-A');
  await box.git(join(one, 'lib'), 'commit', '-qm', 'own');
  writeFileSync(join(one, 'lib', 'README.md'), 'changed\n');
  writeFileSync(join(one, 'lib', 'loose.txt'), 'untracked\n');
  write('a.txt', 'changed\n');
  mkdirSync(join(one, 'nested'));
  await box.git(join(one, 'nested'), 'init', '-q');
  writeFileSync(join(one, 'nested', 'n.txt'), 'n\n');
  await box.git(one, ...allow, 'submodule', '--quiet', 'add', library, 'lib2');
  const before = [await stateOf(box, one), await stateOf(box, join(one, 'lib'))];
  const head = await box.git(one, 'rev-parse', 'HEAD');
  await git.addWorktree(root, { path: two, branch: 'two', create: true, start: head });
  await box.git(two, ...allow, 'submodule', '--quiet', 'update', '--init');
  assert.deepEqual(await git.carry(one, two), ['nested/', 'lib2']);
  assert.deepEqual([await stateOf(box, one), await stateOf(box, join(one, 'lib'))], before);
  const text = (path: string) => readFileSync(join(two, path), 'utf8');
  assert.equal(text('lib/own.txt'), 'committed in the submodule\n');
  assert.equal(text('lib/README.md'), 'changed\n');
  assert.equal(text('lib/loose.txt'), 'untracked\n');
  assert.equal(text('a.txt'), 'changed\n');
  assert.equal(await box.git(join(two, 'lib'), 'status', '--porcelain'), ' M README.md\n?? loose.txt');
  assert.equal(await box.git(join(two, 'lib'), 'fsck', '--connectivity-only'), '');
  assert.ok(lstatSync(join(two, '.gitmodules')).isFile());
});

test('a split index is no obstacle', async () => {
  await using box = await sandbox();
  const { one, two, git, write, second } = await pair(box);
  await box.git(one, 'update-index', '--split-index');
  write('a.txt', 'changed\n');
  write('new.txt', 'new\n');
  await second();
  await git.carry(one, two);
  assert.equal(await box.git(two, 'status', '--porcelain'), ' M a.txt\n?? new.txt');
});
