/** Comments stay on their lines, whatever is done around them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiffFile, parseDiff } from '../../lib/core/diff/diff.ts';
import { hunksOf } from '../../lib/core/diff/diff-hunks.ts';
import { applyChange, type Comment, noNotes, parseNotes, unsent } from '../../lib/core/review/review.ts';
import { mapLines, placeDraft, placeSent } from '../../lib/core/review/review-place.ts';
import { returnPrompt } from '../../lib/core/review/review-prompt.ts';

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Edit {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly file: DiffFile | null;
}

/** A random edit of unique lines, and its unified diff with `context` lines around each change. */
function edit(next: () => number): Edit {
  const before: string[] = [];
  const script: { readonly sign: ' ' | '+' | '-'; readonly text: string }[] = [];
  const size = Math.floor(next() * 40);
  const often = next() * 0.4;
  let made = 0;
  for (let line = 0; line < size; line += 1) {
    while (next() < often / 2) script.push({ sign: '+', text: `new ${made++}` });
    const text = `line ${line}`;
    before.push(text);
    script.push({ sign: next() < often ? '-' : ' ', text });
  }
  while (next() < often) script.push({ sign: '+', text: `new ${made++}` });
  const after = script.filter(({ sign }) => sign !== '-').map(({ text }) => text);
  const [file] = parseDiff(unified(script, Math.floor(next() * 4)));
  return { before, after, file: file ?? null };
}

function unified(
  script: readonly { readonly sign: string; readonly text: string }[],
  context: number,
): string {
  const near = script.map((_, at) =>
    script.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== ' '),
  );
  let [old, now] = [1, 1];
  let text = 'diff --git a/f b/f\n--- a/f\n+++ b/f\n';
  for (let at = 0; at < script.length; ) {
    const start = at;
    while (near[at]) at += 1;
    const lines = script.slice(start, at);
    const count = (skipped: string) => lines.filter(({ sign }) => sign !== skipped).length;
    if (lines.length > 0) {
      const [olds, news] = [count('+'), count('-')];
      text += `@@ -${olds === 0 ? old - 1 : old},${olds} +${news === 0 ? now - 1 : now},${news} @@\n`;
      text += lines.map(({ sign, text }) => `${sign}${text}\n`).join('');
      old += olds;
      now += news;
    } else {
      old += 1;
      now += 1;
      at += 1;
    }
  }
  return text;
}

test('a comment on lines that stayed is on the same lines after any edit', () => {
  for (let seed = 0; seed < 3000; seed += 1) {
    const next = random(seed);
    const { before, after, file } = edit(next);
    const hunks = file === null ? [] : hunksOf(file);
    for (let from = 1; from <= before.length; from += 1) {
      const to = Math.min(before.length, from + Math.floor(next() * 4));
      const was = before.slice(from - 1, to);
      const mapped = mapLines(hunks, from, to);
      const start = after.indexOf(was[0] ?? '');
      const kept = start >= 0 && was.every((line, index) => after[start + index] === line);
      const where = `seed ${seed}, lines ${from}-${to}`;
      assert.equal(mapped.changed, !kept, where);
      if (kept) assert.deepEqual([mapped.from, mapped.to], [start + 1, start + was.length], where);
      assert.ok(mapped.from >= 1 && mapped.to >= mapped.from && mapped.to <= after.length + 1, where);
    }
  }
});

const comment: Comment = {
  ...{ id: 'c1', path: 'f', side: 'new', from: 3, to: 3, lines: ['three'], text: 'why?' },
  ...{ round: null, commit: null },
};

const diff = (body: string, header = '--- a/f\n+++ b/f\n') =>
  parseDiff(`diff --git a/f b/f\n${header}${body}`);

test('a draft is found again by what its lines say, the nearest ones', () => {
  const shown = diff('@@ -1,3 +1,6 @@\n one\n+three\n two\n+x\n+three\n+y\n');
  const { from, to, addressed } = placeDraft({ ...comment, from: 4, to: 4 }, shown);
  assert.deepEqual([from, to, addressed], [5, 5, false]);
  assert.equal(placeDraft({ ...comment, lines: ['four'] }, shown).from, 3);
  assert.equal(placeDraft(comment, []).addressed, false);
});

test('a sent comment follows a rename and is addressed when its lines changed', () => {
  const renamed = parseDiff('diff --git a/f b/g\nsimilarity index 90%\nrename from f\nrename to g\n');
  assert.deepEqual(placeSent(comment, renamed, []), {
    ...{ comment, path: 'g', from: 3, to: 3, addressed: false },
  });
  const changed = diff('@@ -2,2 +2,2 @@\n two\n-three\n+3\n');
  assert.equal(placeSent(comment, changed, []).addressed, true);
  assert.equal(placeSent(comment, [], []).addressed, false);
  const gone = diff('@@ -1 +0,0 @@\n-three\n', 'deleted file mode 100644\n--- a/f\n+++ /dev/null\n');
  assert.equal(placeSent(comment, gone, []).addressed, true);
});

test('a comment on a removed line is open until the line is back', () => {
  const removed: Comment = { ...comment, side: 'old', from: 2, to: 2, lines: ['two'] };
  const whole = diff('@@ -1,3 +1,2 @@\n zero\n one\n-two\n');
  const open = placeSent(removed, diff('@@ -7 +7,2 @@\n x\n+y\n'), whole);
  assert.deepEqual([open.addressed, open.from], [false, 3]);
  assert.equal(placeSent(removed, diff('@@ -1 +1,2 @@\n one\n+two\n'), []).addressed, true);
});

test('notes are what their changes made of them, and damaged ones are none', () => {
  const other = { ...comment, id: 'c2', text: 'later' };
  const notes = [
    { kind: 'seen', path: 'f', id: 'blob' } as const,
    { kind: 'comment', comment } as const,
    { kind: 'comment', comment: { ...comment, text: 'how?' } } as const,
    { kind: 'sent', ids: ['c1'], round: 1, commit: 'a'.repeat(40) } as const,
    { kind: 'comment', comment: other } as const,
  ].reduce(applyChange, noNotes);
  assert.deepEqual(
    notes.comments.map(({ id, text, round }) => [id, text, round]),
    [
      ['c1', 'how?', 1],
      ['c2', 'later', null],
    ],
  );
  assert.deepEqual(parseNotes(JSON.stringify(notes)), notes);
  assert.deepEqual(
    unsent(notes).map(({ id }) => id),
    ['c2'],
  );
  const next = applyChange(notes, { kind: 'sent', ids: ['c2'], round: 2, commit: 'b'.repeat(40) });
  assert.deepEqual(
    next.comments.map(({ round }) => round),
    [1, 2],
  );
  assert.deepEqual(applyChange(notes, { kind: 'seen', path: 'f', id: null }).seen, {});
  for (const text of ['', '{', '[]', 'null', '{"version":2}', '{"version":1,"seen":{},"comments":[{}]}'])
    assert.equal(parseNotes(text), null, text);
});

test('the prompt numbers the comments and quotes their lines', () => {
  const at = (fields: Partial<Comment>) => {
    const made = { ...comment, ...fields };
    return { comment: made, path: made.path, from: made.from, to: made.to, addressed: false };
  };
  const long = Array.from({ length: 14 }, (_, index) => `l${index}`);
  assert.equal(
    returnPrompt([
      at({ path: 'z\x1b[31m', from: 1, to: 14, lines: long.map((line) => `${line}\r`), text: 'one\ntwo\n' }),
      at({ side: 'old' }),
    ]),
    [
      'Your change was reviewed. There are 2 comments:',
      '',
      '1. f, removed line 3',
      '   > three',
      '   why?',
      '',
      '2. z [31m, lines 1-14',
      ...long.slice(0, 12).map((line) => `   > ${line}`),
      '   > … 2 more',
      '   one',
      '   two',
    ].join('\n'),
  );
});
