import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedFiles, pathWords } from '../../lib/core/overlap/named-paths.ts';

test('words of a prompt that may name files', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['fix the login redirect', []],
    ['Fix it. Then rest!', []],
    ['fix src/login.ts:12:3, please', ['src/login.ts']],
    ['see `./lib/a.ts` and (lib/a.ts)', ['lib/a.ts']],
    ['look at @src/search/ and "README.md".', ['src/search/', 'README.md']],
    ['the Makefile and README', ['Makefile', 'README']],
    ['read https://example.org/a.html', []],
    ['either/or is no file, but cheap to ask', ['either/or']],
    ['src/a.ts#L10-L20', ['src/a.ts']],
    ['v1.2 is out, e.g. 3.5', ['v1.2', 'e.g', '3.5']],
    ['src/größe.ts', ['src/größe.ts']],
    ['\u001b[31m/etc/passwd\u0007', ['31m/etc/passwd']],
  ];
  for (const [prompt, words] of cases) assert.deepEqual(pathWords(prompt), words, prompt);
});

test('a prompt without blanks is looked at in time', () => {
  for (const each of ['.', ':1', 'a/', 'a.']) assert.deepEqual(pathWords(each.repeat(1_000_000)), []);
});

test('files that words name: whole, by their end, by a folder', () => {
  const files = ['README.md', 'src/search.ts', 'src/deep/search.ts', 'src/a.ts', 'docs/x.md', 'research.ts'];
  const named = (prompt: string) => [...namedFiles(pathWords(prompt), files)].sort();
  assert.deepEqual(named('README.md'), ['README.md']);
  assert.deepEqual(named('search.ts'), ['src/deep/search.ts', 'src/search.ts']);
  assert.deepEqual(named('deep/search.ts'), ['src/deep/search.ts']);
  assert.deepEqual(named('src/deep/ docs/x.md'), ['docs/x.md', 'src/deep/search.ts']);
  assert.deepEqual(named('src/none.ts'), []);
  const many = Array.from({ length: 50 }, (_, index) => `p${index}/index.ts`);
  assert.deepEqual([...namedFiles(['index.ts'], many)], [], 'a word that fits everything names nothing');
});
