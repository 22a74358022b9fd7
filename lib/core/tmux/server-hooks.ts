/**
 * Our entries in tmux's hooks, all at an index of our own. They make one live sidebar follow the person by exchanging
 * it with the slot of the window now shown (no process, no resize), notice dead agents, and clear what is ours when
 * our last session is gone.
 *
 * `run-shell -C` expands the formats of its text before it reads it as commands: formats in it stand for ids, and a
 * doubled `#` leaves one for the commands inside.
 */

import { noteCommands, standing, standingSize } from '../restore/window-record.ts';
import { tableName } from './keys.ts';
import { keepWide, putBack } from './stood.ts';
import {
  commandsText,
  commandText,
  escapeFormat,
  seatHere,
  shellQuote,
  sidebarAnywhere,
  slotHere,
  windowWithoutWork,
  workPane,
} from './tmux-text.ts';

type TmuxCommand = readonly string[];

/** The index of our entries in tmux's hook arrays. */
export const hookIndex = 77;

const hooked = [
  'session-window-changed',
  'client-session-changed',
  'client-active',
  'window-resized',
  'window-layout-changed',
  'pane-died',
  'after-kill-pane',
  'window-unlinked',
  'session-closed',
  'window-pane-changed',
  'window-linked',
  'window-renamed',
  'session-renamed',
] as const;

const ownOptions = [
  ...['docket', 'next', 'count', 'unseated', 'sidebar', 'sidebar_command'],
  ...['settle', 'settling', 'recording', 'back', 'to', 'from', 'slot', 'keys'],
];

/** What our hooks in tmux are made from. */
export interface ServerHooks {
  /** Absolute path of bin/pitwall-hook. */
  readonly hook: string;
  /** Absolute path of bin/pitwall-record. */
  readonly record: string;
  /** Cells. */
  readonly sidebarWidth: number;
  /** Windows narrower than this (cells) keep one cell for the sidebar until they are wide again; default 0. */
  readonly minColumns?: number;
  /** The key under the prefix that is ours, or null when it was taken. */
  readonly prefixKey: string | null;
}

/** Sets every entry; safe to repeat. A hook this tmux does not know is left out (`-q`). */
export function serverHooks(options: ServerHooks): readonly TmuxCommand[] {
  const { minColumns = 0 } = options;
  const note = noteWindow(options.record, minColumns);
  const entries: Readonly<Record<(typeof hooked)[number], readonly TmuxCommand[]>> = {
    'session-window-changed': [follow, note],
    'client-session-changed': [follow],
    'client-active': [follow],
    // tmux tells the new layout first: what is put back is put back by then.
    'window-resized': [keepWidth(options), when(isOurs, [keepWide(minColumns), justNote])],
    'window-layout-changed': [closeWithoutWork, widthAfterZoom(options), note],
    'pane-died': [died(options.hook), sidebarDied],
    'after-kill-pane': [when(anyProject, [settleSoon])],
    'window-unlinked': [when(anyProject, [settleSoon])],
    'session-closed': [when(anyProject, [settleSoon], removal(options.prefixKey))],
    'window-pane-changed': [note],
    'window-linked': [note],
    'window-renamed': [note],
    'session-renamed': [note],
  };
  return hooked.map((name) => ['set-option', '-gq', `${name}[${hookIndex}]`, commandsText(entries[name])]);
}

/** Everything of ours off the server: entries, key table, the key while it still opens our table, options. */
export function removeServerHooks(prefixKey: string | null): readonly TmuxCommand[] {
  return removal(prefixKey);
}

/** Whether any session of ours is left; one that shows a pane of ours counts. */
const anyProject = '#{S:#{?@pitwall_project,1,}}';

function when(
  condition: string,
  then: readonly TmuxCommand[],
  otherwise: readonly TmuxCommand[] = [],
  target: string | null = null,
): TmuxCommand {
  const at = target === null ? [] : ['-t', target];
  const alternative = otherwise.length === 0 ? [] : [commandsText(otherwise)];
  return ['if-shell', '-F', ...at, condition, commandsText(then), ...alternative];
}

function expanded(commands: readonly TmuxCommand[]): TmuxCommand {
  return ['run-shell', '-C', commandsText(commands)];
}

/** Asks for the command itself: no quoting of formats lets every path through tmux's parser. */
const sidebarScript = 'eval "exec $(tmux -u show-options -sv @pitwall_sidebar_command)"';

const sidebar = '#{@pitwall_sidebar}';
const slot = '#{@pitwall_slot}';

/**
 * The window shown has a slot and the sidebar is elsewhere: they change places, each window's focus stays on a pane the
 * person works in, zoomed windows stay zoomed, and the sidebar is told its window. A sidebar that went with its window
 * is started anew in the slot. Only sessions that someone looks at count.
 */
const follow = when(`#{&&:#{session_attached},${slotHere}}`, [
  ['set-option', '-sF', '@pitwall_slot', slotHere],
  ['set-option', '-sF', '@pitwall_sidebar', sidebarAnywhere],
  when('#{==:#{@pitwall_role},slot}', [expanded([['select-pane', '-Z', '-t', workPane]])]),
  when(
    '#{@pitwall_sidebar}',
    [expanded(exchange())],
    [when('#{@pitwall_sidebar_command}', [expanded(startAnew())])],
  ),
]);

function exchange(): readonly TmuxCommand[] {
  const leave: TmuxCommand = ['select-pane', '-Z', '-t', escapeFormat(workPane)];
  return [
    when('##{pane_active}', [['run-shell', '-t', sidebar, '-C', commandsText([leave])]], [], sidebar),
    ['swap-pane', '-d', '-Z', '-s', sidebar, '-t', slot],
    when('##{==:##{pane_dead},0}', tell(sidebar, '#{s/@//:window_id}'), [], sidebar),
  ];
}

/** Typed into the sidebar: CSI 77 ; number of the window ~. Not through a mode, and not to synchronized panes. */
function tell(pane: string, number: string): readonly TmuxCommand[] {
  return [
    ['copy-mode', '-q', '-t', pane],
    ['set-option', '-p', '-t', pane, 'synchronize-panes', 'off'],
    ['send-keys', '-t', pane, '-l', `\u001b[77;${number}~`],
  ];
}

/** The live sidebar into the slot of another window, ids as tmux gives them: for a slot made in the window shown. */
export function moveSidebar(pane: string, slotPane: string, window: string): readonly TmuxCommand[] {
  return [['swap-pane', '-d', '-Z', '-s', pane, '-t', slotPane], ...tell(pane, window.replace('@', ''))];
}

function startAnew(): readonly TmuxCommand[] {
  return [
    ['set-option', '-p', '-t', slot, '@pitwall_role', 'sidebar'],
    ['set-option', '-s', '@pitwall_sidebar', slot],
    ['respawn-pane', '-k', '-c', '/', '-t', slot, '--', 'sh', '-c', sidebarScript],
  ];
}

/**
 * A sidebar that ended leaves a slot, so the window keeps its shape, and whoever shows a window next starts it anew.
 * One that was killed is started at once in its place, after a second: one that cannot live must not burn the machine.
 */
const sidebarDied = when('#{==:#{@pitwall_role},sidebar}', [
  ['set-option', '-sF', '@pitwall_slot', '#{pane_id}'],
  expanded([
    ['set-option', '-p', '-t', slot, '@pitwall_role', 'slot'],
    ['set-option', '-s', '@pitwall_sidebar', ''],
  ]),
  when('#{&&:#{!=:#{pane_dead_signal},},#{!=:#{@pitwall_sidebar_command},}}', [
    ['run-shell', '-b', '-d', '1', '-C', revived()],
  ]),
]);

/** The slot may be gone or be a sidebar again by then: then nothing happens. */
function revived(): string {
  const still = '##{&&:##{==:##{pane_id},#{pane_id}},##{==:##{@pitwall_role},slot}}';
  return commandText(
    when(
      still,
      [
        ['set-option', '-p', '-t', '#{pane_id}', '@pitwall_role', 'sidebar'],
        ['set-option', '-s', '@pitwall_sidebar', '#{pane_id}'],
        ['respawn-pane', '-k', '-c', '/', '-t', '#{pane_id}', '--', 'sh', '-c', sidebarScript],
      ],
      [],
      '#{pane_id}',
    ),
  );
}

/**
 * The person closed the last pane they worked in: a window with nothing but a slot or sidebar goes too. Looked for on
 * the whole server, since this hook's own window is another one when the pane that went was the active one; and done
 * apart from the hook, in which tmux would run no hook for the window that is shown then.
 */
const closeWithoutWork = when(windowWithoutWork, [
  ['run-shell', '-b', '-C', commandsText([['kill-window', '-t', windowWithoutWork]])],
]);

/** Resizing would unzoom: a zoomed window is marked, and put right when it is unzoomed. */
function keepWidth(options: ServerHooks): TmuxCommand {
  const { sidebarWidth, minColumns = 0 } = options;
  const width = `#{?#{e|<:#{window_width},${minColumns}},1,${sidebarWidth}}`;
  return when(seatHere, [
    when(
      '#{window_zoomed_flag}',
      [expanded([['set-option', '-w', '-t', '#{window_id}', '@pitwall_resized', '1']])],
      [expanded([['resize-pane', '-t', seatHere, '-x', width]])],
    ),
  ]);
}

function widthAfterZoom(options: ServerHooks): TmuxCommand {
  return when('#{?window_zoomed_flag,,#{@pitwall_resized}}', [
    expanded([['set-option', '-wu', '-t', '#{window_id}', '@pitwall_resized']]),
    when(isOurs, [putBack(options.minColumns ?? 0, false)]),
    keepWidth(options),
  ]);
}

function died(hook: string): TmuxCommand {
  const command = `${escapeFormat(shellQuote([hook, '--died']))} #{pane_id}`;
  return when('#{@pitwall_agent}', [['run-shell', '-b', `${command} >/dev/null 2>&1 || :`]]);
}

/** One refresh for all that happens within 0.3 s: a session that closes takes many windows with it. */
const settleSoon = when('#{?@pitwall_settling,,1}', [
  ['set-option', '-s', '@pitwall_settling', '1'],
  ['run-shell', '-b', '-d', '0.3', '-C', escapeFormat(commandsText(settle()))],
]);

/** Whether a task or project sits in the hook's window, and it is not half made. */
const isOurs = '#{?@pitwall_making,,#{P:#{?@pitwall_dir,1,}}}';

/** Notes how the hook's window stands, and writes nothing. */
const justNote = expanded(
  noteCommands('#{window_id}').map((words) => [...words.slice(0, -1), escapeFormat(words.at(-1) ?? '')]),
);

/**
 * A window of ours that stands otherwise than was noted is written down, once for all that changes within 0.3 s. A
 * server that is about to end does not get that far, and so what it leaves half torn down is not recorded. A window
 * that tmux fitted to another client is only noted: it is shown as soon as somebody goes there, which starts no process.
 */
function noteWindow(record: string, minColumns: number): TmuxCommand {
  const script = ['run-shell', '-b', `${escapeFormat(shellQuote([record]))} >/dev/null 2>&1 || :`];
  const later = [['set-option', '-squ', '@pitwall_recording'], script];
  const fitted = `#{&&:#{!=:#{@pitwall_size},},#{!=:#{@pitwall_size},${standingSize}}}`;
  return when(`#{&&:${isOurs},#{!=:#{@pitwall_recorded},${standing}}}`, [
    when(
      fitted,
      [putBack(minColumns, true)],
      [
        keepWide(minColumns),
        when('#{?@pitwall_recording,,1}', [
          ['set-option', '-s', '@pitwall_recording', '1'],
          ['run-shell', '-b', '-d', '0.3', '-C', escapeFormat(commandsText(later))],
        ]),
      ],
    ),
    justNote,
  ]);
}

function settle(): readonly TmuxCommand[] {
  return [
    ['set-option', '-squ', '@pitwall_settling'],
    when('#{@pitwall_settle}', [['run-shell', '-b', '#{@pitwall_settle} >/dev/null 2>&1 || :']]),
  ];
}

function removal(prefixKey: string | null): readonly TmuxCommand[] {
  return [
    // Even with -q, unbinding a table that is not there ends the chain.
    ['bind-key', '-T', tableName, 'q', 'switch-client', '-T', 'root'],
    ['unbind-key', '-aq', '-T', tableName],
    ...(prefixKey === null ? [] : [unbindOurs(prefixKey)]),
    ...ownOptions.map((name): TmuxCommand => ['set-option', '-squ', `@pitwall_${name}`]),
    ...hooked.map((name): TmuxCommand => ['set-option', '-gqu', `${name}[${hookIndex}]`]),
  ];
}

/** The person may have bound the key anew: only tmux's list tells, so this rare step is the one that starts a shell. */
function unbindOurs(key: string): TmuxCommand {
  const list = shellQuote(['tmux', 'list-keys', '-T', 'prefix', key]);
  const ours = `${list} | grep -q 'switch-client -T ${tableName}$'`;
  return ['if-shell', '-b', escapeFormat(ours), commandsText([['unbind-key', '-q', '-T', 'prefix', key]])];
}
