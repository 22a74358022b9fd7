/** The same panes in more or less room: each keeps its share, as far as cells can be shared. */
import type { Box, Cell, PaneCell } from './layout-string.ts';
import { share } from './share.ts';

/** The cell and all in it in another box; null where a pane would get no cell at all. */
export function fitInto(cell: Cell, box: Box): Cell | null {
  if (box.width < 1 || box.height < 1) return null;
  if (!('children' in cell)) return { ...cell, ...box };
  const along = cell.split === 'columns' ? 'width' : 'height';
  const room = box[along] - (cell.children.length - 1);
  if (room < cell.children.length) return null;
  const whole = cell.children.reduce((sum, child) => sum + child[along], 0);
  const percent = (child: Cell) => ({ percent: (child[along] * 100) / whole });
  const lengths = share(
    room,
    cell.children.map((child) => ({ size: percent(child), min: 1 })),
  );
  const children: Cell[] = [];
  let at = cell.split === 'columns' ? box.x : box.y;
  for (const [index, child] of cell.children.entries()) {
    const length = lengths[index] ?? 1;
    const own = cell.split === 'columns' ? { x: at, width: length } : { y: at, height: length };
    const fitted = fitInto(child, { ...box, ...own });
    if (fitted === null) return null;
    children.push(fitted);
    at += length + 1;
  }
  return { ...box, split: cell.split, children };
}

/** A window's tree without one pane at its left or right edge, the others in its whole width; null: it is not there. */
export function withoutEdge(tree: Cell, id: number): Cell | null {
  if (!('children' in tree) || tree.split !== 'columns') return null;
  const rest = tree.children.filter((child) => 'children' in child || child.id !== id);
  const edges = [tree.children[0], tree.children.at(-1)];
  if (rest.length !== tree.children.length - 1 || edges.every((edge) => edge && rest.includes(edge)))
    return null;
  const [only, ...more] = rest;
  if (only === undefined) return null;
  return fitInto(more.length === 0 ? only : { ...tree, children: rest }, boxOf(tree));
}

/** A window's tree with a pane of full height added at an edge; null where there is no room for it. */
export function withEdge(
  tree: Cell,
  edge: { readonly side: 'left' | 'right'; readonly width: number; readonly id?: number },
): Cell | null {
  const { x, y, width, height } = tree;
  const left = edge.side === 'left';
  const own: PaneCell = {
    ...(edge.id === undefined ? {} : { id: edge.id }),
    ...{ x: left ? x : x + width - edge.width, y, width: edge.width, height },
  };
  const room = { x: left ? x + edge.width + 1 : x, y, width: width - edge.width - 1, height };
  const rest = fitInto(tree, room);
  if (rest === null) return null;
  const others = 'children' in rest && rest.split === 'columns' ? rest.children : [rest];
  return { x, y, width, height, split: 'columns', children: left ? [own, ...others] : [...others, own] };
}

/** How a window stands, and how it stood before and after its slot went. */
interface Stood {
  readonly tree: Cell;
  readonly before: { readonly seated: Cell; readonly left: Cell } | null;
}

/** Whether it can be put back as it stood with that slot: nobody has changed anything since. */
export function fitsAgain<T extends Stood>(
  shape: T,
  slot: { readonly side: 'left' | 'right'; readonly width: number },
): shape is T & { readonly before: NonNullable<T['before']> } {
  const { tree, before } = shape;
  if (before === null || !('children' in before.seated) || !sameShape(tree, before.left)) return false;
  const edge = slot.side === 'left' ? before.seated.children[0] : before.seated.children.at(-1);
  return edge !== undefined && !('children' in edge) && edge.width === slot.width;
}

/** Whether two trees have the same cells, whatever panes are in them. */
function sameShape(a: Cell, b: Cell): boolean {
  if (a.x !== b.x || a.y !== b.y || a.width !== b.width || a.height !== b.height) return false;
  if (!('children' in a) || !('children' in b)) return 'children' in a === 'children' in b;
  return (
    a.split === b.split &&
    a.children.length === b.children.length &&
    a.children.every((child, index) => {
      const other = b.children[index];
      return other !== undefined && sameShape(child, other);
    })
  );
}

function boxOf({ x, y, width, height }: Box): Box {
  return { x, y, width, height };
}
