/** Where the sidebar sits: a slot in every window of ours, and one live sidebar among them. */
import { isPitwallError } from '../../core/errors.ts';
import { moveSidebar } from '../../core/tmux/server-hooks.ts';
import { isSeat, shellQuote } from '../../core/tmux/tmux-text.ts';
import { slotCommands } from '../../core/tmux/window.ts';
import type { PaneFact, ServerView, TmuxCommand } from '../../ports.ts';
import type { Context } from '../context.ts';
import { stateVariables } from '../desk/server.ts';
import { readShapes, shapeWith, shapeWithout } from './window-shapes.ts';

/** Switches the sidebar on: slots where they are missing, the sidebar in the window that `session` shows. */
export async function seatSidebar(context: Context, session: string | null): Promise<void> {
  const { deps } = context;
  const socket = deps.tmux.socket === null ? [] : ['--socket', deps.tmux.socket];
  const argv = [
    'env',
    ...stateVariables(context),
    deps.shipped.node,
    // It lives long and allocates in bursts: by itself the heap's young part (MB) would grow and stay, and the old one
    // would double before it is cleared.
    '--max-semi-space-size=1',
    '--heap-growing-percent=20',
    deps.shipped.pitwall,
    ...socket,
    'sidebar',
    '--run',
  ];
  await deps.tmux.run([
    ['set-option', '-s', '@pitwall_sidebar_command', shellQuote(argv)],
    ...deadSidebars(await deps.tmux.view()),
  ]);
  await makeSlots(context, session);
  const view = await deps.tmux.view();
  const live = liveSidebar(view);
  const shown = shownWindow(view, session);
  const slots = view.panes.filter((pane) => pane.role === 'slot');
  const here = slots.find((pane) => pane.window === shown);
  if (live !== null) {
    const looksAt = (window: string | null) => view.clients.some((client) => client.window === window);
    // Not away from somebody who looks at it, to a window that nobody does.
    const wanted = looksAt(shown) || !looksAt(live.window);
    if (here && live.window !== shown && wanted)
      await deps.tmux.run(moveSidebar(live.pane, here.pane, here.window));
    return;
  }
  const slot = here ?? slots[0];
  if (!slot) return;
  // In a folder that stays: a slot's own may be a worktree that is removed one day.
  await deps.tmux.run([
    ['set-option', '-p', '-t', slot.pane, '@pitwall_role', 'sidebar'],
    ['set-option', '-s', '@pitwall_sidebar', slot.pane],
    ['respawn-pane', '-k', '-c', '/', '-t', slot.pane, '--', 'sh', '-c', `exec ${shellQuote(argv)}`],
  ]);
}

/** A sidebar that ended without tmux telling is a slot again. */
function deadSidebars(view: ServerView): readonly TmuxCommand[] {
  return view.panes
    .filter((pane) => pane.role === 'sidebar' && pane.dead)
    .map((pane) => ['set-option', '-p', '-t', pane.pane, '@pitwall_role', 'slot']);
}

/** Slots where windows of ours have none; a window that has no room for one is left as it is. */
async function makeSlots(context: Context, session: string | null): Promise<void> {
  const { deps, preferences } = context;
  const { side } = preferences.sidebar;
  const view = await deps.tmux.view();
  const shapes = await readShapes(context);
  for (const pane of windowsWithoutSlot(view, shownWindow(view, session))) {
    if (pane.sessionProject === null) continue;
    const slot = { side, width: slotWidth(preferences.sidebar, pane.windowWidth) };
    try {
      await deps.tmux.run([
        ...slotCommands(slot, pane.window, pane.sessionProject),
        ...shapeWith(shapes.get(pane.window), slot),
      ]);
    } catch (error) {
      if (!isPitwallError(error, 'CommandFailed', 'TargetGone')) throw error;
    }
  }
}

/** Cells of the sidebar in a window of that many: a narrow one keeps a strip of one cell, with the docket's signs. */
export function slotWidth(
  sidebar: { readonly width: number; readonly minColumns: number },
  columns: number,
): number {
  return columns < sidebar.minColumns ? 1 : sidebar.width;
}

/** Switches the sidebar off: it and every slot are closed, the windows keep their panes. */
export async function unseatSidebar(context: Context): Promise<void> {
  const { deps } = context;
  const view = await deps.tmux.view();
  const seats = view.panes.filter(isSeat);
  const shapes = await readShapes(context);
  await deps.tmux.run([
    ['set-option', '-s', '@pitwall_sidebar_command', ''],
    ['set-option', '-s', '@pitwall_sidebar', ''],
    ...seats.map((pane) => ['kill-pane', '-t', pane.pane]),
  ]);
  for (const { window, pane } of seats) {
    const commands = shapeWithout(shapes.get(window), pane);
    try {
      if (commands.length > 0) await deps.tmux.run(commands);
    } catch (error) {
      // The person has changed the window meanwhile: tmux's own layout stays.
      if (!isPitwallError(error, 'CommandFailed', 'TargetGone')) throw error;
    }
  }
}

/** On when off, and into the window shown when it is elsewhere; off when it is there. Answers whether it is on now. */
export async function toggleSidebar(context: Context, session: string | null): Promise<boolean> {
  const view = await context.deps.tmux.view();
  const live = liveSidebar(view);
  const shown = shownWindow(view, session);
  const ours = view.panes.some((pane) => pane.window === shown && pane.sessionProject !== null);
  const off = live !== null && (live.window === shown || !ours);
  if (off) await unseatSidebar(context);
  else await seatSidebar(context, session);
  return !off;
}

function liveSidebar(view: ServerView): PaneFact | null {
  return view.panes.find((pane) => pane.role === 'sidebar' && !pane.dead) ?? null;
}

/** One pane for each window of ours, and for the one shown in a session of ours, with neither slot nor sidebar. */
function windowsWithoutSlot(view: ServerView, shown: string | null): readonly PaneFact[] {
  const seated = new Set(view.panes.filter((pane) => isSeat(pane)).map((pane) => pane.window));
  const windows = new Map<string, PaneFact>();
  for (const pane of view.panes)
    if ((pane.role !== null || pane.window === shown) && !seated.has(pane.window))
      windows.set(pane.window, pane);
  return [...windows.values()];
}

function shownWindow(view: ServerView, session: string | null): string | null {
  const client = [...view.clients].sort((a, b) => b.activity - a.activity)[0];
  if (client && (session === null || client.session === session)) return client.window;
  return (
    view.panes.find((pane) => pane.session === session && pane.windowActive)?.window ?? client?.window ?? null
  );
}
