import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cell, lineCells, rowPatch } from '../../lib/adapters/frame.ts';
import { splitTyped } from '../../lib/adapters/typed.ts';
import type { StyledLine } from '../../lib/core/styled.ts';

const cells = (line: StyledLine, columns = 10): readonly Cell[] => lineCells(line, columns, false);
const patch = (before: StyledLine, after: StyledLine) => rowPatch(2, cells(before), cells(after));

test('an equal row sends nothing', () => {
  assert.equal(patch([{ text: 'same', bold: true }], [{ text: 'same', bold: true }]), '');
});

test('only what differs is sent', () => {
  assert.equal(patch([{ text: 'age 4m' }], [{ text: 'age 5m' }]), '\x1b[3;5H5');
  assert.equal(
    patch([{ text: 'a' }], [{ text: 'a', color: 'red', bold: true }]),
    '\x1b[3;1H\x1b[1;31ma\x1b[m',
  );
  assert.equal(
    patch([{ text: 'a', dim: true }, { text: 'b' }], [{ text: 'a', reverse: true }, { text: 'c' }]),
    '\x1b[3;1H\x1b[7ma\x1b[mc',
  );
  assert.equal(patch([{ text: 'much text' }], [{ text: 'mu' }]), '\x1b[3;3H\x1b[K');
});

test('a row nobody knows is written whole', () => {
  assert.equal(rowPatch(0, null, cells([{ text: 'ab' }])), '\x1b[1;1H\x1b[Kab');
  assert.equal(rowPatch(0, null, cells([])), '\x1b[1;1H\x1b[K');
});

test('after wide characters the cursor is placed anew and nothing stale stays', () => {
  assert.equal(patch([{ text: '修复x' }], [{ text: '修y' }]), '\x1b[3;3H\x1b[Ky');
  assert.equal(patch([{ text: 'ab' }], [{ text: '修复' }]), '\x1b[3;1H\x1b[K修\x1b[3G复');
  assert.equal(patch([{ text: '修' }], [{ text: 'ab' }]), '\x1b[3;1H\x1b[Kab');
  assert.equal(patch([{ text: 'x👩‍💻y' }], [{ text: 'x👩‍💻z' }]), '\x1b[3;4H\x1b[Kz');
});

test('a wide character that does not fit the last cell is left out', () => {
  assert.deepEqual(
    lineCells([{ text: 'ab修' }], 3, false).map((cell) => cell.text),
    ['a', 'b', ' '],
  );
});

test('without UTF-8 only ASCII is sent', () => {
  assert.deepEqual(
    lineCells([{ text: 'é修e\u0301\x1b[31m' }], 5, true).map((cell) => cell.text),
    ['?', '?', '?', '?', ' '],
  );
});

test('what is typed is taken apart', () => {
  const kinds = (input: string) =>
    splitTyped(input).pieces.map((piece) => (piece.kind === 'shown' ? piece.window : piece.text));
  assert.deepEqual(kinds('\x1b[77;4~'), ['@4']);
  assert.deepEqual(kinds('j\x1b[77;4~\x1b[77;12~k'), ['j', '@4', '@12', 'k']);
  assert.deepEqual(kinds('\x1b[<0;3;4M\x1b[<0;3;4mq'), ['\x1b[<0;3;4M', '\x1b[<0;3;4m', 'q']);
  assert.deepEqual(kinds('\x1b[A\x1bOB\x1b[7~'), ['\x1b[A', '\x1bOB', '\x1b[7~']);
  assert.deepEqual(kinds('é👩‍💻x'), ['é', '👩‍💻', 'x']);
  assert.deepEqual(kinds('\x1b'), ['\x1b']);
});

test('a paste is one piece, whatever is in it, and waited for till its end', () => {
  const pasted = '\x1b[200~a\r\nd \x1b[A修\x1b[201~';
  assert.deepEqual(splitTyped(`j${pasted}k`).pieces, [
    { kind: 'sequence', text: 'j' },
    { kind: 'paste', text: 'a\r\nd \x1b[A修' },
    { kind: 'sequence', text: 'k' },
  ]);
  for (let cut = 3; cut < pasted.length; cut += 1)
    assert.deepEqual(splitTyped(pasted.slice(0, cut)), { pieces: [], rest: pasted.slice(0, cut) }, `${cut}`);
});

test('a sequence in two reads is waited for, a lone Escape is not', () => {
  assert.deepEqual(splitTyped('j\x1b[77;1'), {
    pieces: [{ kind: 'sequence', text: 'j' }],
    rest: '\x1b[77;1',
  });
  assert.deepEqual(splitTyped('\x1b[77;12~').rest, '');
  assert.deepEqual(splitTyped('\x1b').rest, '');
});
