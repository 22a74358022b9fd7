import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AgentPane, docketOfPanes, orderDocket } from '../../lib/core/docket/docket-order.ts';

test('priority, then kind, then age, then the pane decide', () => {
  const ordered = orderDocket([
    { pane: '%10', kind: 1, since: 5 },
    { pane: '%9', kind: 1, since: 5 },
    { pane: '%3', kind: 1, since: 4 },
    { pane: '%4', kind: 0, since: 9 },
    { pane: '%5', kind: 5, since: 9, order: 4999 },
    { pane: '%6', kind: 0, since: 1, order: 5010 },
  ]);
  assert.deepEqual(
    ordered.map((each) => each.pane),
    ['%5', '%4', '%3', '%9', '%10', '%6'],
  );
});

const pane = (id: number, state: string, more: Partial<AgentPane> = {}): AgentPane => ({
  pane: `%${id}`,
  state,
  kind: null,
  since: id,
  task: `app:t${id}`,
  dead: false,
  ...more,
});

for (const [words, panes, wanted] of [
  [
    'states that wait',
    [
      pane(1, 'done'),
      pane(2, 'failed'),
      pane(3, 'waiting'),
      pane(4, 'working'),
      pane(5, 'exited'),
      pane(6, 'unknown'),
    ],
    '%3 %2 %1',
  ],
  [
    'one entry for a task that finished, of the one longest done',
    [pane(2, 'done', { task: 'x' }), pane(1, 'done', { task: 'x', since: 9 })],
    '%2',
  ],
  [
    'nothing finished while another agent works',
    [pane(1, 'done', { task: 'x' }), pane(2, 'starting', { task: 'x' })],
    '',
  ],
  [
    'a dead pane is not at work',
    [pane(1, 'done', { task: 'x' }), pane(2, 'working', { task: 'x', dead: true })],
    '%1',
  ],
  [
    'a question is not held back',
    [pane(1, 'waiting', { task: 'x' }), pane(2, 'working', { task: 'x' })],
    '%1',
  ],
  [
    'what was published for a program that ended stays',
    [pane(1, 'exited', { kind: 4 }), pane(2, 'done')],
    '%2 %1',
  ],
  [
    'what waits for its checks is held back, but no question',
    [pane(1, 'done', { kind: 9 }), pane(2, 'exited', { kind: 9 }), pane(3, 'waiting', { kind: 9 })],
    '%3',
  ],
  ['a report stays one', [pane(1, 'done', { kind: 4 }), pane(2, 'done', { kind: 0 })], '%2 %1'],
] as const)
  test(words, () => assert.equal(docketOfPanes(panes).join(' '), wanted));
