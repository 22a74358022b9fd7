/** The tmux commands that make a task's window, pure: ids only, names and folders escaped, one chain. */

import { noteCommands, recordFormat } from '../restore/window-record.ts';
import type { PaneCommand } from './pane-command.ts';
import { keepLayout } from './stood.ts';
import { commandText, escapeFormat, shellQuote } from './tmux-text.ts';

type TmuxCommand = readonly string[];

/** A window that is to be made; paths are absolute. */
export interface WindowPlan {
  /** The session's id, or null to make the session `sessionName` with this window as its first. */
  readonly session: string | null;
  readonly sessionName: string;
  /** The window's index, free in its session. */
  readonly index: number;
  readonly name: string;
  readonly folder: string;
  readonly project: string;
  /** null for a window that belongs to no task (the project's own shell). */
  readonly task: string | null;
  readonly taskFolder: string | null;
  readonly priority: number;
  /** Cells. */
  readonly columns: number;
  readonly rows: number;
  readonly panes: readonly PaneCommand[];
  /** The layout string of all panes, slot included; null leaves tmux's. */
  readonly layout: string | null;
  readonly slot: { readonly side: 'left' | 'right'; readonly width: number } | null;
  /** argv of the program that keeps an agent's output in a capped file; the file is appended to it. */
  readonly recorder: readonly string[];
}

/** The chain; it prints what the window's record is made of, then session and window id. The session must not have the window index in use. */
export function windowCommands(plan: WindowPlan): readonly TmuxCommand[] {
  const session = plan.session ?? `=${plan.sessionName}:`;
  const target = plan.session === null ? session : `${plan.session}:${plan.index}`;
  const commands: TmuxCommand[] = [];
  // A client of a few cells would leave no room to split in: for the while of the chain the window is large.
  const room: TmuxCommand[] = [['resize-window', '-t', target, '-x', '400', '-y', '200']];
  const fit: TmuxCommand[] = [
    ['resize-window', '-t', target, '-x', String(plan.columns), '-y', String(plan.rows)],
  ];
  const follow: TmuxCommand[] = [['set-option', '-w', '-u', '-t', target, 'window-size']];
  plan.panes.forEach((pane, number) => {
    if (number > 0) commands.push(['select-layout', '-t', target, 'tiled']);
    commands.push(
      number === 0 ? firstPane(plan, pane, target) : ['split-window', '-t', target, ...programOf(plan, pane)],
    );
    if (number === 0) commands.push(...windowOptions(plan, target), ...withoutTask(plan, target), ...room);
    commands.push(...paneOptions(plan, pane, target));
  });
  if (plan.slot) commands.push(...slotCommands(plan.slot, target, plan.project));
  commands.push(...fit);
  if (plan.layout !== null) commands.push(['select-layout', '-t', target, plan.layout]);
  commands.push(...follow);
  commands.push(keepLayout(target), ...noteCommands(target));
  commands.push(['list-panes', '-t', target, '-F', recordFormat]);
  commands.push(['display-message', '-p', '-t', target, '#{session_id} #{window_id}']);
  return commands;
}

/** Makes the empty pane that the sidebar takes while the window is shown, and gives the focus back. */
export function slotCommands(
  slot: { readonly side: 'left' | 'right'; readonly width: number },
  target: string,
  project: string,
): readonly TmuxCommand[] {
  return [
    ['split-window', slot.side === 'left' ? '-hbf' : '-hf', '-l', String(slot.width), '-t', target, ''],
    ['set-option', '-p', '-t', target, '@pitwall_role', 'slot'],
    // A sidebar that ends in it leaves its place, so that the window keeps its shape.
    ['set-option', '-p', '-t', target, 'remain-on-exit', 'on'],
    ['set-option', '-p', '-t', target, '@pitwall_project', project],
    ['last-pane', '-t', target],
  ];
}

function firstPane(plan: WindowPlan, pane: PaneCommand, target: string): TmuxCommand {
  const named = ['-n', escapeFormat(plan.name), ...programOf(plan, pane)];
  if (plan.session !== null) return ['new-window', '-d', '-t', target, ...named];
  const size = ['-x', String(plan.columns), '-y', String(plan.rows)];
  return ['new-session', '-d', '-s', plan.sessionName, ...size, ...named];
}

/** `--` and at least two words, so that tmux runs it as argv and not through the person's shell. */
export function programOf(plan: Pick<WindowPlan, 'folder'>, pane: PaneCommand): readonly string[] {
  const env = Object.entries(pane.env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const argv = pane.argv.length > 1 ? pane.argv : ['/usr/bin/env', ...pane.argv];
  return ['-c', escapeFormat(plan.folder), ...env, '--', ...argv];
}

/** Sets what marks a window as ours. `target` is the id of its window. */
export function windowOptions(
  plan: Pick<WindowPlan, 'project' | 'session'>,
  target: string,
): readonly TmuxCommand[] {
  const own: TmuxCommand[] = [
    ['set-option', '-w', '-t', target, 'automatic-rename', 'off'],
    ['set-option', '-w', '-t', target, 'allow-rename', 'off'],
    ['set-option', '-w', '-t', target, '@pitwall_project', plan.project],
  ];
  if (plan.session === null)
    own.push(
      ['set-option', '-t', target, 'destroy-unattached', 'off'],
      ['set-option', '-t', target, '@pitwall_project', plan.project],
    );
  return own;
}

/** What `new-session -e` gives is the whole session's: the person's own windows must not look like the task's. */
function withoutTask({ panes, task, session }: WindowPlan, target: string): readonly TmuxCommand[] {
  if (task === null || session !== null) return [];
  return Object.keys(panes[0]?.env ?? {})
    .filter((name) => /^PITWALL_(TASK|PROJECT|AGENT|BRANCH|BASE|REPORT|PORT|CONVERSATION)/.test(name))
    .map((name) => ['set-environment', '-t', target, '-u', name]);
}

/** What a pane's options and program need of the plan of its window. */
export type PanePlan = Pick<
  WindowPlan,
  'folder' | 'project' | 'task' | 'taskFolder' | 'priority' | 'recorder'
>;

/** Adds a pane to a window that stands already; the focus stays where it was. */
export function splitCommands(plan: PanePlan, pane: PaneCommand, window: string): readonly TmuxCommand[] {
  return [
    ['split-window', '-t', window, ...programOf(plan, pane)],
    ...paneOptions(plan, pane, window),
    ['last-pane', '-t', window],
  ];
}

/**
 * A pane below another for a task's checks or reviewer, `size` of its rows; prints its id. The focus stays, a zoomed
 * window stays zoomed, and no shell of the person's is started.
 */
export function checkPaneSplit(
  folder: string,
  pane: PaneCommand,
  beside: string,
  size: '30%' | '50%',
): TmuxCommand {
  const split = (...zoom: readonly string[]): string =>
    commandText([
      ...['split-window', '-d', '-v', ...zoom, '-l', size, '-t', beside, '-P', '-F', '#{pane_id}'],
      ...programOf({ folder }, pane),
    ]);
  // `-Z` would zoom a window that is not.
  return ['if-shell', '-F', '-t', beside, '#{window_zoomed_flag}', split('-Z'), split()];
}

/** It stays with its last screen, so that a failure can be read. */
export function checkPaneOptions(
  pane: string,
  of: { readonly project: string; readonly task: string; readonly folder: string },
): readonly TmuxCommand[] {
  const set = (name: string, value: string): TmuxCommand => ['set-option', '-p', '-t', pane, name, value];
  return [
    set('remain-on-exit', 'on'),
    set('@pitwall_role', 'check'),
    set('@pitwall_project', of.project),
    set('@pitwall_task', of.task),
    set('@pitwall_dir', of.folder),
  ];
}

/** Sets what marks a pane as ours; nothing for a pane without a role. `target` is its id. */
export function paneOptions(plan: PanePlan, pane: PaneCommand, target: string): readonly TmuxCommand[] {
  const set = (name: string, value: string): TmuxCommand => ['set-option', '-p', '-t', target, name, value];
  if (pane.role === null) return [];
  const commands = [set('@pitwall_role', pane.role), set('@pitwall_project', plan.project)];
  if (pane.runs !== undefined) commands.push(set('@pitwall_runs', JSON.stringify(pane.runs)));
  if (plan.task !== null) commands.push(set('@pitwall_task', plan.task));
  if (plan.taskFolder !== null) commands.push(set('@pitwall_dir', plan.taskFolder));
  if (pane.agent !== null)
    commands.push(
      set('@pitwall_agent', pane.agent),
      set('@pitwall_state', 'starting'),
      set('@pitwall_order', String(5000 - plan.priority)),
      set('remain-on-exit', 'on'),
    );
  if (pane.output !== null)
    commands.push([
      'pipe-pane',
      '-O',
      '-t',
      target,
      escapeFormat(`exec ${shellQuote([...plan.recorder, pane.output])}`),
    ]);
  return commands;
}

/** Starts a program in a pane whose own has ended; the pane keeps its place and options. */
export function respawnCommand(
  pane: string,
  folder: string,
  command: PaneCommand,
  recorder: readonly string[],
): readonly TmuxCommand[] {
  const program = programOf({ folder }, command);
  const chain: TmuxCommand[] = [
    ['set-option', '-p', '-t', pane, '@pitwall_state', 'starting'],
    // The title that a killed program has left says what that one was at.
    ['select-pane', '-t', pane, '-T', ''],
    ['respawn-pane', '-k', '-t', pane, ...program],
  ];
  if (command.output !== null)
    chain.push([
      'pipe-pane',
      '-O',
      '-t',
      pane,
      escapeFormat(`exec ${shellQuote([...recorder, command.output])}`),
    ]);
  return chain;
}
