/** Reading code for its colours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSyntax } from '../../lib/adapters/syntax.ts';
import { parsers } from '../../lib/adapters/syntax-languages.ts';
import { reviewColors } from '../../lib/app/review/review-colors.ts';
import { type Language, languageOf, type Token } from '../../lib/core/diff/syntax.ts';
import type { Tokens } from '../../lib/ui/review-lines.ts';
import { reading, reviewed } from '../fixtures/reviews.ts';

const syntax = createSyntax();

/** Each line with its tokens in brackets, the kind by its first letters. */
async function read(language: Language, text: string): Promise<readonly string[]> {
  const reader = (await syntax.grammar(language))();
  return text.split('\n').map((line) => marked(line, reader.read(line)));
}

function marked(line: string, tokens: readonly Token[]): string {
  let [out, at] = ['', 0];
  for (const { from, to, kind } of tokens) {
    out += `${line.slice(at, from)}[${kind.slice(0, 3)} ${line.slice(from, to)}]`;
    at = to;
  }
  return out + line.slice(at);
}

test('a language is known by the end of a name, or by the whole of it', () => {
  const known = (path: string) => languageOf(path);
  assert.deepEqual(
    ['src/a.ts', 'A.TSX', 'x/Dockerfile', 'Dockerfile.dev', 'Makefile', '.bashrc', 'go.mod', 'a.b.py'].map(
      known,
    ),
    ['typescript', 'typescript', 'dockerfile', 'dockerfile', 'makefile', 'shell', 'go', 'python'],
  );
  assert.deepEqual(
    ['LICENSE', 'a.', '', 'constructor', 'x.toString', '__proto__'].map(known),
    Array(6).fill(null),
  );
});

test('a comment or a text begun in one line goes on in the next', async () => {
  assert.deepEqual(await read('typescript', "const a = 'b'; /* if\n for */ return `x\ny z`"), [
    "[key const] [nam a] = [str 'b']; [com /* if]",
    '[com  for */] [key return] [str `x]',
    '[str y z`]',
  ]);
  assert.deepEqual(await read('python', 'def f():\n  """it\'s\n  if\n  """\n  return 1'), [
    '[key def] [nam f]():',
    '  [str """it\'s]',
    '[str   if]',
    '[str   """]',
    '  [key return] [con 1]',
  ]);
});

test('Markdown, PHP and data', async () => {
  assert.deepEqual(await read('markdown', '# A `b`\n- [x] **c** `d` [e](f)\n```ts\nif\n```\nx_y*z'), [
    '[hea # A `b`]',
    '[key - [x]] [hea **c**] [str `d`] [nam [e](f)]',
    '[str ```ts]',
    'if',
    '[str ```]',
    'x_y*z',
  ]);
  assert.deepEqual(await read('php', "echo $if . 'a'; # b\n#[Pure]"), [
    "[key echo] $if . [str 'a']; [com # b]",
    '[nam #][Pure]',
  ]);
  assert.deepEqual(await read('json', '{"a": [1, "b", true]}'), [
    '{[nam "a"]: [[con 1], [str "b"], [con true]]}',
  ]);
});

test('every grammar reads any text to its end, its tokens in order', async () => {
  const hostile = [
    '',
    '\t',
    '/* " \' ` """ <!-- ${ #{ %q{ <<EOF',
    'EOF',
    '\\',
    '}])>',
    '日本 👩‍👩‍👧 \u202e',
    '\u0000\u001b[2J',
    '='.repeat(5000),
    '<'.repeat(300),
    '('.repeat(300),
    '`${'.repeat(200),
    '#!/usr/bin/env x',
    '---',
    ':',
    '  - a: &b *c',
    '<a b="c',
    'end end end',
    '"\\',
    "'''",
    '@media (',
    'let x = |',
    'use v6',
    '=pod',
    '=cut',
    '__END__',
  ];
  for (const language of Object.keys(parsers) as Language[]) {
    const start = performance.now();
    const reader = (await syntax.grammar(language))();
    for (const line of [...hostile, ...hostile.toReversed()]) {
      let at = 0;
      for (const { from, to } of reader.copy().read(line)) {
        assert.ok(from >= at && to > from && to <= line.length, `${language}: ${line.slice(0, 40)}`);
        at = to;
      }
      reader.read(line);
    }
    assert.ok(performance.now() - start < 2000, language);
  }
});

const commented = `diff --git a/a.ts b/a.ts
index 1111111..2222222 100644
--- a/a.ts
+++ b/a.ts
@@ -2,3 +2,3 @@
 if for
-it's */
+it is */
 return 1
`;

async function colors(diff: string, text: string | null): Promise<Tokens> {
  const { model } = reviewed(100, 30, [{ kind: 'reading', reading: reading({ diff }) }]);
  return new Promise((resolve) => {
    const clock = { now: () => 0, sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)) };
    const redraw = () => resolve(of.of(model));
    const of = reviewColors({ syntax, clock }, { text: async () => text, redraw });
    assert.equal(of.of(model).size, 0, 'nothing is read before the first screen');
  });
}

const lines = (tokens: Tokens) => [...tokens].map(([line, each]) => marked(line.text, each));

test('what stands before a hunk in the file counts, on both sides', async () => {
  assert.deepEqual(lines(await colors(commented, '/* a\nif for\nit is */\nreturn 1\n')), [
    '[com if for]',
    "[com it's */]",
    '[com it is */]',
    '[key return] [con 1]',
  ]);
});

test('without the file, or when it is another by now, the hunk is read by itself', async () => {
  for (const text of [null, 'quite another\n'])
    assert.equal(lines(await colors(commented, text))[0], '[key if] [key for]');
});
