import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Placement, place, type Slot } from '../../lib/core/layout/geometry.ts';
import type { Cell } from '../../lib/core/layout/layout-string.ts';
import { share } from '../../lib/core/layout/share.ts';
import { shipped, shippedNames, twelve } from '../helpers/layouts.ts';

const side: Slot = { side: 'left', width: 6 };

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
