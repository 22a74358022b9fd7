import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Placement, place, type Slot } from '../../lib/core/layout/geometry.ts';
import { type Cell, layoutString, parseLayoutString } from '../../lib/core/layout/layout-string.ts';
import { shipped, shippedNames, twelve } from '../helpers/layouts.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

const sizes = [
  [220, 50],
  [120, 40],
  [80, 24],
  [60, 20],
  [40, 12],
  [10, 2],
] as const;
const slots: readonly (Slot | null)[] = [null, { side: 'left', width: 32 }, { side: 'right', width: 32 }];
const layouts = [...shippedNames.map(shipped), twelve];

let box: Sandbox;
/** Window id by number of panes: made once, laid out often. */
const windows = new Map<number, string>();

before(async () => {
  box = await sandbox();
  await box.tmux('-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '24', '-s', 'home', 'cat');
});
after(() => box.dispose());

/** The commands after which a window has `count` more panes, however small it was. */
function grown(target: string, count: number): string[] {
  const split = ['split-window', '-d', '-t', target, 'cat', ';', 'select-layout', '-t', target, 'tiled', ';'];
  return ['resize-window', '-t', target, '-x', '400', '-y', '200', ';', ...Array(count).fill(split).flat()];
}

async function windowOf(panes: number): Promise<string> {
  const known = windows.get(panes);
  if (known !== undefined) return known;
  const made = await box.tmux('new-window', '-d', '-P', '-F', '#{window_id}', '-t', 'home:', 'cat');
  await box.tmux(...grown(made, panes - 1), 'display-message', '-t', made, '-p', 'made');
  windows.set(panes, made);
  return made;
}

/** What tmux says of a window after it took the placement's string. */
async function taken(placed: Placement): Promise<Cell | null> {
  const target = await windowOf(placed.panes.length + (placed.slot === null ? 0 : 1));
  const { columns, rows } = placed.window;
  const resize = ['resize-window', '-t', target, '-x', String(columns), '-y', String(rows)];
  const select = ['select-layout', '-t', target, layoutString(placed)];
  const said = await box.tmux(
    ...resize,
    ';',
    ...select,
    ';',
    'display-message',
    '-t',
    target,
    '-p',
    '#{window_layout}',
  );
  return parseLayoutString(said);
}

/** The tree without ids, which tmux chooses. */
function shape(cell: Cell): unknown {
  const { x, y, width, height } = cell;
  if (!('children' in cell)) return [x, y, width, height];
  return { at: [x, y, width, height], split: cell.split, children: cell.children.map(shape) };
}

for (const layout of layouts)
  for (const [columns, rows] of sizes)
    test(`tmux takes ${layout === twelve ? 'twelve agents' : layout.name} at ${columns}x${rows} as it is printed`, async () => {
      for (const slot of slots) {
        const placed = place(layout, { columns, rows }, slot);
        const cell = await taken(placed);
        assert.ok(cell);
        assert.deepEqual(shape(cell), shape(placed.tree));
      }
    });

test('panes come in the order of the layout, and have the size that was placed', async () => {
  const placed = place(shipped('test'), { columns: 160, rows: 40 }, { side: 'left', width: 32 });
  await taken(placed);
  const format = '#{pane_left} #{pane_top} #{pane_width} #{pane_height}';
  const listed = await box.tmux('list-panes', '-t', await windowOf(4), '-F', format);
  const [slot, ...panes] = listed.split('\n');
  assert.equal(slot, '0 0 32 40');
  assert.deepEqual(
    panes,
    placed.panes.map(({ x, y, width, height }) => `${x} ${y} ${width} ${height}`),
  );
});

test('a window of 10x2 gets its panes when it is made large first and 10x2 again before the layout', async () => {
  const at = ['new-session', '-d', '-P', '-F', '#{window_id}', '-x', '10', '-y', '2', '-s', 'tiny', 'cat'];
  const target = await box.tmux(...at);
  const placed = place(twelve, { columns: 10, rows: 2 }, null);
  const said = await box.tmux(
    ...grown(target, placed.panes.length - 1),
    ...['resize-window', '-t', target, '-x', '10', '-y', '2', ';'],
    ...['select-layout', '-t', target, layoutString(placed), ';'],
    // Without this, a window resized by a command would keep this size for ever.
    ...['set-option', '-w', '-u', '-t', target, 'window-size', ';'],
    ...[
      'display-message',
      '-t',
      target,
      '-p',
      '#{window_width}x#{window_height} #{window_panes} #{window_layout}',
    ],
  );
  const [size, count, layout = ''] = said.split(' ');
  assert.deepEqual([size, count], ['10x2', '5']);
  const cell = parseLayoutString(layout);
  assert.ok(cell);
  assert.deepEqual(shape(cell), shape(placed.tree));
});

test('pane-border-status takes a row from the panes at that edge and leaves the layout as it is', async () => {
  const placed = place(shipped('bench'), { columns: 120, rows: 41 }, null);
  await taken(placed);
  const target = await windowOf(4);
  const heights = async () =>
    (await box.tmux('list-panes', '-t', target, '-F', '#{pane_height}')).split('\n');
  const plain = await heights();
  assert.deepEqual(plain, ['20', '20', '20', '20']);
  for (const [status, expected] of [
    ['top', ['19', '20', '19', '20']],
    ['bottom', ['20', '19', '20', '19']],
  ] as const) {
    await box.tmux('set-option', '-w', '-t', target, 'pane-border-status', status);
    assert.deepEqual(await heights(), expected);
    const cell = await taken(placed);
    assert.ok(cell);
    assert.deepEqual(shape(cell), shape(placed.tree));
  }
  await box.tmux('set-option', '-w', '-u', '-t', target, 'pane-border-status');
});

test('pane-border-status with panes of one row: the server lives and the layout stays', async () => {
  const placed = place(twelve, { columns: 3, rows: 3 }, null);
  const target = await windowOf(placed.panes.length);
  await box.tmux('set-option', '-w', '-t', target, 'pane-border-status', 'top');
  const cell = await taken(placed);
  assert.ok(cell);
  assert.deepEqual(shape(cell), shape(placed.tree));
  await box.tmux('set-option', '-w', '-u', '-t', target, 'pane-border-status');
});
