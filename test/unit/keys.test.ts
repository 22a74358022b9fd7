import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyBindings, keyTable, prefixBinding, takenKey } from '../../lib/core/keys.ts';

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
  const bound = keyBindings({ overrides: { next: 'N' }, commands });
  const keys = bound.map((command) => (command.includes('-N') ? command[5] : command[3]));
  assert.ok(keys.includes('N') && !keys.includes('n'));
  assert.ok(bound.every((command) => command.slice(0, 3).join(' ') === 'bind-key -T pitwall'));
  assert.deepEqual(prefixBinding('g').slice(-4), ['g', 'switch-client', '-T', 'pitwall']);
});
