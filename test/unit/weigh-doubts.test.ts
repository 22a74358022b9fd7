import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveState } from '../../lib/core/state/state.ts';
import { inDoubt, isReady, looksIdle } from '../../lib/core/state/weigh.ts';
import { type Moment, signals } from '../fixtures/moments.ts';

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
