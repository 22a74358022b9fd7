/** What a review says of its task in its first line, and above its footer, on terminals of any width. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineWidth } from '../../lib/ui/line.ts';
import type { ReviewMessage, ReviewReading } from '../../lib/ui/review-model.ts';
import { viewReview } from '../../lib/ui/review-view.ts';
import { keys, reading, reviewed } from '../fixtures/reviews.ts';

const read = (given: Partial<ReviewReading> = {}): ReviewMessage => ({
  kind: 'reading',
  reading: reading(given),
});

const drawn = (columns: number, rows: number, messages: readonly ReviewMessage[], ascii = false) =>
  viewReview(reviewed(columns, rows, messages, ascii).model).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

const header = (columns: number, given: Partial<ReviewReading>, ascii = false) =>
  drawn(columns, 24, [read(given)], ascii)[0];

const finding = { file: 'a.ts', line: 1, severity: 'normal', text: 'why' } as const;
const doubted: Partial<ReviewReading> = {
  round: 2,
  span: 'since',
  checks: 'failed',
  verdict: { state: 'changes', findings: [finding, finding], disputed: [{ finding, reason: 'so' }] },
};

test('a narrow header says the same in fewer words', () => {
  assert.match(
    header(140, doubted) ?? '',
    /^ add-search ◆ round 2 · 4 files \+6 −2 · checks failed · reviewer wants changes \(2 findings, 1 disputed\) +since last look$/,
  );
  assert.equal(
    header(80, doubted),
    ' add-search ◆ round 2 · +6 −2 · checks failed · wants changes   since last look',
  );
  assert.equal(header(60, doubted), ' add-search ◆ round 2 · checks failed · wants changes');
  const none = { checks: 'passed', verdict: { state: 'none', findings: [], disputed: [] } } as const;
  assert.equal(
    header(80, none),
    ' add-search ◆ first look · +6 −2 · checks ok · no verdict          against main',
  );
  assert.equal(header(60, none, true), ' add-search # first look - +6 -2 - checks ok - no verdict');
  assert.match(header(80, { ...doubted, working: ['one', 'two'] }) ?? '', /wants changes · ● at work$/);
});

test('the task in the way most has the sidebar’s sign at any width, its name where there is room', () => {
  const overlap = { task: 'parser-rewrite', files: 2, share: 0.34, weight: 'look', conflict: true } as const;
  assert.match(header(160, { ...doubted, overlap }) ?? '', /1 disputed\) · ⇄× parser-rewrite 34 % +since/);
  assert.match(header(80, { ...doubted, overlap }) ?? '', /^ add-search ◆ .* wants changes · ⇄×/);
  assert.match(header(80, { ...doubted, overlap }, true) ?? '', /^ add-search # .* wants changes - &x/);
  const plain = header(100, { overlap: { ...overlap, conflict: false } }) ?? '';
  assert.match(plain, /−2 · ⇄ parser-rewrite 34 % +against main$/);
  const fine = { ...overlap, conflict: null, weight: 'fine', share: 0.1 } as const;
  assert.doesNotMatch(header(100, { overlap: fine }) ?? '', /⇄/);
});

test('what kept it from landing comes first, in full where there is room', () => {
  const stopped = 'conflicts with main in src/search.ts, src/types.ts, README.md and 4 more';
  const given = { round: 2, span: 'since', checks: 'failed', stopped } as const;
  assert.match(
    header(160, given) ?? '',
    /^ add-search × did not land: conflicts with main in src\/search\.ts, src\/types\.ts, README\.… · round 2 · .* checks failed +since/,
  );
  assert.match(header(130, given) ?? '', /did not land: conflicts with main in src\/search\.t… · round 2/);
  assert.match(header(80, given) ?? '', /^ add-search × did not land · round 2 · .*checks failed +since/);
  assert.match(header(80, given, true) ?? '', /^ add-search x did not land - round 2/);
});

test('a header fits where there is any room', () => {
  const overlap = { task: 'other', files: 1, share: 1, weight: 'serial', conflict: true } as const;
  for (const columns of [40, 60, 80, 120, 200])
    for (const state of ['running', 'approve', 'changes', 'unsure', 'none'] as const) {
      const given = {
        ...doubted,
        verdict: { state, findings: [], disputed: [] },
        working: ['one'],
        overlap,
        stopped: 'why',
      };
      const [line = []] = viewReview(reviewed(columns, 24, [read(given)]).model);
      assert.equal(lineWidth(line), columns);
      if (columns >= 80) assert.doesNotMatch(line.map(({ text }) => text).join(''), /…/);
    }
});

test('a message has as many lines as it needs and the terminal has to spare', () => {
  const message =
    '/home/somebody/work/projects/app, which has main checked out, has files that are not committed (README.md); try: git -C /home/somebody/work/projects/app status';
  const failed: ReviewMessage = { kind: 'failed', message };
  const told = (columns: number, rows: number) =>
    drawn(columns, rows, [read(), ...keys('G'), failed]).slice(rows < 12 ? -2 : -5, rows < 12 ? -1 : -2);
  assert.deepEqual(told(80, 24), [
    ' ! /home/somebody/work/projects/app, which has main checked out, has files that',
    '   are not committed (README.md); try: git -C /home/somebody/work/projects/app',
    '   status',
  ]);
  assert.deepEqual(told(80, 12).slice(1), [
    ' ! /home/somebody/work/projects/app, which has main checked out, has files that',
    '   are not committed (README.md); try: git -C /home/somebody/work/projects/app…',
  ]);
  assert.deepEqual(told(80, 10), [
    ' ! /home/somebody/work/projects/app, which has main checked out, has files that…',
  ]);
  // The cursor at the end of the file stays in view above it.
  const { model } = reviewed(80, 24, [read(), ...keys('n', 'n'), { kind: 'resize', columns: 80, rows: 14 }]);
  assert.ok(model.lines.length > 10);
  const short = reviewed(80, 14, [read(), ...keys('n', 'n', 'G'), failed]).model;
  assert.ok(viewReview(short).some((line) => line.some(({ reverse }) => reverse)));
});

test('what a question means by y is said at any width', () => {
  for (const columns of [40, 60, 80, 120]) {
    const asked = (key: string) => drawn(columns, 24, [read(), ...keys(key)]).at(-1) ?? '';
    assert.match(asked('x'), /^ drop add-search.*\? .*y drops it/);
    assert.match(asked('l'), /^ (approve|land) add-search.*\? .*y lands it/);
  }
});
