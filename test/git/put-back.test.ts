import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sandbox } from '../helpers/sandbox.ts';

test('what changed between two moments is taken back: content, modes, links, folders; index and HEAD stay', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const git = createGit({ env: box.env });
  const path = (name: string) => join(root, name);
  mkdirSync(path('dir'));
  writeFileSync(path('dir/file'), 'in a folder\n');
  writeFileSync(path('committed'), 'one\n');
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'more');
  writeFileSync(path('committed'), 'edited\n');
  writeFileSync(path('staged'), 'staged\n');
  await box.git(root, 'add', 'staged');
  writeFileSync(path('untracked'), 'mine\n');
  symlinkSync('untracked', path('link'));
  writeFileSync(path('.git/info/exclude'), 'ignored\n');
  writeFileSync(path('ignored'), 'ignored\n');
  const status = await box.git(root, 'status', '--porcelain');
  const before = await git.keepWork(root, 'refs/pitwall/test/before');

  writeFileSync(path('committed'), 'by another\n');
  chmodSync(path('README.md'), 0o755);
  rmSync(path('untracked'));
  rmSync(path('link'));
  symlinkSync('/etc/hostname', path('link'));
  rmSync(path('dir'), { recursive: true });
  writeFileSync(path('dir'), 'a file now\n');
  mkdirSync(path('new/deep'), { recursive: true });
  writeFileSync(path('new/deep/ü -x\n'), 'new\n');
  const after = await git.keepWork(root, 'refs/pitwall/test/after');
  assert.deepEqual(
    [...(await git.changedBetween(root, before, after))].sort(),
    ['README.md', 'committed', 'dir', 'dir/file', 'link', 'new/deep/ü -x\n', 'untracked'].sort(),
  );
  await git.putBack(root, before, after);
  assert.equal(
    await git.treeOf(root, await git.keepWork(root, 'refs/pitwall/test/again')),
    await git.treeOf(root, before),
  );
  assert.equal(await box.git(root, 'status', '--porcelain'), status);
  assert.equal(readFileSync(path('committed'), 'utf8'), 'edited\n');
  assert.equal(lstatSync(path('README.md')).mode & 0o111, 0);
  assert.deepEqual([existsSync(path('new')), existsSync(path('ignored'))], [false, true]);
  // Nothing behind a link that took the place of a folder.
  const outside = join(box.folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'kept'), 'x');
  mkdirSync(path('place'));
  writeFileSync(path('place/kept'), 'x');
  const third = await git.keepWork(root, 'refs/pitwall/test/third');
  renameSync(path('place'), path('moved'));
  symlinkSync(outside, path('place'));
  await git.putBack(root, before, third);
  assert.equal(existsSync(join(outside, 'kept')), true);
});
