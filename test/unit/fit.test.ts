import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitInto, fitsAgain, withEdge, withoutEdge } from '../../lib/core/layout/fit.ts';
import { type Cell, layoutString, parseLayoutString } from '../../lib/core/layout/layout-string.ts';

/** A tree from tmux's notation without its checksum, as a string again. */
function tree(cells: string): Cell {
  let sum = 0;
  for (const char of cells) sum = ((sum >> 1) + ((sum & 1) << 15) + char.charCodeAt(0)) & 0xffff;
  const read = parseLayoutString(`${sum.toString(16).padStart(4, '0')},${cells}`);
  assert.ok(read, cells);
  return read;
}

const text = (cell: Cell | null) => (cell === null ? null : layoutString({ tree: cell }).slice(5));

const seated = '120x30,0,0{32x30,0,0,9,29x30,33,0,1,57x30,63,0[57x19,63,0,2,57x10,63,20,3]}';

test('without its slot a window’s panes keep their shares, and so they do when one comes', () => {
  const left = withoutEdge(tree(seated), 9);
  assert.equal(text(left), '120x30,0,0{40x30,0,0,1,79x30,41,0[79x19,41,0,2,79x10,41,20,3]}');
  assert.ok(left);
  assert.equal(text(withEdge(left, { side: 'left', width: 32, id: 9 })), seated);
  assert.equal(
    text(withEdge(tree('80x24,0,0[80x12,0,0,1,80x11,0,13,2]'), { side: 'right', width: 20, id: 9 })),
    '80x24,0,0{59x24,0,0[59x12,0,0,1,59x11,0,13,2],20x24,60,0,9}',
  );
});

test('a single pane beside the slot takes the whole window', () => {
  assert.equal(text(withoutEdge(tree('80x24,0,0{32x24,0,0,9,47x24,33,0,1}'), 9)), '80x24,0,0,1');
  assert.equal(
    text(withoutEdge(tree('80x24,0,0{32x24,0,0,9,47x24,33,0[47x12,33,0,1,47x11,33,13,2]}'), 9)),
    '80x24,0,0[80x12,0,0,1,80x11,0,13,2]',
  );
});

test('a pane that is not at an edge of the window is no slot', () => {
  assert.equal(withoutEdge(tree(seated), 1), null);
  assert.equal(withoutEdge(tree(seated), 2), null);
  assert.equal(withoutEdge(tree('80x24,0,0,9'), 9), null);
});

test('every pane gets a cell, or there is no room', () => {
  const three = tree('12x3,0,0{1x3,0,0,1,1x3,2,0,2,8x3,4,0,3}');
  assert.equal(
    text(fitInto(three, { x: 0, y: 0, width: 5, height: 3 })),
    '5x3,0,0{1x3,0,0,1,1x3,2,0,2,1x3,4,0,3}',
  );
  assert.equal(fitInto(three, { x: 0, y: 0, width: 4, height: 3 }), null);
  assert.equal(withEdge(three, { side: 'left', width: 8 }), null);
});

test('a window is put back only as nobody has changed it', () => {
  const before = { seated: tree(seated), left: withoutEdge(tree(seated), 9) ?? tree(seated) };
  const slot = { side: 'left', width: 32 } as const;
  assert.ok(fitsAgain({ tree: before.left, before }, slot));
  assert.ok(!fitsAgain({ tree: before.left, before }, { ...slot, width: 28 }));
  assert.ok(!fitsAgain({ tree: before.left, before }, { ...slot, side: 'right' }));
  assert.ok(!fitsAgain({ tree: tree('120x30,0,0,1'), before }, slot));
  assert.ok(!fitsAgain({ tree: before.left, before: null }, slot));
});
