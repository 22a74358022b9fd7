/**
 * A session of its own for another machine's project, inside the person's tmux: tmux commands as data. All keys but one
 * go to the far side, whose own tmux has the prefix; the one leads back, and stands in the session's status line.
 */
import { commandText, escapeFormat } from '../tmux/tmux-text.ts';

type TmuxCommand = readonly string[];

/** Name of the key table of such sessions. */
const tableName = 'pitwall-away';

/** Format of `list-sessions` that tells which place a session is for; `readAway` reads it. */
export const awayFormat = '#{session_id}\t#{session_name}\t#{@pitwall_away}';

/** The session of a place, or null; and the names that are taken. */
export function readAway(
  listed: readonly string[],
  place: string,
): { readonly session: string | null; readonly names: readonly string[] } {
  const rows = listed.map((line) => line.split('\t'));
  return {
    session: rows.find(([, , away]) => away === place)?.[0] ?? null,
    names: rows.flatMap(([, name = '']) => (name === '' ? [] : [name])),
  };
}

/** A name that tmux takes as it is, made of a place. */
export function awayName(place: string): string {
  return place.replace(/:$/, '').replace(/[^\p{L}\p{N}_@-]+/gu, '-') || 'away';
}

/** The program in the window: it can be begun again when the connection breaks, and takes the key table away at last. */
const program = [
  'last() { [ "$(tmux list-sessions -F "#{@pitwall_away}" | grep -c .)" -gt 1 ] || tmux unbind-key -aq -T "$1"; }',
  'trap "last $1" EXIT; trap "exit 129" HUP TERM',
  'shift; while :; do "$@" && exit 0; code=$?',
  'echo; printf "pitwall: it ended (%s). Enter attaches again, q leaves: " "$code"',
  'read -r answer || exit 1; case $answer in q*) exit 1 ;; esac; done',
].join('\n');

/** The command that makes the session and prints its id. */
export function newAway(options: {
  readonly name: string;
  readonly folder: string;
  readonly path: string;
  readonly argv: readonly string[];
}): TmuxCommand {
  const { name, folder, path, argv } = options;
  const session = ['-d', '-P', '-F', '#{session_id}', '-s', name, '-n', name, '-c', escapeFormat(folder)];
  const words = ['sh', '-c', program, 'pitwall', tableName, ...argv];
  return ['new-session', ...session, '-e', `PATH=${path}`, '--', ...words];
}

/** What is set for the session of that id, before anybody goes there. */
export function awaySettings(options: {
  readonly session: string;
  readonly place: string;
  /** The key that leads back, as tmux names it. */
  readonly key: string;
}): readonly TmuxCommand[] {
  const { session, place, key } = options;
  const shown = (text: string) => escapeFormat(text).replaceAll('%', '%%');
  const own: Readonly<Record<string, string>> = {
    '@pitwall_away': place,
    prefix: 'None',
    prefix2: 'None',
    'key-table': tableName,
    'detach-on-destroy': 'off',
    'destroy-unattached': 'off',
    status: 'on',
    'status-left-length': '60',
    'status-right-length': '30',
    'status-left': ` ${shown(place)} `,
    'status-right': ` ${shown(key)}: back `,
  };
  const window: Readonly<Record<string, string>> = {
    'remain-on-exit': 'off',
    'automatic-rename': 'off',
    'window-status-format': '',
    'window-status-current-format': '',
    // What the far side tells the terminal itself (its notifications) is to reach it.
    'allow-passthrough': 'on',
  };
  return [
    ...Object.entries(own).map(([name, value]) => ['set-option', '-t', session, name, value]),
    ...Object.entries(window).map(([name, value]) => ['set-option', '-wq', '-t', session, name, value]),
    ['bind-key', '-T', tableName, key, 'run-shell', '-C', back()],
  ];
}

/** Goes to the session, and keeps the pane that the person was in as the way back. */
export function goAway(session: string, client: string | null, from: string): readonly TmuxCommand[] {
  return [
    ['set-option', '-t', session, '@pitwall_home', from],
    ['switch-client', ...(client === null ? [] : ['-c', client]), '-t', session],
  ];
}

/** `run-shell -C` expands its text first: a doubled `#` is for the second reading. A home that is gone: the last session. */
function back(): string {
  const client = ['-c', '#{client_name}'];
  const home = commandText(['switch-client', '-Z', ...client, '-t', '#{@pitwall_home}']);
  const other = commandText(['switch-client', ...client, '-l']);
  const last = commandText(['if-shell', '-F', '##{client_last_session}', other, 'detach-client']);
  return commandText([
    'if-shell',
    '-F',
    '-t',
    '#{@pitwall_home}',
    '##{==:##{pane_id},#{@pitwall_home}}',
    home,
    last,
  ]);
}
