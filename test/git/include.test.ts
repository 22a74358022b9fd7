import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

/** A repository that ignores much, a worktree, and a way to write files into a folder. */
async function desk(box: Sandbox, include: string) {
  const root = await box.repository();
  const write = (folder: string, files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  write(root, {
    '.gitignore': '.env*\nconfig/\nnode_modules/\n*.key\ndeep/**/x\n',
    '.worktreeinclude': include,
  });
  symlinkSync('/tmp', join(root, 'escape'));
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'rules');
  const git = createGit({ env: box.env });
  const worktree = join(box.folder, 'w');
  await git.addWorktree(root, { path: worktree, branch: 'work', create: true, start: 'main' });
  return { root, git, worktree, write };
}

test('patterns of files, folders and exceptions; only what git ignores', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const include = '# secrets\n.env*\n!.env.local\nconfig/\n/deep/a/b/x\nREADME.md\nuntracked\nno.KEY\n';
  const { root, git, worktree, write } = await desk(box, include);
  const odd = ['config/a b', 'config/sub/é 修', 'config/sub/new\nline', 'config/"q" #(x)'];
  write(root, {
    '.env': 'A=1',
    '.env.local': 'no',
    'pkg/.env': 'B=2',
    'deep/a/b/x': 'x',
    'deep/a/c/x': 'no',
    'no.key': 'no',
    untracked: 'no',
    'node_modules/m/.env': 'no',
    ...Object.fromEntries(odd.map((name) => [name, name])),
  });
  chmodSync(join(root, '.env'), 0o600);
  const copied = await git.copyIncluded(root, worktree);
  assert.deepEqual(Object.keys(copied).sort(), ['.env', 'deep/a/b/x', 'pkg/.env', ...odd].sort());
  assert.equal(readFileSync(join(worktree, 'pkg/.env'), 'utf8'), 'B=2');
  assert.equal(statSync(join(worktree, '.env')).mode & 0o777, 0o600);
  assert.equal(await box.git(worktree, 'status', '--porcelain'), '');
});

test('links: none is followed out of the repository, neither to read nor to write', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree, write } = await desk(box, '.env*\nconfig/\n*.key\n');
  const outside = join(box.folder, 'outside');
  write(outside, { secret: 'secret' });
  symlinkSync(join(outside, 'secret'), join(root, '.env'));
  symlinkSync(outside, join(root, 'config'));
  write(root, { 'folder/my.key': 'k', 'folder/sub/my.key': 'k', '.env.a': 'a' });
  symlinkSync('.env.a', join(root, '.env.b'));
  symlinkSync(outside, join(worktree, 'folder'));
  assert.deepEqual(Object.keys(await git.copyIncluded(root, worktree)), ['.env.a']);
  assert.deepEqual(readdirSync(outside), ['secret']);
  assert.equal(existsSync(join(worktree, '.env')), false);
});

test('unedited: file by file, and a folder while it holds nothing else', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree, write } = await desk(box, 'config/\n.env\n');
  write(root, { 'config/a': 'a', 'config/sub/b': 'b', '.env': 'A=1' });
  const copied = await git.copyIncluded(root, worktree);
  const look = async () => [...(await git.unedited(worktree, copied))].sort();
  assert.deepEqual(await look(), ['.env', 'config/', 'config/a', 'config/sub/', 'config/sub/b']);
  const { ignored } = await git.facts(worktree, 'main', 'work');
  assert.deepEqual([...ignored].sort(), ['.env', 'config/'], 'as git names them');
  write(worktree, { 'config/mine': 'x' });
  assert.deepEqual(await look(), ['.env', 'config/a', 'config/sub/', 'config/sub/b']);
  write(worktree, { 'config/sub/b': 'edited', '.env': 'A=2' });
  assert.deepEqual(await look(), ['config/a']);
});

test('folders that tools rebuild are not searched unless they are named', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, worktree, write } = await desk(box, '*.env\n');
  write(root, { 'node_modules/m/x.env': 'no', 'node_modules/kept/x': 'yes' });
  assert.deepEqual(await git.copyIncluded(root, worktree), {});
  write(root, { '.worktreeinclude': '/node_modules/kept/\n' });
  assert.deepEqual(Object.keys(await git.copyIncluded(root, worktree)), ['node_modules/kept/x']);
});
