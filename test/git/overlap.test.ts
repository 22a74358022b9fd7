import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sinceBase } from '../../lib/core/change-from.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const begun = (commit: string) => sinceBase({ base: 'none', baseCommit: commit, branch: 'own' });

/** A repository with some files, and a worktree for each name. */
async function worktrees(box: Sandbox, ...names: string[]) {
  const root = await box.repository();
  const lines = Array.from({ length: 40 }, (_, n) => `line ${n}\n`).join('');
  mkdirSync(join(root, 'dir'));
  for (const name of ['one', 'two', 'three', 'dir/a', 'dir/b']) writeFileSync(join(root, name), lines + name);
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'files');
  const base = await box.git(root, 'rev-parse', 'HEAD');
  const git = createGit({ env: box.env });
  const scratch = join(box.folder, 'scratch');
  await git.scratch(scratch);
  const paths: string[] = [];
  for (const name of names) {
    const path = join(box.folder, name);
    await git.addWorktree(root, { path, branch: name, create: true, start: 'main' });
    paths.push(path);
  }
  const work = async (path: string) => {
    const [found] = await git.works(root, scratch, [{ worktree: path, from: begun(base) }]);
    if (found === undefined || found instanceof Error) throw found ?? new Error('nothing was found');
    return found;
  };
  return { root, base, git, scratch, lines, paths, work };
}

test('a work is the worktree as it is, and leaves worktree, index and repository alone', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, scratch, lines, paths, work, base } = await worktrees(box, 'w');
  const w = paths[0] ?? '';
  assert.deepEqual((await work(w)).changes, []);
  assert.equal((await work(w)).id, `${await box.git(w, 'rev-parse', 'HEAD^{tree}')}:${base}`);
  writeFileSync(join(w, 'committed'), 'x\n');
  await box.git(w, 'add', '.');
  await box.git(w, 'commit', '-q', '-m', 'c');
  writeFileSync(join(w, 'staged'), 'x\n');
  await box.git(w, 'add', 'staged');
  writeFileSync(join(w, 'one'), `${lines}changed\n`);
  renameSync(join(w, 'two'), join(w, 'two é\n"moved"'));
  rmSync(join(w, 'three'));
  writeFileSync(join(w, '-x :(glob)*'), 'untracked\n');
  symlinkSync('/etc/passwd', join(w, 'link'));
  mkdirSync(join(w, 'inner'));
  await box.git(join(w, 'inner'), 'init', '-q');
  writeFileSync(join(w, 'inner', 'file'), 'x');
  const index = join(root, '.git', 'worktrees', 'w', 'index');
  const before = {
    bytes: readFileSync(index),
    time: statSync(index).mtimeMs,
    status: await box.git(w, 'status', '--porcelain'),
  };
  const objects = () => readdirSync(join(root, '.git', 'objects'), { recursive: true }).length;
  const stored = objects();
  const found = await work(w);
  assert.deepEqual(
    found.changes
      .map(({ path, from, gone }) => `${gone ? '-' : '+'}${path}${from === null ? '' : ` < ${from}`}`)
      .sort(),
    ['+-x :(glob)*', '+committed', '+link', '+one', '+staged', '+two é\n"moved" < two', '-three'],
  );
  assert.equal(objects(), stored, 'nothing is added to the repository');
  assert.equal(await box.git(w, 'status', '--porcelain'), before.status);
  assert.deepEqual(readFileSync(index), before.bytes);
  assert.equal(existsSync(`${index}.lock`), false);
  assert.equal(readdirSync(scratch).filter((name) => name.startsWith('index-')).length, 0);
  assert.equal((await work(w)).id, found.id, 'the same content has the same id');
  await box.git(w, 'add', 'one');
  assert.equal((await work(w)).commit, found.commit, 'staging changes nothing');
});

test('a lock on the index and a staged conflict are not in the way', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, lines, paths, work } = await worktrees(box, 'w');
  const w = paths[0] ?? '';
  const index = join(root, '.git', 'worktrees', 'w', 'index');
  writeFileSync(`${index}.lock`, '');
  writeFileSync(join(w, 'one'), `${lines}changed`);
  assert.deepEqual(
    (await work(w)).changes.map(({ path }) => path),
    ['one'],
  );
  rmSync(`${index}.lock`);
  writeFileSync(join(root, 'one'), 'theirs\n');
  await box.git(root, 'commit', '-q', '-a', '-m', 'theirs');
  await box.git(w, 'commit', '-q', '-a', '-m', 'ours');
  await assert.rejects(box.git(w, 'merge', 'main'));
  assert.deepEqual(
    (await work(w)).changes.map(({ path }) => path),
    ['one'],
  );
  chmodSync(join(w, 'two'), 0o755);
  assert.deepEqual(
    (await work(w)).changes.map(({ path }) => path),
    ['one', 'two'],
  );
});

test('a file changed in the second it was staged in, to a text as long, is seen', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, paths, work } = await worktrees(box, 'w');
  const w = paths[0] ?? '';
  const file = join(w, 'one');
  const second = (path: string) => Math.floor(statSync(path).ctimeMs / 1000);
  const index = join(root, '.git', 'worktrees', 'w', 'index');
  await until('both in one second', async () => {
    writeFileSync(file, 'staged');
    await box.git(w, 'add', 'one');
    const staged = second(file);
    writeFileSync(file, 'edited');
    return second(file) === staged && second(index) === staged;
  });
  const seen = second(file);
  await until('the second to be over', () => Date.now() / 1000 > seen + 1);
  const found = await work(w);
  await box.git(w, 'add', 'one');
  assert.equal((await work(w)).id, found.id);
});

test('conflicts as git would meet them, with uncommitted work, all pairs at once or one by one', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, git, scratch, lines, paths, work } = await worktrees(
    box,
    'top',
    'end',
    'other',
    'moved',
    'added',
  );
  const [top = '', end = '', other = '', moved = '', added = ''] = paths;
  writeFileSync(join(top, 'one'), `mine\n${lines}one`);
  writeFileSync(join(end, 'one'), `${lines}oneend\n`);
  writeFileSync(join(other, 'one'), `theirs\n${lines}one`);
  await box.git(moved, 'mv', 'dir', 'folder');
  writeFileSync(join(added, 'dir', 'c'), 'new\n');
  const commits = await Promise.all(paths.map(async (path) => (await work(path)).commit));
  const [a = '', b = '', c = '', d = '', e = ''] = commits;
  const pairs = [
    [a, b],
    [a, c],
    [d, e],
  ] as const;
  const told = await git.conflicts(root, scratch, pairs);
  assert.deepEqual(told.slice(0, 2), [[], ['one']]);
  assert.equal(told[2]?.length, 1, 'a file added to a folder that the other renamed');
  const missing = 'f'.repeat(40);
  assert.deepEqual(
    await git.conflicts(root, scratch, [
      [a, missing],
      [a, c],
    ]),
    [null, ['one']],
  );
  assert.deepEqual(await git.conflicts(root, scratch, []), []);
  assert.equal(await box.git(root, 'status', '--porcelain'), '');
});

test('one worktree that cannot be read does not hide the others', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const { root, base, git, scratch, paths } = await worktrees(box, 'a', 'b', 'c');
  rmSync(join(paths[1] ?? '', '.git'));
  writeFileSync(join(paths[2] ?? '', 'x'), 'x');
  const found = await git.works(
    root,
    scratch,
    paths.map((worktree) => ({ worktree, from: begun(base) })),
  );
  assert.deepEqual(
    found.map((each) => (each instanceof Error ? each.message : each.changes.map(({ path }) => path).join())),
    ['', (found[1] as Error).message, 'x'],
  );
  assert.match((found[1] as Error).message, /not a git repository/);
  assert.deepEqual(await git.works(root, scratch, []), []);
});

test('a scratch that was lost is another one', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const git = createGit({ env: box.env });
  const folder = join(box.folder, 'scratch');
  const id = await git.scratch(folder);
  assert.equal(await git.scratch(folder), id);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  rmSync(join(folder, 'objects'), { recursive: true });
  assert.notEqual(await git.scratch(folder), id);
});
