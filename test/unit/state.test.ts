import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldTask } from '../../lib/core/journal/fold.ts';
import type { JournalEvent } from '../../lib/core/journal/journal.ts';
import type { AgentState } from '../../lib/core/model.ts';
import { nothingSeen } from '../../lib/core/state/signals.ts';
import { mostPressing, type PaneSight, resolveState } from '../../lib/core/state/state.ts';

const minute = (number: number) => `2026-11-21T02:${String(number).padStart(2, '0')}:00.000Z`;
const now = Date.parse(minute(30));
const alive: PaneSight = { pane: '%1', pid: 7, dead: false, status: null, signal: null };
const dead = (status: number | null, signal: string | null = null): PaneSight => ({
  ...alive,
  dead: true,
  status,
  signal,
});
const launched: JournalEvent = {
  at: minute(1),
  type: 'launched',
  agent: 'a',
  prompt: 'argument',
  resumed: false,
};
const hook = (
  at: number,
  state: 'working' | 'waiting' | 'done' | 'failed' | null,
  message: string | null = null,
): JournalEvent => ({
  at: minute(at),
  type: 'hook',
  agent: 'a',
  state,
  event: null,
  message,
  payload: null,
  payloadFile: null,
});
const exited = (at: number, status: number | null, signal: string | null = null): JournalEvent => ({
  at: minute(at),
  type: 'exited',
  agent: 'a',
  status,
  signal,
});
const stopped: JournalEvent = { at: minute(9), type: 'stopped', agent: 'a' };

interface Row {
  readonly name: string;
  readonly events: readonly JournalEvent[];
  readonly pane: PaneSight | null;
  readonly hooks?: 'events' | 'none';
  readonly printed?: number;
  readonly asked?: string;
  /** Seconds since the launch; half an hour when left out. */
  readonly after?: number;
  readonly expect: readonly [AgentState, 'done' | 'failed' | null];
}

const rows: readonly Row[] = [
  { name: 'launched, silent', events: [launched], pane: alive, after: 10, expect: ['starting', null] },
  { name: 'launched, silent for too long', events: [launched], pane: alive, expect: ['unknown', null] },
  {
    name: 'launched without a prompt, silent',
    events: [{ ...launched, prompt: 'none' }],
    pane: alive,
    expect: ['unknown', null],
  },
  { name: 'not launched', events: [], pane: alive, expect: ['starting', null] },
  {
    name: 'an event that tells no state changes none',
    events: [launched, hook(2, 'waiting', 'ok?'), hook(3, null)],
    pane: alive,
    expect: ['waiting', null],
  },
  {
    name: 'an event that tells no state is no report',
    events: [launched, hook(2, null)],
    pane: alive,
    after: 10,
    expect: ['starting', null],
  },
  { name: 'working', events: [launched, hook(2, 'working')], pane: alive, expect: ['working', null] },
  {
    name: 'asks',
    events: [launched, hook(2, 'working'), hook(3, 'waiting', 'ok?')],
    pane: alive,
    expect: ['waiting', null],
  },
  {
    name: 'answered',
    events: [launched, hook(3, 'waiting'), hook(4, 'working')],
    pane: alive,
    expect: ['working', null],
  },
  {
    name: 'finished',
    events: [launched, hook(4, 'done', 'all good')],
    pane: alive,
    expect: ['done', 'done'],
  },
  {
    name: 'turn failed',
    events: [launched, hook(4, 'failed', 'no')],
    pane: alive,
    expect: ['failed', 'failed'],
  },
  {
    name: 'a new turn clears the finished one',
    events: [launched, hook(4, 'done'), hook(5, 'working')],
    pane: alive,
    expect: ['working', null],
  },
  {
    name: 'a dead agent does not wait',
    events: [launched, hook(3, 'waiting'), exited(4, 1)],
    pane: dead(1),
    expect: ['failed', 'failed'],
  },
  {
    name: 'killed',
    events: [launched, hook(3, 'working'), exited(4, null, 'KILL')],
    pane: dead(null, 'KILL'),
    expect: ['failed', 'failed'],
  },
  {
    name: 'killed, hook of tmux not run',
    events: [launched, hook(3, 'working')],
    pane: dead(137),
    expect: ['failed', 'failed'],
  },
  {
    name: 'done and then exited',
    events: [launched, hook(4, 'done'), exited(5, 0)],
    pane: dead(0),
    expect: ['exited', 'done'],
  },
  {
    name: 'done and then killed stays done',
    events: [launched, hook(4, 'done'), exited(5, null, 'HUP')],
    pane: null,
    expect: ['exited', 'done'],
  },
  {
    name: 'exit 0 ends the turn of its prompt',
    events: [launched, exited(5, 0)],
    pane: dead(0),
    expect: ['exited', 'done'],
  },
  { name: 'pane gone', events: [launched, hook(2, 'working')], pane: null, expect: ['exited', 'failed'] },
  {
    name: 'stopped, and on its way out it says that it failed',
    events: [launched, hook(2, 'working'), stopped, hook(9, 'failed', 'terminated')],
    pane: alive,
    expect: ['working', null],
  },
  {
    name: 'stopped',
    events: [launched, hook(2, 'working'), stopped],
    pane: dead(null, 'TERM'),
    expect: ['exited', null],
  },
  {
    name: 'started again after a stop',
    events: [launched, stopped, launched],
    pane: alive,
    after: 10,
    expect: ['starting', null],
  },
  {
    name: 'prints',
    events: [launched],
    pane: alive,
    hooks: 'none',
    printed: now - 500,
    expect: ['working', null],
  },
  {
    name: 'quiet after its prompt',
    events: [launched],
    pane: alive,
    hooks: 'none',
    printed: now - 9000,
    expect: ['done', 'done'],
  },
  {
    name: 'quiet with a question',
    events: [launched],
    pane: alive,
    hooks: 'none',
    printed: now - 9000,
    asked: 'y/n',
    expect: ['waiting', null],
  },
  {
    name: 'quiet without a prompt is not idle',
    events: [{ ...launched, prompt: 'none' }],
    pane: alive,
    hooks: 'none',
    printed: now - 9000,
    expect: ['unknown', null],
  },
  { name: 'printed nothing', events: [launched], pane: alive, hooks: 'none', expect: ['unknown', null] },
  {
    name: 'the clock was set back',
    events: [launched],
    pane: alive,
    hooks: 'none',
    printed: now + 9e6,
    expect: ['done', 'done'],
  },
];

for (const row of rows)
  test(`state: ${row.name}`, () => {
    const folded = foldTask(
      [{ name: 'a', preset: 'p', role: 'implementer', conversationId: null }],
      row.events,
    ).agents[0];
    assert.ok(folded);
    const resolved = resolveState({
      folded,
      pane: row.pane,
      preset: { hooks: row.hooks ?? 'events', prompt: 'argument', reading: { quietMs: 3000, asks: null } },
      printed: row.printed ?? null,
      ...nothingSeen,
      screen: row.asked === undefined ? null : { state: 'waiting', message: row.asked },
      now: row.after === undefined ? now : Date.parse(minute(1)) + row.after * 1000,
    });
    assert.deepEqual([resolved.state, resolved.outcome], row.expect);
    assert.notEqual(resolved.why, '');
  });

test('the most pressing state of a task', () => {
  assert.equal(mostPressing(['working', 'waiting', 'done']), 'waiting');
  assert.equal(mostPressing(['working', 'done']), 'done');
  assert.equal(mostPressing(['exited', 'working']), 'working');
  assert.equal(mostPressing([]), 'exited');
});

test('a report repeated keeps its beginning', () => {
  const events = [launched, hook(2, 'waiting', 'q'), hook(8, 'waiting', 'q')];
  const folded = foldTask([{ name: 'a', preset: 'p', role: 'r', conversationId: null }], events).agents[0];
  assert.equal(folded?.report?.at, minute(2));
});

test('held prompts are folded: held, taken, delivered', () => {
  const records = [{ name: 'a', preset: 'p', role: 'r', conversationId: null }];
  const held: JournalEvent = { at: minute(2), type: 'held', agent: 'a', prompt: 'x', text: 'go on' };
  const taking: JournalEvent = {
    at: minute(3),
    type: 'delivering',
    agent: 'a',
    prompt: 'x',
    pid: 9,
    started: 's',
  };
  assert.equal(foldTask(records, [held]).held[0]?.taker, null);
  assert.deepEqual(foldTask(records, [held, taking]).held[0]?.taker, { pid: 9, started: 's' });
  assert.deepEqual(
    foldTask(records, [held, taking, { at: minute(4), type: 'delivered', agent: 'a', prompt: 'x' }]).held,
    [],
  );
});
