/**
 * The one question that tells everything about a tmux server, and the reading of its answer. Fields are parted by
 * tabs, one record a line; text that others set is stripped of control characters by tmux itself, the title stands last.
 */
import type { ClientFact, PaneFact, ServerView, TmuxCommand } from '../ports.ts';

/** Our server options a view tells, without `@pitwall_`. */
const optionNames = [
  'docket',
  'next',
  'count',
  'unseated',
  'sidebar',
  'sidebar_command',
  'settle',
  'back',
] as const;

/** `[[:cntrl:]]` cannot be used: a colon ends the arguments of a format's modifier. */
const flat = (name: string): string => `#{s/[\t\n\r]/ /:${name}}`;
const record = (kind: string, fields: readonly string[]): string => [kind, ...fields].join('\t');

const paneFormat = record('pane', [
  '#{session_id}',
  '#{window_id}',
  '#{window_index}',
  '#{window_active}',
  '#{window_width}',
  '#{window_height}',
  '#{pane_id}',
  '#{pane_active}',
  '#{pane_pid}',
  '#{pane_dead}',
  '#{pane_dead_status}',
  '#{pane_dead_signal}',
  '#{pane_width}',
  '#{pane_height}',
  '#{pane_in_mode}',
  '#{?@pitwall_making,1,0}',
  '#{?@pitwall_pending,1,0}',
  flat('@pitwall_role'),
  flat('@pitwall_state'),
  flat('@pitwall_kind'),
  flat('@pitwall_idle'),
  flat('@pitwall_task'),
  flat('@pitwall_agent'),
  flat('@pitwall_project'),
  flat('pane_current_command'),
  flat('pane_title'),
]);

const clientFormat = record('client', [
  '#{session_id}',
  '#{window_id}',
  '#{pane_id}',
  '#{client_width}',
  '#{client_height}',
  '#{client_utf8}',
  '#{client_activity}',
  '#{client_control_mode}',
  flat('client_tty'),
  flat('client_termname'),
  flat('client_name'),
]);

const sessionFormat = record('session', ['#{session_id}', flat('session_name')]);

/**
 * A session's own option is asked with `show-options`, all sessions in one command; the line `own` closes each. A
 * format would answer with the option of the same name on the session's active pane.
 */
const ownLoop =
  "#{S:show-options -qv -t '#{session_id}' @pitwall_project ; display-message -p 'own\t#{session_id}' ; }";

/** The commands of one view. `run-shell` stands last: what it prints comes after all else. */
export const viewCommands: readonly TmuxCommand[] = [
  ['display-message', '-p', record('server', ['#{start_time}', '#{version}', '#{pid}'])],
  ['list-panes', '-a', '-F', paneFormat],
  ['list-clients', '-F', clientFormat],
  ...optionNames.map((name) => ['display-message', '-p', record('option', [name, flat(`@pitwall_${name}`)])]),
  ['list-sessions', '-F', sessionFormat],
  ['run-shell', '-C', ownLoop],
];

/** What is told when there is no server at all. */
export const noServer: ServerView = {
  running: false,
  started: 0,
  version: '',
  pid: '',
  panes: [],
  clients: [],
  sessions: [],
  options: {},
};

/** Reads the answer to `viewCommands`. A line of no known shape is a bug of ours or a foreign tmux: it throws. */
export function parseView(lines: readonly string[]): ServerView {
  const panes: Omit<PaneFact, 'sessionName' | 'sessionProject'>[] = [];
  const clients: ClientFact[] = [];
  const names = new Map<string, string>();
  const projects = new Map<string, string>();
  const options: Record<string, string> = {};
  let started = 0;
  let version = '';
  let pid = '';
  let own: string | null = null;
  for (const line of lines) {
    const [kind, ...fields] = line.split('\t');
    const next = reader(fields);
    if (kind === 'pane' && fields.length >= 26) panes.push(readPane(next));
    else if (kind === 'client') clients.push(readClient(next));
    else if (kind === 'session') names.set(next(), next());
    else if (kind === 'server') [started, version, pid] = [Number(next()), next(), next()];
    else if (kind === 'option') setOption(options, next(), next());
    else if (kind === 'own') {
      if (own !== null) projects.set(next(), own);
      own = null;
    } else own = line;
  }
  return {
    running: true,
    started,
    version,
    pid,
    panes: panes.map((pane) => ({
      ...pane,
      sessionName: names.get(pane.session) ?? '',
      sessionProject: projects.get(pane.session) ?? null,
    })),
    clients,
    sessions: [...names].map(([id, name]) => ({ id, name, project: projects.get(id) ?? null })),
    options,
  };
}

function setOption(options: Record<string, string>, name: string, value: string): void {
  if (value !== '') options[name] = value;
}

/** Hands out fields one by one; the last call may take all that is left. */
type Next = (rest?: boolean) => string;

function reader(fields: readonly string[]): Next {
  let at = 0;
  return (rest = false) => (rest ? fields.slice(at).join(' ') : (fields[at++] ?? ''));
}

function readPane(next: Next): Omit<PaneFact, 'sessionName' | 'sessionProject'> {
  const flag = (): boolean => Number(next()) > 0;
  const number = (): number => Number(next());
  const optional = (): string | null => next() || null;
  const status = (): number | null => {
    const text = next();
    return text === '' ? null : Number(text);
  };
  return {
    session: next(),
    window: next(),
    windowIndex: number(),
    windowActive: flag(),
    windowWidth: number(),
    windowHeight: number(),
    pane: next(),
    paneActive: flag(),
    pid: number(),
    dead: flag(),
    deadStatus: status(),
    deadSignal: optional(),
    width: number(),
    height: number(),
    inMode: flag(),
    making: flag(),
    pending: flag(),
    role: optional(),
    state: optional(),
    kind: optional(),
    idle: Number(next()) || null,
    task: optional(),
    agent: optional(),
    project: optional(),
    command: next(),
    title: next(true),
  };
}

function readClient(next: Next): ClientFact {
  const number = (): number => Number(next());
  return {
    session: next(),
    window: next(),
    pane: next(),
    width: number(),
    height: number(),
    utf8: next() === '1',
    activity: number(),
    control: next() === '1',
    tty: next(),
    term: next(),
    name: next(true),
  };
}
