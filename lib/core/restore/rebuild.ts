/**
 * The tmux commands that make a window again as its record tells, pure. Two chains: the first makes panes and layout and
 * marks the window as half made (`@pitwall_making`), the second puts focus and zoom right and takes the mark away. What
 * a killed process leaves in between is recognised by the mark. Agents' panes wait for their programs
 * (`@pitwall_pending`), so that these can be started a few at a time.
 */

import type { PaneCommand } from '../tmux/pane-command.ts';
import { keepLayout } from '../tmux/stood.ts';
import { escapeFormat } from '../tmux/tmux-text.ts';
import { paneOptions, programOf, type WindowPlan, windowOptions } from '../tmux/window.ts';
import { noteCommands, recordFormat } from './window-record.ts';

type TmuxCommand = readonly string[];

/** A pane to be made: the sidebar's slot, an agent's that waits, or one whose program starts at once. */
export type RebuiltPane =
  | { readonly kind: 'slot' }
  | { readonly kind: 'pending'; readonly agent: string }
  | { readonly kind: 'program'; readonly command: PaneCommand; readonly folder: string };

/** A window that is made again. */
export interface RebuildPlan
  extends Pick<
    WindowPlan,
    'session' | 'sessionName' | 'index' | 'name' | 'folder' | 'project' | 'task' | 'taskFolder'
  > {
  readonly priority: number;
  /** Cells. */
  readonly columns: number;
  readonly rows: number;
  /** Of all panes, slot included. */
  readonly layout: string;
  /** In the layout's order; one at least is no slot. */
  readonly panes: readonly RebuiltPane[];
  /** Position in `panes`. */
  readonly active: number;
  readonly zoomed: boolean;
}

/** A window as the first chain says it was made. Panes are in the layout's order. */
export interface MadeWindow {
  readonly session: string;
  readonly window: string;
  readonly panes: readonly string[];
  readonly index: number;
}

/** Panes that 400 columns have room for, each split taking half of what there is. */
const untiled = 6;

/** The first chain: makes the window, prints a line a pane for `madeWindows`. */
export function makingCommands(plan: RebuildPlan): readonly TmuxCommand[] {
  const target = plan.session === null ? `=${plan.sessionName}:` : `${plan.session}:${plan.index}`;
  const first = firstOf(plan.panes);
  const commands: TmuxCommand[] = [];
  // `-f` puts a pane at the end of the window's list, `-bf` at its beginning, whichever pane has the focus.
  let count = 1;
  const split = (pane: RebuiltPane, side: string) => {
    count += 1;
    if (count > untiled) commands.push(['select-layout', '-t', target, 'tiled']);
    commands.push(
      ['split-window', side, '-t', target, ...programIn(plan, pane)],
      ...optionsOf(plan, pane, target),
    );
  };
  for (const pane of plan.panes.slice(first, first + 1))
    commands.push(firstPane(plan, pane, target), ...marks(plan, target), ...optionsOf(plan, pane, target));
  for (const pane of plan.panes.slice(0, first).reverse()) split(pane, '-hbf');
  for (const pane of plan.panes.slice(first + 1)) split(pane, '-hf');
  commands.push(
    ['resize-window', '-t', target, '-x', String(plan.columns), '-y', String(plan.rows)],
    ['select-layout', '-t', target, plan.layout],
    ['set-option', '-w', '-u', '-t', target, 'window-size'],
    ['list-panes', '-t', target, '-F', 'made #{session_id} #{window_id} #{pane_id} #{window_index}'],
  );
  return commands;
}

/** What some first chains, run one after another, have made. */
export function madeWindows(printed: readonly string[]): readonly MadeWindow[] {
  const made = new Map<string, { session: string; window: string; panes: string[]; index: number }>();
  for (const line of printed) {
    const [word, session = '', window = '', pane = '', index] = line.split(' ');
    if (word !== 'made') continue;
    const known = made.get(window) ?? { session, window, panes: [], index: Number(index) };
    known.panes.push(pane);
    made.set(window, known);
  }
  return [...made.values()];
}

/** The second chain; prints what the window's record is made of. */
export function finishingCommands(plan: RebuildPlan, made: MadeWindow): readonly TmuxCommand[] {
  const pane = made.panes[plan.active];
  const focus: TmuxCommand[] = pane === undefined ? [] : [['select-pane', '-t', pane]];
  if (pane !== undefined && plan.zoomed) focus.push(['resize-pane', '-Z', '-t', pane]);
  return [
    ...focus,
    ['set-option', '-w', '-u', '-t', made.window, '@pitwall_making'],
    keepLayout(made.window),
    ...noteCommands(made.window),
    ['list-panes', '-t', made.window, '-F', recordFormat],
  ];
}

/** A window cannot begin with a pane without a program: one that has one comes first, else an agent's, but no slot. */
function firstOf(panes: readonly RebuiltPane[]): number {
  const program = panes.findIndex((pane) => pane.kind === 'program');
  return program >= 0 ? program : panes.findIndex((pane) => pane.kind !== 'slot');
}

function firstPane(plan: RebuildPlan, pane: RebuiltPane, target: string): TmuxCommand {
  const named = ['-n', escapeFormat(plan.name), ...programIn(plan, pane, true)];
  if (plan.session !== null) return ['new-window', '-d', '-t', target, ...named];
  const size = ['-x', String(plan.columns), '-y', String(plan.rows)];
  return ['new-session', '-d', '-s', plan.sessionName, ...size, ...named];
}

/** The session's first window is never closed as half made: that would end the session. */
function marks(plan: RebuildPlan, target: string): readonly TmuxCommand[] {
  const mark: TmuxCommand[] =
    plan.session === null ? [] : [['set-option', '-w', '-t', target, '@pitwall_making', '1']];
  return [
    ...mark,
    ...windowOptions(plan, target),
    // A client of a few cells would leave no room to split in: for the while of the chain the window is large.
    ['resize-window', '-t', target, '-x', '400', '-y', '200'],
  ];
}

/** A pane that waits has no program; only the first of a window must have one, which its own replaces. */
function programIn(plan: RebuildPlan, pane: RebuiltPane, isFirst = false): readonly string[] {
  if (pane.kind === 'program') return programOf({ folder: pane.folder }, pane.command);
  const folder = ['-c', escapeFormat(plan.folder)];
  return isFirst ? [...folder, '--', 'cat', '-'] : [...folder, ''];
}

function optionsOf(plan: RebuildPlan, pane: RebuiltPane, target: string): readonly TmuxCommand[] {
  const set = (name: string, value: string): TmuxCommand => ['set-option', '-p', '-t', target, name, value];
  // A sidebar that ends in it leaves its place, so that the window keeps its shape.
  if (pane.kind === 'slot')
    return [set('@pitwall_role', 'slot'), set('@pitwall_project', plan.project), set('remain-on-exit', 'on')];
  const planned = { ...plan, recorder: [] };
  if (pane.kind === 'program') return paneOptions(planned, pane.command, target);
  const waits: PaneCommand = { role: 'agent', agent: pane.agent, argv: [], env: {}, output: null };
  return [set('@pitwall_pending', '1'), ...paneOptions(planned, waits, target)];
}
