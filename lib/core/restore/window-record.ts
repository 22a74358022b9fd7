/**
 * The record of a window: all that is needed to make it again as it stood. One small file a window: `window` in a
 * task's folder, `project.window` in the project's. bin/pitwall-record writes it when tmux says that the window has
 * changed; pitwall itself writes the same when it makes a window. Text, one fact a line, fields parted by tabs:
 *
 *     pitwall-window 1
 *     window  INDEX COLUMNS ROWS ZOOMED CURRENT LAYOUT
 *     session NAME
 *     name    NAME
 *     pane    ID ACTIVE ROLE AGENT RUNS FOLDER
 *     away    AGENT
 *
 * `away` is an agent of the task whose pane the person moved to another window. ROLE is empty for a pane that the person
 * made. RUNS is JSON of what a layout's pane runs.
 */
import { isObject, list, matching, text } from '../fields.ts';
import type { Runs } from '../layout/layout.ts';
import { type Cell, panesIn, parseLayoutString } from '../layout/layout-string.ts';
import { anySeat, isSeat } from '../tmux/tmux-text.ts';

/** What a pane of a recorded window is: an agent's, the sidebar's place, or one that runs a program or a shell. */
export type RecordedPane =
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'slot' }
  /** `own`: made by pitwall; `folder` is where its shell last was. */
  | { readonly kind: 'program'; readonly own: boolean; readonly runs: Runs; readonly folder: string };

/** A window as it stood; `layout` is tmux’s own string. */
export interface WindowRecord {
  /** Its place in the session. */
  readonly index: number;
  /** Cells. */
  readonly columns: number;
  readonly rows: number;
  /** Whether the active pane filled the window. */
  readonly zoomed: boolean;
  /** Whether the session showed it. */
  readonly current: boolean;
  readonly layout: string;
  readonly session: string;
  readonly name: string;
  /** In the layout's order; at least one. */
  readonly panes: readonly RecordedPane[];
  /** Position in `panes`. */
  readonly active: number;
  /** Agents of the task whose panes the person moved to other windows; none where it is absent. */
  readonly away?: readonly string[];
}

const flat = (name: string): string => `#{s/[\t\n\r]/ /:${name}}`;

const asked = [
  flat('@pitwall_dir'),
  '#{?@pitwall_task,window,project.window}',
  '#{window_id}',
  // Half made, or with a pane that goes by itself: what stands in the record is how it is to stand again.
  '#{?#{||:#{@pitwall_making},#{@pitwall_passing}},1,0}',
  '#{window_index}',
  '#{window_width}',
  '#{window_height}',
  '#{window_zoomed_flag}',
  '#{window_active}',
  '#{window_layout}',
  flat('session_name'),
  flat('window_name'),
  '#{pane_id}',
  '#{pane_active}',
  flat('@pitwall_role'),
  flat('@pitwall_agent'),
  flat('@pitwall_runs'),
  flat('pane_current_path'),
];

/** What tmux is asked for each pane to make records of; bin/pitwall-record has the same text. */
export const recordFormat = asked.join('\t');

/** A window's size, as a format. */
export const standingSize = '#{window_width}x#{window_height}';

/**
 * How a window stands, in short, as a format. No pane's id is in it but that of a zoomed one: a sidebar and a slot that
 * change places leave it as it was.
 */
export const standing = [
  '#{window_index}:#{?window_zoomed_flag,#{pane_id},}',
  `#{P:#{pane_left}.#{pane_top}.#{pane_width}.#{pane_height}.#{?${anySeat},seat,#{@pitwall_agent}};}`,
  '#{session_name}:#{window_name}',
].join(':');

/** Notes in a window's options how it stands, so that what changes from now on is told from it. */
export function noteCommands(target: string): readonly (readonly string[])[] {
  const note = ['set-option', '-w', '-F', '-t', target];
  return [
    [...note, '@pitwall_recorded', standing],
    [...note, '@pitwall_size', standingSize],
  ];
}

/** A record's file as tmux's answer to `recordFormat` gives it, and where it belongs. */
export interface RecordFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
}

/** The files of the windows in `rows`; a window that is being made, or that no agent or project sits in, has none. */
export function recordFiles(rows: readonly string[]): readonly RecordFile[] {
  const windows = new Map<string, string[][]>();
  for (const row of rows) {
    const cells = row.split('\t');
    if (cells.length !== asked.length) continue;
    const window = cells[2] ?? '';
    windows.set(window, [...(windows.get(window) ?? []), cells]);
  }
  return [...windows.values()].flatMap((panes) => recordFile(panes));
}

function recordFile(panes: readonly string[][]): readonly RecordFile[] {
  const owner = panes.find((cells) => cells[14] === 'agent') ?? panes.find((cells) => isProjectShell(cells));
  if (!owner || panes.some((cells) => cells[3] === '1')) return [];
  const [folder, file] = owner;
  const lines = [
    'pitwall-window 1',
    ['window', ...owner.slice(4, 10)].join('\t'),
    `session\t${owner[10]}`,
    `name\t${owner[11]}`,
    ...panes.map((cells) => ['pane', ...cells.slice(12)].join('\t')),
  ];
  return [{ path: `${folder}/${file}`, text: `${lines.join('\n')}\n` }];
}

function isProjectShell(cells: readonly string[]): boolean {
  return cells[0] !== '' && cells[1] === 'project.window' && cells[14] === 'shell';
}

/** The record in a file's text; null when it is none that can be relied on. */
export function parseWindowRecord(content: string): WindowRecord | null {
  const lines = content.split('\n');
  if (lines[0] !== 'pitwall-window 1' || lines.at(-1) !== '') return null;
  const one = (kind: string) => lines.find((line) => line.startsWith(`${kind}\t`))?.split('\t') ?? [];
  const [, index, columns, rows, zoomed, current, layout = ''] = one('window');
  const cell = parseLayoutString(layout);
  const numbers = [index, columns, rows].map((each) => (/^\d{1,6}$/.test(each ?? '') ? Number(each) : -1));
  const [at = -1, width = -1, height = -1] = numbers;
  if (cell === null || at < 0 || width < 1 || height < 1) return null;
  const panes = inOrder(
    cell,
    lines.filter((line) => line.startsWith('pane\t')).map((line) => line.split('\t')),
  );
  if (panes === null) return null;
  const away = lines.flatMap((line) => (line.startsWith('away\t') ? [line.slice('away\t'.length)] : []));
  return {
    index: at,
    columns: width,
    rows: height,
    zoomed: zoomed === '1',
    current: current === '1',
    layout,
    session: one('session')[1] ?? '',
    name: one('name')[1] ?? '',
    panes: panes.map(readPane),
    active: Math.max(
      0,
      panes.findIndex((pane) => pane[2] === '1'),
    ),
    ...(away.length === 0 ? {} : { away }),
  };
}

/** The panes in the order of the layout's cells; null when they are not the same panes. */
function inOrder(cell: Cell, panes: readonly string[][]): readonly string[][] | null {
  const cells = panesIn(cell);
  const ordered = cells.flatMap((id) => panes.filter((pane) => pane[1] === `%${id}`));
  return ordered.length === panes.length && cells.length === panes.length && panes.length > 0
    ? ordered
    : null;
}

function readPane([, , , role = '', agent = '', runs = '', folder = '']: readonly string[]): RecordedPane {
  if (role === 'agent') return { kind: 'agent', agent };
  if (isSeat({ role })) return { kind: 'slot' };
  return { kind: 'program', own: role !== '', runs: readRuns(runs), folder };
}

const word = text(100_000);
const argv = list(word, 1000);
const json = matching(/^\{/);

/** What cannot be read runs a shell: the place in the layout is what counts. */
function readRuns(written: string): Runs {
  const shell: Runs = { shell: true };
  if (json(written) === undefined) return shell;
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch (error) {
    if (error instanceof SyntaxError) return shell;
    throw error;
  }
  if (!isObject(value)) return shell;
  if (value.diff === true) return { diff: true };
  const command = argv(value.command);
  return command !== undefined && command.length > 0 ? { command } : shell;
}
