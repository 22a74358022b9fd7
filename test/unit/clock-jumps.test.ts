/** Journals whose times go back and forth, as after a clock was set: order stays, and no age is negative. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../lib/core/journal/journal.ts';
import { snapshot } from '../../lib/core/state/snapshot.ts';
import { newSidebar } from '../../lib/ui/sidebar-model.ts';
import { update } from '../../lib/ui/sidebar-update.ts';
import { viewSidebar } from '../../lib/ui/sidebar-view.ts';
import { demoKeys } from '../fixtures/desks.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';

const now = Date.parse('2026-11-21T12:00:00.000Z');

/** A task whose agent was launched and then asked, at these times. */
function asking(name: string, launchedAt: string, askedAt: string) {
  const events: readonly JournalEvent[] = [
    { at: launchedAt, type: 'launched', agent: 'demo', prompt: 'argument', resumed: false },
    { at: launchedAt, type: 'ready' },
    {
      at: askedAt,
      type: 'hook',
      agent: 'demo',
      state: 'waiting',
      message: name,
      event: null,
      payload: null,
      payloadFile: null,
    },
  ];
  const pane = { pane: `%${name.length}`, pid: 7, dead: false, status: null, signal: null };
  return {
    facts: {
      record: taskRecord(name),
      events,
      report: null,
      printed: {},
      sights: {},
      payloads: {},
      diff: null,
      worktreeExists: true,
      makerAlive: false,
      checkerAlive: false,
    },
    pane: { ...pane, window: '@1', project: 'app', task: name, agent: 'demo' },
  };
}

test('times of the future and of long ago: oldest first, nothing negative, three cells', () => {
  const all = [
    asking('future', '2030-01-01T00:00:00.000Z', '2031-01-01T00:00:00.000Z'),
    asking('backwards', '2026-11-21T11:59:00.000Z', '2026-11-21T11:00:00.000Z'),
    asking('longest-ago', '2026-11-21T11:00:00.000Z', '1970-01-01T00:00:00.000Z'),
  ];
  const taken = snapshot({
    projects: [
      {
        record: projectRecord(),
        session: '$1',
        tasks: all.map((each) => each.facts),
        overlaps: [],
        gated: false,
      },
    ],
    panes: all.map((each) => each.pane),
    presets: new Map(),
    problems: [],
    now,
  });
  const order = taken.docket.map((item) => item.task);
  assert.deepEqual(order, ['longest-ago', 'backwards', 'future']);
  const fresh = newSidebar({ kind: 'sidebar', columns: 32, rows: 20, ascii: false, now, keys: demoKeys });
  const { lines } = viewSidebar(update(fresh, { kind: 'snapshot', snapshot: taken, now }).model);
  const drawn = lines.map((line) => line.map((span) => span.text).join(''));
  assert.deepEqual(
    drawn.filter((line) => /^ (. )?\? /.test(line)),
    [
      ' 1 ? longest-ago             56y',
      ' 2 ? backwards                1h',
      ' 3 ? future                  now',
      ' ? backwards            demo  1h',
      ' ? future               demo now',
      ' ? longest-ago          demo 56y',
    ],
  );
  const earlier = update(fresh, { kind: 'snapshot', snapshot: taken, now: now - 86_400_000 }).model;
  const text = viewSidebar(earlier).lines.map((line) => line.map((span) => span.text).join(''));
  assert.ok(!text.some((line) => / -\d|NaN|Infinity/.test(line)), 'a clock set back');
});
