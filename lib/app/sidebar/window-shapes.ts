/**
 * Keeps the shares of a window's panes when a slot comes or goes. By itself tmux gives all the room of a pane that goes to
 * its neighbour and takes the room of one that comes from all: switching off and on would narrow some a little each time.
 */
import { fitsAgain, withEdge, withoutEdge } from '../../core/layout/fit.ts';
import { type Cell, layoutString, panesIn, parseLayoutString } from '../../core/layout/layout-string.ts';
import type { TmuxCommand } from '../../ports.ts';
import type { Context } from '../context.ts';

/** How a window stands. */
export interface WindowShape {
  readonly window: string;
  readonly tree: Cell;
  /** The pane that fills the window for the while, or null. */
  readonly zoomed: string | null;
  /** How it stood with its slot and what was left when that went, as layout strings, or null. */
  readonly before: { readonly seated: Cell; readonly left: Cell } | null;
}

const format =
  '#{window_id}\t#{window_layout}\t#{?window_zoomed_flag,#{pane_id},}\t#{@pitwall_shape}\t#{P:#{pane_id} }';

/** All windows by id, but for those whose panes tmux counts in another order than they stand in: those it lays out itself. */
export async function readShapes({ deps }: Context): Promise<ReadonlyMap<string, WindowShape>> {
  const lines = await deps.tmux.run([['list-windows', '-a', '-F', format]]);
  const shapes = new Map<string, WindowShape>();
  for (const line of lines) {
    const [window = '', layout = '', zoomed = '', shape = '', panes = ''] = line.split('\t');
    const tree = parseLayoutString(layout);
    if (tree === null || panesIn(tree).join() !== panes.trim().replaceAll('%', '').replaceAll(' ', ','))
      continue;
    const [seated, left] = shape.split(' ').map(parseLayoutString);
    const before = seated && left ? { seated, left } : null;
    shapes.set(window, { window, tree, zoomed: zoomed === '' ? null : zoomed, before });
  }
  return shapes;
}

/** To follow the end of the slot's pane. Empty where tmux's own layout is as good. */
export function shapeWithout(shape: WindowShape | undefined, slot: string): readonly TmuxCommand[] {
  const left = shape && withoutEdge(shape.tree, Number(slot.slice(1)));
  if (!left) return [];
  const { window, tree } = shape;
  const [before, after] = [layoutString({ tree }), layoutString({ tree: left })];
  return [
    ['select-layout', '-t', window, after],
    ['set-option', '-w', '-t', window, '@pitwall_shape', `${before} ${after}`],
    ...zoomAgain(shape, slot),
  ];
}

/** To follow the making of a slot: as the window stood with one, if nothing was changed since, else with all shares kept. */
export function shapeWith(
  shape: WindowShape | undefined,
  slot: { readonly side: 'left' | 'right'; readonly width: number },
): readonly TmuxCommand[] {
  const tree = shape && (fitsAgain(shape, slot) ? shape.before.seated : withEdge(shape.tree, slot));
  if (!tree) return [];
  const { window } = shape;
  return [
    ['select-layout', '-t', window, layoutString({ tree })],
    ['set-option', '-w', '-u', '-t', window, '@pitwall_shape'],
    ...zoomAgain(shape, null),
  ];
}

function zoomAgain({ zoomed }: WindowShape, gone: string | null): readonly TmuxCommand[] {
  return zoomed === null || zoomed === gone ? [] : [['resize-pane', '-Z', '-t', zoomed]];
}
