import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawing } from '../../lib/core/layout/drawing.ts';
import { place } from '../../lib/core/layout/geometry.ts';
import { panesOf } from '../../lib/core/layout/layout.ts';
import { withAgents } from '../../lib/core/layout/layout-agents.ts';
import { mine, shipped } from '../helpers/layouts.ts';

test('the n-th agent pane takes the n-th preset, then its own, then the default', () => {
  const layout = mine({
    split: 'columns',
    children: [{ name: 'a' }, { name: 'b', runs: { agent: 'codex' }, role: 'reviewer' }, { name: 'c' }],
  });
  const presets = (given: readonly string[]) =>
    withAgents(layout, given, 'claude').agents.map((agent) => agent.preset);
  assert.deepEqual(presets([]), ['claude', 'codex', 'claude']);
  assert.deepEqual(presets(['demo']), ['demo', 'codex', 'claude']);
  assert.deepEqual(presets(['demo', 'aider']), ['demo', 'aider', 'claude']);
  assert.deepEqual(
    withAgents(layout, ['demo', 'aider']).agents.map((agent) => [agent.preset, agent.role]),
    [
      ['demo', 'implementer'],
      ['aider', 'reviewer'],
      ['demo', 'implementer'],
    ],
  );
});

test('agents are called after their preset, their panes after them, and no two panes alike', () => {
  const { layout, agents } = withAgents(shipped('test'), ['shell', 'My Agent', 'shell'], 'demo');
  assert.deepEqual(
    agents.map((agent) => agent.name),
    ['shell', 'my-agent', 'shell-2'],
  );
  assert.deepEqual(
    panesOf(layout.panes).map((pane) => [pane.name, Object.keys(pane.runs)[0]]),
    [
      ['shell', 'agent'],
      ['my-agent', 'agent'],
      ['shell-2', 'agent'],
      ['shell-3', 'shell'],
    ],
  );
});

test('the presets of a task give the same seats again', () => {
  const first = withAgents(shipped('bench'), ['a', 'b'], 'c');
  const again = withAgents(
    shipped('bench'),
    first.agents.map((agent) => agent.preset),
  );
  assert.deepEqual(again, first);
});

test('more agents than panes sit beside the last', () => {
  const { layout } = withAgents(shipped('review'), ['claude', 'codex']);
  assert.deepEqual(
    drawing(place(layout, { columns: 200, rows: 48 }, null), { size: { columns: 48, rows: 9 } }),
    [
      '┌──────────┬──────────┬──────────────────────────┐',
      '│ claude   │ codex    │ diff                     │',
      '│ implemen │ implemen │                          │',
      '│          │          │                          │',
      '│          │          │                          │',
      '│          │          │                          │',
      '│          │          │                          │',
      '│          │          │                          │',
      '├──────────┴──────────┤                          │',
      '│ shell               │                          │',
      '└─────────────────────┴──────────────────────────┘',
    ],
  );
});

test('an agent that was asked for is never left out, even where the layout lets one go', () => {
  const layout = mine({ split: 'columns', children: [{ name: 'a' }, { name: 'b', drop: 1 }] });
  const { layout: seated } = withAgents(layout, ['x', 'y', 'z']);
  assert.deepEqual(place(seated, { columns: 45, rows: 10 }, null).dropped, []);
});
