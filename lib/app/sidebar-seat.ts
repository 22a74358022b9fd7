/** Where the sidebar sits: a slot in every window of ours, and one live sidebar among them. */
import { shellQuote } from '../core/tmux-text.ts';
import { slotCommands } from '../core/window.ts';
import type { PaneFact, ServerView, TmuxCommand } from '../ports.ts';
import type { Context } from './context.ts';
import { stateVariables } from './server.ts';

/** Switches the sidebar on: slots where they are missing, the sidebar in the window that `session` shows. */
export async function seatSidebar(context: Context, session: string | null): Promise<void> {
  const { deps, preferences } = context;
  const { width, side, minColumns } = preferences.sidebar;
  const socket = deps.tmux.socket === null ? [] : ['--socket', deps.tmux.socket];
  const argv = [
    'env',
    ...stateVariables(context),
    deps.shipped.node,
    // MB: it lives long and allocates in bursts; by itself the heap's young part would grow and stay.
    '--max-semi-space-size=1',
    deps.shipped.pitwall,
    ...socket,
    'sidebar',
    '--run',
  ];
  const first: TmuxCommand[] = [['set-option', '-s', '@pitwall_sidebar_command', shellQuote(argv)]];
  const before = await deps.tmux.view();
  for (const window of windowsWithoutSlot(before))
    if (window.windowWidth >= minColumns && window.project !== null)
      first.push(...slotCommands({ side, width }, window.window, window.project));
  await deps.tmux.run(first);
  const view = await deps.tmux.view();
  if (view.panes.some((pane) => pane.role === 'sidebar' && !pane.dead)) return;
  const shown = shownWindow(view, session);
  const slot =
    view.panes.find((pane) => pane.role === 'slot' && pane.window === shown) ??
    view.panes.find((pane) => pane.role === 'slot');
  if (!slot) return;
  await deps.tmux.run([
    ['set-option', '-p', '-t', slot.pane, '@pitwall_role', 'sidebar'],
    ['set-option', '-s', '@pitwall_sidebar', slot.pane],
    ['respawn-pane', '-k', '-t', slot.pane, '--', 'sh', '-c', `exec ${shellQuote(argv)}`],
  ]);
}

/** Switches the sidebar off: it and every slot are closed, the windows keep their panes. */
export async function unseatSidebar(context: Context): Promise<void> {
  const { deps } = context;
  const view = await deps.tmux.view();
  const seats = view.panes.filter((pane) => pane.role === 'slot' || pane.role === 'sidebar');
  await deps.tmux.run([
    ['set-option', '-s', '@pitwall_sidebar_command', ''],
    ['set-option', '-s', '@pitwall_sidebar', ''],
    ...seats.map((pane) => ['kill-pane', '-t', pane.pane]),
  ]);
}

/** On when off, off when on; answers whether it is on now. */
export async function toggleSidebar(context: Context, session: string | null): Promise<boolean> {
  const view = await context.deps.tmux.view();
  const on = view.panes.some((pane) => pane.role === 'sidebar' && !pane.dead);
  if (on) await unseatSidebar(context);
  else await seatSidebar(context, session);
  return !on;
}

/** One pane of ours for each window of ours that has neither slot nor sidebar. */
function windowsWithoutSlot(view: ServerView): readonly PaneFact[] {
  const seated = new Set(view.panes.filter((pane) => isSeat(pane)).map((pane) => pane.window));
  const windows = new Map<string, PaneFact>();
  for (const pane of view.panes)
    if (pane.role !== null && pane.sessionProject !== null && !seated.has(pane.window))
      windows.set(pane.window, pane);
  return [...windows.values()];
}

function isSeat(pane: PaneFact): boolean {
  return pane.role === 'slot' || pane.role === 'sidebar';
}

function shownWindow(view: ServerView, session: string | null): string | null {
  const client = [...view.clients].sort((a, b) => b.activity - a.activity)[0];
  if (client && (session === null || client.session === session)) return client.window;
  return (
    view.panes.find((pane) => pane.session === session && pane.windowActive)?.window ?? client?.window ?? null
  );
}
