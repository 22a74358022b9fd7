import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { chooseAnswer, type Dialog, sameDialog } from '../../lib/core/dialog/dialog.ts';
import { recogniser } from '../../lib/core/dialog/dialogs.ts';
import { parseScreen } from '../../lib/core/dialog/screen-lines.ts';

const folder = new URL('../fixtures/screens/', import.meta.url);

/** A screen as it was captured of the real program; every change is made to its lines. */
function seen(name: string, change: (lines: string[]) => string[] = (lines) => lines): Dialog | null {
  const lines = readFileSync(new URL(`${name}.txt`, folder), 'utf8').split('\n');
  return recogniser(name.split('-')[0] ?? '')(parseScreen(change(lines)), null);
}

const permissions: readonly (readonly [string, string, string, string])[] = [
  ['claude-permission', 'Do you want to proceed?', 'Yes', 'No'],
  ['claude-narrow', 'Do you want to proceed?', 'Yes', 'No'],
  ['claude-write', 'Do you want to create c.txt?', 'Yes', 'No'],
  [
    'codex-permission',
    'Would you like to run the following command?',
    'Yes, proceed (y)',
    'No, and tell Codex what to do differently (esc)',
  ],
  ['gemini-permission', 'Allow execution of [Shell]?', 'Allow once', 'No, suggest changes (esc)'],
  ['gemini-write', 'Apply this change?', 'Allow once', 'No, suggest changes (esc)'],
  ['qwen-permission', "Allow execution of: 'touch, npm'?", 'Yes, allow once', 'No, suggest changes (esc)'],
  ['qwen-write', 'Apply this change?', 'Yes, allow once', 'No, suggest changes (esc)'],
  [
    'copilot-permission',
    'Do you want to run this command?',
    'Yes',
    'No, and tell Copilot what to do differently (Esc to stop)',
  ],
  [
    'copilot-write',
    'Do you want to create /home/me/repos/app/b.txt?',
    'Yes',
    'No, and tell Copilot what to do differently (Esc to stop)',
  ],
  ['opencode-permission', '△ Permission required', 'Allow once', 'Reject'],
  ['opencode-wide', '△ Permission required', 'Allow once', 'Reject'],
  ['opencode-write', '△ Permission required', 'Allow once', 'Reject'],
];

for (const [name, question, yes, no] of permissions)
  test(`${name}: recognised, and yes and no are the options that allow once and deny`, () => {
    const dialog = seen(name);
    assert.ok(dialog);
    assert.equal(dialog.kind, 'permission');
    assert.equal(dialog.question, question);
    assert.equal(dialog.selected, 0);
    const taken = (reply: string) => {
      const choice = chooseAnswer(dialog, reply);
      return choice.take === 'option' ? dialog.options[choice.option]?.text : choice.take;
    };
    const denies = name.startsWith('copilot') ? 'escape' : no;
    assert.equal(dialog.options[dialog.no ?? -1]?.text, no);
    assert.deepEqual(
      [taken('yes'), taken('NO'), taken('maybe'), taken('')],
      [yes, denies, 'nothing', 'nothing'],
    );
    assert.match(dialog.about, /touch|hello|b\.txt/);
  });

const questions: readonly (readonly [string, readonly string[], boolean])[] = [
  ['claude-question', ['Red', 'Blue', 'Type something.', 'Chat about this'], true],
  ['gemini-question', ['Red', 'Blue', 'Enter a custom value'], true],
  ['copilot-question', ['Red', 'Blue', 'Other (type your answer)'], true],
  ['opencode-question', ['Red', 'Blue'], false],
];

for (const [name, options, free] of questions)
  test(`${name}: an option by its text, its number or its beginning; other words where it takes them`, () => {
    const dialog = seen(name);
    assert.ok(dialog);
    assert.equal(dialog.kind, 'question');
    assert.match(dialog.question, /^(?:Which colour do you want\?|Colour:)$/);
    assert.deepEqual(
      dialog.options.map((option) => option.text),
      options,
    );
    for (const reply of ['blue', '2', 'Blu'])
      assert.deepEqual(chooseAnswer(dialog, reply), { take: 'option', option: 1, text: null }, reply);
    const other = chooseAnswer(dialog, 'a light\ngreen');
    assert.equal(other.take, free ? 'option' : 'nothing');
    if (other.take === 'option') assert.deepEqual([other.option, other.text], [dialog.free, 'a light green']);
    else assert.match(other.take === 'nothing' ? other.why : '', /Red, Blue/);
  });

test('a moved selection is seen', () => {
  const down = (lines: string[]) =>
    lines.map((line) => line.replace(/^ ❯ 1/, '   1').replace(/^ {3}2/, ' ❯ 2'));
  const [before, after] = [seen('claude-permission'), seen('claude-permission', down)];
  assert.ok(before && after);
  assert.equal(after.selected, 1);
  assert.equal(before.sign, '❯ 1. Yes');
  assert.match(after.sign, /^❯ 2\. Yes, and/);
  assert.ok(sameDialog(before, after));
});

test('copilot-words: where words are typed, the line for them belongs to the dialog, and an idle input line does not', () => {
  const dialog = seen('copilot-words');
  assert.ok(dialog);
  assert.deepEqual([dialog.selected, dialog.free, dialog.options.length], [2, 2, 3]);
  assert.equal(dialog.question, seen('copilot-question')?.question);
  const idle = seen('copilot-words', (lines) => [
    ...lines,
    ' ← open sidebar · Interactive · Manual Approval',
  ]);
  assert.equal(idle, null);
});

test('another command under the same question is another dialog; a running clock is not', () => {
  const one = seen('claude-permission');
  const two = seen('claude-permission', (lines) =>
    lines.map((line) => line.replace('npm --version', 'rm -rf /')),
  );
  assert.ok(one && two && !sameDialog(one, two));
  const clock = seen('copilot-permission', (lines) => lines.map((line) => line.replace(/\d+s$/, '59s')));
  const start = seen('copilot-permission');
  assert.ok(clock && start && sameDialog(clock, start));
});

test('what is not known is not a dialog', () => {
  const refused: Record<string, Dialog | null> = {
    'the trust dialog': seen('claude-trust'),
    'an old dialog over an input line': seen('claude-permission', (lines) => [
      ...lines,
      '❯ ',
      '  ? for shortcuts',
    ]),
    'two marks': seen('claude-permission', (lines) =>
      lines.map((line) => line.replace('   3. No', ' ❯ 3. No')),
    ),
    'no mark': seen('claude-permission', (lines) => lines.map((line) => line.replace('❯ 1', '  1'))),
    'no way to deny': seen('claude-permission', (lines) => lines.filter((line) => !/3\. No/.test(line))),
    'another question': seen('claude-permission', (lines) =>
      lines.map((line) => line.replace('to proceed?', 'to use this API key?')),
    ),
    'no end': seen('codex-permission', (lines) => lines.filter((line) => !/Press enter/.test(line))),
    'several to tick': seen('claude-question', (lines) =>
      lines.map((line) => line.replace(/(\d\.) (Red|Blue)/, '$1 [ ] $2')),
    ),
    'no ground': seen('opencode-permission', (lines) =>
      lines.map((line) => line.replaceAll(/\u001b\[[0-9;]*m/g, '')),
    ),
    nothing: seen('claude-permission', () => []),
  };
  for (const [what, dialog] of Object.entries(refused)) assert.equal(dialog, null, what);
});

test('a screen is recognised by its own agent only', () => {
  for (const file of readdirSync(folder)) {
    const lines = parseScreen(readFileSync(new URL(file, folder), 'utf8').split('\n'));
    for (const agent of [
      'claude',
      'codex',
      'gemini',
      'qwen',
      'copilot',
      'opencode',
      'demo',
      'mine',
      'constructor',
    ]) {
      if (file.startsWith(agent)) continue;
      assert.equal(recogniser(agent)(lines, null), null, `${file} as ${agent}`);
    }
  }
});

test('typed questions: the last line, as it is commonly put or as it was reported', () => {
  const line = (agent: string, lines: readonly string[], asked: string | null) =>
    recogniser(agent)(parseScreen(lines), asked);
  const asked = 'May I run: git status ? (yes/no)';
  const demo = ['demo agent', asked, '', '› '];
  assert.equal(line('demo', demo, asked)?.question, asked);
  assert.equal(line('demo', ['demo', 'May I run: gi…', '', '›'], asked)?.question, asked);
  assert.equal(line('demo', ['demo', asked, '', '› half typed'], asked), null);
  assert.equal(line('demo', ['demo', asked, '$ git status', '›'], asked), null);
  assert.equal(line('demo', demo, null), null);
  const own = line('mine', ['building', 'Overwrite? [y/N] ', ''], null);
  assert.ok(own);
  assert.deepEqual(chooseAnswer(own, 'yes'), { take: 'line', text: 'y' });
  assert.deepEqual(chooseAnswer(own, 'all of them'), { take: 'line', text: 'all of them' });
  const reported = line('mine', ['Which table?'], 'Which table?');
  assert.ok(reported);
  assert.deepEqual(chooseAnswer(reported, 'No'), { take: 'line', text: 'no' });
  assert.equal(line('mine', ['compiling'], null), null);
});
