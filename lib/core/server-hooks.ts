/**
 * Our entries in tmux's hooks, all at an index of our own. They make one live sidebar follow the person by exchanging
 * it with the slot of the window now shown (no process, no resize), notice dead agents, and clear what is ours when
 * our last session is gone.
 */
import { tableName } from './keys.ts';
import { quoteWord, shellQuote } from './tmux-text.ts';

type TmuxCommand = readonly string[];

/** The index of our entries in tmux's hook arrays. */
export const hookIndex = 77;

const hooked = [
  'session-window-changed',
  'client-session-changed',
  'client-active',
  'window-resized',
  'pane-died',
  'window-unlinked',
  'session-closed',
] as const;

export interface ServerHooks {
  /** Absolute path of bin/pitwall-hook. */
  readonly hook: string;
  /** Cells. */
  readonly sidebarWidth: number;
  /** The key under the prefix that is ours, or null when it was taken. */
  readonly prefixKey: string | null;
}

const sidebarAnywhere = '#{S:#{W:#{P:#{?#{==:#{@pitwall_role},sidebar},#{pane_id},}}}}';
const slotHere = '#{P:#{?#{==:#{@pitwall_role},slot},#{pane_id},}}';
const seatHere = '#{P:#{?#{m/r:^(sidebar|slot)$,#{@pitwall_role}},#{pane_id},}}';

/** Sets every entry; safe to repeat. */
export function serverHooks(options: ServerHooks): readonly TmuxCommand[] {
  const set = (name: (typeof hooked)[number], command: string): TmuxCommand => [
    'set-hook',
    '-g',
    `${name}[${hookIndex}]`,
    command,
  ];
  const settle = `if-shell -F '#{@pitwall_settle}' { run-shell -b '#{@pitwall_settle}' }`;
  const died = shellQuote([options.hook]).replaceAll("'", "'\\''");
  return [
    set('session-window-changed', follow),
    set('client-session-changed', follow),
    set('client-active', follow),
    set(
      'window-resized',
      `if-shell -F '${seatHere}' { run-shell -C "resize-pane -t '${seatHere}' -x ${options.sidebarWidth}" }`,
    ),
    set(
      'pane-died',
      `if-shell -F -t '#{hook_pane}' '#{@pitwall_agent}' { run-shell -b '${died} --died #{hook_pane}' }`,
    ),
    set('window-unlinked', settle),
    set(
      'session-closed',
      `if-shell -F '#{S:#{?@pitwall_project,x,}}' { ${settle} } { ${removal(options.prefixKey)} }`,
    ),
  ];
}

/**
 * Where the window shown has a slot, the sidebar takes its place, or is seated anew when it went with its window. Then
 * it is told the window by a private sequence typed into it.
 */
const tell = `send-keys -t '${sidebarAnywhere}' -l "\\033[77;#{s/@//:window_id}~"`;
const follow =
  `if-shell -F '${slotHere}' { if-shell -F '${sidebarAnywhere}' ` +
  `{ run-shell -C ${quoteWord(`swap-pane -d -s '${sidebarAnywhere}' -t '${slotHere}'`)} } ` +
  `{ if-shell -F '#{@pitwall_sidebar_command}' { run-shell -b '#{@pitwall_settle} --seat' } } } ; ` +
  `if-shell -F '${sidebarAnywhere}' { run-shell -C ${quoteWord(tell)} }`;

/** Everything of ours off the server: entries, key table, the key if it is ours, options. */
export function removeServerHooks(prefixKey: string | null): readonly TmuxCommand[] {
  return [
    ...hooked.map((name): TmuxCommand => ['set-hook', '-gu', `${name}[${hookIndex}]`]),
    ['unbind-key', '-aq', '-T', tableName],
    ...(prefixKey === null ? [] : [['unbind-key', '-q', '-T', 'prefix', prefixKey]]),
    ...ownOptions.map((name): TmuxCommand => ['set-option', '-squ', `@pitwall_${name}`]),
  ];
}

const ownOptions = [
  'docket',
  'next',
  'count',
  'unseated',
  'sidebar',
  'sidebar_command',
  'settle',
  'back',
  'to',
  'from',
];

function removal(prefixKey: string | null): string {
  return removeServerHooks(prefixKey)
    .map((command) => command.map((word) => (/^[\w-]+$/.test(word) ? word : `'${word}'`)).join(' '))
    .join(' ; ');
}
