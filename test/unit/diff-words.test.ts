import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Range, wordMarks } from '../../lib/core/diff/diff-words.ts';

const marked = (line: string, ranges: readonly Range[]) => ranges.map(([from, to]) => line.slice(from, to));

const table: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['return docs.filter(x);', 'return docs.map(x);', ['filter'], ['map']],
  ['const a = 1;', 'const a = 1; // one', [], [' // one']],
  ['a same b', 'c same d', ['a', 'b'], ['c', 'd']],
  ['naïve café', 'naïve tea', ['café'], ['tea']],
  ['if (a && b) {', 'if (a || b) {', ['&&'], ['||']],
  ['nothing alike', 'wholly different words', [], []],
  ['the same', 'the same', [], []],
  ['', 'new', [], []],
  ['tail\r', 'tail', ['\r'], []],
];

test('the words that differ are marked, and none in lines with little in common', () => {
  for (const [before, after, gone, come] of table) {
    const marks = wordMarks(before, after);
    assert.deepEqual(marked(before, marks.before), gone, `${before} → ${after}`);
    assert.deepEqual(marked(after, marks.after), come, `${before} → ${after}`);
  }
});

test('of a line without end what stands between its equal ends is marked', () => {
  const line = (middle: string) => `${'a1, '.repeat(1000)}${middle}${' a1,'.repeat(1000)}`;
  const [before, after] = [line('one two'), line('only 👍 two')];
  const marks = wordMarks(before, after);
  assert.deepEqual(marked(before, marks.before), ['one']);
  assert.deepEqual(marked(after, marks.after), ['only 👍']);
  const [thumb, hand] = [line('👍'), line('👋')];
  assert.deepEqual(marked(hand, wordMarks(thumb, hand).after), ['👋']);
});

test('very long lines are compared in bounded time', () => {
  const start = performance.now();
  assert.deepEqual(wordMarks('x'.repeat(1e6), 'y'.repeat(1e6)), { before: [], after: [] });
  const words = (sign: string) => Array.from({ length: 900 }, (_, at) => `${sign}${at % 9}`).join(' ');
  wordMarks(words('a').slice(0, 2000), words('b').slice(0, 2000));
  assert.ok(performance.now() - start < 500);
});
