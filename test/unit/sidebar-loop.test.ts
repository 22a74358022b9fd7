import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runSidebar, type SidebarOptions } from '../../lib/app/sidebar/sidebar.ts';
import { PitwallError } from '../../lib/core/errors.ts';
import type { Snapshot } from '../../lib/core/model.ts';
import type { ScreenEvent, StyledLine, WatchEvent } from '../../lib/ports.ts';
import { taskAddress } from '../../lib/ui/sidebar-model.ts';
import { agent, busyDesk, demoKeys, desk, now, task } from '../fixtures/desks.ts';

const changed: WatchEvent = { kind: 'task', project: 'app', task: 'x' };

/** The loop with a screen and a watcher of paper; `settle` lets everything that is due happen. */
function start(given: Partial<SidebarOptions>, clock = () => now) {
  const calls: string[] = [];
  const frames: (readonly string[])[] = [];
  let tellScreen: (event: ScreenEvent) => void = () => undefined;
  let tellWatcher: (event: WatchEvent) => void = () => undefined;
  const screen = {
    columns: 32,
    rows: 30,
    start: async (onEvent: typeof tellScreen) => {
      tellScreen = onEvent;
    },
    draw: (lines: readonly StyledLine[]) =>
      void frames.push(
        lines.map((line) =>
          line
            .map((span) => span.text)
            .join('')
            .trimEnd(),
        ),
      ),
    stop: () => void calls.push('screen stopped'),
    anyKey: async () => undefined,
  };
  const watcher = {
    start: async (onEvent: typeof tellWatcher) => {
      tellWatcher = onEvent;
    },
    stop: async () => void calls.push('watcher stopped'),
  };
  const ended = runSidebar(
    {
      screen: async () => screen,
      watcher: async () => watcher,
      clock: { now: clock, sleep: async () => undefined },
    },
    {
      kind: 'sidebar',
      ascii: false,
      keys: demoKeys,
      loadSnapshot: async () => busyDesk(),
      jump: async (pane) => void calls.push(`jump ${pane}`),
      ...given,
    },
  );
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    calls,
    frames,
    ended,
    settle,
    key: (name: string) => tellScreen({ kind: 'key', key: { name, text: name.length === 1 ? name : null } }),
    tell: (event: ScreenEvent) => tellScreen(event),
    resize: (columns: number) => {
      screen.columns = columns;
      tellScreen({ kind: 'resize', columns, rows: 30 });
    },
    change: () => tellWatcher(changed),
    printed: (name: string) => tellWatcher({ kind: 'output', project: 'app', task: 'one', agent: name }),
    last: () => frames.at(-1) ?? [],
  };
}

test('one reading at a time, and one more for all that happened meanwhile', async () => {
  const open: ((snapshot: Snapshot) => void)[] = [];
  const loop = start({ loadSnapshot: () => new Promise((resolve) => void open.push(resolve)) });
  await loop.settle();
  for (let event = 0; event < 5; event += 1) loop.change();
  await loop.settle();
  assert.equal(open.length, 1);
  open[0]?.(desk([task('first')]));
  await loop.settle();
  assert.equal(open.length, 2);
  open[1]?.(desk([task('second')]));
  await loop.settle();
  assert.equal(open.length, 2);
  assert.ok(loop.last().some((line) => line.includes('second')));
  loop.tell({ kind: 'hangup' });
  await loop.ended;
});

test('slow work never holds up a key, and its result is read', async () => {
  let finish: (found: boolean) => void = () => undefined;
  let readings = 0;
  const loop = start({
    loadSnapshot: async () => {
      readings += 1;
      return busyDesk();
    },
    refreshSlowly: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  await loop.settle();
  const before = readings;
  loop.key('?');
  assert.ok(loop.last().some((line) => line.includes('q back')));
  finish(true);
  await loop.settle();
  assert.equal(readings, before + 1);
  loop.tell({ kind: 'hangup' });
  await loop.ended;
});

test('an error of a reading or a command is one line; the loop goes on', async () => {
  let fails = true;
  const loop = start({
    loadSnapshot: async () => {
      if (fails) throw new PitwallError('ServerGone', 'tmux is gone', 'pitwall open');
      return busyDesk();
    },
    jump: async () => {
      throw new Error('no such pane');
    },
  });
  await loop.settle();
  assert.ok(loop.last().some((line) => line.startsWith(' ! tmux is gone; try: pitwall')));
  fails = false;
  loop.change();
  await loop.settle();
  loop.key('enter');
  await loop.settle();
  assert.ok(loop.last().includes(' ! no such pane'));
  loop.tell({ kind: 'hangup' });
  await loop.ended;
});

test('leaving stops the screen and the watcher; what comes later is not drawn', async () => {
  const loop = start({ kind: 'popup' });
  await loop.settle();
  loop.key('enter');
  await loop.ended;
  assert.deepEqual(loop.calls, ['jump %1', 'screen stopped', 'watcher stopped']);
  const drawn = loop.frames.length;
  loop.change();
  loop.key('j');
  await loop.settle();
  assert.equal(loop.frames.length, drawn);
});

test('a deed under way is not broken off by leaving', async () => {
  let deliver: () => void = () => undefined;
  const loop = start({
    kind: 'popup',
    answer: () =>
      new Promise<void>((resolve) => (deliver = resolve)).then(() => void loop.calls.push('answered')),
  });
  await loop.settle();
  loop.key('a');
  loop.key('q');
  void loop.ended.then(() => loop.calls.push('over'));
  await loop.settle();
  deliver();
  await loop.ended;
  await loop.settle();
  assert.deepEqual(loop.calls, ['screen stopped', 'watcher stopped', 'answered', 'over']);
});

test('age labels tick when one changes, at most once a minute', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now });
  const loop = start({ loadSnapshot: async () => desk([task('one'), task('two')]) }, Date.now);
  await loop.settle();
  const drawn = loop.frames.length;
  t.mock.timers.tick(59_999);
  assert.equal(loop.frames.length, drawn);
  t.mock.timers.tick(1);
  assert.equal(loop.frames.length, drawn + 1);
  assert.ok(loop.last().some((line) => line.endsWith(' 5m')));
  for (let second = 0; second < 600; second += 1) t.mock.timers.tick(1000);
  assert.equal(loop.frames.length, drawn + 11);
  loop.tell({ kind: 'hangup' });
  await loop.ended;
});

test('an agent that works and prints is read again when it has fallen quiet, not before', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let time = now;
  let readings = 0;
  let quiet = now + 3000;
  let state: 'working' | 'done' = 'working';
  const pass = async (ms: number) => {
    time += ms;
    t.mock.timers.tick(ms);
    await loop.settle();
  };
  const loop = start(
    {
      loadSnapshot: async () => {
        readings += 1;
        return desk([task('one', { agents: [agent('mine', { state })], state })]);
      },
      changesAt: async ({ projects }) => (projects[0]?.tasks[0]?.state === 'working' ? quiet : null),
    },
    () => time,
  );
  await loop.settle();
  const first = readings;
  for (let second = 0; second < 30; second += 1) {
    quiet = time + 3000;
    loop.printed('mine');
    await pass(1000);
  }
  assert.equal(readings, first, 'nothing is read while it prints');
  await pass(1000);
  assert.equal(readings, first);
  state = 'done';
  await pass(1000);
  assert.equal(readings, first + 1, 'read when it is quiet');
  loop.printed('mine');
  await loop.settle();
  assert.equal(readings, first + 2, 'one that was quiet and prints is at work again');
  state = 'working';
  loop.change();
  await loop.settle();
  const before = readings;
  await pass(60_000);
  await pass(60_000);
  assert.ok(readings <= before + 2, `a state that stays is not polled (${readings - before} readings)`);
  loop.tell({ kind: 'hangup' });
  await loop.ended;
});

test('what tasks have used is read after a reading, where there is room for it, and drawn only when it changed', async () => {
  let reads = 0;
  let used = 1200;
  const one = { project: 'app', name: 'one' };
  const loop = start({
    loadSnapshot: async () => desk([task('one', { diff: { files: 1, insertions: 1, deletions: 0 } })]),
    loadUsage: async () => {
      reads += 1;
      return new Map([[taskAddress(one), { inputTokens: used, outputTokens: 0, costUsd: null }]]);
    },
  });
  await loop.settle();
  assert.equal(reads, 0, 'not at 32 columns');
  loop.resize(60);
  await loop.settle();
  assert.ok(loop.last().join('\n').includes('1k tokens'), loop.last().join('\n'));
  const { length } = loop.frames;
  const before = reads;
  loop.change();
  await loop.settle();
  assert.ok(reads > before);
  assert.equal(loop.frames.length, length + 1, 'the reading alone is drawn');
  used = 5200;
  loop.change();
  await loop.settle();
  assert.ok(loop.last().join('\n').includes('5k tokens'));
  const quiet = reads;
  await loop.settle();
  assert.equal(reads, quiet, 'it is not polled');
  loop.tell({ kind: 'hangup' });
  await loop.ended;
});
