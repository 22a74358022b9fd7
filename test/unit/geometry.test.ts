import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawing } from '../../lib/core/drawing.ts';
import { type Placement, place, type Slot } from '../../lib/core/geometry.ts';
import type { Cell } from '../../lib/core/layout-string.ts';
import { share } from '../../lib/core/share.ts';
import { mine, shipped, shippedNames } from '../helpers/layouts.ts';

const side: Slot = { side: 'left', width: 6 };
const agent = { min: { columns: 1, rows: 1 } };

/** A drawing written in a test: without its indentation. */
function drawn(text: string): readonly string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

/** Twelve agents, one below the other, each with a minimum that a small window cannot give. */
const twelve = mine({ split: 'rows', children: Array<unknown>(12).fill({ min: { columns: 40, rows: 6 } }) });

test('cells, percent and rest: borders are not part of a size', () => {
  const layout = mine({
    split: 'columns',
    children: [
      { name: 'a', ...agent, size: 8 },
      { name: 'b', ...agent, size: '50%' },
      { name: 'c', ...agent, size: 'rest' },
    ],
  });
  assert.deepEqual(
    drawing(place(layout, { columns: 32, rows: 3 }, null)),
    drawn(`
      ┌────────┬───────────────┬───────┐
      │ a      │ b             │ c     │
      │ implem │ implementer   │ imple │
      │        │               │       │
      └────────┴───────────────┴───────┘`),
  );
});

test('without sizes all share evenly, in both directions', () => {
  const layout = mine({
    split: 'columns',
    children: [
      { name: 'a', ...agent },
      {
        split: 'rows',
        children: [
          { name: 'b', ...agent },
          { name: 'c', ...agent },
          { name: 'd', ...agent },
        ],
      },
    ],
  });
  assert.deepEqual(
    drawing(place(layout, { columns: 21, rows: 6 }, null), { ascii: true }),
    drawn(`
      +----------+----------+
      | a        | b        |
      | implemen | implemen |
      |          +----------+
      |          | c        |
      |          +----------+
      |          | d        |
      +----------+----------+`),
  );
});

test('the slot is a full-height column at its side', () => {
  const layout = mine({
    split: 'rows',
    children: [
      { name: 'a', ...agent, size: 1 },
      { name: 'b', ...agent },
    ],
  });
  assert.deepEqual(
    drawing(place(layout, { columns: 18, rows: 4 }, side)),
    drawn(`
      ┌──────┬───────────┐
      │ side │ a         │
      │      ├───────────┤
      │      │ b         │
      │      │ implement │
      └──────┴───────────┘`),
  );
  assert.deepEqual(
    drawing(place(layout, { columns: 18, rows: 4 }, { side: 'right', width: 6 })),
    drawn(`
      ┌───────────┬──────┐
      │ a         │ side │
      ├───────────┤      │
      │ b         │      │
      │ implement │      │
      └───────────┴──────┘`),
  );
});

test('a slot joins a split into columns, as it does in tmux', () => {
  const layout = mine({ split: 'columns', children: [agent, agent] });
  const { tree, panes, slot } = place(layout, { columns: 40, rows: 5 }, side);
  assert.ok('children' in tree);
  assert.deepEqual(
    tree.children.map(({ x, width }) => [x, width]),
    [
      [0, 6],
      [7, 16],
      [24, 16],
    ],
  );
  assert.deepEqual([panes.length, slot], [2, { x: 0, y: 0, width: 6, height: 5 }]);
});

test('a window too narrow for the slot has none', () => {
  const layout = mine({});
  const width = (columns: number, minColumns?: number) =>
    place(layout, { columns, rows: 5 }, minColumns === undefined ? side : { ...side, minColumns }).slot
      ?.width ?? null;
  assert.deepEqual([width(8), width(7), width(80, 80), width(79, 80)], [6, null, 6, null]);
});

test('what is too much is left out: lowest number first, of two the later, and named', () => {
  const layout = mine({
    split: 'columns',
    children: [
      { name: 'a', min: { columns: 20 } },
      { name: 'b', runs: 'shell', min: { columns: 20 }, drop: 2 },
      { name: 'c', runs: 'shell', min: { columns: 20 }, drop: 1 },
      { name: 'd', runs: 'shell', min: { columns: 20 }, drop: 1 },
    ],
  });
  const dropped = (columns: number) => place(layout, { columns, rows: 10 }, null).dropped;
  assert.deepEqual([83, 82, 61, 41, 40, 20].map(dropped), [
    [],
    ['d'],
    ['c', 'd'],
    ['c', 'd'],
    ['b', 'c', 'd'],
    ['b', 'c', 'd'],
  ]);
});

test('an agent is only left out when its layout says so, and never the last one', () => {
  const children = [
    { name: 'a', drop: 1 },
    { name: 'b', drop: 2 },
    { name: 'c', runs: 'shell' },
  ];
  const placed = place(mine({ split: 'columns', children }), { columns: 22, rows: 10 }, null);
  assert.deepEqual([placed.panes.map((pane) => pane.name), placed.dropped], [['b'], ['a', 'c']]);
});

test('when nothing more may be left out, the agents are in an even grid and the rest is named', () => {
  const layout = mine({
    split: 'columns',
    children: [
      { name: 'a', min: { columns: 30 } },
      { name: 'shell', runs: 'shell', min: { columns: 20 } },
      { name: 'b', min: { columns: 30 } },
    ],
  });
  const placed = place(layout, { columns: 40, rows: 12 }, null);
  assert.deepEqual(placed.dropped, ['shell']);
  assert.deepEqual(
    drawing(placed, { size: { columns: 16, rows: 5 } }),
    drawn(`
      ┌────────────────┐
      │ a              │
      │ implementer    │
      ├────────────────┤
      │ b              │
      │ implementer    │
      └────────────────┘`),
  );
});

test('twelve agents at 80x24 are all there', () => {
  const placed = place(twelve, { columns: 80, rows: 24 }, null);
  assert.deepEqual(placed.dropped, []);
  assert.deepEqual(
    drawing(placed, { size: { columns: 39, rows: 11 } }).map((line) =>
      line.replaceAll('implementer', '-----------'),
    ),
    drawn(`
      ┌────────────┬─────────────┬────────────┐
      │ agent      │ agent-2     │ agent-3    │
      │ implemente │ ----------- │ implemente │
      ├────────────┼─────────────┼────────────┤
      │ agent-4    │ agent-5     │ agent-6    │
      │ implemente │ ----------- │ implemente │
      ├────────────┼─────────────┼────────────┤
      │ agent-7    │ agent-8     │ agent-9    │
      │ implemente │ ----------- │ implemente │
      ├────────────┼─────────────┼────────────┤
      │ agent-10   │ agent-11    │ agent-12   │
      │ implemente │ ----------- │ implemente │
      └────────────┴─────────────┴────────────┘`),
  );
});

test('twelve agents at 10x2: the slot goes, five have a column, seven are named', () => {
  const placed = place(twelve, { columns: 10, rows: 2 }, side);
  assert.deepEqual(
    drawing(placed),
    drawn(`
      ┌──┬─┬─┬─┬─┐
      │ag│a│a│a│a│
      │im│i│i│i│i│
      └──┴─┴─┴─┴─┘`),
  );
  assert.equal(placed.panes.length, 5);
  assert.deepEqual(placed.dropped, [
    'agent-6',
    'agent-7',
    'agent-8',
    'agent-9',
    'agent-10',
    'agent-11',
    'agent-12',
  ]);
});

test('every layout at every size fills the window: no gap, no overlap, no empty pane', () => {
  const layouts = [...shippedNames.map(shipped), twelve];
  const slots: readonly (Slot | null)[] = [null, side, { side: 'right', width: 32, minColumns: 60 }];
  for (const layout of layouts)
    for (const slot of slots)
      for (let columns = 1; columns <= 130; columns += columns < 30 ? 1 : 7)
        for (let rows = 1; rows <= 50; rows += rows < 20 ? 1 : 6)
          assertWhole(place(layout, { columns, rows }, slot), `${layout.name} ${columns}x${rows}`);
});

test('a size that is no size is one cell', () => {
  for (const bad of [0, -3, Number.NaN, Number.POSITIVE_INFINITY])
    assertWhole(place(twelve, { columns: bad, rows: bad }, { side: 'left', width: bad }), String(bad));
});

test('every minimum is kept while the shape of the layout is', () => {
  for (const name of shippedNames)
    for (let columns = 90; columns <= 240; columns += 3)
      for (const { pane, width, height } of place(shipped(name), { columns, rows: 24 }, null).panes)
        assert.ok(
          width >= pane.min.columns && height >= pane.min.rows,
          `${name} ${columns} ${pane.name} ${width}`,
        );
});

test('lengths: percent give way before cells, minimums are kept, the sum is exact', () => {
  const cells = (count: number, min = 1) => ({ size: { cells: count }, min });
  const percent = (count: number, min = 1) => ({ size: { percent: count }, min });
  const rest = (min = 1) => ({ size: 'rest' as const, min });
  const cases: readonly [number, Parameters<typeof share>[1], readonly number[]][] = [
    [79, [percent(50), percent(50)], [40, 39]],
    [78, [percent(33), percent(33), percent(33)], [26, 26, 26]],
    [100, [cells(30), cells(40)], [30, 70]],
    [100, [rest(), rest(), rest()], [34, 33, 33]],
    [100, [rest(60), rest(), rest()], [60, 20, 20]],
    [50, [cells(30), percent(60), rest(10)], [30, 10, 10]],
    [30, [cells(30), percent(60, 8), rest(10)], [12, 8, 10]],
    [2, [cells(30), cells(30)], [1, 1]],
  ];
  for (const [total, parts, lengths] of cases) assert.deepEqual(share(total, parts), lengths);
});

/** Fails unless the tree is one that tmux takes: children fill their parent, one border between them, no size 0. */
function assertWhole(placed: Placement, what: string): void {
  const check = (cell: Cell): number => {
    assert.ok(cell.width >= 1 && cell.height >= 1, `${what}: an empty pane`);
    if (!('children' in cell)) return 1;
    const [along, across, at] =
      cell.split === 'columns' ? (['width', 'height', 'x'] as const) : (['height', 'width', 'y'] as const);
    let next = cell[at];
    for (const child of cell.children) {
      assert.equal(child[at], next, what);
      assert.equal(child[across], cell[across], what);
      next += child[along] + 1;
    }
    assert.equal(next - 1, cell[at] + cell[along], what);
    assert.ok(cell.children.length > 1, what);
    return cell.children.reduce((all, child) => all + check(child), 0);
  };
  assert.ok(placed.panes.length >= 1, what);
  assert.equal(check(placed.tree), placed.panes.length + (placed.slot === null ? 0 : 1), what);
  assert.deepEqual(
    [placed.tree.width, placed.tree.height],
    [placed.window.columns, placed.window.rows],
    what,
  );
}
