import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutEnd, cutMiddle, displayWidth, graphemes, padEnd, padStart } from '../../lib/core/cells.ts';
import { age, ageChangesIn, plain, speaksUtf8 } from '../../lib/core/text.ts';

const family = '👨‍👩‍👧‍👦';

test('width is counted in cells', () => {
  const widths: readonly (readonly [string, number])[] = [
    ['', 0],
    ['abc', 3],
    ['修复', 4],
    ['🚀', 2],
    [family, 2],
    ['e\u0301', 1],
    ['●◆≡×▎─…−', 8],
    ['ｶﾞ', 2],
    ['한글', 4],
    ['a\u200bb', 2],
  ];
  for (const [text, width] of widths) assert.equal(displayWidth(text), width, text);
});

test('sentences are cut at the end, never inside a character', () => {
  assert.equal(cutEnd('short', 5), 'short');
  assert.equal(cutEnd('a longer one', 8), 'a longe…');
  assert.equal(cutEnd('two words', 5), 'two…');
  assert.equal(cutEnd('修复登录', 5), '修复…');
  assert.equal(cutEnd('修复登录', 4), '修…');
  assert.equal(cutEnd(`${family}${family}`, 3), `${family}…`);
  assert.equal(cutEnd('e\u0301te\u0301', 2), 'e\u0301…');
  assert.equal(cutEnd('abc', 1), '…');
  assert.equal(cutEnd('abc', 0), '');
  assert.equal(cutEnd('abc', -3), '');
  assert.equal(cutEnd('abcdef', 4, '~'), 'abc~');
});

test('names are cut in the middle', () => {
  assert.equal(cutMiddle('very-long-task-name', 12), 'very-l…-name');
  for (let width = 0; width < 14; width += 1) {
    const cut = cutMiddle(`修复a登录${family}页面`, width);
    assert.ok(displayWidth(cut) <= width, `${width}: ${cut}`);
    assert.ok(cut === '' || width < 2 || displayWidth(cut) >= width - 2, `${width}: ${cut}`);
  }
});

test('padding counts cells', () => {
  assert.equal(padEnd('修', 4), '修  ');
  assert.equal(padStart('4m', 3), ' 4m');
  assert.equal(padEnd('long', 2), 'long');
});

test('hostile text is harmless', () => {
  assert.equal(plain('\x1b[31mred\x1b[0m'), 'red');
  assert.equal(plain('a\x1b]0;title\x07b'), 'ab');
  assert.equal(plain('a\x1b]52;c;never ended'), 'a');
  assert.equal(plain('one\r\n\ttwo\x00\x9b'), 'one two ');
  assert.equal(plain('safe\u202Eexe.txt'), 'safeexe.txt');
  assert.equal(plain('half \ud83d character'), 'half  character');
  assert.equal(plain('\x1b'), '');
  const zalgo = `a${'\u0301'.repeat(5000)}b`;
  assert.equal(displayWidth(zalgo), 2);
  assert.ok(
    graphemes(zalgo)
      .map((each) => each.text)
      .join('').length < 50,
  );
  assert.equal(displayWidth('\x1b[2Jx'), 1);
});

test('ages are said in one unit', () => {
  const table: readonly (readonly [number, string])[] = [
    [-5000, 'now'],
    [0, 'now'],
    [59_999, 'now'],
    [60_000, '1m'],
    [3_599_999, '59m'],
    [3_600_000, '1h'],
    [86_399_999, '23h'],
    [86_400_000, '1d'],
    [99 * 86_400_000, '99d'],
    [100 * 86_400_000, '14w'],
    [699 * 86_400_000, '99w'],
    [700 * 86_400_000, '1y'],
    [20_778 * 86_400_000, '56y'],
    [1e16, '99y'],
  ];
  for (const [ms, label] of table) {
    assert.equal(age(ms), label, String(ms));
    assert.ok(label.length <= 3);
  }
  assert.equal(age(Number.NaN), '?');
});

test('the time of the next label is exact', () => {
  for (const ms of [
    -2000, 0, 1, 59_999, 60_000, 61_500, 3_599_000, 3_600_000, 7_300_000, 86_400_000, 90_000_000,
    8_639_999_999, 8_640_000_000, 60_479_999_999, 60_480_000_000, 70_000_000_000,
  ]) {
    const until = ageChangesIn(ms);
    assert.equal(age(ms + until - 1), age(ms), String(ms));
    assert.notEqual(age(ms + until), age(ms), String(ms));
  }
  for (const never of [Number.NaN, 1e16]) assert.equal(ageChangesIn(never), Number.POSITIVE_INFINITY);
});

test('the locale decides about UTF-8', () => {
  assert.equal(speaksUtf8({ LANG: 'C.UTF-8' }), true);
  assert.equal(speaksUtf8({ LANG: 'en_US.utf8', LC_ALL: '' }), true);
  assert.equal(speaksUtf8({ LANG: 'C.UTF-8', LC_ALL: 'C' }), false);
  assert.equal(speaksUtf8({}), false);
});
