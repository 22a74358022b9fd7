import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presets } from '../../lib/core/agents/presets.ts';
import type { JournalEvent } from '../../lib/core/journal/journal.ts';
import type { TaskRecord } from '../../lib/core/model.ts';
import { snapshot, type TaskFacts, type TaskPane } from '../../lib/core/state/snapshot.ts';

const minute = (number: number) => `2026-11-21T02:${String(number).padStart(2, '0')}:00.000Z`;

function record(name: string, agents: number, priority = 0): TaskRecord {
  return {
    version: 1,
    name,
    project: 'app',
    prompt: 'p',
    branch: name,
    base: 'main',
    baseCommit: 'c',
    ownsBranch: true,
    worktree: `/w/${name}`,
    included: {},
    layout: 'solo',
    priority,
    group: null,
    ports: [],
    agents: Array.from({ length: agents }, (_, index) => ({
      name: `a${index + 1}`,
      preset: 'demo',
      role: 'implementer',
      conversationId: null,
    })),
    created: minute(0),
  };
}

function facts(
  task: TaskRecord,
  events: readonly JournalEvent[],
  files = 1,
  report: string | null = null,
  written = 3,
): TaskFacts {
  const ready: JournalEvent = { at: minute(0), type: 'ready' };
  return {
    record: task,
    events: [
      ...task.agents.map(
        (agent): JournalEvent => ({
          at: minute(0),
          type: 'launched',
          agent: agent.name,
          prompt: 'argument',
          resumed: false,
        }),
      ),
      ready,
      ...events,
    ],
    report: report === null ? null : { text: report, written: Date.parse(minute(written)) },
    printed: {},
    sights: {},
    payloads: {},
    diff: { files, insertions: files, deletions: 0 },
    worktreeExists: true,
    makerAlive: false,
    checkerAlive: false,
  };
}

const hook = (
  agent: string,
  at: number,
  state: 'working' | 'waiting' | 'done' | 'failed',
  message: string | null = null,
): JournalEvent => ({
  at: minute(at),
  type: 'hook',
  agent,
  state,
  event: null,
  message,
  payload: null,
  payloadFile: null,
});

function look(tasks: readonly TaskFacts[]) {
  let number = 0;
  const panes = tasks.flatMap(({ record: task }) =>
    task.agents.map((agent): TaskPane => {
      number += 1;
      return {
        pane: `%${number}`,
        pid: number,
        dead: false,
        status: null,
        signal: null,
        window: '@1',
        project: 'app',
        task: task.name,
        agent: agent.name,
      };
    }),
  );
  const project = { version: 1 as const, name: 'app', root: '/app', created: minute(0) };
  return snapshot({
    projects: [{ record: project, overlaps: [], gated: false, session: '$1', tasks }],
    panes,
    presets: presets({}),
    problems: [],
    now: Date.parse(minute(30)),
  });
}

const kinds = (tasks: readonly TaskFacts[]) =>
  look(tasks).docket.map((item) => `${item.kind} ${item.task}/${item.agent}`);

test('the docket: priority, then kind, then oldest first', () => {
  const order = kinds([
    facts(record('young-question', 1), [hook('a1', 9, 'waiting')]),
    facts(record('old-question', 1), [hook('a1', 2, 'waiting')]),
    facts(record('review', 1), [hook('a1', 1, 'done')]),
    facts(record('report', 1), [hook('a1', 1, 'done')], 0),
    facts(record('failure', 1), [hook('a1', 1, 'failed')]),
    facts(record('urgent-review', 1, 5), [hook('a1', 20, 'done')]),
    facts(record('busy', 1), [hook('a1', 1, 'working')]),
  ]);
  assert.deepEqual(order, [
    'review urgent-review/a1',
    'question old-question/a1',
    'question young-question/a1',
    'failure failure/a1',
    'review review/a1',
    'report report/a1',
  ]);
});

test('one item for all that finished in a task, once nobody in it is at work', () => {
  const four = record('bench', 4);
  const three = [hook('a1', 3, 'done'), hook('a2', 2, 'done'), hook('a3', 4, 'done')];
  assert.deepEqual(kinds([facts(four, [...three, hook('a4', 1, 'working')])]), []);
  assert.deepEqual(kinds([facts(four, [...three, hook('a4', 5, 'done')])]), ['review bench/a2']);
});

test('an item carries what the report says', () => {
  const report = '---\nsummary: "Login works"\nseverity: high\naction: merge it\n---\nText';
  const item = look([facts(record('login', 1), [hook('a1', 3, 'done', 'said')], 2, report)]).docket[0];
  assert.deepEqual([item?.summary, item?.severity, item?.action], ['Login works', 'high', 'merge it']);
});

test('a report of an earlier turn does not speak for a later one', () => {
  const turns = [
    hook('a1', 1, 'working'),
    hook('a1', 3, 'done', 'first'),
    hook('a1', 5, 'working'),
    hook('a1', 6, 'waiting', 'May I?'),
    hook('a1', 8, 'working'),
    hook('a1', 9, 'done', 'Second turn.'),
  ];
  const said = (agents: number, events: readonly JournalEvent[], written: number) =>
    look([facts(record('login', agents), events, 2, 'A report', written)]).docket.at(-1)?.summary;
  assert.equal(said(1, turns, 3), 'Second turn.');
  assert.equal(said(1, turns, 6), 'A report', 'an answer begins no turn');
  const both = [...turns, hook('a2', 1, 'working'), hook('a2', 2, 'done', 'other')];
  assert.equal(said(2, both, 3), 'A report', 'one of two agents may have written it');
});

test('a question carries its words, a task made by a killed process its cure', () => {
  const asked = look([facts(record('q', 1), [hook('a1', 3, 'waiting', 'allow: npm test')])]);
  assert.equal(asked.docket[0]?.summary, 'allow: npm test');
  const half = look([
    { ...facts(record('half', 1), []), events: [{ at: minute(0), type: 'created', pid: 1, started: 's' }] },
  ]);
  assert.match(half.projects[0]?.tasks[0]?.problem ?? '', /interrupted.*pitwall remove half/);
});

test('a missing worktree is a problem with its path', () => {
  const task = look([{ ...facts(record('gone', 1), []), worktreeExists: false }]).projects[0]?.tasks[0];
  assert.match(task?.problem ?? '', /missing: \/w\/gone/);
});

test('without a report the first sentence of what it said last is the summary', () => {
  for (const [said, summary] of [
    ['All done. The colour is set.', 'All done.'],
    ['Added v1.2.3 of lib/a.ts to the list', 'Added v1.2.3 of lib/a.ts to the list'],
    ['1. Added a test. 2. Fixed it.', '1. Added a test.'],
    ['完了しました。次は何ですか。', '完了しました。'],
    ['x'.repeat(400), 'x'.repeat(300)],
  ] as const) {
    const { docket } = look([facts(record('t', 1), [hook('a1', 5, 'done', said)])]);
    assert.equal(docket[0]?.summary, summary);
  }
});

test('a question says what it asks, whole', () => {
  const asked = 'Bash: rm -rf build. Then: make';
  const { docket } = look([facts(record('t', 1), [hook('a1', 5, 'waiting', asked)])]);
  assert.deepEqual([docket[0]?.kind, docket[0]?.summary], ['question', asked]);
});

test('what did not land waits as a conflict until somebody works on, it is decided anew, or it lands', () => {
  const commit = 'a'.repeat(40);
  const approved: JournalEvent = { at: minute(3), type: 'decided', outcome: 'approved', round: 1, commit };
  const conflict: JournalEvent = {
    at: minute(4),
    type: 'conflict',
    files: ['it’s'],
    message: 'conflicts with main in it’s',
  };
  const before = [hook('a1', 2, 'done'), approved, conflict];
  const [item, ...more] = look([facts(record('a', 1), before)]).docket;
  assert.deepEqual(more, []);
  assert.equal(item?.kind, 'conflict');
  assert.equal(item?.summary, 'conflicts with main in it’s');
  assert.equal(item?.action, 'pitwall land --hand-over a');
  const after: readonly (readonly [JournalEvent, readonly string[]])[] = [
    [hook('a1', 5, 'working'), []],
    [hook('a1', 5, 'waiting'), ['question a/a1', 'conflict a/null']],
    [{ at: minute(5), type: 'delivered', agent: 'a1', prompt: 'p' }, ['review a/a1']],
    [{ ...approved, at: minute(5) }, []],
    [{ ...approved, at: minute(5), outcome: 'returned' }, ['review a/a1']],
    [{ at: minute(5), type: 'landed', base: 'main', commit }, []],
  ];
  for (const [event, expected] of after)
    assert.deepEqual(kinds([facts(record('a', 1), [...before, event])]), expected, event.type);
});
