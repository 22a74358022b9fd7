import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../lib/core/model.ts';
import { layOut } from '../../lib/ui/sidebar-layout.ts';
import { newSidebar, type SidebarMessage, type SidebarModel } from '../../lib/ui/sidebar-model.ts';
import { type Update, update } from '../../lib/ui/sidebar-update.ts';
import { viewSidebar } from '../../lib/ui/sidebar-view.ts';
import { agent, busyDesk, demoKeys, desk, item, now, task } from '../fixtures/desks.ts';

const snapshotOf = (snapshot: Snapshot): SidebarMessage => ({ kind: 'snapshot', snapshot, now });
const key = (name: string, text: string | null = null): SidebarMessage => ({ kind: 'key', name, text });

/** One message a word: a single character is typed, anything longer is a key's name. */
function press(model: SidebarModel, ...names: readonly string[]): Update {
  const messages = names.map((name) =>
    name.length === 1 ? key(/[A-Z]/.test(name) ? `S-${name.toLowerCase()}` : name, name) : key(name),
  );
  return messages.reduce<Update>((last, message) => update(last.model, message), { model, commands: [] });
}

function model(snapshot = busyDesk(), given: Partial<SidebarModel> = {}): SidebarModel {
  const fresh = newSidebar({ kind: 'sidebar', columns: 32, rows: 30, ascii: false, now, keys: demoKeys });
  return { ...update(fresh, snapshotOf(snapshot)).model, ...given };
}

/** The last words of the selection's identity: `fix-login`, `add-search gemini review`. */
const selected = (of: SidebarModel) => layOut(of).selected?.split('\n').join(' ') ?? null;

test('the docket’s first item is selected until the person moves', () => {
  assert.equal(selected(model()), 'item app fix-login codex question');
  assert.equal(selected(model(desk([task('one')]))), null);
  const later = update(model(), snapshotOf({ ...busyDesk(), docket: busyDesk().docket.slice(1) })).model;
  assert.equal(selected(later), 'item app retry-queue claude failure');
});

test('keys move through items, tasks and their agents, and stop at both ends', () => {
  const at = (...keys: readonly string[]) => selected(press(model(), ...keys).model);
  assert.equal(at('j'), 'item app retry-queue claude failure');
  assert.equal(at('down', 'down', 'k'), 'item app retry-queue claude failure');
  assert.equal(at('up'), 'item app fix-login codex question');
  assert.equal(at('j', 'j', 'j', 'j'), 'task app parser-rewrite');
  assert.equal(at('G'), 'task app old-docs');
  assert.equal(at('end', 'j'), 'task app old-docs');
  assert.equal(at('G', 'k', 'k'), 'task app add-search rev');
  assert.equal(at('G', 'g'), 'item app fix-login codex question');
});

test('Enter jumps to the pane; a popup leaves with it', () => {
  const snapshot = desk(
    [
      task('one', {
        agents: [agent('a', { pane: '%7', state: 'done' }), agent('b', { pane: '%8', state: 'waiting' })],
        state: 'waiting',
      }),
    ],
    [item('one', { pane: '%8' })],
  );
  assert.deepEqual(press(model(snapshot), 'enter').commands, [{ do: 'jump', pane: '%8', leave: false }]);
  assert.deepEqual(press(model(snapshot, { kind: 'popup' }), 'enter').commands, [
    { do: 'jump', pane: '%8', leave: true },
  ]);
  assert.deepEqual(
    press(model(snapshot), 'j', 'enter').commands,
    [{ do: 'jump', pane: '%8', leave: false }],
    'of a task the pressing agent',
  );
  assert.deepEqual(
    press(model(snapshot), 'j', 'j', 'enter').commands,
    [{ do: 'jump', pane: '%7', leave: false }],
    'one agent',
  );
  assert.deepEqual(press(model(desk([])), 'enter').commands, []);
});

test('a number jumps to that item, whatever is filtered', () => {
  const docket = [item('a', { pane: '%1' }), item('b', { pane: '%2' })];
  const of = model(desk([task('a'), task('b')], docket), { filter: 'a' });
  assert.deepEqual(press(of, '2').commands, [{ do: 'jump', pane: '%2', leave: false }]);
  const none = press(of, '9');
  assert.deepEqual(none.commands, []);
  assert.equal(none.model.notice, 'nothing has number 9');
  assert.equal(press(none.model, 'j').model.notice, null);
});

test('where there is no pane, the command that makes one is said', () => {
  const of = model(desk([task('gone', { agents: [agent('a', { pane: null })] })]));
  const pressed = press(of, 'j', 'enter');
  assert.deepEqual(pressed.commands, []);
  assert.equal(pressed.model.notice, 'gone has no pane now; pitwall start gone');
});

test('the selection is kept by identity', () => {
  const moved = press(model(), 'j', 'j').model;
  const { docket } = busyDesk();
  const later = update(moved, snapshotOf({ ...busyDesk(), docket: [item('new'), ...docket] })).model;
  assert.equal(selected(later), 'item app add-search gemini review');
});

test('a selected item that is answered hands the selection to the next in its place', () => {
  const moved = press(model(), 'j').model;
  const { docket } = busyDesk();
  const gone = { ...busyDesk(), docket: docket.filter((each) => each.task !== 'retry-queue') };
  assert.equal(selected(update(moved, snapshotOf(gone)).model), 'item app add-search gemini review');
  const last = press(model(), 'j', 'j', 'j').model;
  const shorter = { ...busyDesk(), docket: docket.slice(0, 3) };
  assert.equal(selected(update(last, snapshotOf(shorter)).model), 'item app add-search gemini review');
});

test('an agent that is folded away is stood for by its task', () => {
  const moved = press(model(), 'G', 'k', 'k').model;
  const small = update(moved, { kind: 'resize', columns: 32, rows: 12 }).model;
  assert.equal(selected(small), 'task app add-search');
  assert.equal(
    selected(update(small, { kind: 'resize', columns: 32, rows: 40 }).model),
    'task app add-search rev',
  );
});

test('filter: typed, kept with Enter, cleared with Escape', () => {
  const typed = press(model(), '/', 's', 'e', 'a').model;
  assert.equal(typed.filter, 'sea');
  assert.equal(selected(typed), 'item app add-search gemini review');
  assert.equal(press(typed, 'backspace', 'q').model.filter, 'seq');
  const kept = press(typed, 'enter').model;
  assert.deepEqual([kept.mode, kept.filter], ['list', 'sea']);
  assert.deepEqual(press(kept, 'enter').commands, [{ do: 'jump', pane: '%1', leave: false }]);
  for (const leave of ['escape', 'q']) assert.equal(press(kept, leave).model.filter, '', leave);
  assert.deepEqual([press(typed, 'escape').model.filter, press(typed, 'escape').model.mode], ['', 'list']);
  assert.equal(press(typed, 'C-u').model.filter, '');
  assert.equal(press(typed, 'j', 'n', '1').commands.length, 0, 'keys are text while typing');
});

test('help opens, scrolls and closes', () => {
  const open = press(model(), '?').model;
  assert.equal(open.mode, 'help');
  for (const leave of ['q', '?', 'escape', 'enter'])
    assert.equal(press(open, leave).model.mode, 'list', leave);
  assert.equal(press(open, 'x', 'n').model.mode, 'help');
  assert.deepEqual(press(open, 'n').commands, []);
  const small = press(model(busyDesk(), { rows: 12 }), '?').model;
  const down = press(small, ...Array.from({ length: 40 }, () => 'j')).model;
  assert.ok(viewSidebar(down).lines.some((line) => line.some((span) => span.text === 'on screen')));
  assert.equal(press(down, 'k').model.scroll, down.scroll - 1);
});

test('new, refresh and leaving are commands', () => {
  assert.deepEqual(press(model(), 'n').commands, [{ do: 'new' }]);
  assert.deepEqual(press(model(), 'C-l').commands, [{ do: 'refresh' }]);
  for (const name of ['q', 'escape', 'C-c']) {
    assert.deepEqual(press(model(), name).commands, [], `${name} never closes the sidebar`);
    assert.deepEqual(press(model(busyDesk(), { kind: 'popup' }), name).commands, [{ do: 'quit' }], name);
  }
});

test('unknown keys do nothing', () => {
  for (const name of ['x', 'f5', 'C-q', 'tab', 'ü', '0']) {
    const before = model();
    assert.deepEqual(press(before, name), { model: before, commands: [] }, name);
  }
});

test('a click selects and jumps, also on an item’s second line', () => {
  const of = model();
  const click = (row: number) => update(of, { kind: 'click', row });
  assert.equal(selected(click(4).model), 'item app retry-queue claude failure');
  assert.equal(selected(click(5).model), 'item app retry-queue claude failure');
  assert.equal(click(4).commands[0]?.do, 'jump');
  for (const row of [0, 1, 10, 29, 500]) assert.deepEqual(click(row).commands, [], `row ${row}`);
  assert.equal(update(press(of, '?').model, { kind: 'click', row: 4 }).model.mode, 'list');
});

test('the wheel scrolls the tasks and the selection comes back into view', () => {
  const snapshot = desk(Array.from({ length: 30 }, (_, at) => task(`task-${at + 1}`)));
  const of = model(snapshot, { rows: 12 });
  const wheel = (start: SidebarModel, by: number) => update(start, { kind: 'wheel', by }).model;
  assert.equal(wheel(of, 1).scroll, 3);
  assert.equal(wheel(wheel(of, 1), -1).scroll, 0);
  assert.equal(wheel(of, -1).scroll, 0);
  assert.equal(wheel(of, 100).scroll, 30 - layOut(of).tasksHeight);
  assert.equal(press(wheel(of, 5), 'j').model.scroll, 0);
  const end = press(of, 'G').model;
  assert.ok(
    viewSidebar(end).lines.some((line) =>
      line.some((span) => span.reverse && span.text.startsWith('task-30')),
    ),
  );
  assert.equal(
    update(wheel(end, -2), snapshotOf(snapshot)).model.scroll,
    end.scroll - 6,
    'a reading does not scroll',
  );
});

test('an error stays until a good reading, and the list with it', () => {
  const failed = update(model(), { kind: 'failed', message: 'no tmux' }).model;
  assert.equal(press(failed, 'j').model.error, 'no tmux');
  assert.notEqual(failed.snapshot, null);
  assert.equal(update(failed, snapshotOf(busyDesk())).model.error, null);
});

test('the window on screen and the time are told by messages', () => {
  assert.equal(update(model(), { kind: 'shown', window: '@9' }).model.window, '@9');
  assert.equal(update(model(), { kind: 'tick', now: now + 60_000 }).model.now, now + 60_000);
});

test('every key at every size leaves a model that can be drawn', () => {
  const keys = [
    'j',
    'k',
    'g',
    'G',
    '/',
    'a',
    'enter',
    'escape',
    '?',
    'q',
    '1',
    'pagedown',
    'pageup',
    'n',
    'backspace',
  ];
  for (const [columns, rows] of [
    [1, 1],
    [0, 0],
    [3, 2],
    [28, 12],
    [60, 40],
  ] as const)
    for (const snapshot of [busyDesk(), desk([])]) {
      let of = model(snapshot, { columns, rows });
      for (const first of keys)
        for (const second of keys) {
          of = press(of, first, second).model;
          assert.equal(viewSidebar(of).lines.length, rows);
        }
    }
});
