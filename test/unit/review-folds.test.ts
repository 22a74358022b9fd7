/** Folding in a review: hunks, and of a whole file the runs of lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDiff } from '../../lib/core/diff/diff.ts';
import type { ReviewMessage } from '../../lib/ui/review-model.ts';
import { viewReview } from '../../lib/ui/review-view.ts';
import { keys, reading, reviewed, typed } from '../fixtures/reviews.ts';

const shown: ReviewMessage = { kind: 'reading', reading: reading() };
const toSearch = keys('n', 'n');

const whole = parseDiff(`diff --git a/src/search.ts b/src/search.ts
index ${'3'.repeat(40)}..${'4'.repeat(40)} 100644
--- a/src/search.ts
+++ b/src/search.ts
@@ -1,13 +1,14 @@
${Array.from({ length: 9 }, (_, line) => ` before ${line + 1}\n`).join('')}-old
+new
+newer
 between
 after 1
 after 2
`)[0];
const unfolded: ReviewMessage = { kind: 'unfolded', path: 'src/search.ts', file: whole ?? null };

/** The rows of the diff below its title, the cursor's marked. */
function diff(...messages: readonly (readonly ReviewMessage[])[]): readonly string[] {
  const { model } = reviewed(100, 30, [shown, ...messages.flat()]);
  return viewReview(model)
    .slice(3)
    .map((line) => {
      const cursor = line.some(({ reverse }) => reverse) ? '>' : ' ';
      return cursor + line.map(({ text }) => text).join('');
    })
    .flatMap((line) => (line.includes('│') ? [`${line[0]}${line.split('│')[1]?.trimEnd()}`] : []))
    .filter((line) => line.trim() !== '');
}

test('z folds the hunk to its head, which says what is hidden, and opens it again', () => {
  const comment = [...keys('c'), ...typed('why?'), ...keys('enter')];
  const closed = diff(toSearch, comment, keys('z'));
  assert.equal(closed[0], ">▸@@ -40,5 +40,7 @@ · 8 lines +3 −1 · 1 comment import { tokenize } from './t…");
  assert.match(closed[1] ?? '', /^ {2}@@ -90,2/);
  assert.equal(closed.length, 5);
  assert.deepEqual(diff(toSearch, comment, keys('z', 'z', 'J')), diff(toSearch, comment, keys('g', 'J')));
});

test('J and K go over closed hunks, and Z closes or opens all', () => {
  const all = diff(toSearch, keys('Z'));
  assert.deepEqual(
    all.map((line) => line.slice(0, 3)),
    ['>▸@', ' ▸@'],
  );
  assert.match(diff(toSearch, keys('Z', 'J'))[1] ?? '', /^>▸@@ -90/);
  assert.match(diff(toSearch, keys('Z', 'J', 'K'))[0] ?? '', /^>▸@@ -40/);
  assert.match(diff(toSearch, keys('Z', 'J', 'J'))[0] ?? '', /^ {2}@@ -0,0/);
  assert.deepEqual(diff(toSearch, keys('Z', 'Z', 'J')), diff(toSearch, keys('g', 'J')));
  assert.equal(reviewed(100, 30, [shown, ...keys('z')]).model.notice, 'there is nothing to fold here');
});

test('a search opens the fold that hides what it found, and no other', () => {
  const found = diff(toSearch, keys('Z', 'g', '/'), typed('weight * hits'), keys('enter'));
  assert.match(found[0] ?? '', /^ ▸@@ -40/);
  assert.match(found.at(-1) ?? '', /^> +93 {5}return weight \* hits;/);
});

test('of a whole file runs of lines are folded, Z all long ones that did not change', () => {
  const outline = diff(toSearch, [unfolded], keys('Z', 'J'));
  assert.match(outline[1] ?? '', /▸ 9 unchanged lines$/);
  assert.match(outline[2] ?? '', /^> +10 - old/);
  assert.match(outline[5] ?? '', /between/);
  const change = diff(toSearch, [unfolded], keys('J', 'z'));
  assert.match(change[10] ?? '', /^> +▸ 3 lines \+2 −1$/);
  assert.match(change[11] ?? '', /between/);
});

test('what was read anew opens the folds of files that changed, and only theirs', () => {
  const next = reading().files.map((file) =>
    file.path === 'src/types.ts' ? { ...file, hunks: [0, 9] as const } : file,
  );
  const folded = [...toSearch, ...keys('Z', 'n', 'Z', 'p')];
  const { model } = reviewed(100, 30, [
    shown,
    ...folded,
    { kind: 'reading', reading: { ...reading(), files: next } },
  ]);
  assert.deepEqual(Object.keys(model.folds), ['src/search.ts']);
  assert.equal(model.lines.length, 2);
});
