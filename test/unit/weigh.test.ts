/** The signals of a living agent weighed: hooks, own file, title, screen, each of which may be missing or lie. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { times } from '../../lib/core/state/signals.ts';
import { resolveState } from '../../lib/core/state/state.ts';
import { type Moment, signals, start } from '../fixtures/moments.ts';

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
