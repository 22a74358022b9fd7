import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { farAnswer, farQuote, readPrinted } from '../../lib/core/hosts/far-command.ts';
import { parseFarError, parseFarList } from '../../lib/core/hosts/far-list.ts';
import { mergeLists } from '../../lib/core/hosts/far-merge.ts';
import { destinationOf, hostNameFor, hostsOf, parsePlace } from '../../lib/core/hosts/hosts.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';

const exec = promisify(execFile);

const hostile = [
  'plain',
  '',
  'a b',
  "it's",
  "'",
  "''",
  '"$HOME"',
  '$(touch x)',
  '`touch x`',
  '\\',
  '\\\\',
  "ends with \\'",
  'a\\',
  '!x !!',
  '-rf',
  '~',
  '*',
  '{a,b}',
  '#',
  ';&|<>()',
  'é 修 \u{1f600}',
  '%1 ^x',
  '=x',
];

for (const shell of ['sh', 'dash', 'bash', 'zsh', 'fish', 'tcsh', 'csh', 'mksh'])
  test(`${shell} reads a quoted command as the words it was made of`, { skip: missing(shell) }, async () => {
    const script = 'for word do printf "%s\\0" "$word"; done';
    const line = farQuote(['sh', '-c', script, 'sh', ...hostile]);
    const said = execFileSync(shell, ['-c', line], { encoding: 'utf8' });
    assert.deepEqual(said.split('\0').slice(0, -1), hostile);
    // Its standard input stays open until it has ended.
    const { stdout: answer } = await exec(shell, ['-c', farAnswer(['printf', '%s|', ...hostile])]);
    assert.deepEqual(readPrinted(answer), { kind: 'here', text: `\n${hostile.join('|')}|` });
  });

test('control characters are sent nowhere', () => {
  for (const word of ['a\nb', '\u001b', '\0', '\u009b'])
    assert.throws(() => farQuote([word]), { code: 'Usage' });
});

test('what a machine printed begins behind the mark', () => {
  assert.deepEqual(readPrinted('motd\npitwall-far-side here\r\n{}'), { kind: 'here', text: '\n{}' });
  assert.deepEqual(readPrinted('pitwall-far-side missing\n'), { kind: 'missing' });
  assert.deepEqual(readPrinted('echo pitwall-far-side here\n'), { kind: 'silent' });
});

test('destinations: one word that ssh takes for none of its options', () => {
  for (const good of [
    'box',
    'me@box',
    'me@box.example.org',
    'ssh://me@box:22',
    'fe80::1%eth0',
    '[::1]',
    'a_b',
  ])
    assert.equal(destinationOf(good), good);
  for (const bad of ['', '-v', '-oProxyCommand=x', 'me@-x', 'a b', 'a;b', '$(x)', 'a\nb', '`x`', '\u0000'])
    assert.throws(() => destinationOf(bad), { code: 'Usage' }, bad);
});

test('a host’s name from its destination', () => {
  const names = ['box', 'me@Box.example.org', 'ssh://me@box:22', '10.0.0.7'].map(hostNameFor);
  assert.deepEqual(names, ['box', 'box', 'box', '10-0-0-7']);
  assert.throws(() => hostNameFor('me@'), { code: 'Usage' });
});

test('places: PROJECT, HOST:PROJECT, HOST:', () => {
  const read = (typed: string) => Object.values(parsePlace(typed));
  assert.deepEqual(read('app'), [null, 'app']);
  assert.deepEqual(read('box:app'), ['box', 'app']);
  assert.deepEqual(read('box:'), ['box', null]);
  assert.deepEqual(read('me@fe80::1:app'), ['me@fe80::1', 'app']);
  for (const bad of ['', ':', ':app', 'box:$', '--'])
    assert.throws(() => parsePlace(bad), { code: 'Usage' }, bad);
});

test('hosts of the preferences: defaults are filled in, wrong ones are named', () => {
  const { preferences, problems } = parsePreferences({
    hosts: { box: { destination: 'me@box', timeout: 2 }, evil: { destination: '-oProxyCommand=x' } },
  });
  assert.deepEqual(hostsOf(preferences), [
    { name: 'box', destination: 'me@box', mosh: false, command: ['pitwall'], timeout: 2000 },
  ]);
  assert.match(problems.join(), /hosts\.evil\.destination must be a destination for ssh/);
});

const item = {
  ...{ project: 'app', task: 'fix', agent: 'demo', kind: 'question', severity: 'normal', priority: 0 },
  ...{ summary: 'May I?', action: null, since: '2026-01-02T00:00:00.000Z', pane: '%3' },
};

test('a list from elsewhere: only what fits, no ids, no control characters, no more than can be shown', () => {
  const tampered = [
    { ...item, summary: '\u001b]52;c;aGk=\u0007x\u202e\r\ny' },
    { ...item, task: '../x' },
    { ...item, task: '-rf' },
    { ...item, since: 'tomorrow' },
    { ...item, kind: 'omen' },
    'item',
    null,
  ];
  const text = JSON.stringify({ version: 1, projects: [{ name: 'app', root: 7 }], docket: tampered });
  const list = parseFarList('box', text);
  assert.deepEqual(list?.docket, [{ host: 'box', ...item, pane: null, summary: 'x y' }]);
  assert.deepEqual(list?.projects, []);
  const many = Array.from({ length: 5000 }, () => item);
  const huge = parseFarList('box', JSON.stringify({ version: 1, projects: [], docket: many }));
  assert.equal(huge?.docket.length, 2000);
  for (const wrong of ['', '{', 'null', '[]', '{"version":2,"projects":[],"docket":[]}', '{"version":1}'])
    assert.equal(parseFarList('box', wrong), null, wrong);
});

test('an error from elsewhere is one harmless line', () => {
  const error = { error: { code: 'X', message: 'no\n\u001b[31mtmux', hint: null } };
  assert.deepEqual(parseFarError(`noise\n${JSON.stringify(error)}\n`), { message: 'no tmux', hint: null });
  assert.equal(parseFarError('oops'), null);
});

test('the docket of all machines is one, in its own order', () => {
  const list = (host: string, since: string, kind: string) =>
    parseFarList(host, JSON.stringify({ version: 1, projects: [], docket: [{ ...item, since, kind }] }));
  const answers = [
    { host: 'b', snapshot: list('b', '2026-01-03T00:00:00Z', 'question'), problem: null, hint: null },
    { host: 'c', snapshot: list('c', '2026-01-01T00:00:00Z', 'review'), problem: null, hint: null },
    { host: 'd', snapshot: null, problem: 'd is off', hint: null },
  ];
  const own = list('', '2026-01-02T00:00:00Z', 'question') ?? { projects: [], docket: [], problems: [] };
  assert.deepEqual(
    mergeLists(own, answers).docket.map(({ host }) => host),
    ['', 'b', 'c'],
  );
});

function missing(shell: string): string | false {
  return spawnSync(shell, ['-c', 'true']).status === 0 ? false : `there is no ${shell} here`;
}
