import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isNumbered,
  nearNames,
  parseReference,
  taskName,
  taskNameFromPrompt,
  uniqueName,
} from '../../lib/core/names.ts';

const typed: readonly (readonly [string, string])[] = [
  ['fix-login', 'fix-login'],
  ['Fix Login!', 'fix-login'],
  ['feat/x', 'feat-x'],
  ['a.b:c', 'a-b-c'],
  ['#(touch /tmp/x)', 'touch-tmp-x'],
  ['-leading', 'leading'],
  ['"quoted\' name', 'quoted-name'],
  ['é 修', 'é-修'],
  ['e\u0301', 'é'],
  ['../../etc', 'etc'],
  ['!!!', ''],
  ['a\nb', 'a-b'],
  ['x'.repeat(80), 'x'.repeat(48)],
];
for (const [from, to] of typed)
  test(`task name of ${JSON.stringify(from)}`, () => assert.equal(taskName(from), to));

const prompts: readonly (readonly [string, string])[] = [
  ['Fix the login redirect', 'fix-login-redirect'],
  ['please add a search to the docs page and test it', 'add-search-docs-page'],
  ["don't crash on empty input", 'dont-crash-empty-input'],
  ['\n\n修正 ログイン', '修正-ログイン'],
  ['to be or', 'to-be-or'],
  ['???', 'task'],
  ['', 'task'],
];
for (const [from, to] of prompts)
  test(`task name of the prompt ${JSON.stringify(from)}`, () => assert.equal(taskNameFromPrompt(from), to));

test('a taken name is numbered', () => {
  const taken = new Set(['fix', 'fix-2']);
  assert.equal(
    uniqueName('fix', (name) => taken.has(name)),
    'fix-3',
  );
});

test('a number that was added is told from a name that only looks like it', () => {
  const long = 'x'.repeat(48);
  const numbered = uniqueName(long, (name) => name === long);
  for (const [candidate, name] of [
    ['app-2', 'app'],
    ['app-13', 'app'],
    ['a-2-2', 'a-2'],
    [numbered, long],
  ] as const)
    assert.equal(isNumbered(candidate, name), true, candidate);
  for (const [candidate, name] of [
    ['app', 'app'],
    ['app-1', 'app'],
    ['app-02', 'app'],
    ['work-2', 'app'],
    ['a-2', 'a-2'],
  ] as const)
    assert.equal(isNumbered(candidate, name), false, candidate);
});

test('a reference names project, task and agent, the whole being the likelier reading', () => {
  assert.deepEqual(parseReference('app:feat/x'), {
    project: 'app',
    readings: [
      { task: 'feat-x', agent: null },
      { task: 'feat', agent: 'x' },
    ],
  });
  assert.deepEqual(parseReference('fix'), { project: null, readings: [{ task: 'fix', agent: null }] });
  assert.throws(() => parseReference('//'), { code: 'Usage' });
});

test('two neighbours that changed places are one slip', () => {
  assert.deepEqual(nearNames('lsit', ['list', 'log', 'stop']), ['list']);
  assert.deepEqual(nearNames('sedn', ['send', 'stop']), ['send']);
  assert.deepEqual(nearNames('na', ['an', 'no']), ['an', 'no']);
  assert.deepEqual(nearNames('abc', ['cab']), [], 'a letter that went further is two');
});
