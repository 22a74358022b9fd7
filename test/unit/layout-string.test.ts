import assert from 'node:assert/strict';
import { test } from 'node:test';
import { place } from '../../lib/core/layout/geometry.ts';
import { type Cell, layoutString, parseLayoutString } from '../../lib/core/layout/layout-string.ts';
import { shipped, shippedNames } from '../helpers/layouts.ts';

/** Printed by tmux 3.3a for a window of 159x48 cells and one of 80x24. */
const fromTmux = ['bb62,159x48,0,0{79x48,0,0,79x48,80,0}', 'b25d,80x24,0,0,0'];

test('a string as tmux documents it is read and has the right checksum', () => {
  assert.deepEqual(parseLayoutString(fromTmux[0] ?? ''), {
    x: 0,
    y: 0,
    width: 159,
    height: 48,
    split: 'columns',
    children: [
      { x: 0, y: 0, width: 79, height: 48 },
      { x: 80, y: 0, width: 79, height: 48 },
    ],
  });
  assert.deepEqual(parseLayoutString(fromTmux[1] ?? ''), { x: 0, y: 0, width: 80, height: 24, id: 0 });
});

test('what is printed is read as the same tree, ids kept', () => {
  const nested: Cell = {
    ...{ x: 0, y: 0, width: 20, height: 9, split: 'columns' },
    children: [
      { x: 0, y: 0, width: 9, height: 9, id: 41 },
      {
        ...{ x: 10, y: 0, width: 10, height: 9, split: 'rows' },
        children: [
          { x: 10, y: 0, width: 10, height: 4, id: 7 },
          { x: 10, y: 5, width: 10, height: 4, id: 1234 },
        ],
      },
    ],
  };
  assert.deepEqual(parseLayoutString(layoutString({ tree: nested })), nested);
});

test('every placement of every shipped layout is read again as it was printed', () => {
  for (const name of shippedNames)
    for (const columns of [10, 40, 81, 120, 220])
      for (const rows of [2, 12, 25, 50]) {
        const printed = layoutString(place(shipped(name), { columns, rows }, { side: 'right', width: 32 }));
        const tree = parseLayoutString(printed);
        assert.ok(tree, printed);
        assert.equal(layoutString({ tree }), printed);
      }
});

test('anything else is refused', () => {
  const good = 'bb62,159x48,0,0{79x48,0,0,79x48,80,0}';
  const wrong = [
    ...[
      '',
      'bb62',
      'bb62,',
      good.replace('bb62', 'bb63'),
      good.slice(0, -1),
      `${good}x`,
      good.replace('48', '49'),
    ],
    ...[
      '0000,',
      signed('80x24'),
      signed('80x24,0,0{}'),
      signed('80x24,0,0{40x24,0,0,1]'),
      signed('80x24,0,0,0,'),
    ],
    signed(`${'80x24,0,0{'.repeat(5000)}80x24,0,0,0${'}'.repeat(5000)}`),
  ];
  for (const text of wrong) assert.equal(parseLayoutString(text), null, text.slice(0, 80));
});

/** `cells` with its right checksum, computed apart from the code under test. */
function signed(cells: string): string {
  let sum = 0;
  for (const byte of Buffer.from(cells)) {
    sum = (sum >> 1) + ((sum & 1) << 15);
    sum = (sum + byte) & 0xffff;
  }
  return `${sum.toString(16).padStart(4, '0')},${cells}`;
}
