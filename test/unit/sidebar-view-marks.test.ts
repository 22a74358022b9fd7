import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewSidebar } from '../../lib/ui/sidebar-view.ts';
import { busyDesk, demoKeys, desk, task } from '../fixtures/desks.ts';
import { drawing, drawn, model } from '../helpers/drawing.ts';

test('nothing waits', () => {
  assert.equal(
    drawing(model(desk([task('one')]), 32, 14)),
    drawn(`
 app                   all clear
────────────────────────────────
 ● one                claude  4m

────────────────────────────────
 ⏎ go  n new  ? help
`),
  );
});

test('no task yet: what to press', () => {
  assert.equal(
    drawing(model(desk([]), 32, 14)),
    drawn(`
 app                   all clear
────────────────────────────────
 No task yet.
 Press n to start one.

────────────────────────────────
 n new  ? help
`),
  );
});

test('the selected row is reversed without colours; the mark of the window on screen stays beside it', () => {
  const shown = model(busyDesk(), 32, 30, { window: '@2' });
  const line = viewSidebar(shown).lines[2] ?? [];
  assert.deepEqual(line[0], { text: '▎', bold: true });
  assert.ok(
    line.slice(1).every((span) => span.reverse && span.color === undefined && span.dim === undefined),
  );
  const other = viewSidebar(shown).lines.filter((each) => each.some((span) => span.reverse));
  assert.equal(other.length, 1);
});

test('signs and colours are those of the kinds', () => {
  const find = (sign: string) =>
    viewSidebar(model(busyDesk(), 32, 30))
      .lines.flat()
      .find((span) => span.text === sign && !span.reverse);
  assert.deepEqual(find('?'), { text: '?', color: 'yellow', bold: true });
  assert.deepEqual(find('!'), { text: '!', color: 'red', bold: true });
  assert.deepEqual(find('◆'), { text: '◆', color: 'cyan' });
  assert.deepEqual(find('≡'), { text: '≡', color: 'blue' });
  assert.deepEqual(find('●'), { text: '●', color: 'green' });
  assert.deepEqual(find('·'), { text: '·', dim: true });
});

test('ASCII: nothing else is drawn', () => {
  const shown = drawing(model(busyDesk(), 60, 30, { ascii: true }));
  assert.match(shown, /^[\x20-\x7e\n]*$/);
  assert.match(shown, /^\|3 # add-search/m);
  assert.match(shown, /\+120 -14/);
});

test('filter: what is typed, what is found, the docket keeps its numbers', () => {
  assert.equal(
    drawing(model(busyDesk(), 32, 14, { mode: 'filter', filter: 'search' })),
    drawn(`
 app                   4 waiting
────────────────────────────────
▎3 ◆ add-search/gemini       31m
▎  search with ranking, index k…
─ 1 task ───────────────────────
▎◆ add-search                31m
▎  +120 −14  checks ok  5 files
▎  ◆ gemini  implementer     31m
▎  ◆ rev  reviewer           30m

────────────────────────────────
 /search                1 found
`),
  );
  assert.match(drawing(model(busyDesk(), 32, 14, { filter: 'search' })), /^ \/search +esc clears$/m);
  assert.match(drawing(model(busyDesk(), 32, 14, { filter: 'zz' })), /^ Nothing matches zz\.$/m);
});

test('help: every key and what the signs mean', () => {
  const shown = drawing(model(busyDesk(), 32, 34, { mode: 'help' }));
  for (const { key, words } of demoKeys)
    assert.ok(shown.includes(` ${key}`) && shown.includes(words.slice(0, 20)), key);
  assert.match(shown, /^ ◆ +done, with a change$/m);
  assert.match(shown, /^ q back$/m);
});

test('an error is one line and everything else stays', () => {
  const shown = drawing(model(busyDesk(), 32, 30, { error: 'tmux does not answer' }));
  assert.match(shown, /^ ! tmux does not answer$/m);
  assert.match(shown, /^ 1 \? fix-login/m);
});
