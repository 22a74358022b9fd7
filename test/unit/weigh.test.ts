/** The signals of a living agent weighed: hooks, own file, title, screen, each of which may be missing or lie. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldTask } from '../../lib/core/fold.ts';
import type { HookState, JournalEvent } from '../../lib/core/journal.ts';
import type { Sight } from '../../lib/core/reading.ts';
import { nothingSeen, type Signals, times } from '../../lib/core/signals.ts';
import { resolveState } from '../../lib/core/state.ts';
import { inDoubt, isReady, looksIdle } from '../../lib/core/weigh.ts';
import { readingOf } from '../helpers/agents.ts';

const start = Date.parse('2026-11-21T02:00:00.000Z');
const at = (second: number) => new Date(start + second * 1000).toISOString();

interface Moment {
  readonly preset?: string;
  readonly hooks?: 'events' | 'none';
  /** The last report: its state and how many seconds ago; none when left out. */
  readonly report?: readonly [HookState, number];
  readonly background?: boolean;
  /** Seconds since the launch. */
  readonly launched?: number;
  readonly prompt?: 'argument' | 'none';
  readonly heard?: boolean;
  /** The agent's own file, and how many seconds ago it was written. */
  readonly registry?: readonly [Sight['state'], number];
  readonly title?: Sight['state'];
  readonly screen?: Sight['state'] | 'unclear';
  /** Seconds it has looked idle. */
  readonly idle?: number;
}

const sight = (state: Sight['state']): Sight => ({
  state,
  message: state === 'waiting' || state === 'failed' ? 'shown' : null,
});

function signals(moment: Moment): Signals {
  const launched = moment.launched ?? 100_000;
  const base = { agent: 'a', message: null, payload: null, payloadFile: null } as const;
  const resumed = moment.report !== undefined && moment.report[1] > launched;
  const events: JournalEvent[] = [
    { at: at(0), type: 'launched', agent: 'a', prompt: moment.prompt ?? 'argument', resumed },
  ];
  if (moment.heard) events.push({ ...base, at: at(0), type: 'hook', event: 'SessionStart', state: null });
  if (moment.report) {
    const [state, ago] = moment.report;
    const message = state === 'waiting' ? 'Bash: ls' : state === 'failed' ? 'no quota' : null;
    const told = { ...base, at: at(launched - ago), type: 'hook', event: 'X', state, message } as const;
    // What was told before the launch is of a program that is continued.
    if (resumed) events.unshift(told);
    else events.push(told);
  }
  const read = {
    message: null,
    mayAsk: null,
    conversationId: null,
    adopts: false,
    ends: false,
    transcript: null,
    reminds: false,
  };
  const [folded] = foldTask(
    [{ name: 'a', preset: 'p', role: 'r', conversationId: null }],
    events,
    (_, event) =>
      event.event === 'SessionStart'
        ? { ...read, state: null, background: false }
        : { ...read, state: event.state, background: moment.background ?? false },
  ).agents;
  assert.ok(folded);
  const now = start + launched * 1000;
  return {
    ...nothingSeen,
    folded,
    pane: { pane: '%1', pid: 7, dead: false, status: null, signal: null },
    preset: {
      hooks: moment.hooks ?? 'events',
      prompt: 'argument',
      reading: readingOf(moment.preset ?? 'claude'),
    },
    printed: null,
    now,
    registry: moment.registry
      ? { ...sight(moment.registry[0]), at: now - moment.registry[1] * 1000, conversationId: null }
      : null,
    title: moment.title ? sight(moment.title) : null,
    screen:
      moment.screen === undefined || moment.screen === 'unclear'
        ? (moment.screen ?? null)
        : sight(moment.screen),
    idleSeen: moment.idle === undefined ? null : now - moment.idle * 1000,
  };
}

type Expected = 'starting' | 'working' | 'waiting' | 'done' | 'failed' | 'unknown';
const rows: readonly (readonly [name: string, moment: Moment, state: Expected])[] = [
  // Confirmed by nothing else.
  ['asks, nothing else known', { report: ['waiting', 60] }, 'waiting'],
  ['works, nothing else known', { report: ['working', 60] }, 'working'],
  ['done, nothing else known, for days', { report: ['done', 90_000] }, 'done'],
  ['failed, nothing else known, for days', { report: ['failed', 90_000] }, 'failed'],
  ['works for too long without a sign', { report: ['working', 1801] }, 'unknown'],
  ['asks for days where no screen tells', { report: ['waiting', 90_000] }, 'waiting'],
  [
    'asks for too long, and its screen shows nothing',
    { report: ['waiting', 12 * 3600 + 1], screen: 'unclear' },
    'unknown',
  ],
  [
    'works for hours, its file confirms it',
    { report: ['working', 7200], registry: ['working', 7300] },
    'working',
  ],
  ['works for hours, its screen confirms it', { report: ['working', 7200], screen: 'working' }, 'working'],
  [
    'asks since yesterday, the dialog is there',
    { report: ['waiting', 90_000], screen: 'waiting' },
    'waiting',
  ],
  [
    'an unclear screen confirms nothing and denies nothing',
    { report: ['waiting', 60], screen: 'unclear' },
    'waiting',
  ],
  [
    'an unclear screen does not keep a state alive',
    { report: ['working', 1801], screen: 'unclear' },
    'unknown',
  ],
  // Esc at a permission, a denial: no hook tells.
  ['denied: its file is idle since', { report: ['waiting', 60], registry: ['idle', 0.1] }, 'done'],
  ['denied: its title is idle', { preset: 'codex', report: ['waiting', 60], title: 'idle' }, 'done'],
  ['denied: its screen is idle', { report: ['waiting', 60], screen: 'idle' }, 'done'],
  ['answered: its file is busy since', { report: ['waiting', 60], registry: ['working', 0.1] }, 'working'],
  ['answered: its title works', { preset: 'codex', report: ['waiting', 60], title: 'working' }, 'working'],
  ['asks: its file was idle before', { report: ['waiting', 60], registry: ['idle', 70] }, 'waiting'],
  [
    'asks: its file has not followed yet',
    { report: ['waiting', 0.5], registry: ['working', 0.4] },
    'waiting',
  ],
  [
    'asks: its title has not followed yet',
    { preset: 'codex', report: ['waiting', 1], title: 'working' },
    'waiting',
  ],
  // Esc in a turn.
  ['interrupted: its file is idle', { report: ['working', 60], registry: ['idle', 2] }, 'done'],
  ['interrupted just now: debounced', { report: ['working', 60], registry: ['idle', 1] }, 'working'],
  [
    'interrupted: title idle, first seen now',
    { preset: 'gemini', report: ['working', 60], title: 'idle' },
    'working',
  ],
  [
    'interrupted: title idle for a second',
    { preset: 'gemini', report: ['working', 60], title: 'idle', idle: 1 },
    'working',
  ],
  [
    'interrupted: title idle for two seconds',
    { preset: 'gemini', report: ['working', 60], title: 'idle', idle: 2 },
    'done',
  ],
  [
    'background work: the prompt is free',
    { report: ['working', 60], background: true, screen: 'idle', idle: 50 },
    'working',
  ],
  [
    'background work is over: its file says so',
    { report: ['working', 60], background: true, registry: ['idle', 20] },
    'done',
  ],
  // Failures that no hook tells.
  [
    'the API failed: its file says so',
    { preset: 'codex', report: ['working', 60], registry: ['failed', 59], title: 'idle' },
    'failed',
  ],
  [
    'the API failed: idle does not make it good',
    { report: ['failed', 60], registry: ['idle', 59] },
    'failed',
  ],
  // What began without a report.
  ['the person typed: its file is busy', { report: ['done', 60], registry: ['working', 1] }, 'working'],
  [
    'the person typed: its title works',
    { preset: 'codex', report: ['done', 60], title: 'working' },
    'working',
  ],
  [
    'just done: its title has not followed yet',
    { preset: 'codex', report: ['done', 1], title: 'working' },
    'done',
  ],
  ['just done: its file was busy before', { report: ['done', 60], registry: ['working', 61] }, 'done'],
  [
    'asks though it reported work: its title',
    { preset: 'codex', report: ['working', 60], title: 'waiting' },
    'waiting',
  ],
  [
    'asks though a parallel tool ended: screen',
    { report: ['working', 5], registry: ['waiting', 9], screen: 'waiting' },
    'waiting',
  ],
  // Lies.
  [
    'a title that lies is outvoted',
    { preset: 'codex', report: ['working', 60], registry: ['working', 50], title: 'waiting' },
    'working',
  ],
  [
    'a screen that quotes a dialog is outvoted',
    { report: ['working', 60], registry: ['working', 61], screen: 'waiting' },
    'working',
  ],
  [
    'a file that lies is outvoted',
    { report: ['waiting', 60], registry: ['idle', 5], screen: 'waiting' },
    'waiting',
  ],
  [
    'a hook that lies is outvoted',
    { preset: 'codex', report: ['done', 60], registry: ['working', 5], title: 'working' },
    'working',
  ],
  // As many voices for each.
  [
    'a dialog comes before a title',
    { preset: 'gemini', hooks: 'none', title: 'working', screen: 'waiting' },
    'waiting',
  ],
  [
    'a title comes before what else the screen shows',
    { preset: 'codex', report: ['working', 50_000], title: 'waiting', screen: 'idle' },
    'waiting',
  ],
  [
    'its own file comes before its title',
    { preset: 'codex', report: ['waiting', 50_000], registry: ['working', 9], title: 'idle' },
    'working',
  ],
  // The start.
  ['starts', { launched: 5 }, 'starting'],
  ['blocked at start-up: a dialog is on the screen', { launched: 5, screen: 'waiting' }, 'waiting'],
  [
    'blocked at start-up: its title says ready all the same',
    { preset: 'gemini', launched: 5, title: 'idle', screen: 'waiting' },
    'waiting',
  ],
  ['a start that stays silent is not idle', { launched: 20, screen: 'unclear' }, 'unknown'],
  [
    'a start that stays silent with a free prompt is not done',
    { launched: 20, screen: 'idle', title: 'idle' },
    'unknown',
  ],
  ['a start without hooks that work: its file', { launched: 20, registry: ['working', 5] }, 'working'],
  [
    'resumed after it was killed at work: its file is from before',
    { preset: 'codex', launched: 20, prompt: 'none', registry: ['working', 21], title: 'idle' },
    'unknown',
  ],
  ['started without a prompt', { launched: 20, prompt: 'none', heard: true }, 'unknown'],
  [
    'started without a prompt, a dialog is open',
    { launched: 20, prompt: 'none', screen: 'waiting' },
    'waiting',
  ],
  [
    'its hooks are not installed: its title works',
    { preset: 'gemini', hooks: 'none', title: 'working' },
    'working',
  ],
  [
    'its hooks are not installed: its title asks',
    { preset: 'gemini', hooks: 'none', title: 'waiting' },
    'waiting',
  ],
];
for (const [name, moment, state] of rows)
  test(`${name}: ${state}`, () => {
    const resolved = resolveState(signals(moment));
    assert.equal(resolved.state, state, `${resolved.rule}; ${resolved.why}`);
    assert.ok(resolved.why !== '' && resolved.rule !== '');
    assert.ok(!Number.isNaN(Date.parse(resolved.since)));
    assert.ok(Date.parse(resolved.since) <= start + (moment.launched ?? 100_000) * 1000);
  });

test('a question keeps its words and its beginning, whoever confirms it', () => {
  const alone = resolveState(signals({ report: ['waiting', 60] }));
  const confirmed = resolveState(
    signals({ report: ['waiting', 60], screen: 'waiting', registry: ['waiting', 59] }),
  );
  assert.deepEqual([confirmed.message, confirmed.since], [alone.message, alone.since]);
  assert.equal(alone.message, 'Bash: ls');
  assert.equal(resolveState(signals({ launched: 5, screen: 'waiting' })).message, 'shown');
});

test('what decided is said', () => {
  const failed = resolveState(signals({ report: ['failed', 60], registry: ['idle', 59] }));
  assert.equal(failed.why, 'it reported failed, and its own file says idle');
  const why = (moment: Moment) => resolveState(signals(moment)).why;
  assert.equal(why({ report: ['waiting', 60] }), 'it reported waiting');
  assert.equal(
    why({ report: ['waiting', 60], registry: ['idle', 1] }),
    'its own file says idle; it last reported waiting',
  );
  assert.equal(
    why({ report: ['working', 60], registry: ['working', 1] }),
    'it reported working, and its own file says working',
  );
});

const doubts: readonly (readonly [name: string, moment: Moment, doubt: boolean])[] = [
  ['the start, at once', { launched: 1 }, false],
  ['the start, silent', { launched: 3 }, true],
  ['the start of one that reported its session', { launched: 3, heard: true }, false],
  ['the start of one whose prompt does not begin', { launched: 9, heard: true }, true],
  ['waits for its first prompt', { launched: 900, heard: true, prompt: 'none' }, false],
  ['just asked', { report: ['waiting', 1], heard: true }, false],
  ['asks, nothing confirms it', { report: ['waiting', 3], heard: true }, true],
  ['asks, its file confirms it', { report: ['waiting', 3], heard: true, registry: ['waiting', 2] }, false],
  ['works and tells of it', { report: ['working', 5], heard: true }, false],
  ['works in silence', { report: ['working', 11], heard: true }, true],
  [
    'works in silence, its title shows it',
    { preset: 'codex', report: ['working', 900], heard: true, title: 'working' },
    false,
  ],
  ['its file contradicts', { report: ['working', 60], heard: true, registry: ['idle', 1] }, true],
  ['done', { report: ['done', 900], heard: true }, false],
];
for (const [name, moment, doubt] of doubts)
  test(`the screen is ${doubt ? '' : 'not '}looked at: ${name}`, () => {
    assert.equal(inDoubt(signals(moment)), doubt);
  });

test('a prompt is typed to one that was given none only when it is seen to be ready', () => {
  const ready = (moment: Moment) => isReady(signals({ prompt: 'none', launched: 20, ...moment }));
  assert.equal(ready({}), false, 'no hook fires while a start-up dialog is open');
  assert.equal(ready({ screen: 'unclear' }), false);
  assert.equal(ready({ heard: true }), true);
  assert.equal(ready({ screen: 'idle' }), true);
  assert.equal(ready({ preset: 'codex', title: 'idle' }), true);
  assert.equal(ready({ heard: true, prompt: 'argument' }), false, 'it has its prompt already');
  assert.equal(ready({ report: ['done', 10] }), false, 'it reported: its state says it');
  assert.equal(ready({ launched: 5, report: ['done', 30] }), false, 'that it was done before says nothing');
  assert.equal(ready({ launched: 5, report: ['done', 30], heard: true }), true);
  assert.equal(ready({ launched: 5, report: ['done', 30], screen: 'idle' }), true);
  assert.equal(ready({ launched: 16, report: ['done', 30] }), true, 'it has had its time');
  const printed = { preset: 'gemini', hooks: 'none' } as const;
  assert.equal(ready({ ...printed, launched: 5 }), false, 'it has set no title yet');
  assert.equal(ready({ ...printed, launched: 5, title: 'idle' }), true);
  assert.equal(ready({ ...printed, launched: 16, title: 'working' }), false);
  assert.equal(ready({ ...printed, launched: 16 }), true);
});

test('since when it looks idle is remembered only where no signal knows', () => {
  assert.equal(looksIdle(signals({ preset: 'gemini', report: ['working', 60], title: 'idle' })), true);
  assert.equal(looksIdle(signals({ report: ['working', 60], registry: ['idle', 1] })), false);
  assert.equal(looksIdle(signals({ preset: 'gemini', report: ['working', 60], title: 'working' })), false);
  assert.equal(looksIdle(signals({ preset: 'gemini', report: ['waiting', 60], title: 'idle' })), false);
});

test('every combination of signals has a state, and idle is never made of nothing', () => {
  const states = [undefined, 'working', 'waiting', 'idle', 'failed'] as const;
  const reports = [undefined, 'working', 'waiting', 'done', 'failed'] as const;
  for (const report of reports)
    for (const registry of states)
      for (const title of states)
        for (const screen of [...states, 'unclear'] as const)
          for (const ago of [0, 1, 5, 60, 3600, 50_000]) {
            const moment: Moment = {
              preset: 'codex',
              ...(report && { report: [report, ago] }),
              ...(registry && { registry: [registry, ago / 2] }),
              ...(title && { title }),
              ...(screen && { screen }),
            };
            const { state } = resolveState(signals(moment));
            const idle = [report === 'done', registry, title, screen].some(
              (each) => each === true || each === 'idle' || each === 'failed',
            );
            if (state === 'done') assert.ok(idle, JSON.stringify(moment));
            if (report === undefined) assert.notEqual(state, 'done', JSON.stringify(moment));
          }
  assert.ok(times.debounce === 1500);
});
