/** What a review looks like. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineWidth } from '../../lib/ui/line.ts';
import type { ReviewMessage } from '../../lib/ui/review-model.ts';
import { viewReview } from '../../lib/ui/review-view.ts';
import { keys, reading, reviewed, typed } from '../fixtures/reviews.ts';

const shown: ReviewMessage = { kind: 'reading', reading: reading() };

const drawn = (columns: number, rows: number, messages: readonly ReviewMessage[], ascii = false) =>
  viewReview(reviewed(columns, rows, messages, ascii).model).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

const commented = [...keys('n', 'n', 'j', 'c'), ...typed('what if terms is empty?'), ...keys('enter')];

test('80x24: files, one side, a comment below its line', () => {
  assert.equal(
    drawn(80, 24, [shown, ...commented])
      .join('\n')
      .replaceAll(/\n {22}│$/gm, ''),
    `
 add-search ◆ first look · 4 files +6 −2                           against main
──────────────────────┬─────────────────────────────────────────────────────────
   docs/R…ME.md moved │ src/search.ts                                 +4−2  3/4
   logo.png    binary │ @@ -40,5 +40,7 @@ import { tokenize } from './tokens.ts…
▸  src/s…h.ts 1¶ +4−2 │  40
   src/types.ts    +2 │  41   export function rank(query: string, docs: Doc[]):…
                      │  42 -     return docs.filter((d) => d.text.includes(que…
                      │  42 +     const terms = tokenize(query);
                      │   ┊ 42 · you  what if terms is empty?
                      │  43 +     return docs.map((d) => ({ doc: d, score: scor…
                      │  44 +         .filter((hit) => hit.score > 0);
                      │  45   }
                      │  46
                      │ @@ -90,2 +92,2 @@ function score(doc: Doc, terms: Terms…
                      │  90 -   const weight = 1;
                      │  92 +   const weight = 2;
                      │  93     return weight * hits;
──────────────────────┴─────────────────────────────────────────────────────────
 c comment  space seen  r return 1 comment  n file  J hunk  t task  ? help`.slice(1),
  );
});

test('200x50: both sides, changed words underlined', () => {
  const messages = [shown, ...keys('n', 'n', 'J')];
  const lines = drawn(200, 50, messages);
  assert.equal(lines.length, 50);
  const diff = lines.slice(6, 13).map((line) => line.slice(41).replaceAll(/ {2,}/g, '  ').trimEnd());
  assert.deepEqual(diff, [
    '  42 -  return docs.filter((d) => d.text.includes(query));  │  42 +  const terms = tokenize(query);',
    '  │  43 +  return docs.map((d) => ({ doc: d, score: score(d, terms) }))',
    '  │  44 +  .filter((hit) => hit.score > 0);',
    '  43  }  │  45  }',
    '  44  │  46',
    ' @@ -90,2 +92,2 @@ function score(doc: Doc, terms: Terms): number {',
    '  90 -  const weight = 1;  │  92 +  const weight = 2;',
  ]);
  const { model } = reviewed(200, 50, [...messages, ...keys('j')]);
  const marked = viewReview(model).flatMap((line) => line.filter(({ underline }) => underline));
  assert.deepEqual(
    marked.map(({ text, color }) => [text, color]),
    [
      ['1', 'red'],
      ['2', 'green'],
    ],
  );
});

test('nothing of a line is hidden, and a new file has one side', () => {
  const lines = drawn(200, 12, [shown, ...keys('n', 'n', 'n')]);
  assert.equal(
    lines[4]?.slice(41),
    '   1 + export interface Doc { readonly text: string } // 文書 <U+202E>esrever',
  );
  assert.equal(lines[5]?.slice(41), "   2 + export const clear = '^[[2J';^M ⏎ no newline");
});

test('below 80 columns the files or the diff, in ASCII where that is all', () => {
  assert.deepEqual(drawn(60, 10, [shown, ...keys('tab', 'j')]).slice(1, 5), [
    '   docs/README.md                                     moved',
    '▸  logo.png                                          binary',
    '   src/search.ts                                       +4−2',
    '   src/types.ts                                          +2',
  ]);
  assert.equal(
    drawn(60, 10, [shown, ...keys('tab')]).at(-1),
    ' tab diff  space seen  a approve  r return  n file  ? help',
  );
  const ascii = drawn(60, 14, [shown, ...commented], true);
  assert.ok(
    ascii.every((line) => /^[ -~]*$/.test(line)),
    ascii.join('\n'),
  );
});

test('what else there is to say of a file', () => {
  assert.equal(drawn(80, 24, [shown])[3]?.slice(23), ' renamed from README.md');
  assert.equal(drawn(80, 24, [shown, ...keys('n')])[3]?.slice(23), ' binary file, modified');
  const diff = 'diff --git a/run b/run\nold mode 100644\nnew mode 100755\n';
  const mode: ReviewMessage = { kind: 'reading', reading: reading({ diff }) };
  assert.equal(drawn(80, 24, [mode])[3]?.slice(23), ' mode 100644 is now 100755');
  const none: ReviewMessage = { kind: 'reading', reading: reading({ diff: '', round: 2, span: 'since' }) };
  assert.match(drawn(80, 24, [none])[2] ?? '', /nothing changed since your last look; w shows the whole/);
  assert.match(drawn(80, 24, []).join('\n'), /add-search ◆ reading the change/);
});

test('every frame fills every terminal exactly', () => {
  const long = `diff --git a/l b/l\n--- a/l\n+++ b/l\n@@ -1 +1 @@\n-${'x'.repeat(1e6)}\n+${'文\t'.repeat(5e5)}\n`;
  const wide: ReviewMessage = { kind: 'reading', reading: reading({ diff: long }) };
  const begun = [...keys('c'), ...typed('文書'.repeat(60))];
  const scripts: readonly (readonly ReviewMessage[])[] = [
    [],
    [shown],
    [shown, ...commented],
    [shown, ...keys('n', 'n', 'right', 'right')],
    [shown, ...keys('?')],
    [shown, ...keys('t')],
    [shown, ...keys('x')],
    [shown, ...keys('r')],
    [wide],
    [wide, ...begun],
    [wide, ...keys('right', 'right', 'right')],
    [shown, { kind: 'failed', message: `no\n${'way '.repeat(90)}` }],
  ];
  for (const columns of [1, 2, 7, 21, 40, 79, 80, 81, 120, 159, 160, 201])
    for (const rows of [1, 2, 3, 5, 11, 12, 24])
      for (const ascii of [false, true])
        for (const [index, messages] of scripts.entries()) {
          const lines = viewReview(reviewed(columns, rows, messages, ascii).model);
          assert.equal(lines.length, rows, `${index} at ${columns}x${rows}`);
          for (const line of lines) assert.equal(lineWidth(line), columns, `${index} at ${columns}x${rows}`);
        }
});

test('a line without end is shown from where it changed; left and right show all of it', () => {
  const line = (middle: string) => `const x = {${'a:1,'.repeat(2000)}${middle}${'a:1,'.repeat(2000)}};`;
  const diff = `diff --git a/x.js b/x.js\n--- a/x.js\n+++ b/x.js\n@@ -1 +1 @@\n-${line('b:2,')}\n+${line('bee:3,')}\n`;
  const long: ReviewMessage = { kind: 'reading', reading: reading({ diff }) };
  const lines = drawn(100, 12, [long]);
  assert.match(lines[4] ?? '', / 1 - …a:1,a:1,a:1,b:2,a:1,/);
  assert.match(lines[5] ?? '', / 1 \+ …a:1,a:1,a:1,bee:3,a:1,/);
  const { model } = reviewed(100, 12, [long]);
  const marked = viewReview(model).flatMap((each) => each.filter(({ underline }) => underline));
  assert.deepEqual(
    marked.map(({ text }) => text),
    ['bee:3'],
  );
  assert.match(drawn(100, 12, [long, ...keys('right')])[4] ?? '', / 1 - = \{a:1/);
});

test('pictures of several signs are shown as such, other joiners are spelled out', () => {
  const diff = 'diff --git a/x b/x\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+👩‍👩‍👧 👩🏽‍🚀 pass‍word\n';
  const line = drawn(100, 12, [{ kind: 'reading', reading: reading({ diff }) }])[4] ?? '';
  assert.match(line, /\+ 👩‍👩‍👧 👩🏽‍🚀 pass<U\+200D>word$/);
});

test('a change beyond the edge is brought into sight in both lines alike; left shows where they begin', () => {
  const pair = (old: string, now: string): ReviewMessage => ({
    kind: 'reading',
    reading: reading({
      diff: `diff --git a/f.ts b/f.ts\n--- a/f.ts\n+++ b/f.ts\n@@ -1 +1 @@\n-${old}\n+${now}\n`,
    }),
  });
  const line = (end: string) => `export function f40(a: number, b: string) { return a + ${end}; }`;
  const both = (columns: number, message: ReviewMessage, ...more: readonly ReviewMessage[]) =>
    drawn(columns, 12, [message, ...more])
      .slice(4, 6)
      .map((row) => row.slice(row.indexOf('│') + 8));
  const ordinary = pair(line('40'), line('41'));
  assert.deepEqual(both(80, ordinary), [`…${line('40').slice(11)}`, `…${line('41').slice(11)}`]);
  const underlined = viewReview(reviewed(80, 12, [ordinary, ...keys('g')]).model).flatMap((each) =>
    each.filter(({ underline }) => underline),
  );
  assert.deepEqual(
    underlined.map(({ text }) => text),
    ['40', '41'],
  );
  assert.deepEqual(both(80, ordinary, ...keys('left')), [
    `${line('40').slice(0, 49)}…`,
    `${line('41').slice(0, 49)}…`,
  ]);
  assert.deepEqual(both(80, ordinary, ...keys('left', 'right')), both(80, ordinary));
  assert.deepEqual(both(80, ordinary, ...keys('right')), [
    `${line('40').slice(8, 57)}…`,
    `${line('41').slice(8, 57)}…`,
  ]);
  assert.deepEqual(both(100, ordinary), [line('40'), line('41')]);
  // Put in at the end, and of different length: what is common stays in one column.
  assert.deepEqual(both(80, pair(line('40'), `${line('40')} // ${'why '.repeat(20)}`)), [
    `…${line('40').slice(48)}`,
    `…${line('40').slice(48)} // why why why why why why why why…`,
  ]);
  // Too different for marks.
  const [head, tail] = ['x = '.repeat(14), 'lorem ipsum '.repeat(20)];
  const apart = both(80, pair(`${head}${tail}`, `${head}${tail.toUpperCase()}`));
  assert.deepEqual(
    apart.map((row) => row.slice(0, 24)),
    ['…x = x = x = lorem ipsum', '…x = x = x = LOREM IPSUM'],
  );
  const [, , , , row = ''] = drawn(200, 12, [
    pair(`\t\t文書 ${line('40')}${line('1')}`, `\t\t文書 ${line('40')}${line('2')}`),
  ]);
  assert.match(row, /│ {3}1 - ….* return a \+ 1; } *│ {3}1 \+ ….* return a \+ 2; }$/);
});
