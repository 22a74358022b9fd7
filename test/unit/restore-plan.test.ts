import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutString } from '../../lib/core/layout/layout-string.ts';
import { makingCommands, type RebuildPlan } from '../../lib/core/restore/rebuild.ts';
import {
  type AgentSituation,
  freeIndexes,
  type ProjectSituation,
  planLines,
  planRestore,
  type TaskSituation,
} from '../../lib/core/restore/restore-plan.ts';
import { parseWindowRecord, type WindowRecord } from '../../lib/core/restore/window-record.ts';

const layout = layoutString({
  tree: {
    ...{ x: 0, y: 0, width: 100, height: 40, split: 'columns' },
    children: [
      { x: 0, y: 0, width: 30, height: 40, id: 7 },
      { x: 31, y: 0, width: 69, height: 40, id: 3 },
    ],
  },
});

const text = (panes: readonly string[], shape = layout) =>
  `pitwall-window 1\nwindow\t4\t100\t40\t1\t0\t${shape}\nsession\tapp\nname\tfix it\n${panes.map((pane) => `pane\t${pane}\n`).join('')}`;
const agentPane = '%3\t1\tagent\tdemo\t\t/w';
const slotPane = '%7\t0\tsidebar\t\t\t';

function record(index: number, agents: readonly string[]): WindowRecord {
  const panes = agents.map((agent) => ({ kind: 'agent', agent }) as const);
  const flags = { zoomed: false, current: false, session: 'app', name: '', active: 0 };
  return { index, columns: 100, rows: 40, layout, panes, ...flags };
}

const agent = (name: string, given: Partial<AgentSituation> = {}): AgentSituation => ({
  ...{ name, seat: 'none', stopped: false, resumes: 'id' },
  ...given,
});

const task = (name: string, given: Partial<TaskSituation> = {}): TaskSituation => ({
  ...{ name, created: '2026-01-01T00:00:00.000Z', window: 'missing', record: null, obstacle: null },
  agents: [agent('demo')],
  ...given,
});

const project = (
  tasks: readonly TaskSituation[],
  given: Partial<ProjectSituation> = {},
): ProjectSituation => ({
  ...{ name: 'app', session: '$1', record: null, half: [], taken: [0] },
  tasks,
  ...given,
});

test('a record is read in the order of its layout, whatever the order of its lines', () => {
  const read = parseWindowRecord(text([agentPane, slotPane]));
  assert.deepEqual(read?.panes, [{ kind: 'slot' }, { kind: 'agent', agent: 'demo' }]);
  assert.deepEqual([read?.index, read?.zoomed, read?.name, read?.active], [4, true, 'fix it', 1]);
});

test('a record that is torn, of another version, or does not fit its layout is none', () => {
  const whole = text([agentPane, slotPane]);
  for (const length of [0, 10, 40, 80, whole.length - 1])
    assert.equal(parseWindowRecord(whole.slice(0, length)), null);
  assert.equal(parseWindowRecord(whole.replace('pitwall-window 1', 'pitwall-window 2')), null);
  assert.equal(parseWindowRecord(text([agentPane])), null, 'a pane is missing');
  assert.equal(parseWindowRecord(text([agentPane, slotPane.replace('%7', '%8')])), null, 'a pane is another');
  assert.equal(
    parseWindowRecord(text([agentPane, slotPane], layout.replace('30x40', '31x40'))),
    null,
    'checksum',
  );
});

test('what a pane runs is JSON; what is none runs a shell', () => {
  const runs = (json: string) => {
    const pane = parseWindowRecord(text([agentPane, `%7\t0\tshell\t\t${json}\t/w`]))?.panes[0];
    return pane?.kind === 'program' ? pane.runs : null;
  };
  assert.deepEqual(runs('{"command":["npm","run","dev #{x}"]}'), { command: ['npm', 'run', 'dev #{x}'] });
  assert.deepEqual(runs('{"diff":true}'), { diff: true });
  for (const bad of ['', '{', '[]', '{"command":[]}', '{"command":"rm -rf"}', '{"command":[1]}', 'null'])
    assert.deepEqual(runs(bad), { shell: true }, bad);
});

test('windows come in their recorded order at their places; those without a record last', () => {
  const tasks = [
    task('new'),
    task('late', { record: record(9, ['demo']) }),
    task('early', { record: record(2, ['demo']) }),
  ];
  const plan = planRestore(project(tasks));
  assert.deepEqual(
    plan.windows.map((each) => [each.task, each.index]),
    [
      ['early', 2],
      ['late', 9],
      ['new', 10],
    ],
  );
  assert.deepEqual(
    plan.start.map((each) => each.task),
    ['early', 'late', 'new'],
  );
  assert.deepEqual(freeIndexes([1, 2, 3, null], [0, 2]), [1, 3, 4, 5]);
  assert.deepEqual(freeIndexes([null, null], []), [1, 2]);
});

test('what stands is left alone; what waits for its program is started; half-made windows are closed', () => {
  const tasks = [
    task('up', { window: 'there', agents: [agent('demo', { seat: 'seated' })] }),
    task('waits', {
      window: 'there',
      agents: [agent('a', { seat: 'pending' }), agent('b', { seat: 'seated' })],
    }),
  ];
  const plan = planRestore(project(tasks, { half: ['@9'] }));
  assert.deepEqual([plan.windows, plan.close], [[], ['@9']]);
  assert.deepEqual(
    plan.start.map((each) => `${each.task}/${each.agent}`),
    ['waits/a'],
  );
  assert.deepEqual(planLines('app', plan), [
    'close @9, which was left half made',
    'agent waits/a resumes id',
  ]);
});

test('a stopped agent keeps its pane and is not started; a window the person closed stays closed', () => {
  const stopped = agent('demo', { stopped: true });
  const one = task('one', { agents: [stopped, agent('b')], record: record(1, ['demo', 'b']) });
  const two = task('two', { agents: [stopped] });
  const standing = planRestore(project([one, two]));
  assert.deepEqual(
    standing.windows.map(({ task: name, agents, stopped: off }) => [name, agents, off]),
    [['one', ['demo', 'b'], ['demo']]],
  );
  assert.deepEqual(
    standing.start.map((each) => each.agent),
    ['b'],
  );
  const lost = planRestore(project([one, two], { session: null }));
  assert.deepEqual([lost.session, lost.windows.length], [true, 2]);
});

test('an agent whose pane was closed before is not brought back; one that cannot be is told with its cure', () => {
  const closed = task('one', { agents: [agent('a'), agent('b')], record: record(1, ['b']) });
  const gone = task('two', { obstacle: { problem: 'its worktree is missing', hint: 'git worktree add' } });
  const plan = planRestore(project([closed, gone]));
  assert.deepEqual(
    plan.windows.map((each) => [each.task, each.agents]),
    [['one', ['b']]],
  );
  assert.deepEqual(
    plan.obstacles.map((each) => each.task),
    ['two'],
  );
  assert.match(
    planLines('app', plan).join('\n'),
    /cannot bring back two: its worktree is missing; try: git worktree add/,
  );
});

test('names and folders are no formats, and a window begins with a pane that has a program', () => {
  const shell = { role: 'shell', agent: null, argv: ['sh'], env: {}, output: null } as const;
  const plan: RebuildPlan = {
    ...{ session: '$1', sessionName: 'app', index: 3, name: 'a #(b)', folder: '/w #{x}', project: 'app' },
    ...{ task: 't', taskFolder: '/s', priority: 0, columns: 90, rows: 30, layout, active: 0, zoomed: false },
    panes: [
      { kind: 'slot' },
      { kind: 'pending', agent: 'demo' },
      { kind: 'program', command: shell, folder: '/w' },
    ],
  };
  const commands = makingCommands(plan);
  const made = commands.filter(([name]) => name === 'new-window' || name === 'split-window');
  assert.deepEqual(
    made.map((words) => words.join(' ')),
    [
      'new-window -d -t $1:3 -n a ##(b) -c /w -- /usr/bin/env sh',
      'split-window -hbf -t $1:3 -c /w ##{x} ',
      'split-window -hbf -t $1:3 -c /w ##{x} ',
    ],
  );
  assert.deepEqual(commands[1], ['set-option', '-w', '-t', '$1:3', '@pitwall_making', '1']);
});
