import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sight } from '../../lib/core/agents/reading.ts';
import { place } from '../fixtures/agent-place.ts';
import { linesOf, readingOf, readings } from '../helpers/agents.ts';

const screens: readonly (readonly [string, string, Sight['state'] | null, RegExp | null])[] = [
  ['claude', 'trust', 'waiting', /start-up: whether to trust/],
  ['claude', 'started', 'idle', null],
  ['claude', 'permission', 'waiting', /^Do you want to proceed\?$/],
  ['claude', 'question', 'waiting', /dialog/],
  ['claude', 'working', 'working', null],
  ['claude', 'denied', 'idle', null],
  ['claude', 'interrupted', 'idle', null],
  ['claude', 'error', 'idle', null],
  ['claude', 'done', 'idle', null],
  ['codex', 'login', 'waiting', /start-up: it is not logged in/],
  ['codex', 'trust', 'waiting', /start-up: whether to trust/],
  ['codex', 'hooks-review', 'waiting', /start-up: hooks need review/],
  ['codex', 'permission', 'waiting', /^Would you like to run the following command\?$/],
  ['codex', 'started', null, null],
  ['codex', 'working', null, null],
  ['codex', 'denied', null, null],
  ['codex', 'error', null, null],
  ['gemini', 'trust', 'waiting', /start-up: whether to trust/],
  ['gemini', 'login', 'waiting', /start-up: it is not logged in/],
  ['qwen', 'login', 'waiting', /start-up: it is not logged in/],
  ['copilot', 'trust', 'waiting', /start-up: whether to trust/],
  ['copilot', 'login', 'waiting', /start-up: it is not logged in/],
];

for (const [agent, name, state, message] of screens)
  test(`the recorded screen ${agent}/${name} says ${state}`, () => {
    const sight = readingOf(agent).readScreen?.(linesOf(`${agent}/${name}.txt`)) ?? null;
    assert.equal(sight?.state ?? null, state);
    if (message !== null) assert.match(sight?.message ?? '', message);
  });

test('what nobody drew is not read as idle: empty and foreign screens', () => {
  for (const [name, { readScreen }] of Object.entries(readings))
    for (const lines of [[], [''], ['$ make', 'cc -c a.c'], ['\u001b[2J'.repeat(9999)]])
      assert.equal(readScreen?.(lines) ?? null, null, name);
});

test('busy words that scrolled by, or that a dialog covers, do not count', () => {
  const read = readingOf('claude').readScreen;
  assert.ok(read);
  const old = ['esc to interrupt', ...linesOf('claude/done.txt')];
  assert.equal(read(old)?.state, 'idle');
  const covered = [...linesOf('claude/permission.txt'), 'esc to interrupt'];
  assert.equal(read(covered)?.state, 'waiting');
});

const titles: readonly (readonly [string, string, Sight['state'] | null])[] = [
  ['codex', '⠧ app', 'working'],
  ['codex', '[ ! ] Action Required | app', 'waiting'],
  ['codex', '[ . ] Action Required | app', 'waiting'],
  ['codex', 'app', 'idle'],
  ['codex', 'myhost', null],
  ['gemini', '✦  Working… (app)', 'working'],
  ['gemini', '✋  Action Required (app)', 'waiting'],
  ['gemini', '◇  Ready (app)', 'idle'],
  ['gemini', 'myhost', null],
  ['qwen', '◐︎ Qwen - app', 'working'],
  ['qwen', '✳︎ Qwen - app', 'waiting'],
  ['qwen', 'Qwen - app', null],
  ['qwen', '', null],
];

for (const [agent, title, state] of titles)
  test(`the title “${title}” of ${agent} says ${state}`, () => {
    assert.equal(readingOf(agent).readTitle?.(title, '/home/me/app')?.state ?? null, state);
  });

test("claude's session file at the recorded moments", () => {
  const seen = linesOf('claude/registry.jsonl').map((line) => {
    const { moment, file } = JSON.parse(line);
    const sight = readingOf('claude').registry?.read({ text: file, written: 0 }, place, () => '1284280');
    return `${moment} ${sight?.state}${sight?.message ? ` ${sight.message}` : ''}`;
  });
  for (const expected of [
    'permission waiting permission prompt',
    'esc-permission idle',
    'working working',
    'interrupted idle',
    'question waiting permission prompt',
    'error idle',
    'background working',
    'background-over idle',
    'cleared idle',
  ])
    assert.ok(seen.includes(expected), `${expected}: ${seen.join(', ')}`);
});

test("claude's session file counts for the living process that wrote it alone", () => {
  const read = readingOf('claude').registry?.read;
  assert.ok(read);
  const text = JSON.stringify({
    pid: 2969,
    sessionId: 'x',
    procStart: '5',
    status: 'busy',
    statusUpdatedAt: 9,
  });
  const file = { text, written: 1 };
  assert.equal(read(file, place, () => '5')?.at, 9);
  assert.equal(
    read(file, place, () => '6'),
    null,
    'the pid was used again',
  );
  assert.equal(
    read(file, place, () => null),
    null,
    'killed',
  );
  assert.equal(
    read(file, { ...place, pid: 1 }, () => '5'),
    null,
    "another's",
  );
  assert.equal(
    read(file, { ...place, pid: 1, conversationId: 'x' }, () => '5')?.state,
    'working',
    'through a wrapper',
  );
  assert.equal(
    read({ text: '{"status":"busy"', written: 1 }, place, () => '5'),
    null,
  );
  assert.equal(
    read({ text: text.replace('busy', 'toString'), written: 1 }, place, () => '5'),
    null,
  );
});

test("codex's rollout tells the turn's end, and the failure that no hook tells", () => {
  const registry = readingOf('codex').registry;
  assert.ok(registry);
  const lines = linesOf('codex/rollout.jsonl');
  const upTo = (type: string) =>
    lines.slice(0, lines.findLastIndex((line) => line.includes(type)) + 1).join('\n');
  const read = (text: string) => registry.read({ text, written: 0 }, place, () => null);
  assert.equal(read(upTo('"turn_aborted"'))?.state, 'idle');
  assert.equal(read(upTo('"task_started"'))?.state, 'working');
  const failed = read(upTo('"error"'));
  assert.deepEqual([failed?.state, failed?.message], ['failed', 'made-up failure']);
  assert.equal(read('garbage\n{"type":"event_msg"'), null);
});

test("copilot's log tells a denial and an interrupt", () => {
  const registry = readingOf('copilot').registry;
  const read = (count: number) =>
    registry?.read(
      { text: linesOf('copilot/events.jsonl').slice(0, count).join('\n'), written: 0 },
      place,
      () => null,
    );
  assert.deepEqual(
    [3, 5, 6, 7].map((count) => read(count)?.state),
    ['working', 'waiting', 'working', 'idle'],
  );
});

const usages: readonly (readonly [string, string, object])[] = [
  ['codex', 'codex/rollout.jsonl', { inputTokens: 1200, outputTokens: 336, costUsd: null }],
  ['gemini', 'gemini/chat.jsonl', { inputTokens: 313, outputTokens: 57, costUsd: null }],
  ['qwen', 'qwen/chat.jsonl', { inputTokens: 100, outputTokens: 25, costUsd: null }],
  ['copilot', 'copilot/events.jsonl', { inputTokens: 0, outputTokens: 20, costUsd: null }],
  ['claude', 'claude/transcript.jsonl', { inputTokens: 465, outputTokens: 126, costUsd: null }],
];

for (const [agent, path, expected] of usages)
  test(`usage of ${agent}, at once and line by line`, () => {
    const { usage } = readingOf(agent);
    assert.ok(usage);
    const lines = linesOf(path);
    assert.deepEqual(usage.add(null, lines).usage, expected);
    let sum = usage.add(null, []);
    assert.equal(sum.usage, null);
    for (const line of lines) sum = usage.add(sum, [line, 'garbage', '{"usage":"tokens"}']);
    assert.deepEqual(sum.usage, expected);
  });
