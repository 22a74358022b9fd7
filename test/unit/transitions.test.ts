/** Every transition that docs/agents.md promises, made with the events and signals by which it comes about. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Sight } from '../../lib/core/agents/reading.ts';
import { foldTask } from '../../lib/core/journal/fold.ts';
import type { JournalEvent } from '../../lib/core/journal/journal.ts';
import { type LiveSights, nothingSeen, type PaneSight } from '../../lib/core/state/signals.ts';
import { resolveState } from '../../lib/core/state/state.ts';
import { linesOf, readingOf } from '../helpers/agents.ts';

const start = Date.parse('2026-11-21T02:00:00.000Z');
const at = (second: number) => new Date(start + second * 1000).toISOString();
const now = start + 120_000;
const alive: PaneSight = { pane: '%1', pid: 7, dead: false, status: null, signal: null };

interface Course {
  readonly preset?: string;
  /** Events of the agent's hooks, ten seconds apart, with their payloads. */
  readonly told: readonly (readonly [event: string, payload?: object])[];
  readonly sights?: Partial<LiveSights>;
  readonly pane?: PaneSight | null;
  readonly more?: readonly JournalEvent[];
}

const idle: Sight = { state: 'idle', message: null };
const file = (state: Sight['state'], second: number) =>
  ({ state, message: null, at: start + second * 1000, conversationId: null }) as const;
const shown = (preset: string, screen: string): LiveSights['screen'] =>
  readingOf(preset).readScreen?.(linesOf(`${preset}/${screen}.txt`)) ?? 'unclear';
const exited = (status: number | null, signal: string | null): Pick<Course, 'pane' | 'more'> => ({
  pane: { ...alive, dead: true, status, signal },
  more: [{ at: at(100), type: 'exited', agent: 'a', status, signal }],
});

const prompt = ['UserPromptSubmit'] as const;
const permission = ['PermissionRequest', { tool_name: 'Bash', tool_input: { command: 'ls' } }] as const;

const courses: Readonly<Record<string, Course>> = {
  'a prompt is submitted': { told: [prompt] },
  'a permission is asked': { told: [prompt, permission] },
  'a question is asked': {
    told: [
      prompt,
      [
        'PermissionRequest',
        { tool_name: 'AskUserQuestion', tool_input: { questions: [{ question: 'Which?' }] } },
      ],
    ],
  },
  'it is answered, and a tool runs': { told: [prompt, permission, ['PostToolUse']] },
  'denied with Esc, by its own file': { told: [prompt, permission], sights: { registry: file('idle', 110) } },
  'denied with Esc, by its title': { preset: 'codex', told: [prompt, permission], sights: { title: idle } },
  'denied with Esc, by its screen': {
    told: [prompt, permission],
    sights: { screen: shown('claude', 'denied') },
  },
  'interrupted with Esc, by its own file': { told: [prompt], sights: { registry: file('idle', 110) } },
  'interrupted with Esc, by its title': {
    preset: 'qwen',
    told: [prompt],
    sights: { title: idle, idleSeen: now - 2000 },
  },
  'interrupted with Esc, reported': { preset: 'codex', told: [prompt, ['Interrupt']] },
  'idle for less than 1.5 s': { told: [prompt], sights: { registry: file('idle', 119) } },
  'the turn ends': {
    told: [prompt, ['Stop', { last_assistant_message: 'All done.', background_tasks: [] }]],
  },
  'the turn ends, work goes on in the background': {
    told: [prompt, ['Stop', { background_tasks: [{ id: 'b' }] }]],
  },
  'the background work ends, by its own file': {
    told: [prompt, ['Stop', { background_tasks: [{ id: 'b' }] }]],
    sights: { registry: file('idle', 110) },
  },
  'the API fails, reported': {
    told: [prompt, ['StopFailure', { last_assistant_message: 'API Error: 400' }]],
  },
  'the API fails, by its own file': {
    preset: 'codex',
    told: [prompt],
    sights: { registry: file('failed', 110), title: idle },
  },
  'the person types into a finished agent': {
    told: [prompt, ['Stop']],
    sights: { registry: file('working', 110) },
  },
  '`/clear` ends the conversation': {
    told: [
      prompt,
      ['Stop'],
      ['SessionEnd', { reason: 'clear' }],
      ['SessionStart', { session_id: 'n', source: 'clear' }],
    ],
  },
  'a trust, login or first-run dialog at the start': {
    told: [],
    sights: { screen: shown('claude', 'trust') },
  },
  'nothing is reported after the start': { told: [], sights: { screen: 'unclear' } },
  'it exits': { told: [prompt], ...exited(0, null) },
  'it exits after its turn': { told: [prompt, ['Stop']], ...exited(0, null) },
  'it crashes': { told: [prompt, permission], ...exited(1, null) },
  'it is killed': { told: [prompt], ...exited(null, 'KILL') },
  'its pane is closed': { told: [prompt], pane: null },
};

interface Row {
  readonly name: string;
  readonly state: string;
  readonly rule: string;
}

function documented(): readonly Row[] {
  const [, section = ''] = readFileSync('docs/agents.md', 'utf8').split('### Transitions');
  return (section.split('\n#')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => {
      const [, name = '', state = '', rule = ''] = line.split('|').map((cell) => cell.trim());
      return { name, state: state.replaceAll('`', ''), rule };
    });
}

function resolve({ preset = 'claude', told, sights = {}, pane = alive, more = [] }: Course) {
  const reading = readingOf(preset);
  const events: JournalEvent[] = [
    { at: at(0), type: 'launched', agent: 'a', prompt: 'argument', resumed: false },
    ...told.map(
      ([event, payload = {}], index): JournalEvent => ({
        at: at(10 * (index + 1)),
        type: 'hook',
        agent: 'a',
        event,
        state: null,
        message: null,
        payload: JSON.stringify(payload),
        payloadFile: null,
      }),
    ),
    ...more,
  ];
  const [folded] = foldTask([{ name: 'a', preset, role: 'r', conversationId: null }], events, (_, event) =>
    event.event === null ? null : (reading.readEvent?.(event.event, event.payload) ?? null),
  ).agents;
  assert.ok(folded);
  const kind = { hooks: 'events', prompt: 'argument', reading } as const;
  return resolveState({ ...nothingSeen, ...sights, folded, pane, preset: kind, printed: null, now });
}

test('the documented transitions are those that are tried here', () => {
  assert.deepEqual(
    documented().map(({ name }) => name),
    Object.keys(courses),
  );
});

for (const [name, course] of Object.entries(courses))
  test(`transition: ${name}`, () => {
    const { state, rule, why } = resolve(course);
    assert.deepEqual(
      { name, state, rule },
      documented().find((row) => row.name === name),
      why,
    );
  });
