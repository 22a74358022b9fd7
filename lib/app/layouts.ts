/** Finds layouts: the person's own before the project's before those that ship with pitwall. */
import { isPitwallError, PitwallError } from '../core/errors.ts';
import type { Layout } from '../core/layout/layout.ts';
import { panesOf } from '../core/layout/layout.ts';
import { checkLayout, type LayoutProblem } from '../core/layout/layout-check.ts';
import { nearNames } from '../core/names.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { Deps } from '../ports.ts';

/** Who a layout comes from, in order of precedence. */
export type LayoutSource = 'person' | 'project' | 'shipped';

/** What a caller must know before it runs what a layout says. */
export interface LayoutOrigin {
  readonly source: LayoutSource;
  /** Absolute path. */
  readonly file: string;
  /** Written by whoever can write to the repository. */
  readonly fromRepository: boolean;
  /** Runs programs that the layout itself names. */
  readonly runsCommands: boolean;
}

/** One file of layouts; `layout` is null when it has problems. */
export interface LayoutEntry extends LayoutOrigin {
  /** The file's name without `.json`. */
  readonly name: string;
  readonly layout: Layout | null;
  readonly problems: readonly LayoutProblem[];
  /** Another source before this one has a layout of the same name. */
  readonly hidden: boolean;
}

/** A layout and where it was found. */
export type FoundLayout = Layout & LayoutOrigin;

type Around = { readonly deps: Pick<Deps, 'folder' | 'configDir' | 'shipped'> };

/** Every layout file there is, by precedence and then by name. `root` is the project's main worktree, or null. */
export async function listLayouts({ deps }: Around, root: string | null): Promise<readonly LayoutEntry[]> {
  const entries: LayoutEntry[] = [];
  for (const folder of folders(deps, root)) {
    const known = new Set(entries.map(({ name }) => name));
    for (const entry of await entriesIn(deps, folder))
      entries.push({ ...entry, hidden: known.has(entry.name) });
  }
  return entries;
}

/** The layouts of the project's repository alone. */
export async function repositoryLayouts({ deps }: Around, root: string): Promise<readonly LayoutEntry[]> {
  return entriesIn(deps, inRepository(root));
}

/**
 * The layout of that name. NoSuchLayout with near names; LayoutInvalid when its file has problems, so that another
 * layout of the same name is not used unnoticed. NotTrusted for a layout of the repository that runs commands, unless
 * the caller knows that the person has accepted them (`commands: 'accepted'`).
 */
export async function findLayout(
  around: Around,
  name: string,
  root: string | null,
  commands: 'accepted' | 'refused' = 'refused',
): Promise<FoundLayout> {
  const entry = await firstNamed(around, name, root);
  const { layout, problems, source, file, fromRepository, runsCommands } = entry;
  if (layout === null) throw invalid(name, file, problems);
  if (commands === 'refused' && fromRepository && runsCommands) throw notTrusted(layout);
  return { ...layout, source, file, fromRepository, runsCommands };
}

/** Reads only the one that counts: a new task waits for it. NoSuchLayout with near names. */
async function firstNamed({ deps }: Around, wanted: string, root: string | null): Promise<LayoutEntry> {
  const known = new Set<string>();
  for (const folder of folders(deps, root)) {
    const [entry] = await entriesIn(deps, folder, (name) => name === wanted);
    if (entry !== undefined) return entry;
    for (const name of await namesIn(deps, folder.path)) known.add(name);
  }
  throw noSuchLayout(wanted, [...known]);
}

interface LayoutFolder {
  readonly source: LayoutSource;
  readonly path: string;
}

async function entriesIn(
  deps: Around['deps'],
  { source, path }: LayoutFolder,
  which: (name: string) => boolean = () => true,
): Promise<readonly LayoutEntry[]> {
  const entries: LayoutEntry[] = [];
  for (const name of (await namesIn(deps, path)).filter(which)) {
    const read = await readEntry(deps, { source, file: `${path}/${name}.json`, name, hidden: false });
    if (read !== null) entries.push(read);
  }
  return entries;
}

function folders(deps: Around['deps'], root: string | null): readonly LayoutFolder[] {
  return [
    { source: 'person', path: `${deps.configDir}/layouts` },
    ...(root === null ? [] : [inRepository(root)]),
    { source: 'shipped', path: deps.shipped.layouts },
  ];
}

function inRepository(root: string): LayoutFolder {
  return { source: 'project', path: `${root}/.pitwall/layouts` };
}

/** Names of the layouts in a folder; the schema lies beside the shipped ones. */
async function namesIn(deps: Around['deps'], path: string): Promise<readonly string[]> {
  const files = await deps.folder.list(path, '.json');
  return files.filter((file) => !file.endsWith('.schema.json')).map((file) => file.slice(0, -'.json'.length));
}

async function readEntry(
  deps: Around['deps'],
  at: Pick<LayoutEntry, 'source' | 'file' | 'name' | 'hidden'>,
): Promise<LayoutEntry | null> {
  const { layout, problems } = await readLayout(deps, at);
  if (layout === null && problems.length === 0) return null;
  return {
    ...at,
    layout,
    problems,
    fromRepository: at.source === 'project',
    runsCommands: layout !== null && panesOf(layout.panes).some((pane) => 'command' in pane.runs),
  };
}

/** Neither layout nor problem when the file is gone since it was listed. */
async function readLayout(
  deps: Around['deps'],
  { file, name }: Pick<LayoutEntry, 'file' | 'name'>,
): Promise<{ readonly layout: Layout | null; readonly problems: readonly LayoutProblem[] }> {
  const whole = (path: string, reason: string) => ({
    layout: null,
    problems: [{ line: 1, column: 1, path, reason }],
  });
  try {
    const text = await deps.folder.read(file);
    if (text === null) return { layout: null, problems: [] };
    const check = checkLayout(text);
    if (check.layout === null || check.layout.name === name) return check;
    return whole('name', `the layout is named "${check.layout.name}" but its file is ${name}.json`);
  } catch (error) {
    // One bad file must not hide the others.
    if (isPitwallError(error, 'FileDamaged')) return whole('', error.message);
    throw error;
  }
}

function noSuchLayout(name: string, known: readonly string[]): PitwallError {
  const near = nearNames(name, known);
  const meant = near.length > 0 ? ` (${near.join(', ')}?)` : '';
  return new PitwallError('NoSuchLayout', `there is no layout ${name}${meant}`, 'pitwall layouts', { near });
}

function invalid(name: string, file: string, problems: readonly LayoutProblem[]): PitwallError {
  const [first] = problems;
  const where = first ? `line ${first.line}: ${first.reason}` : 'unreadable';
  const hint = shellQuote(['pitwall', 'layouts', 'check', file]);
  return new PitwallError('LayoutInvalid', `layout ${name} has a problem in ${where} (${file})`, hint, {
    file,
  });
}

function notTrusted(layout: Layout): PitwallError {
  const programs = panesOf(layout.panes).flatMap((pane) =>
    'command' in pane.runs ? pane.runs.command.join(' ') : [],
  );
  return new PitwallError(
    'NotTrusted',
    `layout ${layout.name} of the repository wants to run: ${programs.join(', ').slice(0, 200)}`,
    'pitwall trust',
    { commands: programs },
  );
}
