import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'rolldown';
import { appendInside } from '../../lib/demo/worktree.ts';
import { sandbox } from '../helpers/sandbox.ts';

test('nothing is written through links, out of the worktree or into .git', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const outside = join(box.folder, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'x.md'), 'mine\n');
  await symlink(outside, join(root, 'out'));
  await symlink('.git', join(root, 'hidden'));
  await symlink(join(outside, 'x.md'), join(root, 'file.md'));
  await symlink(join(outside, 'new'), join(root, 'dangling'));
  await writeFile(join(root, 'open.md'), 'no line feed');
  for (const path of ['out/x.md', 'out/deep/y.md', 'hidden/config.md', 'file.md', '../x.md', '.git/x.md'])
    await assert.rejects(appendInside(root, { path, text: 'bad\n' }), { code: 'Protected' }, path);
  await assert.rejects(appendInside(root, { path: 'dangling/x.md', text: 'bad\n' }));
  await assert.rejects(appendInside(root, { path: 'README.md/x.md', text: 'bad\n' }));
  assert.equal(await readFile(join(outside, 'x.md'), 'utf8'), 'mine\n');
  assert.deepEqual(await readdir(outside), ['x.md']);
  assert.equal(await appendInside(root, { path: 'open.md', text: 'more\n' }), 'changed');
  assert.equal(await readFile(join(root, 'open.md'), 'utf8'), 'no line feed\nmore\n');
});

test('two writers of one file lose nothing', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const script = join(box.folder, 'append.mjs');
  await build({
    input: 'lib/demo/worktree.ts',
    platform: 'node',
    output: { file: script, format: 'esm', codeSplitting: false },
  });
  const code = `import { appendInside } from ${JSON.stringify(script)};
    for (let n = 0; n < 100; n += 1) await appendInside(process.argv[1], { path: 'a/b.md', text: process.argv[2] + n + '\\n' });`;
  const ended = (child: ChildProcess) => new Promise((done) => child.on('exit', done));
  const writers = ['x', 'y'].map((name) =>
    ended(
      spawn(process.execPath, ['--input-type=module', '-e', code, root, name], {
        env: box.env,
        stdio: 'inherit',
      }),
    ),
  );
  assert.deepEqual(await Promise.all(writers), [0, 0]);
  const lines = (await readFile(join(root, 'a/b.md'), 'utf8')).split('\n').filter((line) => line !== '');
  assert.equal(new Set(lines).size, 200);
});
