import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Change,
  judgePair,
  overlapsOf,
  type PairOverlap,
  planPairs,
  type Work,
  weightOf,
} from '../../lib/core/overlap/overlap.ts';

const change = (path: string, given: Partial<Change> = {}): Change => ({
  path,
  from: null,
  gone: false,
  ...given,
});

let works = 0;
function work(changes: readonly (string | Change)[], base = 'b0'): Work {
  works += 1;
  const list = changes.map((each) => (typeof each === 'string' ? change(each) : each));
  return { id: `${works.toString(16)}:${base}`, commit: 'c'.repeat(40), base, changes: list };
}

function pairOf(a: Work, b: Work) {
  const { due } = planPairs(
    new Map([
      ['a', a],
      ['b', b],
    ]),
    [],
  );
  const [pair] = due;
  assert.ok(pair);
  return pair;
}

test('shares: of the smaller set, and what they mean', () => {
  const ten = Array.from({ length: 10 }, (_, index) => `f${index}`);
  assert.equal(pairOf(work(['f1']), work(ten)).share, 1);
  assert.equal(pairOf(work(['f1', 'x', 'y', 'z']), work(ten)).share, 0.25);
  assert.equal(pairOf(work(['x']), work(ten)).share, 0);
  assert.equal(pairOf(work([]), work(ten)).share, 0);
  for (const [share, weight] of [
    [0, 'fine'],
    [0.199, 'fine'],
    [0.2, 'look'],
    [0.5, 'look'],
    [0.501, 'serial'],
    [1, 'serial'],
  ] as const)
    assert.equal(weightOf(share), weight, String(share));
});

test('a rename counts under both names', () => {
  const renamed = work([change('new', { from: 'old' })]);
  assert.deepEqual(pairOf(renamed, work(['old', 'else'])).shared, ['old']);
  assert.deepEqual(pairOf(renamed, work(['new'])).shared, ['new']);
});

test('git is asked only where a conflict is possible', () => {
  const cases: readonly (readonly [string, Work, Work, boolean])[] = [
    ['nothing in common', work(['a/x']), work(['b/y']), false],
    ['beside each other', work(['a/x']), work(['a/y']), false],
    ['the same file', work(['a/x']), work(['a/x']), true],
    ['a file where the other has a folder', work(['a']), work(['a/x']), true],
    ['a folder the other renamed', work([change('new/x', { from: 'old/x' })]), work(['old/y']), true],
    ['a folder the other emptied', work([change('old/x', { gone: true })]), work(['old/deep/y']), true],
    ['renames elsewhere', work([change('new/x', { from: 'old/x' })]), work(['other/y']), false],
  ];
  for (const [name, a, b, asks] of cases) {
    assert.equal(pairOf(a, b).asks, asks, name);
    assert.equal(pairOf(b, a).asks, asks, `${name}, the other way round`);
  }
});

test('with other bases, a conflict counts only in files of both', () => {
  const pair = pairOf(work(['f'], 'b0'), work(['f'], 'b1'));
  assert.equal(judgePair(pair, ['drifted']).conflict, false);
  assert.deepEqual(judgePair(pair, ['f', 'drifted']).conflicts, ['f']);
  assert.equal(judgePair(pairOf(work(['f']), work(['f'])), ['f~HEAD']).conflict, true);
  assert.equal(judgePair(pair, null).conflict, null);
  assert.equal(judgePair(pairOf(work(['f']), work(['g'])), null).conflict, false);
});

test('after one of twenty changed, nineteen pairs are due', () => {
  const all = new Map(Array.from({ length: 20 }, (_, index) => [`t${index}`, work([`f${index % 5}`])]));
  const first = planPairs(all, []);
  assert.equal(first.due.length, 190);
  const known = first.due.map((pair) => judgePair(pair, []));
  assert.equal(planPairs(all, known).due.length, 0);
  const next = planPairs(new Map([...all, ['t7', work(['f1'])]]), known);
  assert.equal(next.due.length, 19);
  assert.equal(next.kept.length, 171);
});

test('a task sees what gets in its way, conflicts first, then the largest share', () => {
  const pair = (a: string, b: string, share: number, conflict: boolean | null): PairOverlap => ({
    a,
    b,
    key: '',
    shared: share > 0 ? 1 : 0,
    files: [],
    share,
    conflict,
    conflicts: [],
  });
  const pairs = [
    pair('me', 'some', 0.3, false),
    pair('all', 'me', 1, false),
    pair('me', 'stop', 0.1, true),
    pair('me', 'none', 0, false),
    pair('all', 'some', 1, true),
  ];
  assert.deepEqual(
    overlapsOf('me', pairs).map(({ task, weight, conflict }) => [task, weight, conflict]),
    [
      ['stop', 'fine', true],
      ['all', 'serial', false],
      ['some', 'look', false],
    ],
  );
});
