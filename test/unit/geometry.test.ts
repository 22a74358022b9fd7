import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawing } from '../../lib/core/layout/drawing.ts';
import { place, type Slot } from '../../lib/core/layout/geometry.ts';
import { mine, twelve } from '../helpers/layouts.ts';

const side: Slot = { side: 'left', width: 6 };
const agent = { min: { columns: 1, rows: 1 } };

/** A drawing written in a test: without its indentation. */
function drawn(text: string): readonly string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

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

test('a split inside one of the same direction is placed as one, as tmux would keep it', () => {
  const inner = { split: 'columns', size: 11, children: [agent, agent] };
  const { tree } = place(
    mine({ split: 'columns', children: [inner, agent] }),
    { columns: 31, rows: 3 },
    null,
  );
  assert.ok('children' in tree);
  assert.deepEqual(
    tree.children.map((child) => ['children' in child, child.width]),
    [
      [false, 5],
      [false, 5],
      [false, 19],
    ],
  );
});

test('what is left of a split keeps the place and the size of the split', () => {
  const least = { columns: 1, rows: 4 };
  const inner = {
    split: 'rows',
    size: '25%',
    children: [
      { name: 'a', min: least },
      { name: 'b', runs: 'shell', min: least, drop: 1 },
    ],
  };
  const layout = mine({ split: 'columns', children: [inner, { name: 'c', min: least, size: 'rest' }] });
  assert.deepEqual(
    drawing(place(layout, { columns: 21, rows: 4 }, null)),
    drawn(`
      ┌─────┬───────────────┐
      │ a   │ c             │
      │ imp │ implementer   │
      │     │               │
      │     │               │
      └─────┴───────────────┘`),
  );
});

test('a wide character takes two columns of a drawing, and is not cut in half', () => {
  const layout = mine({
    split: 'columns',
    children: [
      { name: '修理修理', ...agent },
      { name: 'b', ...agent },
    ],
  });
  assert.deepEqual(
    drawing(place(layout, { columns: 15, rows: 1 }, null)),
    drawn(`
      ┌───────┬───────┐
      │ 修理  │ b     │
      └───────┴───────┘`),
  );
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
