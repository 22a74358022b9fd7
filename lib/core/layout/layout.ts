/**
 * Layouts: templates for a window. Here: the file format (`layoutSchema`), and what a checked file means (`Layout`).
 * A file leaves out what has a default; a `Layout` leaves out nothing.
 */
import * as v from 'valibot';

/** Panes side by side (`columns`) or one above the other (`rows`). */
export type Direction = 'columns' | 'rows';

/** Share of the split's width or height: cells, percent, or an even share of what the others leave. */
export type Size = { readonly cells: number } | { readonly percent: number } | 'rest';

/** Width and height in cells. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
}

/** What runs in a pane. `agent` null: the next `--agent` of the command, else the project's default. */
export type Runs =
  | { readonly agent: string | null }
  | { readonly shell: true }
  | { readonly command: readonly string[] }
  | { readonly diff: true };

/** One pane of a layout. `name` is unique in its layout. */
export interface LayoutPane {
  readonly name: string;
  /** What an agent is there for; null for every other pane. */
  readonly role: string | null;
  readonly runs: Runs;
  readonly size: Size;
  readonly min: Cells;
  /** When the window is too small the pane with the lowest number is left out first; null: never. */
  readonly drop: number | null;
}

/** A part of a window that is divided. */
export interface LayoutSplit {
  readonly split: Direction;
  readonly children: readonly LayoutNode[];
  readonly size: Size;
}

/** A pane, or panes beside or below each other. */
export type LayoutNode = LayoutPane | LayoutSplit;

/** A checked layout: one pane at least, names once each. */
export interface Layout {
  readonly name: string;
  readonly title: string;
  readonly panes: LayoutNode;
}

/** The least a pane needs when its layout states nothing: enough to read what an agent asks. */
const defaultMinimum: Cells = { columns: 20, rows: 4 };

const nameSchema = v.pipe(
  v.string(),
  v.regex(/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,31}$/u, 'a name is 1 to 32 letters, digits, - and _'),
);

const textSchema = v.pipe(
  v.string(),
  v.regex(/^[^\u0000-\u001f\u007f-\u009f]{1,200}$/, 'one line of 1 to 200 characters is wanted here'),
);

const cellsSchema = (most: number) =>
  v.pipe(
    v.number(),
    v.integer('cells are counted in whole numbers'),
    v.minValue(1, 'at least 1 cell'),
    v.maxValue(most, `at most ${most} cells`),
  );

const sizeSchema = v.pipe(
  v.lazy((input) => {
    const percent = v.pipe(
      v.string(),
      v.regex(/^([1-9]\d?%|rest)$/, 'a size is cells (30), percent ("40%") or "rest"'),
    );
    if (typeof input === 'string') return percent;
    return input === undefined ? v.union([cellsSchema(1000), percent]) : cellsSchema(1000);
  }),
  v.description(
    'Width in a split into columns, height in a split into rows: cells (30), percent ("40%") or "rest" (all that the others leave). Without a size: an even share of what the others leave.',
  ),
);

const runsWords = v.picklist(['agent', 'shell', 'diff']);
const runsAgent = v.strictObject({
  agent: v.pipe(v.nullable(textSchema), v.description('The preset of the agent, such as "claude".')),
});
const runsCommand = v.strictObject({
  command: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[^\u0000]*$/, 'a command cannot hold a NUL character'))),
    v.minLength(1, 'a command needs at least the program'),
    v.maxLength(100, 'a command has at most 100 words'),
    v.description('Program and arguments, one string each; no shell reads them.'),
  ),
});
const runsSchema = v.pipe(
  v.lazy((input) => {
    if (input === undefined) return v.union([runsWords, runsAgent, runsCommand]);
    if (typeof input !== 'object' || input === null) return runsWords;
    return 'command' in input ? runsCommand : runsAgent;
  }),
  v.description(
    '"agent" (default), "shell", "diff" (the task’s change), {"agent": PRESET} or {"command": [PROGRAM, ARGUMENT, …]}.',
  ),
);

/** An object schema takes a list for an object without keys. */
const notAList = v.custom<never>(() => false, 'an object is wanted here, not a list');

const minimumSchema = v.strictObject({
  columns: v.exactOptional(cellsSchema(1000)),
  rows: v.exactOptional(cellsSchema(1000)),
});

const paneSchema = v.strictObject({
  name: v.exactOptional(
    v.pipe(nameSchema, v.description('Name of the pane, unique in the layout. Default: what runs in it.')),
  ),
  role: v.exactOptional(
    v.pipe(
      textSchema,
      v.description(
        'What the agent is there for: implementer (default), architect, reviewer, tester, or your own word.',
      ),
    ),
  ),
  runs: v.exactOptional(runsSchema),
  size: v.exactOptional(sizeSchema),
  min: v.exactOptional(
    v.pipe(
      v.lazy((input) => (Array.isArray(input) ? notAList : minimumSchema)),
      v.description('The least the pane needs, in cells. Default: 20 columns and 4 rows.'),
    ),
  ),
  drop: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer('drop is a whole number'),
      v.description(
        'When the window is too small, the pane with the lowest number is left out first. Without it: never left out.',
      ),
    ),
  ),
});

/** A pane as its file states it. */
export type PaneFile = v.InferOutput<typeof paneSchema>;
/** A split as its file states it. */
export interface SplitFile {
  split: Direction;
  size?: number | string;
  children: NodeFile[];
}
/** A `LayoutNode` as a file may have it. */
export type NodeFile = PaneFile | SplitFile;

const splitSchema = v.strictObject({
  split: v.pipe(
    v.picklist(['columns', 'rows']),
    v.description('"columns": children side by side; "rows": one above the other.'),
  ),
  size: v.exactOptional(sizeSchema),
  children: v.pipe(
    v.array(v.lazy((input): v.GenericSchema<NodeFile> => nodeSchemaOf(input))),
    v.minLength(2, 'a split needs at least two children'),
    v.description('Panes or further splits, from left to right or from top to bottom.'),
  ),
});

const eitherSchema: v.GenericSchema<NodeFile> = v.pipe(
  v.union([splitSchema, paneSchema]),
  v.description('A pane, or a split with children.'),
);

/** Chosen by what is there, so that a mistake is told in terms of what the person meant to write. */
function nodeSchemaOf(input: unknown): v.GenericSchema<NodeFile> {
  if (input === undefined) return eitherSchema;
  if (Array.isArray(input)) return notAList;
  const split = typeof input === 'object' && input !== null && ('split' in input || 'children' in input);
  return split ? splitSchema : paneSchema;
}

/** The format of a layout file. Meaning beyond its shape (unique names, sizes that fit) is checked by `checkLayout`. */
export const layoutSchema = v.strictObject({
  $schema: v.exactOptional(v.pipe(v.string(), v.description('Where an editor finds this schema.'))),
  name: v.pipe(nameSchema, v.description('Name of the layout, the same as of its file without .json.')),
  title: v.exactOptional(v.pipe(textSchema, v.description('One line that says what the layout is for.'))),
  panes: v.pipe(
    v.lazy((input) => nodeSchemaOf(input)),
    v.description('The one pane, or the split that divides the window.'),
  ),
});

/** A layout file that fits `layoutSchema`. */
export type LayoutFile = v.InferOutput<typeof layoutSchema>;

/** What a file means: every default filled in, every pane named. */
export function layoutOf(file: LayoutFile): Layout {
  const taken = new Set(paneFiles(file.panes).flatMap((pane) => pane.name ?? []));
  return {
    name: file.name,
    title: file.title ?? '',
    panes: nodeOf(file.panes, { columns: Infinity, rows: Infinity }, taken),
  };
}

/** All panes of a file, in order. */
export function paneFiles(node: NodeFile): readonly PaneFile[] {
  return 'children' in node ? node.children.flatMap(paneFiles) : [node];
}

/** All panes of a layout or of a part of it, in tmux's order. */
export function panesOf(node: LayoutNode): readonly LayoutPane[] {
  return 'children' in node ? node.children.flatMap(panesOf) : [node];
}

/** Whether an agent runs in the pane. */
export function seatsAgent(pane: LayoutPane): boolean {
  return 'agent' in pane.runs;
}

/** `room` is what fixed sizes around the node leave it: a default minimum never exceeds a stated size. */
function nodeOf(node: NodeFile, room: Cells, taken: Set<string>): LayoutNode {
  const size = sizeOf(node.size);
  if (!('children' in node)) return paneOf(node, size, room, taken);
  const { split } = node;
  const children = node.children.map((child) => {
    const cells = typeof child.size === 'number' ? child.size : Infinity;
    return nodeOf(child, { ...room, [split]: Math.min(room[split], cells) }, taken);
  });
  return { split, children, size };
}

function paneOf(file: PaneFile, size: Size, room: Cells, taken: Set<string>): LayoutPane {
  const runs = runsOf(file.runs ?? 'agent');
  return {
    name: file.name ?? freeName(runs, taken),
    role: 'agent' in runs ? (file.role ?? 'implementer') : null,
    runs,
    size,
    min: {
      columns: file.min?.columns ?? Math.min(defaultMinimum.columns, room.columns),
      rows: file.min?.rows ?? Math.min(defaultMinimum.rows, room.rows),
    },
    drop: file.drop ?? null,
  };
}

/** The size a file states; without one, an even share of the rest. */
export function sizeOf(stated: number | string | undefined): Size {
  if (typeof stated === 'number') return { cells: stated };
  return stated?.endsWith('%') ? { percent: Number.parseInt(stated, 10) } : 'rest';
}

function runsOf(stated: NonNullable<PaneFile['runs']>): Runs {
  if (stated === 'agent') return { agent: null };
  if (stated === 'shell') return { shell: true };
  return stated === 'diff' ? { diff: true } : stated;
}

/** `agent`, `agent-2` …: a name for a pane that has none. */
function freeName(runs: Runs, taken: Set<string>): string {
  const base = Object.keys(runs)[0] ?? 'pane';
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
  taken.add(name);
  return name;
}
