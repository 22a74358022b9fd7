/**
 * A window that a small client squeezes is left out of shape when that one goes: tmux spreads the room it gets back
 * evenly, also over panes that had none left to give. So the layout that a window of ours had while it was wide is kept
 * in an option of it, and put back when it is wide again and has the same panes in the same order.
 */
import { commandsText } from './tmux-text.ts';

type TmuxCommand = readonly string[];

/** Keeps the layout of the window now; for one that has just been made. */
export function keepLayout(target: string): TmuxCommand {
  return ['set-option', '-w', '-F', '-t', target, '@pitwall_stood', '#{window_layout}'];
}

const both = (a: string, b: string): string => `#{&&:${a},${b}}`;
const unzoomed = '#{?window_zoomed_flag,0,1}';
const wide = (least: number): string => both(`#{e|>=:#{window_width},${least}}`, unzoomed);
/** A layout without its numbers: how its cells are split. */
const shape = (layout: string): string => `#{s/[0-9a-f]+//:${layout}}`;
const sameShape = `#{==:${shape('window_layout')},${shape('@pitwall_stood')}}`;
const wasNarrow = (least: number): string => `#{e|<:#{s/x.*//:@pitwall_size},${least}}`;

/** In a hook: keeps the layout of the hook's window, if it has at least so many cells. */
export function keepWide(least: number): TmuxCommand {
  const keep = ['set-option', '-w', '-t', '#{window_id}', '@pitwall_stood', '#{window_layout}'];
  return ['if-shell', '-F', wide(least), commandsText([['run-shell', '-C', commandsText([keep])]])];
}

/** In a hook: puts the kept layout back. `resized`: only if the window was narrower than that when it was last noted. */
export function putBack(least: number, resized: boolean): TmuxCommand {
  const fits = both(wide(least), sameShape);
  const put = ['select-layout', '-t', '#{window_id}', '#{@pitwall_stood}'];
  const condition = resized ? both(wasNarrow(least), fits) : fits;
  return ['if-shell', '-F', condition, commandsText([['run-shell', '-C', commandsText([put])]])];
}
