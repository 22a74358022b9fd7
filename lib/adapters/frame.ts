/** Frames as cells, and the fewest bytes that turn one row of a terminal into another. Pure. */

import { graphemes } from '../core/cells.ts';
import type { Color, Span, StyledLine } from '../core/styled.ts';

/** One cell of the grid. The second cell of a wide character has no text. */
export interface Cell {
  readonly text: string;
  /** SGR parameters: `1;33`; empty for the terminal's default. */
  readonly style: string;
  /** 0 for the second cell of a wide character. */
  readonly width: number;
}

const blank: Cell = { text: ' ', style: '', width: 1 };
const colors: Readonly<Record<Color, number>> = {
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
};

/** SGR parameters of a span's style (ECMA-48 8.3.117); without colour (NO_COLOR) the rest stays. */
export function sgr(span: Span, colored = true): string {
  const codes: number[] = [];
  if (span.bold) codes.push(1);
  if (span.dim) codes.push(2);
  if (span.underline) codes.push(4);
  if (span.reverse) codes.push(7);
  if (span.color && colored) codes.push(colors[span.color]);
  return codes.join(';');
}

/** A line as exactly `columns` cells; with `ascii` any other character is a question mark. */
export function lineCells(
  line: StyledLine,
  columns: number,
  ascii: boolean,
  colored = true,
): readonly Cell[] {
  const cells: Cell[] = [];
  for (const span of line) {
    const style = sgr(span, colored);
    for (const { text, width } of graphemes(span.text)) {
      if (cells.length + width > columns) break;
      if (width === 0) joinTo(cells, text, ascii);
      else if (ascii && !/^[ -~]$/.test(text))
        for (let cell = 0; cell < width; cell += 1) cells.push({ text: '?', style, width: 1 });
      else {
        cells.push({ text, style, width });
        for (let rest = 1; rest < width; rest += 1) cells.push({ text: '', style, width: 0 });
      }
    }
  }
  while (cells.length < columns) cells.push(blank);
  return cells;
}

/**
 * What to write so that row `row` (from 0) shows `after` instead of `before` (null: nobody knows what stands there).
 * After a character whose width terminals disagree about, the cursor is placed anew, so that a row never drifts.
 */
export function rowPatch(row: number, before: readonly Cell[] | null, after: readonly Cell[]): string {
  let from = 0;
  let to = after.length;
  if (before !== null) {
    while (from < to && same(before[from], after[from])) from += 1;
    if (from === to) return '';
    while (to > from && same(before[to - 1], after[to - 1])) to -= 1;
    while (from > 0 && (after[from]?.width === 0 || before[from]?.width === 0)) from -= 1;
  }
  const risky = before === null || before.some(disputed) || after.some(disputed);
  let end = after.length;
  while (end > from && same(after[end - 1], blank)) end -= 1;
  const start = `\x1b[${row + 1};${from + 1}H`;
  if (risky) return `${start}\x1b[K${writeCells(after, from, end)}`;
  return to - end > 3 ? `${start}${writeCells(after, from, end)}\x1b[K` : start + writeCells(after, from, to);
}

function writeCells(cells: readonly Cell[], from: number, to: number): string {
  let out = '';
  let style = '';
  for (let column = from; column < to; column += 1) {
    const cell = cells[column];
    if (!cell || cell.width === 0) continue;
    if (cell.style !== style) {
      out += cell.style === '' ? '\x1b[m' : `\x1b[${style === '' ? '' : '0;'}${cell.style}m`;
      style = cell.style;
    }
    out += cell.text;
    if (disputed(cell) && column + cell.width < to) out += `\x1b[${column + cell.width + 1}G`;
  }
  return style === '' ? out : `${out}\x1b[m`;
}

function same(a: Cell | undefined, b: Cell | undefined): boolean {
  return a?.text === b?.text && a?.style === b?.style && a?.width === b?.width;
}

/** Wide characters and clusters of several code points: not every terminal gives them the same width. */
function disputed(cell: Cell): boolean {
  return cell.width > 1 || cell.text.length > 1;
}

function joinTo(cells: Cell[], text: string, ascii: boolean): void {
  const last = cells.at(-1);
  if (last && last.width === 1 && !ascii) cells[cells.length - 1] = { ...last, text: last.text + text };
}
