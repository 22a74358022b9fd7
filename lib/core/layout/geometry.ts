/**
 * From a layout and a window's size to panes: what is placed where, and what is left out. tmux puts one border cell
 * between neighbours; the caller gives the window's size in cells, without the status line. Where `pane-border-status`
 * is on, tmux takes one row for the border's text from each pane at that edge of the window: the layout stays as it is.
 */

import type { Cells, Direction, Layout, LayoutNode, LayoutPane } from './layout.ts';
import { panesOf, seatsAgent } from './layout.ts';
import type { Box, Cell } from './layout-string.ts';
import { share } from './share.ts';

/** The sidebar's place: a full-height column at one edge, in cells without its border. */
export interface Slot {
  readonly side: 'left' | 'right';
  readonly width: number;
  /** A window narrower than this gets no slot. */
  readonly minColumns?: number;
}

/** A pane of a layout in its place. */
export interface PlacedPane extends Box {
  readonly name: string;
  readonly pane: LayoutPane;
}

/** A window with everything in its place. */
export interface Placement {
  readonly window: Cells;
  /** In tmux's order, the slot not counted. At least one. */
  readonly panes: readonly PlacedPane[];
  readonly slot: Box | null;
  /** Names of the panes left out for want of room, in the layout's order. */
  readonly dropped: readonly string[];
  /** The whole window, slot included: what `layoutString` prints. */
  readonly tree: Cell;
}

type Placed = PlacedPane | (Box & { readonly split: Direction; readonly children: readonly Placed[] });

/**
 * Places a layout. While the minimums do not fit, panes that state `drop` are left out, lowest number first, but never
 * the last agent. If that is not enough, only the agents that must not be left out are placed, in an even grid
 * without regard to minimums; those for which the window has not even one cell are left out, from the end. The slot
 * goes before that happens to an agent.
 */
export function place(layout: Layout, window: Cells, slot: Slot | null): Placement {
  const whole = { columns: cellsOf(window.columns), rows: cellsOf(window.rows) };
  const alone = placeBeside(layout, whole, null);
  const beside = slot === null ? null : slotBox(slot, whole);
  if (beside === null) return alone;
  const both = placeBeside(layout, whole, beside);
  return lostAgents(layout, both) > lostAgents(layout, alone) ? alone : both;
}

/** Agents left out although their layout does not say they may be. */
function lostAgents(layout: Layout, { dropped }: Placement): number {
  const kept = panesOf(layout.panes).filter((pane) => seatsAgent(pane) && pane.drop === null);
  return kept.filter((pane) => dropped.includes(pane.name)).length;
}

function placeBeside(layout: Layout, window: Cells, slot: Box | null): Placement {
  const taken = slot === null ? 0 : slot.width + 1;
  const x = slot !== null && slot.x === 0 ? taken : 0;
  const placed = arrange(layout.panes, { x, y: 0, width: window.columns - taken, height: window.rows });
  const panes = placedPanes(placed);
  const kept = new Set(panes.map((pane) => pane.name));
  return {
    window,
    panes,
    slot,
    dropped: panesOf(layout.panes).flatMap((pane) => (kept.has(pane.name) ? [] : [pane.name])),
    tree: slot === null ? placed : withSlot(slot, placed, window),
  };
}

function cellsOf(asked: number): number {
  return Number.isFinite(asked) ? Math.max(1, Math.floor(asked)) : 1;
}

function slotBox(slot: Slot, window: Cells): Box | null {
  const width = cellsOf(slot.width);
  if (window.columns < (slot.minColumns ?? 0) || window.columns < width + 2) return null;
  return { x: slot.side === 'left' ? 0 : window.columns - width, y: 0, width, height: window.rows };
}

function withSlot(slot: Box, placed: Placed, window: Cells): Cell {
  const rest = 'children' in placed && placed.split === 'columns' ? placed.children : [placed];
  const children: readonly Cell[] = slot.x === 0 ? [slot, ...rest] : [...rest, slot];
  return { x: 0, y: 0, width: window.columns, height: window.rows, split: 'columns', children };
}

function placedPanes(placed: Placed): readonly PlacedPane[] {
  return 'children' in placed ? placed.children.flatMap(placedPanes) : [placed];
}

function arrange(whole: LayoutNode, box: Box): Placed {
  let node = whole;
  while (!fits(node, box)) {
    const least = firstToDrop(panesOf(node));
    const rest = least === null ? null : without(node, least);
    if (rest === null) return tiled(panesOf(node), box);
    node = rest;
  }
  return placeNode(node, box);
}

function fits(node: LayoutNode, box: Box): boolean {
  return minimum(node, 'columns') <= box.width && minimum(node, 'rows') <= box.height;
}

/** Cells that a node needs along one axis, borders between its panes included. */
function minimum(node: LayoutNode, axis: Direction): number {
  if (!('children' in node)) return node.min[axis];
  const each = node.children.map((child) => minimum(child, axis));
  return node.split === axis ? each.reduce((a, b) => a + b, each.length - 1) : Math.max(...each);
}

/** The lowest `drop`; of two with the same number the later one. The last agent stays, and so does the last pane. */
function firstToDrop(panes: readonly LayoutPane[]): LayoutPane | null {
  const agents = panes.filter(seatsAgent).length;
  let first: LayoutPane | null = null;
  for (const pane of panes) {
    if (pane.drop === null || panes.length === 1 || (seatsAgent(pane) && agents === 1)) continue;
    if (first === null || pane.drop <= (first.drop ?? 0)) first = pane;
  }
  return first;
}

/** The node without one pane; a split that keeps a single child is replaced by it. */
function without(node: LayoutNode, pane: LayoutPane): LayoutNode | null {
  if (!('children' in node)) return node === pane ? null : node;
  const children = node.children.flatMap((child) => without(child, pane) ?? []);
  const [first] = children;
  if (first === undefined) return null;
  return children.length === 1 ? { ...first, size: node.size } : { ...node, children };
}

function placeNode(node: LayoutNode, box: Box): Placed {
  if (!('children' in node)) return { ...box, name: node.name, pane: node };
  const { split } = node;
  const lengths = share(
    (split === 'columns' ? box.width : box.height) - (node.children.length - 1),
    node.children.map((child) => ({ size: child.size, min: minimum(child, split) })),
  );
  const parts = alongside(box, split, lengths);
  const children = node.children.flatMap((child, index) => {
    const part = parts[index];
    return part === undefined ? [] : [placeNode(child, part)];
  });
  return joined(box, split, children);
}

/** The parts of `box`, one border cell between them. */
function alongside(box: Box, split: Direction, lengths: readonly number[]): readonly Box[] {
  let before = 0;
  return lengths.map((length) => {
    const part =
      split === 'columns'
        ? { ...box, x: box.x + before, width: length }
        : { ...box, y: box.y + before, height: length };
    before += length + 1;
    return part;
  });
}

/** A split as tmux would keep it: children split the same way are children of this one. */
function joined(box: Box, split: Direction, children: readonly Placed[]): Placed {
  const [only] = children;
  if (children.length === 1 && only !== undefined) return only;
  const flat = children.flatMap((child) =>
    'children' in child && child.split === split ? child.children : [child],
  );
  return { ...box, split, children: flat };
}

/** As many of the panes as have room for a cell, in an even grid; agents that may not be left out before all others. */
function tiled(all: readonly LayoutPane[], box: Box): Placed {
  const agents = all.filter((pane) => seatsAgent(pane));
  const wanted = agents.length > 0 ? agents : all;
  const most = { columns: Math.floor((box.width + 1) / 2), rows: Math.floor((box.height + 1) / 2) };
  const panes = wanted.slice(0, most.columns * most.rows);
  const columns = gridColumns(panes.length, box, most);
  const rows = Math.ceil(panes.length / columns);
  const node: LayoutNode = {
    split: 'rows',
    size: 'rest',
    children: Array.from({ length: rows }, (_, row): LayoutNode => {
      const inRow = panes.slice(row * columns, (row + 1) * columns);
      return { split: 'columns', size: 'rest', children: inRow.map(anySize) };
    }),
  };
  return placeNode(node, box);
}

function anySize(pane: LayoutPane): LayoutPane {
  return { ...pane, size: 'rest', min: { columns: 1, rows: 1 } };
}

/** How many columns let the panes come nearest to a readable shape (five times as wide as high). */
function gridColumns(count: number, box: Box, most: Cells): number {
  let best = { columns: 1, score: -1 };
  for (let columns = 1; columns <= Math.min(count, most.columns); columns += 1) {
    const rows = Math.ceil(count / columns);
    if (rows > most.rows) continue;
    const width = (box.width - columns + 1) / columns;
    const height = (box.height - rows + 1) / rows;
    const score = Math.min(width / 5, height);
    if (score > best.score) best = { columns, score };
  }
  return best.columns;
}
