import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultPreamble } from '../../lib/core/agents/preamble.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import { parseProjectSettings } from '../../lib/core/settings/project-settings.ts';
import {
  getPath,
  parseValue,
  preferenceKeys,
  setPath,
  unsetPath,
} from '../../lib/core/settings/settings-path.ts';
import { schemaTexts } from '../../scripts/schemas.ts';

const defaults = {
  agent: null,
  agents: {},
  layout: null,
  preamble: defaultPreamble,
  socket: null,
  worktreeDir: null,
  branchPrefix: '',
  limits: { working: 4, review: 3 },
  sidebar: { on: true, width: 32, side: 'left', minColumns: 80, ascii: false, hosts: false, hostsEvery: 15 },
  keys: { prefix: 'g', away: 'F12' },
  notify: {
    on: true,
    message: true,
    bell: false,
    terminal: null,
    desktop: false,
    cooldown: 5,
    command: null,
  },
  review: { pager: null, difftool: null, editor: null },
  hosts: {},
  sandbox: null,
};

test('nothing chosen: defaults, no problem', () => {
  for (const values of [{}, undefined, null, { $schema: 'https://x' }, { sidebar: {}, agent: null }])
    assert.deepEqual(parsePreferences(values), { preferences: defaults, problems: [] });
  assert.deepEqual(parseProjectSettings({}), {
    settings: {
      layout: null,
      agent: null,
      base: null,
      setup: [],
      checks: [],
      checkAttempts: 3,
      reviewer: null,
      reviewRounds: 2,
      reviewTimeout: 900,
      ports: 2,
      land: { strategy: 'merge', commit: false },
    },
    problems: [],
  });
});

test('what is chosen counts', () => {
  const mine = {
    command: ['prog', '--flag', '{prompt}'],
    resume: ['prog', '--resume', '{conversationId}'],
    prompt: 'argument',
  };
  const values = {
    ...defaults,
    agent: 'mine',
    agents: { mine, other: { command: ['x'] } },
    branchPrefix: 'me/',
    keys: { prefix: 'C-g', next: 'n', away: 'F12' },
    notify: { ...defaults.notify, on: false, terminal: 'osc99', command: ['notify', '-'] },
    hosts: { box: { destination: 'me@box' } },
    sandbox: ['wrap', '--'],
  };
  assert.deepEqual(parsePreferences(values), { preferences: values, problems: [] });
  const { settings, problems } = parseProjectSettings({
    setup: ['npm ci', { run: 'make', timeout: 5 }, { run: 'x' }],
    checks: [{ name: 'test', run: 'npm test' }],
    land: { strategy: 'squash' },
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(settings.setup, [
    { run: 'npm ci', timeout: 600 },
    { run: 'make', timeout: 5 },
    { run: 'x', timeout: 600 },
  ]);
  assert.deepEqual(settings.checks, [{ name: 'test', run: 'npm test', timeout: 600 }]);
  assert.equal(settings.land.strategy, 'squash');
});

const wrong: readonly (readonly [string, unknown, RegExp, string?])[] = [
  [
    'a number as text',
    { sidebar: { width: '40', side: 'right' } },
    /^sidebar\.width must be a whole number from 28 to 60, not "40"$/,
    'sidebar.side',
  ],
  ['out of range', { sidebar: { width: 61, side: 'right' } }, /^sidebar\.width .*not 61$/, 'sidebar.side'],
  [
    'a broken number',
    { limits: { working: 2.5, review: 9 } },
    /^limits\.working .*not 2\.5$/,
    'limits.review',
  ],
  ['a section that is none', { sidebar: true, agent: 'x' }, /^sidebar must be an object, not true$/, 'agent'],
  [
    'an unknown key with one near',
    { sidebar: { widht: 40, side: 'right' } },
    /^sidebar\.widht is not known; did you mean sidebar\.width\b/,
    'sidebar.side',
  ],
  ['an unknown key with none near', { zzz: 1, agent: 'x' }, /^zzz is not known$/, 'agent'],
  ['__proto__', JSON.parse('{"__proto__":{"agent":"evil"},"agent":"x"}'), /^__proto__ is not known/, 'agent'],
  ['constructor as a key', { constructor: 1, agent: 'x' }, /^constructor is not known$/, 'agent'],
  [
    'an agent without a command',
    { agents: { a: { resume: ['x'] } }, agent: 'x' },
    /^agents\.a must hold a command/,
    'agent',
  ],
  [
    'an agent with an empty command',
    { agents: { a: { command: [] } }, agent: 'x' },
    /^agents\.a\.command must name a program, not \[\]$/,
    'agent',
  ],
  [
    'an agent with a word that is none',
    { agents: { a: { command: ['x', 1] } }, agent: 'x' },
    /^agents\.a\.command must be a list of words/,
    'agent',
  ],
  [
    'an agent whose name is a path',
    { agents: { '../x': { command: ['x'] } }, agent: 'x' },
    /^agents\.\.\.\/x must be a name/,
    'agent',
  ],
  [
    'a wrong way to prompt',
    { agents: { a: { command: ['x'], prompt: 'shout' } }, agent: 'x' },
    /^agents\.a\.prompt must be "argument" or "paste", not "shout"$/,
    'agents.a',
  ],
  [
    'a relative worktree folder',
    { worktreeDir: 'x', agent: 'x' },
    /^worktreeDir must be an absolute path, not "x"$/,
    'agent',
  ],
  ['a prefix that is an option', { branchPrefix: '-d', agent: 'x' }, /^branchPrefix must be fit/, 'agent'],
  ['a key of two words', { keys: { next: 'a b', prefix: 'h' } }, /^keys\.next must be a key/, 'keys.prefix'],
  ['a sandbox of air', { sandbox: 'air', agent: 'x' }, /^sandbox must be "bubblewrap"/, 'agent'],
  [
    'control characters',
    { agent: '\u001b[31m', layout: 'x' },
    /^agent must be a name .*not "\\u001b\[31m"$/,
    'layout',
  ],
  ['a list', [1], /^the whole must be an object, not \[1\]$/],
  ['a text', 'x', /^the whole must be an object/],
];

for (const [what, values, problem, kept] of wrong)
  test(`${what} is named, its default counts, and what stands beside it`, () => {
    const { preferences, problems } = parsePreferences(values);
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', problem);
    assert.deepEqual(Object.keys(preferences), Object.keys(defaults));
    if (kept) assert.notDeepEqual(getPath(preferences, kept), getPath(defaults, kept));
    assert.equal(preferences.sidebar.width, 32);
    assert.equal(preferences.limits.working, 4);
  });

test('one wrong check does not switch the others off', () => {
  const { settings, problems } = parseProjectSettings({
    checks: [{ name: 'lint' }, { name: 'test', run: 'npm test' }],
    ports: 'many',
  });
  assert.deepEqual(settings.checks, [{ name: 'test', run: 'npm test', timeout: 600 }]);
  assert.equal(problems.length, 2);
  assert.match(problems[0] ?? '', /^checks\.0 must hold a name and a command to run/);
  assert.match(problems[1] ?? '', /^ports must be/);
});

test('a key is set and unset; the file’s order and what is odd in it stay', () => {
  const file = { zzz: 1, sidebar: { width: 40 }, agent: 'a' };
  assert.deepEqual(setPath(file, 'agent', 'b'), { zzz: 1, sidebar: { width: 40 }, agent: 'b' });
  assert.deepEqual(Object.keys(setPath(file, 'sidebar.ascii', true)), ['zzz', 'sidebar', 'agent']);
  assert.deepEqual(setPath({}, 'agents.mine.command', ['x']), { agents: { mine: { command: ['x'] } } });
  assert.deepEqual(setPath({}, 'sidebar', { width: 30 }), { sidebar: { width: 30 } });
  assert.deepEqual(unsetPath(file, 'sidebar.width'), { zzz: 1, agent: 'a' });
  assert.deepEqual(unsetPath(file, 'zzz'), { sidebar: { width: 40 }, agent: 'a' });
  assert.deepEqual(unsetPath(file, 'nothing.there'), file);
  assert.deepEqual(file, { zzz: 1, sidebar: { width: 40 }, agent: 'a' });
});

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ['width', 40, /there is no preference width; did you mean sidebar\.width\?/],
  ['sidebar.widht', 40, /there is no preference sidebar\.widht; did you mean sidebar\.width\b/],
  ['agent.name', 'x', /there is no preference agent\.name/],
  ['agents..command', ['x'], /there is no preference/],
  ['__proto__.x', 1, /there is no preference/],
  ['', 1, /there is no preference/],
  ['sidebar.width', 10, /sidebar\.width must be a whole number from 28 to 60, not 10/],
  ['agents.a.resume', ['x'], /agents\.a must hold a command/],
];

for (const [key, value, message] of refused)
  test(`set ${key} to ${JSON.stringify(value)} is refused`, () => {
    assert.throws(
      () => setPath({ agent: 7 }, key, value),
      (error) => isPitwallError(error, 'SettingsInvalid') && message.test(error.message),
    );
  });

test('a key is got; null when nothing is chosen; an unknown one is refused', () => {
  assert.equal(getPath(defaults, 'sidebar.width'), 32);
  assert.deepEqual(getPath(defaults, 'limits'), { working: 4, review: 3 });
  assert.equal(getPath(defaults, 'keys.next'), null);
  assert.equal(getPath(defaults, 'agents.mine.command'), null);
  assert.throws(() => getPath(defaults, 'limit'), /did you mean|there is no preference limit/);
});

test('a value typed is JSON where it is JSON', () => {
  assert.deepEqual(['36', 'true', '["a"]', 'demo', '"36"', ''].map(parseValue), [
    36,
    true,
    ['a'],
    'demo',
    '36',
    '',
  ]);
});

test('every key with a fixed name can be got', () => {
  assert.ok(preferenceKeys().includes('sidebar.minColumns') && preferenceKeys().includes('agents'));
  for (const key of preferenceKeys()) assert.doesNotThrow(() => getPath(defaults, key));
});

test('the published schemas are those of the code; if not: npx tsx scripts/schemas.ts', () => {
  for (const [path, text] of Object.entries(schemaTexts()))
    assert.equal(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'), text, path);
});
