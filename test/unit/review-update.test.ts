/** What the keys of a review do. */
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { parseDiff } from '../../lib/core/diff/diff.ts';
import { type Comment, noNotes, parseNotes } from '../../lib/core/review/review.ts';
import { type Placed, placeDraft } from '../../lib/core/review/review-place.ts';
import type { ReviewMessage } from '../../lib/ui/review-model.ts';
import { updateReview } from '../../lib/ui/review-update.ts';
import { viewReview } from '../../lib/ui/review-view.ts';
import { keys, reading, reviewed, typed } from '../fixtures/reviews.ts';

const shown: ReviewMessage = { kind: 'reading', reading: reading() };

const after = (...messages: readonly (readonly ReviewMessage[])[]) =>
  reviewed(100, 30, [shown, ...messages.flat()]);
const toSearch = keys('n', 'n');
const here = (...messages: readonly (readonly ReviewMessage[])[]) => {
  const { model } = after(...messages);
  const row = model.lines[model.row];
  const path = model.entries[model.file]?.path;
  return row?.kind === 'line'
    ? `${path} ${row.left?.text.trim() ?? ''}|${row.right?.text.trim() ?? ''}`
    : path;
};

test('J and K go from hunk to hunk, n and p from file to file', () => {
  assert.equal(here(keys('J')), 'src/search.ts return docs.filter((d) => d.text.includes(query));|');
  assert.equal(here(keys('J', 'J')), 'src/search.ts const weight = 1;|');
  assert.match(here(keys('J', 'J', 'J')) ?? '', /^src\/types\.ts \|export/);
  assert.equal(here(keys('J', 'J', 'J', 'K')), 'src/search.ts const weight = 1;|');
  assert.equal(here(keys('J', 'J', 'K', 'K', 'K')), here(keys('J')));
  assert.equal(here(keys('n', 'n', 'n', 'n', 'n', 'p')), here(toSearch));
  assert.equal(here(toSearch, keys('G')), 'src/search.ts return weight * hits;|return weight * hits;');
});

test('space marks a file seen and opens the next unseen; again it takes the mark back', () => {
  const { model, commands } = after(keys(' ', ' '));
  assert.equal(model.file, 2);
  assert.deepEqual(
    commands.map((command) => command.do === 'note' && command.change.kind === 'seen' && command.change.path),
    ['docs/README.md', 'logo.png'],
  );
  const all = after(keys(' ', ' ', ' ', ' '));
  assert.match(all.model.notice ?? '', /all files are seen/);
  assert.deepEqual(after(keys(' ', 'p', ' ')).model.notes.seen, {});
  const changed = reading({
    notes: { ...noNotes, seen: { 'logo.png': '1'.repeat(40), 'src/search.ts': '4'.repeat(40) } },
  });
  const again = reviewed(100, 30, [{ kind: 'reading', reading: changed }, ...keys(' ', ' ')]);
  assert.equal(again.model.entries[again.model.file]?.path, 'src/types.ts');
});

test('a comment is made on a line or a range, changed, and taken back', () => {
  const made = after(toSearch, keys('j', 'v', 'j', 'c'), typed('why?'), keys('enter'));
  const [comment] = made.model.notes.comments;
  assert.deepEqual(
    [comment?.id, comment?.path, comment?.side, comment?.from, comment?.to, comment?.text],
    ['s-1', 'src/search.ts', 'new', 42, 43, 'why?'],
  );
  assert.equal(comment?.lines.length, 2);
  const command = made.commands.at(-1);
  assert.ok(command?.do === 'note' && command.change.kind === 'comment');
  const changed = after(toSearch, keys('c'), typed('a'), keys('enter', 'c'), typed('b'), keys('enter'));
  assert.deepEqual(
    changed.model.notes.comments.map(({ side, from, text }) => [side, from, text]),
    [['old', 42, 'ab']],
  );
  const gone = after(toSearch, keys('c'), typed('a'), keys('enter', 'j', 'c', 'C-u', 'enter'));
  assert.deepEqual(gone.model.notes.comments, []);
  assert.match(after(toSearch, keys('g', 'c')).model.notice ?? '', /no line here/);
  assert.match(after(toSearch, keys('v', 'G', 'c')).model.notice ?? '', /follow each other/);
});

test('a comment on far too much is refused or cut, so that it can be read again', () => {
  const body = Array.from({ length: 3000 }, () => `+${'x'.repeat(3000)}\n`).join('');
  const diff = `diff --git a/l b/l\n--- /dev/null\n+++ b/l\n@@ -0,0 +1,3000 @@\n${body}`;
  const large: ReviewMessage = { kind: 'reading', reading: reading({ diff }) };
  assert.match(reviewed(100, 30, [large, ...keys('v', 'G', 'c')]).model.notice ?? '', /2000 lines at most/);
  const pasted: ReviewMessage = { kind: 'paste', text: 'y'.repeat(1e6) };
  const { model } = reviewed(100, 30, [large, ...keys('c'), pasted, ...keys('enter')]);
  assert.deepEqual(parseNotes(JSON.stringify(model.notes)), model.notes);
  assert.equal(placeDraft(model.notes.comments[0] ?? sent, model.reading?.files ?? []).from, 1);
});

test('escape keeps what was typed, a paste is typed, a lost terminal keeps the comment', () => {
  const left = [...toSearch, ...keys('c'), ...typed('half'), ...keys('escape')];
  assert.equal(after(left).model.notes.comments.length, 0);
  assert.equal(after(left, keys('c')).model.typed, 'half');
  const paste: ReviewMessage = { kind: 'paste', text: ' a\r\nq' };
  const pasted = after(left, keys('c'), [paste], keys('enter'));
  assert.equal(pasted.model.notes.comments[0]?.text, 'half a\nq');
  assert.deepEqual(after([paste]).commands, []);
  const lost = after(toSearch, keys('c'), typed('half'), [{ kind: 'hangup' }]);
  assert.deepEqual(
    lost.commands.map((command) => command.do),
    ['note', 'quit'],
  );
});

test('search goes on from hit to hit through all files and round', () => {
  const search = [...keys('/'), ...typed('doc'), ...keys('enter')];
  assert.match(here(search) ?? '', /^src\/search\.ts export function rank/);
  assert.match(here(search, keys('/', 'enter')) ?? '', /docs\.filter/);
  assert.match(here(search, keys('/', 'enter', '/', 'enter', '/', 'enter')) ?? '', /^src\/types\.ts/);
  assert.match(
    here(search, keys('/', 'enter', '/', 'enter', '/', 'enter', '/', 'enter')) ?? '',
    /^docs\/README/,
  );
  assert.match(here(search, keys(...Array(5).fill(['/', 'enter']).flat())) ?? '', /rank/);
  assert.equal(
    after(keys('/'), typed('logo.p'), keys('enter')).model.file,
    1,
    'names of files are found too',
  );
  const none = after(keys('/'), typed('Terms of use'), keys('enter')).model;
  assert.deepEqual([none.notice, none.file], ['not found: Terms of use', 0]);
  assert.equal(reviewed(80, 24, [...keys('/', 'x', 'enter')]).model.notice, 'not found: x');
});

test('the decisions: comments hold an approval back, a return needs words, a drop asks', () => {
  const decided = (...names: readonly string[]) => after(keys(...names)).commands;
  assert.deepEqual(decided('a'), [{ do: 'approve' }]);
  assert.deepEqual(decided('a', 'r', 'x', 'q'), [{ do: 'approve' }]);
  assert.deepEqual(decided('r', 'enter'), []);
  assert.deepEqual(decided('x', 'n', 'x', 'escape'), []);
  assert.deepEqual(decided('x', 'y'), [{ do: 'drop' }]);
  assert.deepEqual(after(keys('r'), typed('again'), keys('enter')).commands, [
    { do: 'return', text: 'again', ids: [] },
  ]);
  const commented = [...toSearch, ...keys('c'), ...typed('why?'), ...keys('enter')];
  assert.match(after(commented, keys('a')).model.notice ?? '', /1 comment not sent/);
  const sent = after(commented, keys('r')).commands.at(-1);
  assert.ok(sent?.do === 'return' && sent.ids.length === 1);
  assert.match(sent.text, /1\. src\/search\.ts, removed line 42\n {3}> .*docs\.filter.*\n {3}why\?$/);
  const failed = after(keys('a'), [{ kind: 'failed', message: 'busy' }], keys('a'));
  assert.equal(failed.commands.length, 2);
});

test('w needs an earlier look; e and d open the file at the line', () => {
  assert.deepEqual(after(keys('w')).commands, []);
  const second = reading({ round: 2, span: 'since', against: 'round 1' });
  assert.deepEqual(reviewed(100, 30, [{ kind: 'reading', reading: second }, ...keys('w')]).commands, [
    { do: 'read', span: 'whole' },
  ]);
  assert.deepEqual(after(toSearch, keys('j', 'e', 'd')).commands, [
    { do: 'edit', path: 'src/search.ts', line: 42 },
    { do: 'difftool', path: 'src/search.ts' },
  ]);
});

const sent: Comment = {
  ...{ id: 'c', path: 'lib/other.ts', side: 'new', from: 7, to: 7, lines: ['x'], text: 'still?' },
  ...{ round: 1, commit: 'a'.repeat(40) },
};
const open: Placed = { comment: sent, path: sent.path, from: 9, to: 9, addressed: false };

test('an open comment lists its file though nothing changed there', () => {
  const second = reading({ round: 2, placed: [open], notes: { ...noNotes, comments: [sent] } });
  const { model } = reviewed(100, 30, [
    { kind: 'reading', reading: second },
    ...keys('G', 'n', 'n', 'n', 'n'),
  ]);
  assert.equal(model.entries[model.file]?.path, 'lib/other.ts');
  const text = viewReview(model).map((line) => line.map((span) => span.text).join(''));
  assert.match(text.join('\n'), /nothing changed here[\s\S]*9 · round 1, still open {2}still\?/);
});

test('f shows the whole file and back, the cursor on its line', () => {
  const body = Array.from({ length: 60 }, (_, at) => ` line ${at + 1}\n`);
  const from = (lines: readonly string[], first: number, count: number) =>
    `diff --git a/l b/l\nindex 1..2 100644\n--- a/l\n+++ b/l\n@@ -${first},${count - 1} +${first},${count} @@\n${lines.join('')}`;
  const folded = from([...body.slice(37, 40), '+new\n', ...body.slice(40, 43)], 38, 7);
  const [file] = parseDiff(from([...body.slice(0, 40), '+new\n', ...body.slice(40)], 1, 61));
  assert.ok(file);
  const start = reviewed(100, 30, [{ kind: 'reading', reading: reading({ diff: folded }) }, ...keys('f')]);
  assert.deepEqual(start.commands, [{ do: 'unfold', path: 'l', from: null }]);
  const whole = updateReview(start.model, { kind: 'unfolded', path: 'l', file }).model;
  const cursor = ({ lines, row }: typeof whole) => {
    const at = lines[row];
    return at?.kind === 'line' ? at.right?.text : null;
  };
  assert.deepEqual([whole.lines.length, cursor(whole), whole.row - whole.top], [62, 'new', start.model.row]);
  const jumped = [...keys('g', 'J')].reduce((model, message) => updateReview(model, message).model, whole);
  assert.equal(cursor(jumped), 'new');
  const commented = [...keys('G', 'c'), ...typed('far'), ...keys('enter', 'g', 'j', 'j', 'f')];
  const back = commented.reduce((model, message) => updateReview(model, message).model, whole);
  assert.equal(back.lines.length, 9);
  assert.equal(back.notes.comments[0]?.from, 61);
  assert.match(after(keys('f')).commands.length === 1 ? 'asked' : '', /asked/);
  assert.match(after(keys('n', 'f')).model.notice ?? '', /no more of this file/);
});

test('ten thousand lines, five thousand files: a key is drawn at once', () => {
  const lines = (sign: string, word: string) =>
    Array.from(
      { length: 10_000 },
      (_, at) => `${sign}const value${at} = ${word}(${at}, 'of a usual length');\n`,
    ).join('');
  const large = `diff --git a/l b/l\n--- a/l\n+++ b/l\n@@ -1,10000 +1,10000 @@\n${lines('-', 'before')}${lines('+', 'after')}`;
  const many = Array.from(
    { length: 5000 },
    (_, at) => `diff --git a/f${at} b/f${at}\n--- a/f${at}\n+++ b/f${at}\n@@ -1 +1 @@\n-a\n+b\n`,
  ).join('');
  for (const diff of [large, many])
    for (const columns of [100, 200]) {
      const start = performance.now();
      let { model } = reviewed(columns, 50, [{ kind: 'reading', reading: reading({ diff }) }]);
      viewReview(model);
      const opened = performance.now() - start;
      const times: number[] = [];
      for (const message of keys(...'jjjnJjGkgJjpnjjKjjj'.split(''))) {
        const before = performance.now();
        model = updateReview(model, message).model;
        viewReview(model);
        times.push(performance.now() - before);
      }
      const middle = times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
      assert.ok(opened < 1000 && middle < 30, `opened in ${opened} ms, a key in ${middle} ms`);
    }
});
