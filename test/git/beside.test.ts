import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sandbox } from '../helpers/sandbox.ts';

test('ignored files come back as they were, permissions too, and never by way of a link', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const git = createGit({ env: box.env });
  const at = (path: string) => join(root, path);
  writeFileSync(at('.gitignore'), '*.local\nbuild/\n');
  for (const folder of ['a', 'b', 'build']) mkdirSync(at(folder));
  for (const name of ['a/tracked', 'b/tracked']) writeFileSync(at(name), 'x');
  for (const name of ['run.local', 'a/one.local', 'b/two.local', 'build/out'])
    writeFileSync(at(name), `${name}\n`);
  chmodSync(at('run.local'), 0o750);
  await box.git(root, 'add', '--all');
  await box.git(root, 'commit', '-qm', 'all');
  const before = await git.beside(root);
  assert.deepEqual([...before.ignored.keys()].sort(), ['a/one.local', 'b/two.local', 'run.local']);
  const elsewhere = join(box.folder, 'elsewhere');
  mkdirSync(elsewhere);
  for (const path of ['run.local', 'a', 'b']) rmSync(at(path), { recursive: true });
  symlinkSync(elsewhere, at('b'));
  const wanted = ['run.local', 'a/one.local', 'b/two.local'];
  assert.deepEqual(await git.putBackBeside(root, before, wanted), ['run.local', 'a/one.local']);
  assert.equal(readFileSync(at('run.local'), 'utf8'), 'run.local\n');
  assert.equal(statSync(at('run.local')).mode & 0o777, 0o750);
  assert.equal(readFileSync(at('a/one.local'), 'utf8'), 'a/one.local\n');
  assert.throws(() => readFileSync(join(elsewhere, 'two.local')), /ENOENT/);
});
