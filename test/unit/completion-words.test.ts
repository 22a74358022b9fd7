import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allCommands } from '../../lib/cli/commands.ts';
import { wanted } from '../../lib/cli/setup/completion-words.ts';

const rows: readonly (readonly [line: string, kinds: readonly string[], words: readonly string[]])[] = [
  ['show ', ['TASK'], []],
  ['rm one ', ['TASK'], []],
  ['show one ', [], []],
  ['land --push one two ', ['TASK'], []],
  ['stop ', ['TASK/AGENT'], []],
  ['jump ', ['TASK/AGENT'], ['next', 'prev', 'back']],
  ['answer one ', ['TEXT'], ['yes', 'no']],
  ['return one -m ', ['TEXT'], []],
  ['return -m text ', ['TASK'], []],
  ['new --agent ', ['PRESET'], []],
  ['new -a ', ['PRESET'], []],
  ['new --agent claude -l ', ['LAYOUT'], []],
  ['new --prompt-file ', ['FILE'], []],
  ['new -- --agent ', [], []],
  ['land --strategy ', [], ['merge', 'squash', 'rebase']],
  ['restore ', ['PROJECT'], []],
  ['trust --yes ', ['PROJECT'], []],
  ['list --project ', ['PROJECT'], []],
  ['open ', ['PATH'], []],
  ['layouts ', [], ['check']],
  ['layouts check ', ['FILE'], []],
  ['config ', [], ['get', 'set', 'unset', 'path']],
  ['config get ', ['KEY'], []],
  ['config set ', ['KEY'], []],
  ['config set agent ', ['VALUE'], []],
  ['config path ', [], []],
  ['agents install ', ['PRESET'], []],
  ['autostart ', [], ['status', 'enable', 'disable']],
  ['completion ', [], ['bash', 'zsh', 'fish']],
  ['--socket ', ['NAME'], []],
  ['--socket s show ', ['TASK'], []],
  ['nothing ', [], []],
  ['show --bogus ', ['TASK'], []],
];
for (const [line, kinds, words] of rows)
  test(`completion of “${line}”`, async () => {
    const found = wanted(await allCommands(), line.split(' '));
    assert.deepEqual(found.kinds, kinds);
    assert.deepEqual(found.words, words);
  });

test('options are completed, each once unless it may be repeated, and not behind --', async () => {
  const commands = await allCommands();
  const { words } = wanted(commands, ['new', '--layout', 'solo', '--agent', 'demo', '--']);
  assert.ok(words.includes('--agent') && words.includes('--name') && words.includes('--socket'));
  assert.ok(!words.includes('--layout'));
  assert.deepEqual(wanted(commands, ['new', '--', '--']).words, []);
});

test('a value in one word with its option keeps that before it', async () => {
  const found = wanted(await allCommands(), ['land', '--strategy=s']);
  assert.deepEqual(found, { kinds: [], words: ['merge', 'squash', 'rebase'], prefix: '--strategy=' });
});

test('every usage of every command is understood: what it shows can be completed up to its end', async () => {
  const commands = await allCommands();
  for (const command of commands)
    for (const form of command.usage) {
      const words = form
        .replaceAll('[/', '/')
        .replace(/[[\]…]/g, '')
        .split(' ')
        .slice(1);
      for (const [at, word] of words.entries()) {
        if (word.startsWith('-')) continue;
        const before = words.slice(0, at).map((each) => each.split('|')[0] ?? '');
        const { kinds, words: own } = wanted(commands, [command.name, ...before, '']);
        for (const each of word.split('|').filter((name) => name !== '-'))
          assert.ok([...kinds, ...own].includes(each), `${form}: ${each}`);
      }
    }
});
