/** A placement as a drawing of lines: for a person to see what a layout gives, and for tests. */

import { graphemes } from '../cells.ts';
import type { Placement } from './geometry.ts';
import type { Cells } from './layout.ts';
import type { Box } from './layout-string.ts';

/** Box characters by which of their arms are drawn: up 1, right 2, down 4, left 8. */
const strokes = ' ╵╶└╷│┌├╴┘─┴┐┤┬┼';
const up = 1;
const right = 2;
const down = 4;
const left = 8;

interface Drawing {
  /** Columns and rows inside the frame; default: those of the window, one character a cell. */
  readonly size?: Cells;
  /** Only `+`, `-` and `|`. */
  readonly ascii?: boolean;
}

/** Lines of equal width: a frame, the borders between panes, in each pane its name and under it what it is. */
export function drawing(placement: Placement, options: Drawing = {}): readonly string[] {
  const { window } = placement;
  const size = options.size ?? window;
  const across = (at: number) => Math.round((at * (size.columns + 1)) / (window.columns + 1));
  const along = (at: number) => Math.round((at * (size.rows + 1)) / (window.rows + 1));
  // Corners lie on the borders around a pane, which neighbours share: scaled alike they still do.
  const framed = (box: Box): Frame => ({
    left: across(box.x),
    right: across(box.x + box.width + 1),
    top: along(box.y),
    bottom: along(box.y + box.height + 1),
  });
  const arms = Array.from({ length: size.rows + 2 }, () => Array<number>(size.columns + 2).fill(0));
  const boxes = placement.slot === null ? placement.panes : [...placement.panes, placement.slot];
  for (const box of boxes) outline(arms, framed(box));
  const rows = arms.map((row) => row.map((arm) => stroke(arm, options.ascii === true)));
  for (const { name, pane, ...box } of placement.panes) {
    const what = 'agent' in pane.runs ? (pane.role ?? 'agent') : (Object.keys(pane.runs)[0] ?? '');
    write(rows, framed(box), what === name ? [name] : [name, what]);
  }
  if (placement.slot !== null) write(rows, framed(placement.slot), ['sidebar']);
  return rows.map((row) => row.join(''));
}

/** Positions of the four border lines around a pane. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function outline(arms: number[][], frame: Frame): void {
  const add = (x: number, y: number, arm: number): void => {
    const row = arms[y];
    if (row !== undefined) row[x] = (row[x] ?? 0) | arm;
  };
  for (const y of [frame.top, frame.bottom])
    for (let x = frame.left; x < frame.right; x += 1) {
      add(x, y, right);
      add(x + 1, y, left);
    }
  for (const x of [frame.left, frame.right])
    for (let y = frame.top; y < frame.bottom; y += 1) {
      add(x, y, down);
      add(x, y + 1, up);
    }
}

function stroke(arm: number, ascii: boolean): string {
  if (!ascii || arm === 0) return strokes[arm] ?? ' ';
  if (arm === (left | right)) return '-';
  return arm === (up | down) ? '|' : '+';
}

/** Writes lines at the top left of a pane, as far as there is room; a wide character takes two columns. */
function write(rows: string[][], frame: Frame, lines: readonly string[]): void {
  const room = frame.right - frame.left - 1;
  lines.slice(0, Math.max(0, frame.bottom - frame.top - 1)).forEach((line, index) => {
    const row = rows[frame.top + 1 + index];
    const margin = room > 4 ? 1 : 0;
    let x = frame.left + 1 + margin;
    const end = frame.right - margin;
    for (const { text, width } of graphemes(line)) {
      if (row === undefined || x + width > end) break;
      row[x] = text;
      for (let covered = 1; covered < width; covered += 1) row[x + covered] = '';
      x += width;
    }
  });
}
