import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueItems, itemsLine, nothingTold, type Told, terminalBytes } from '../../lib/core/docket/notify.ts';
import type { DocketItem } from '../../lib/core/model.ts';

const item = (task: string, more: Partial<DocketItem> = {}): DocketItem => ({
  project: 'app',
  task,
  agent: 'demo',
  kind: 'question',
  severity: 'normal',
  summary: 'May I?',
  action: null,
  since: '2026-11-21T02:00:00.000Z',
  priority: 0,
  pane: '%1',
  ...more,
});

const look = (docket: readonly DocketItem[], told: Told, now: number, seen: readonly string[] = []) =>
  dueItems({ docket, told, inView: ({ task }) => seen.includes(task), now, cooldown: 5000 });

test('an item is told once, and again only when it is another', () => {
  const first = look([item('a')], nothingTold, 10_000);
  assert.deepEqual(first.items, [item('a')]);
  const second = look([item('a')], first.told, 60_000);
  assert.deepEqual([second.items, second.againIn], [[], null]);
  const later = item('a', { since: '2026-11-21T03:00:00.000Z' });
  assert.deepEqual(look([later], second.told, 120_000).items, [later]);
});

test('what is in view counts as told; what left the docket is forgotten', () => {
  const seen = look([item('a')], nothingTold, 10_000, ['a']);
  assert.deepEqual([seen.items, seen.told.last], [[], 0]);
  assert.deepEqual(look([item('a')], seen.told, 60_000).items, []);
  const gone = look([], seen.told, 70_000);
  assert.deepEqual(gone.told.keys, []);
  assert.equal(look([item('a')], gone.told, 80_000).items.length, 1);
});

test('within the cool-down all is held back and told together afterwards', () => {
  const first = look([item('a')], nothingTold, 10_000);
  const held = look([item('a'), item('b'), item('c')], first.told, 12_000);
  assert.deepEqual([held.items, held.againIn], [[], 3000]);
  const then = look([item('a'), item('b'), item('c')], held.told, 15_000);
  assert.deepEqual(
    then.items.map(({ task }) => task),
    ['b', 'c'],
  );
});

test('a clock that was set back does not silence it', () => {
  const first = look([item('a')], nothingTold, 9_000_000);
  assert.equal(look([item('a'), item('b')], first.told, 1000).items.length, 1);
});

test('notes are told when they are severe', () => {
  const notes = [item('a', { kind: 'note' }), item('b', { kind: 'note', severity: 'high' })];
  assert.deepEqual(
    look(notes, nothingTold, 10_000).items.map(({ task }) => task),
    ['b'],
  );
});

test('the line names one item whole and several by what they want', () => {
  assert.equal(itemsLine([item('fix-login')]), 'fix-login asks: May I?');
  assert.equal(
    itemsLine([item('a'), item('b', { kind: 'failure' }), item('c', { kind: 'review' })]),
    '3 wait: a asks, b failed, c is ready for review',
  );
  assert.equal(itemsLine([item('修理', { summary: 'a\u001b]0;x\u0007b\nc' })], 24).includes('\u001b'), false);
});

test('the bytes are those of the way, wrapped inside another tmux, and hold no sequence of the text', () => {
  const cases: readonly [Parameters<typeof terminalBytes>, string][] = [
    [['osc9', false, 'a', 'xterm-256color'], '\u001b]9;a\u001b\\'],
    [['osc777', false, 'a;b', 'xterm'], '\u001b]777;notify;pitwall;a,b\u001b\\'],
    [['osc99', true, 'a', 'xterm-kitty'], '\u001b]99;;a\u001b\\\u0007'],
    [['osc9', false, 'a', 'tmux-256color'], '\u001bPtmux;\u001b\u001b]9;a\u001b\u001b\\\u001b\\'],
    [[null, true, 'a', 'xterm'], '\u0007'],
    [[null, false, 'a', 'xterm'], ''],
    [['osc9', false, 'a\u001b\\b\u0007', 'xterm'], '\u001b]9;ab \u001b\\'],
  ];
  for (const [given, bytes] of cases) assert.equal(terminalBytes(...given), bytes, JSON.stringify(given));
});
