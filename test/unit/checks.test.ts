import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFailurePrompt, checksDue, outputTail, sightChecks } from '../../lib/core/check/checks.ts';
import { foldTask } from '../../lib/core/journal/fold.ts';
import type { CheckState, JournalEvent } from '../../lib/core/journal/journal.ts';
import { createOutputTail } from '../../lib/core/output-tail.ts';
import { agent, task } from '../fixtures/desks.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
const at = (second: number) => new Date(start + second * 1000).toISOString();
const records = [{ name: 'claude', preset: 'demo', role: 'implementer', conversationId: null }];

const hook = (second: number, state: 'working' | 'done', message: string | null = null): JournalEvent => ({
  at: at(second),
  ...{ type: 'hook', agent: 'claude', state, message, event: null, payload: null, payloadFile: null },
});
const check = (second: number, state: CheckState, run = 1, back = false): JournalEvent => ({
  at: at(second),
  ...{ type: 'check', run, state, tree: `t${run}`, check: null, back, message: 'said', pid: 7, started: 's' },
});
const held = (second: number, prompt: string): JournalEvent => ({
  at: at(second),
  ...{ type: 'held', agent: 'claude', prompt, text: 'x' },
});
const ready: JournalEvent = { at: at(0), type: 'ready' };

const fold = (...events: JournalEvent[]) => foldTask(records, [ready, ...events]);
const sight = (events: JournalEvent[], given: Partial<Parameters<typeof sightChecks>[1]> = {}) => {
  const { shown, gate } = sightChecks(fold(...events), {
    gated: true,
    alive: false,
    since: at(10),
    now: start + 12_000,
    ...given,
  });
  return `${shown} ${gate}`;
};

test('what the checks say, and what they hold back', () => {
  const done = hook(10, 'done');
  const late = { now: start + 60_000 };
  const cases: readonly (readonly [string, string, string])[] = [
    ['not yet begun', sight([done]), 'none wait'],
    ['never begun', sight([done], late), 'none open'],
    ['no checks accepted', sight([done], { gated: false }), 'none open'],
    ['running', sight([done, check(11, 'running')], { alive: true, ...late }), 'running wait'],
    ['cut off just now', sight([done, check(11, 'running')]), 'none wait'],
    ['cut off long ago', sight([done, check(11, 'running')], late), 'none open'],
    ['passed', sight([done, check(11, 'running'), check(12, 'passed')]), 'passed open'],
    ['failed', sight([done, check(12, 'failed')]), 'failed fail'],
    ['failed, and on its way back', sight([done, check(12, 'failed', 1, true)]), 'failed wait'],
    ['failed, and never taken up', sight([done, check(12, 'failed', 1, true)], late), 'failed fail'],
    ['stale', sight([done, check(12, 'stale')]), 'none wait'],
    ['another turn', sight([done, check(11, 'passed'), hook(12, 'working')]), 'none wait'],
    ['told twice that it is done', sight([done, check(11, 'passed'), hook(12, 'done')]), 'passed open'],
    ['done anew', sight([done, check(11, 'passed'), hook(12, 'done', 'more')]), 'none wait'],
    [
      'a turn while they run',
      sight([done, check(11, 'running'), hook(12, 'working'), check(13, 'passed')]),
      'none wait',
    ],
  ];
  for (const [words, found, wanted] of cases) assert.equal(found, wanted, words);
});

test('tries count until a pass or a prompt of a person’s', () => {
  const failed = (run: number) => check(run, 'failed', run, true);
  assert.equal(fold(failed(1), held(2, 'check-1'), hook(3, 'working'), failed(4)).attempts, 2);
  assert.equal(fold(failed(1), check(2, 'passed', 2), failed(3)).attempts, 1);
  assert.equal(fold(failed(1), failed(2), held(3, 'person'), failed(4)).attempts, 1);
  assert.equal(fold(check(1, 'failed')).attempts, 0, 'one that a person ran');
});

test('due: a turn is over with a change, and nothing says anything about it', () => {
  const change = { files: 1, insertions: 1, deletions: 0 };
  const over = task('x', { diff: change, agents: [agent('claude', { state: 'done' })] });
  const due = (given: typeof over, events: JournalEvent[], alive = false) =>
    checksDue(given, fold(...events), alive);
  const done = hook(10, 'done');
  assert.equal(due(over, [done]), true);
  assert.equal(due({ ...over, diff: { ...change, files: 0 } }, [done]), false);
  assert.equal(due({ ...over, diff: null }, [done]), false);
  assert.equal(due({ ...over, problem: 'gone' }, [done]), false);
  for (const state of ['working', 'starting', 'waiting'] as const)
    assert.equal(due({ ...over, agents: [...over.agents, agent('b', { state })] }, [done]), false, state);
  const ended = { ...over, agents: [agent('claude', { state: 'exited' })] };
  assert.equal(due(ended, [done]), true);
  assert.equal(due(ended, [hook(9, 'working')]), false, 'stopped in the middle');
  assert.equal(due(over, [done, check(11, 'running')], true), false);
  assert.equal(due(over, [done, check(11, 'running')], false), true);
  for (const state of ['passed', 'failed'] as const) assert.equal(due(over, [done, check(11, state)]), false);
  assert.equal(due(over, [done, check(11, 'stale')]), true);
  assert.equal(due(over, [done, check(11, 'stale'), check(12, 'stale', 2)]), false, 'not for ever');
  assert.equal(due(over, [done, check(11, 'failed'), hook(12, 'working'), hook(13, 'done')]), true);
  assert.equal(checksDue(over, foldTask(records, [done]), false), false, 'not ready');
});

test('what goes back names the check and holds the end of what it printed, as text alone', () => {
  const output = `${Array.from({ length: 200 }, (_, index) => `line ${index}`).join('\n')}\n`;
  const prompt = checkFailurePrompt({ name: 'test', run: 'npm test', how: 'exited with 1', output }, 1, 3);
  assert.match(
    prompt,
    /^The check “test” failed after your turn: `npm test` exited with 1 \(attempt 1 of 3\)\.\n/,
  );
  assert.match(prompt, /\nline 140\n/);
  assert.doesNotMatch(prompt, /\nline 139\n/);
  assert.match(checkFailurePrompt({ name: 't', run: 'r', how: 'h', output }, 3, 3), /a person is asked next/);
  assert.equal(
    outputTail('\u001b[31mred\u001b[0m \u001b]0;title\u0007x\n10%\r50%\r100%\u0000\n\n'),
    'red x\n100%',
  );
  for (const long of ['x', '\r', '\u001b[', 'x\r', '\u001b]'])
    assert.ok(outputTail(long.repeat(1_000_000)).length <= 6000, JSON.stringify(long));
});

test('of a program that prints without end the newest is kept, in time', () => {
  const tail = createOutputTail(1000);
  for (let line = 0; line < 300_000; line += 1) tail.add(`line ${line}`);
  assert.equal(tail.text().length, 1000);
  assert.ok(tail.text().endsWith('line 299998\nline 299999\n'));
  const short = createOutputTail(1000);
  short.add('one');
  assert.equal(short.text(), 'one\n');
});
