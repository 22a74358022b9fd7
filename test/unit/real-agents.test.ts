/** What runs with the real programs showed, from what they reported and drew then. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AgentPlace } from '../../lib/core/agents/reading.ts';
import { chooseAnswer } from '../../lib/core/dialog/dialog.ts';
import { recogniser } from '../../lib/core/dialog/dialogs.ts';
import { parseScreen } from '../../lib/core/dialog/screen-lines.ts';
import { foldTask } from '../../lib/core/journal/fold.ts';
import type { HookState, JournalEvent } from '../../lib/core/journal/journal.ts';
import { nothingSeen, type Signals } from '../../lib/core/state/signals.ts';
import { resolveState } from '../../lib/core/state/state.ts';
import { fixture, linesOf, readingOf } from '../helpers/agents.ts';

const place: AgentPlace = {
  env: { HOME: '/home/me' },
  conversationId: null,
  pid: 7,
  worktree: '/home/me/app.worktrees/one',
  transcript: null,
};

const screen = (name: string) =>
  readFileSync(new URL(`../fixtures/screens/${name}.txt`, import.meta.url), 'utf8').split('\n');

/** What is left of an agent after recorded events, each with the state its hook told. */
function folded(agent: string, lines: readonly string[], states: Readonly<Record<string, HookState>>) {
  const events = lines.map((line): JournalEvent => {
    const { at, event, payload } = JSON.parse(line);
    const state = states[event] ?? null;
    const iso = new Date(at * 1000).toISOString();
    return { at: iso, type: 'hook', agent, state, event, message: null, payload, payloadFile: null };
  });
  const launched: JournalEvent = {
    at: '2026-11-21T00:00:00.000Z',
    type: 'launched',
    agent,
    prompt: 'argument',
    resumed: false,
  };
  const record = { name: agent, preset: agent, role: 'implementer', conversationId: null };
  const [found] = foldTask([record], [launched, ...events], (_, { event, payload }) =>
    event === null ? null : (readingOf(agent).readEvent?.(event, payload) ?? null),
  ).agents;
  assert.ok(found);
  return found;
}

function signals(agent: string, of: ReturnType<typeof folded>, given: Partial<Signals>): Signals {
  return {
    ...nothingSeen,
    folded: of,
    pane: { pane: '%1', pid: 7, dead: false, status: null, signal: null },
    preset: { hooks: 'events', prompt: 'argument', reading: readingOf(agent) },
    printed: null,
    now: Date.parse(of.report?.last ?? '') + 5000,
    ...given,
  };
}

const dialogs: readonly (readonly [string, string, readonly string[], RegExp])[] = [
  ['codex-question', 'blue', ['Green', 'Blue', 'None of the above'], /it asks a question/],
  ['qwen-question', 'Blue', ['Green', 'Blue', 'Type something...'], /^Which colour shall it be\?$/],
  ['copilot-form', '2', ['Green', 'Blue', 'Other (type your answer)'], /^Which colour shall it be\?$/],
];
for (const [name, reply, options, words] of dialogs)
  test(`${name}: the question is seen to wait, and an answer takes its option`, () => {
    const agent = name.split('-')[0] ?? '';
    const sight = readingOf(agent).readScreen?.(screen(name));
    assert.equal(sight?.state, 'waiting');
    assert.match(sight.message ?? '', words);
    const dialog = recogniser(agent)(parseScreen(screen(name)), null);
    assert.equal(dialog?.kind, 'question');
    assert.deepEqual(
      dialog.options.map(({ text }) => text.split(/ {2,}/)[0]),
      options,
    );
    assert.deepEqual(chooseAnswer(dialog, reply), { take: 'option', option: 1, text: null });
  });

test('gemini-redirect: a permission with a word about its redirection is answered too', () => {
  const dialog = recogniser('gemini')(parseScreen(screen('gemini-redirect')), null);
  assert.equal(dialog?.kind, 'permission');
  assert.deepEqual(chooseAnswer(dialog, 'yes'), { take: 'option', option: 0, text: null });
});

test("codex's own question is reported as a tool that begins: it waits until the tool has ended", () => {
  const lines = linesOf('codex/question.jsonl');
  const states = { UserPromptSubmit: 'working', PreToolUse: 'working', PostToolUse: 'working' } as const;
  const asked = folded('codex', lines.slice(0, 2), states);
  assert.deepEqual([asked.report?.state, asked.report?.message], ['waiting', 'Which colour shall it be?']);
  const shown = { registry: null, title: { state: 'waiting', message: null } } as const;
  assert.equal(resolveState(signals('codex', asked, shown)).state, 'waiting');
  assert.equal(folded('codex', lines.slice(0, 3), states).report?.state, 'working');
});

test('gemini: a recorded course; the words of a question come from the call of its tool', () => {
  const lines = linesOf('gemini/events.jsonl');
  const states = {
    BeforeAgent: 'working',
    BeforeTool: 'working',
    AfterTool: 'working',
    AfterAgent: 'done',
    Notification: 'waiting',
  } as const;
  const told = lines.map((_, end) => {
    const { report } = folded('gemini', lines.slice(0, end + 1), states);
    return `${report?.state} ${report?.message ?? ''}`.trim();
  });
  const course = told.filter((each, index) => each !== told[index - 1]);
  for (const part of [
    ['working', 'waiting touch: touch a.txt', 'working', 'done The turn is over.'],
    ['working', 'waiting Which colour shall it be?', 'working', 'done The turn is over.'],
    ['waiting touch: touch denied.txt', 'working', 'waiting touch: touch escaped.txt', 'working'],
    ['working', 'done … still at it …', 'working', 'done', 'working'],
  ])
    assert.ok(course.join(' | ').includes(part.join(' | ')), `${part.join(' | ')} in ${course.join(' | ')}`);
});

test('gemini: a turn that ended in an error ended without words, and its chat alone tells the error', () => {
  const file = { text: fixture('gemini/failed-chat.jsonl'), written: 0 };
  const registry = readingOf('gemini').registry?.read(file, place, () => null) ?? null;
  assert.deepEqual([registry?.state, registry?.message], ['failed', 'the stand-in refuses this prompt']);
  const payload = (words: string) => JSON.stringify({ prompt_response: words });
  const end = (words: string) =>
    folded('gemini', [JSON.stringify({ at: 1795257346, event: 'AfterAgent', payload: payload(words) })], {
      AfterAgent: 'done',
    });
  const failed = resolveState(signals('gemini', end('[no response text]'), { registry }));
  assert.deepEqual([failed.state, failed.message], ['failed', 'the stand-in refuses this prompt']);
  assert.equal(resolveState(signals('gemini', end('All went well.'), { registry })).state, 'done');
  const interrupted = resolveState(signals('gemini', end('[no response text]'), { registry: null }));
  assert.deepEqual([interrupted.state, interrupted.message], ['done', null], 'Esc has no words either');
  const old = registry === null ? null : { ...registry, at: registry.at - 60_000 };
  assert.equal(resolveState(signals('gemini', end('[no response text]'), { registry: old })).state, 'done');
  const goneOn = `${file.text}{"id":"1","timestamp":"2026-11-21T10:36:00.000Z","type":"user","content":"go on"}\n`;
  assert.equal(
    readingOf('gemini').registry?.read({ text: goneOn, written: 0 }, place, () => null),
    null,
  );
});

test("copilot's log: what follows an abort begins nothing, its tool of questions waits, last words are told", () => {
  const lines = linesOf('copilot/denied.jsonl');
  const read = (end: number) =>
    readingOf('copilot').registry?.read(
      { text: lines.slice(0, end).join('\n'), written: 0 },
      place,
      () => null,
    );
  const denied = lines.findIndex((line) => line.includes('"permission.completed"')) + 1;
  assert.equal(read(denied)?.state, 'idle');
  assert.equal(
    read(lines.findIndex((line) => line.includes('"permission.requested"')) + 1)?.state,
    'waiting',
  );
  const asks = read(lines.length);
  assert.deepEqual([asks?.state, asks?.message], ['waiting', 'Which colour shall it be?']);
  const said = {
    type: 'assistant.message',
    data: { content: 'The turn is over.' },
    timestamp: '2026-11-21T10:51:00Z',
  };
  const end = { type: 'assistant.turn_end', data: {}, timestamp: '2026-11-21T10:51:01Z' };
  const text = [...lines, JSON.stringify(said), JSON.stringify(end)].join('\n');
  const over = readingOf('copilot').registry?.read({ text, written: 0 }, place, () => null);
  assert.deepEqual([over?.state, over?.message], ['idle', 'The turn is over.']);
  const usage = readingOf('copilot').usage?.add(null, lines);
  assert.deepEqual(usage?.usage, { inputTokens: 240, outputTokens: 24, costUsd: null }, 'each request once');
});

test('opencode: last words and usage come with the end of a turn, and last until a new conversation', () => {
  const end = (usage: object) =>
    JSON.stringify({
      at: 1795257346,
      event: 'session.idle',
      payload: JSON.stringify({ sessionID: 'ses_1', last_assistant_message: 'The turn is over.', usage }),
    });
  const told = folded('opencode', [end({ input_tokens: 240, output_tokens: 24, cost: 0.5 })], {});
  assert.deepEqual([told.report?.state, told.report?.message], ['done', 'The turn is over.']);
  assert.deepEqual(told.usage, { inputTokens: 240, outputTokens: 24, costUsd: 0.5 });
  for (const wrong of [{}, { input_tokens: 'many' }, { input_tokens: -1, cost: 'x' }])
    assert.equal(folded('opencode', [end(wrong)], {}).usage, null);
});
