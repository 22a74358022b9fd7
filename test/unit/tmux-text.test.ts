import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import {
  cleanPaste,
  commandText,
  escapeFormat,
  quoteWord,
  shellQuote,
} from '../../lib/core/tmux/tmux-text.ts';

for (const [text, wanted] of [
  ['fix-login', 'fix-login'],
  ['#(touch x)', '##(touch x)'],
  ['##{pane_id}', '####{pane_id}'],
] as const)
  test(`escapeFormat ${text}`, () => assert.equal(escapeFormat(text), wanted));

for (const [text, wanted] of [
  ['', '""'],
  ['a;', '"a;"'],
  ['say "$HOME" \\ ~', '"say \\"\\$HOME\\" \\\\ \\~"'],
  ['a\n  b\t\u001b', '"a\\012  b\\011\\033"'],
  ['修 é', '"修 é"'],
] as const)
  test(`quoteWord ${JSON.stringify(text)}`, () => assert.equal(quoteWord(text), wanted));

for (const [command, wanted] of [
  [['kill-pane', '-t', '%3'], 'kill-pane -t "%3"'],
  [['set-option', '-s', '@x', 'a b'], 'set-option -s @x "a b"'],
  [['bind-key', 'n', ';'], 'bind-key n ";"'],
  [['display-message', '$1', '{', '%if'], 'display-message "\\$1" "{" "%if"'],
] as const)
  test(`commandText ${command.join(' ')}`, () => assert.equal(commandText(command), wanted));

test('shellQuote gives a shell exactly the words', () => {
  const words = ['a b', "it's", '', '$HOME', '`id`', '-n', 'x;y', 'a\nb', '~', '*', '=ls', '修', '\\', '"'];
  const said = execFileSync('sh', ['-c', `printf '<%s>' ${shellQuote(words)}`], { encoding: 'utf8' });
  assert.equal(said, words.map((word) => `<${word}>`).join(''));
});

for (const [text, wanted] of [
  ['plain\ttext\n修 é 🙂\n', 'plain\ttext\n修 é 🙂\n'],
  ['a\u001b[201~b\u001b[200~c', 'abc'],
  ['a\u009b201~b', 'ab'],
  ['a\u001b[20\u001b[201~1~b', 'ab'],
  ['a\u001b[2\u001b[20\u001b[201~1~01~b', 'ab'],
  ['a\r\nb\rc', 'a\nb\nc'],
  ['a\u0000\u0003\u001b[31mb\u007f', 'a[31mb'],
] as const)
  test(`cleanPaste ${JSON.stringify(text)}`, () => assert.equal(cleanPaste(text), wanted));

test('nothing that is left can be made a paste mark by a second pass', () => {
  const once = cleanPaste('\u001b\u001b[201~[201~x\u001b\u0000[201~');
  assert.equal(cleanPaste(once), once);
  assert.ok(!once.includes('\u001b'));
});
