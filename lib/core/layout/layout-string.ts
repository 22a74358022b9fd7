/**
 * tmux's layout strings, as `#{window_layout}` prints them and `select-layout` takes them:
 * `bb62,159x48,0,0{79x48,0,0,79x48,80,0}`. Source: layout-custom.c of tmux 3.3a. A checksum of four hex digits, then
 * cells `WIDTHxHEIGHT,X,Y`; a pane may carry `,ID` (tmux ignores it and fills panes in order), a split holds its
 * children in `{}` (columns) or `[]` (rows), one border cell between neighbours.
 */
import type { Direction } from './layout.ts';

/** A rectangle of a window in cells, without borders; the origin is the window's top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A pane of a window; `id` is the number of tmux's `%7`. */
export interface PaneCell extends Box {
  readonly id?: number;
}

/** Cells beside or below each other. */
export interface SplitCell extends Box {
  readonly split: Direction;
  readonly children: readonly Cell[];
}

/** A part of a window: a pane, or more cells. */
export type Cell = PaneCell | SplitCell;

/** Deepest nesting that is read. */
const deepest = 64;

/** The string for `select-layout`. Panes without an id are numbered from 0 in order. */
export function layoutString(placed: { readonly tree: Cell }): string {
  let next = 0;
  const print = (cell: Cell): string => {
    const box = `${cell.width}x${cell.height},${cell.x},${cell.y}`;
    if (!('children' in cell)) {
      const id = cell.id ?? next;
      next += 1;
      return `${box},${id}`;
    }
    const inside = cell.children.map(print).join(',');
    return cell.split === 'columns' ? `${box}{${inside}}` : `${box}[${inside}]`;
  };
  const cells = print(placed.tree);
  return `${checksum(cells)},${cells}`;
}

/** Reads a layout string; null when its checksum or its form is wrong. */
export function parseLayoutString(text: string): Cell | null {
  const [, sum, cells] = /^([0-9a-f]{4}),(.+)$/.exec(text) ?? [];
  if (sum === undefined || cells === undefined || sum !== checksum(cells)) return null;
  const reader = { cells, at: 0 };
  const cell = readCell(reader, 0);
  return reader.at === cells.length ? cell : null;
}

/** Ids of the panes, in the tree's order; null for one that carries none. */
export function panesIn(tree: Cell): readonly (number | null)[] {
  return 'children' in tree ? tree.children.flatMap(panesIn) : [tree.id ?? null];
}

/** tmux's own checksum: rotate right by one, add the byte, 16 bits. Layout strings are ASCII. */
function checksum(cells: string): string {
  let sum = 0;
  for (let index = 0; index < cells.length; index += 1)
    sum = ((sum >> 1) + ((sum & 1) << 15) + cells.charCodeAt(index)) & 0xffff;
  return sum.toString(16).padStart(4, '0');
}

interface Reader {
  readonly cells: string;
  at: number;
}

function readCell(reader: Reader, depth: number): Cell | null {
  const found = match(reader, /(\d{1,5})x(\d{1,5}),(\d{1,5}),(\d{1,5})/y);
  if (!found || depth > deepest) return null;
  const [width = 0, height = 0, x = 0, y = 0] = found.slice(1).map(Number);
  const box = { x, y, width, height };
  const opening = reader.cells[reader.at];
  if (opening === '{' || opening === '[') {
    const children = readChildren(reader, opening === '{' ? '}' : ']', depth);
    return children && { ...box, split: opening === '{' ? 'columns' : 'rows', children };
  }
  // A further cell (`,79x48,…`) may follow instead of an id.
  const id = match(reader, /,(\d{1,9})(?![\dx])/y);
  return id ? { ...box, id: Number(id[1]) } : box;
}

function readChildren(reader: Reader, closing: string, depth: number): readonly Cell[] | null {
  const children: Cell[] = [];
  do {
    reader.at += 1;
    const child = readCell(reader, depth + 1);
    if (!child) return null;
    children.push(child);
  } while (reader.cells[reader.at] === ',');
  if (reader.cells[reader.at] !== closing) return null;
  reader.at += 1;
  return children;
}

function match(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.cells);
  if (found) reader.at = pattern.lastIndex;
  return found;
}
