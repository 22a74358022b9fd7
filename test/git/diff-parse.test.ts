/** The parser of diffs against what git really prints. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sinceCommit } from '../../lib/core/change-from.ts';
import { type DiffFile, parseDiff } from '../../lib/core/diff/diff.ts';
import { hunksOf, rawLines } from '../../lib/core/diff/diff-hunks.ts';
import { sandbox } from '../helpers/sandbox.ts';

const lines = (count: number, word = 'line') =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}\n`).join('');

/** A repository with some files committed; `read` gives the worktree's change as files by name. */
async function changed(t: TestContext, committed: Readonly<Record<string, string | Buffer>>) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const git = createGit({ env: box.env });
  const write = (name: string, text: string | Buffer) => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const [name, text] of Object.entries(committed)) write(name, text);
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-qm', 'files');
  const base = (await box.git(root, 'rev-parse', 'HEAD')).trim();
  const text = async () => (await git.readDiff(root, sinceCommit(base))).text;
  const read = async (): Promise<ReadonlyMap<string, DiffFile>> =>
    new Map(parseDiff(await text()).map((file) => [file.path, file]));
  return { box, root, git, write, base, read, text };
}

test('changed, new and deleted files are told with their lines', async (t) => {
  const { root, write, read } = await changed(t, { 'a.txt': lines(30), 'gone.txt': '-- a/x\n++ b/y\n' });
  write('a.txt', lines(30).replace('line 3\n', 'line three\nand more\n').replace('line 28\n', ''));
  write('src/new.txt', '@@ -1 +1 @@\ndiff --git a/q b/q\n');
  rmSync(join(root, 'gone.txt'));
  const files = await read();
  assert.deepEqual([...files.keys()], ['a.txt', 'gone.txt', 'src/new.txt']);
  const a = files.get('a.txt');
  assert.ok(a);
  assert.deepEqual([a.change, a.insertions, a.deletions, a.from, a.modes], ['modified', 2, 2, null, null]);
  const [first, second] = hunksOf(a);
  assert.deepEqual([first?.oldStart, first?.newStart, second?.oldStart, second?.newStart], [1, 1, 25, 26]);
  assert.deepEqual(
    first?.lines.slice(2, 5).map(({ kind, old, new: now, text }) => [kind, old, now, text]),
    [
      ['deleted', 3, null, 'line 3'],
      ['added', null, 3, 'line three'],
      ['added', null, 4, 'and more'],
    ],
  );
  const gone = files.get('gone.txt');
  assert.deepEqual([gone?.change, gone?.insertions, gone?.deletions], ['deleted', 0, 2]);
  assert.deepEqual(gone && hunksOf(gone)[0]?.lines.map(({ text }) => text), ['-- a/x', '++ b/y']);
  const added = files.get('src/new.txt');
  assert.deepEqual([added?.change, added?.insertions, added?.from], ['added', 2, null]);
});

test('names with blanks, quotes, tabs, arrows and letters of every script', async (t) => {
  const names = ['a b', 'tab\there', 'quote"d', 'back\\slash', 'né – 日本', 'x b/x', 'new\nline', 'bell\x07'];
  const { root, write, read } = await changed(t, Object.fromEntries(names.map((name) => [name, lines(9)])));
  for (const name of names) write(name, lines(10));
  assert.deepEqual([...(await read()).keys()].sort(), [...names].sort());
  for (const name of names) {
    write(name, lines(9));
    chmodSync(join(root, name), 0o755);
  }
  const modes = await read();
  assert.deepEqual([...modes.keys()].sort(), [...names].sort());
  assert.deepEqual(modes.get('x b/x')?.modes, ['100644', '100755']);
});

test('renames and copies, alone and with changes', async (t) => {
  const { box, root, write, read, text } = await changed(t, { 'old name': lines(40), 'b"q': lines(40, 'b') });
  renameSync(join(root, 'old name'), join(root, 'new name'));
  renameSync(join(root, 'b"q'), join(root, 'c"q'));
  write('c"q', lines(41, 'b'));
  const files = await read();
  assert.deepEqual(
    [...files.values()].map(({ path, from, change, insertions }) => [path, from, change, insertions]),
    [
      ['c"q', 'b"q', 'renamed', 1],
      ['new name', 'old name', 'renamed', 0],
    ],
    await text(),
  );
  await box.git(root, 'config', 'diff.renames', 'copies');
  renameSync(join(root, 'new name'), join(root, 'old name'));
  write('old name', lines(41));
  write('copy', lines(40));
  await box.git(root, 'add', '.');
  const copied = parseDiff(await box.git(root, 'diff', '--cached', '-C', 'HEAD', '--', 'copy', 'old name'));
  assert.deepEqual(
    copied.map(({ path, from, change }) => [path, from, change]),
    [
      ['copy', 'old name', 'copied'],
      ['old name', null, 'modified'],
    ],
  );
});

test('binary files, modes, empty files, links for files', async (t) => {
  const { root, write, read } = await changed(t, {
    'a.bin': Buffer.from([0, 1, 2]),
    run: 'x\n',
    empty: '',
    attribute: 'text\n',
    '.gitattributes': 'attribute -diff\n',
  });
  write('a.bin', Buffer.from([0, 1, 3]));
  write('new.bin', Buffer.from([0, 9]));
  write('attribute', 'other\n');
  chmodSync(join(root, 'run'), 0o755);
  rmSync(join(root, 'empty'));
  const files = await read();
  assert.deepEqual([...files.keys()], ['a.bin', 'attribute', 'empty', 'new.bin', 'run']);
  for (const name of ['a.bin', 'attribute', 'new.bin']) {
    const file = files.get(name);
    assert.ok(file?.binary, name);
    assert.deepEqual(hunksOf(file), []);
  }
  assert.deepEqual(files.get('run')?.modes, ['100644', '100755']);
  assert.equal(files.get('empty')?.change, 'deleted');
  const before = files.get('a.bin')?.id;
  write('a.bin', Buffer.from([0, 1, 4]));
  assert.notEqual((await read()).get('a.bin')?.id, before);
});

test('no newline at the end, carriage returns, a line of a megabyte', async (t) => {
  const { write, read } = await changed(t, { open: 'a\nb', dos: 'a\r\nb\r\n', long: `${'x'.repeat(1e6)}\n` });
  write('open', 'a\nb\n');
  write('dos', 'a\r\nc\r\n\r\n');
  write('long', `${'x'.repeat(1e6)}y\n`);
  const files = await read();
  const told = (name: string) => {
    const file = files.get(name);
    return file ? hunksOf(file).flatMap((hunk) => hunk.lines) : [];
  };
  assert.deepEqual(
    told('open').map(({ kind, text, open }) => [kind, text, open]),
    [
      ['context', 'a', false],
      ['deleted', 'b', true],
      ['added', 'b', false],
    ],
  );
  assert.deepEqual(
    told('dos').map(({ text }) => text),
    ['a\r', 'b\r', 'c\r', '\r'],
  );
  assert.deepEqual(
    told('long').map(({ text }) => text.length),
    [1e6, 1e6 + 1],
  );
});

test('a file with all its lines, renamed or with a name that looks like a pattern', async (t) => {
  const { root, git, base, write } = await changed(t, { 'old [x]*': lines(80), other: lines(9) });
  renameSync(join(root, 'old [x]*'), join(root, 'new [x]*'));
  write('new [x]*', lines(80).replace('line 40\n', 'line forty\n'));
  write('other', lines(10));
  const { text } = await git.readDiff(root, sinceCommit(base), ['old [x]*', 'new [x]*']);
  const [file, ...more] = parseDiff(text);
  assert.ok(file);
  assert.deepEqual([file.path, file.from, more.length], ['new [x]*', 'old [x]*', 0]);
  assert.equal(hunksOf(file).flatMap((hunk) => hunk.lines).length, 81);
});

test('a submodule shows its commits', async (t) => {
  const { box, root, write, read } = await changed(t, { 'a.txt': 'a\n' });
  write('fresh', '');
  const inner = await box.repository('inner');
  await box.git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'sub');
  const files = await read();
  assert.equal(files.get('fresh')?.change, 'added');
  const file = files.get('sub');
  assert.ok(file?.submodule);
  assert.match(hunksOf(file)[0]?.lines[0]?.text ?? '', /^Subproject commit [0-9a-f]{40}$/);
});

test('files git could not merge are named and shown as git wrote them', async (t) => {
  const { box, root, write, read } = await changed(t, { 'both.txt': 'start\n' });
  await box.git(root, 'checkout', '-qb', 'other');
  write('both.txt', 'theirs\n');
  await box.git(root, 'commit', '-qam', 'theirs');
  await box.git(root, 'checkout', '-q', 'main');
  write('both.txt', 'ours\n');
  await box.git(root, 'commit', '-qam', 'ours');
  await assert.rejects(box.git(root, 'merge', 'other'));
  assert.ok((await read()).has('both.txt'));
  const combined = parseDiff(await box.git(root, 'diff'));
  assert.deepEqual(
    combined.map(({ path, combined }) => [path, combined]),
    [['both.txt', true]],
  );
  const [file] = combined;
  assert.ok(file);
  assert.deepEqual(hunksOf(file), []);
  assert.ok(rawLines(file).some((line) => line === '++<<<<<<< HEAD'));
});

test('the configuration of the person does not change the form', async (t) => {
  const { box, root, write, text } = await changed(t, { 'a.txt': lines(30) });
  write('a.txt', lines(31));
  const before = await text();
  for (const [key = '', value = ''] of [
    ['diff.noprefix', 'true'],
    ['diff.mnemonicPrefix', 'true'],
    ['color.ui', 'always'],
    ['diff.external', 'false'],
    ['diff.submodule', 'log'],
    ['diff.renames', 'false'],
  ])
    await box.git(root, 'config', key, value);
  assert.equal(await text(), before);
  assert.deepEqual(parseDiff(''), []);
  assert.deepEqual(parseDiff('nothing\n@@ -1 +1 @@\n'), []);
});
