import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseKeys, keyBindings, keyTable, prefixBinding, takenKey } from '../../lib/core/tmux/keys.ts';

const listed = [
  'bind-key    -T copy-mode-vi g                    send-keys -X history-top',
  'bind-key    -T prefix       \\"                   split-window',
  'bind-key    -T prefix       \\#                   list-buffers',
  'bind-key    -T prefix       g                    switch-client -T pitwall',
  'bind-key -r -T prefix       Up                   select-pane -U',
  'bind-key    -T prefix       C-g                  display-message "switch-client -T pitwall"',
];

for (const [key, wanted] of [
  ['g', null],
  ['z', null],
  ['"', 'split-window'],
  ['#', 'list-buffers'],
  ['Up', 'select-pane -U'],
  ['C-g', 'display-message "switch-client -T pitwall"'],
  ['prefix', null],
] as const)
  test(`takenKey ${key}`, () => assert.equal(takenKey(listed, key), wanted));

test('every key of a scope is there once and has an id of its own in it', () => {
  for (const scope of ['tmux', 'sidebar', 'review']) {
    const rows = keyTable.filter((row) => row.scope === scope);
    assert.equal(new Set(rows.map((row) => row.key)).size, rows.length);
    assert.equal(new Set(rows.map((row) => row.id)).size, rows.length);
  }
});

test('a key of the person’s own takes the place of ours, and all stay in our table', () => {
  const commands = { sidebar: 'a', popup: 'b', new: 'c', review: 'e', keys: 'd' };
  const { keys: chosen } = chooseKeys({ next: 'N' });
  const commanded = keyBindings({ keys: chosen, bound: ['n', 'p', 'X'], commands });
  const bound = commanded.filter(([name]) => name === 'bind-key');
  const keys = bound.map((command) => (command.includes('-N') ? command[5] : command[3]));
  assert.ok(keys.includes('N') && !keys.includes('n'));
  assert.ok(bound.every((command) => command.slice(0, 3).join(' ') === 'bind-key -T pitwall'));
  assert.deepEqual(
    commanded.filter(([name]) => name === 'unbind-key').map((command) => command.at(-1)),
    ['n', 'X'],
  );
  assert.deepEqual(
    commanded.find(([name]) => name === 'set-option'),
    ['set-option', '-s', '@pitwall_keys', 'p b s d c v ? N'],
  );
  assert.deepEqual(prefixBinding('g').slice(-4), ['g', 'switch-client', '-T', 'pitwall']);
});

for (const [what, preferred, wanted, problems] of [
  ['two that change places', { next: 'p', previous: 'n' }, { next: 'p', previous: 'n' }, []],
  [
    'the key of another',
    { popup: 's' },
    { popup: 'd', sidebar: 's' },
    [/^keys\.popup: s is the key of keys\.sidebar/],
  ],
  [
    'twice the same',
    { next: 'x', back: 'x' },
    { next: 'x', back: 'b' },
    [/^keys\.back: x .*keys\.next.*b counts/],
  ],
  ['the key of an item', { new: '3' }, { new: 'c' }, [/^keys\.new: 3 is the key of the docket’s items/]],
  [
    'none left',
    { next: 'b', back: 'b' },
    { next: 'b', back: null },
    [/^keys\.back: b .*keys\.next.*it has no key/],
  ],
] as const)
  test(`chosen keys: ${what}`, () => {
    const chosen = chooseKeys(preferred);
    for (const [id, key] of Object.entries(wanted)) assert.equal(chosen.keys.get(id), key);
    assert.equal(chosen.problems.length, problems.length);
    for (const [index, problem] of problems.entries()) assert.match(chosen.problems[index] ?? '', problem);
    const held = [...chosen.keys.values()].filter((key) => key !== null);
    assert.equal(new Set(held).size, held.length);
  });
