/**
 * How much two tasks of a project get into each other's way: from what each changed to verdicts. Pure; what git has to
 * be asked is planned here and asked by app/overlap.ts.
 */

/** A file that a task changed. `from` is its name before, when it was renamed; `gone`: it is deleted. */
export interface Change {
  readonly path: string;
  readonly from: string | null;
  readonly gone: boolean;
}

/** What a task's worktree holds against its base, uncommitted and untracked files included. */
export interface Work {
  /** Tree and base: two works with the same id hold the same change. */
  readonly id: string;
  /** A commit of the tree, the worktree's HEAD its parent: what is merged to find conflicts. */
  readonly commit: string;
  /** The commit that the changes are counted from. */
  readonly base: string;
  readonly changes: readonly Change[];
}

/** `fine` under 20 %, `look` (worth a look) to 50 %, `serial` (one after the other) over it. */
export type Weight = 'fine' | 'look' | 'serial';

/** What is known of two tasks. `files` and `conflicts` name the first ones only. */
export interface PairOverlap {
  readonly a: string;
  readonly b: string;
  /** The works it was computed for. */
  readonly key: string;
  /** How many files both changed; a rename counts under both names. */
  readonly shared: number;
  readonly files: readonly string[];
  /** Part of the smaller set of files that both changed, 0 to 1. */
  readonly share: number;
  /** Whether git would stop at a conflict; null when git could not tell. */
  readonly conflict: boolean | null;
  readonly conflicts: readonly string[];
}

/** One task's view of a pair. */
export interface TaskOverlap {
  readonly task: string;
  readonly files: number;
  readonly share: number;
  readonly weight: Weight;
  readonly conflict: boolean | null;
}

/** Two works to be compared. `asks`: git has to tell whether they conflict. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly key: string;
  readonly shared: readonly string[];
  readonly share: number;
  readonly asks: boolean;
  /** Files that a conflict must be in to be the two tasks' own, or null for any: what the base did may conflict too. */
  readonly among: ReadonlySet<string> | null;
}

/** Files of a pair that are kept by name. */
const mostNamed = 20;

/** What a share of files (0 to 1) means. */
export function weightOf(share: number): Weight {
  if (share > 0.5) return 'serial';
  return share < 0.2 ? 'fine' : 'look';
}

/** All pairs of some tasks: what is known already, and what is to be computed. */
export function planPairs(
  works: ReadonlyMap<string, Work>,
  known: readonly PairOverlap[],
): { readonly kept: readonly PairOverlap[]; readonly due: readonly Pair[] } {
  const before = new Map(known.map((pair) => [`${pair.a}\n${pair.b}\n${pair.key}`, pair]));
  const sets = new Map([...works].map(([task, work]) => [task, touches(work)]));
  const kept: PairOverlap[] = [];
  const due: Pair[] = [];
  const names = [...works.keys()].sort();
  names.forEach((a, index) => {
    for (const b of names.slice(index + 1)) {
      const [first, second] = [works.get(a), works.get(b)];
      const [one, other] = [sets.get(a), sets.get(b)];
      if (!first || !second || !one || !other) continue;
      const key = `${first.id} ${second.id}`;
      const same = before.get(`${a}\n${b}\n${key}`);
      if (same) kept.push(same);
      else due.push({ a, b, key, ...compare(one, other, first.base === second.base) });
    }
  });
  return { kept, due };
}

/** The verdict on a pair; `conflicted` are the files git stopped at, null when it could not tell. */
export function judgePair(pair: Pair, conflicted: readonly string[] | null): PairOverlap {
  const { a, b, key, shared, share, among } = pair;
  const own = conflicted?.filter((path) => among === null || among.has(path)) ?? [];
  return {
    a,
    b,
    key,
    shared: shared.length,
    files: shared.slice(0, mostNamed),
    share,
    conflict: pair.asks ? (conflicted === null ? null : own.length > 0) : false,
    conflicts: own.slice(0, mostNamed),
  };
}

/** The tasks that get in the way of `task`, the worst first; those that do not are left out. */
export function overlapsOf(task: string, pairs: readonly PairOverlap[]): readonly TaskOverlap[] {
  return pairs
    .filter((pair) => (pair.a === task || pair.b === task) && (pair.shared > 0 || pair.conflict === true))
    .map((pair) => ({
      task: pair.a === task ? pair.b : pair.a,
      files: pair.shared,
      share: pair.share,
      weight: weightOf(pair.share),
      conflict: pair.conflict,
    }))
    .sort(
      (x, y) =>
        Number(y.conflict === true) - Number(x.conflict === true) ||
        y.share - x.share ||
        (x.task < y.task ? -1 : 1),
    );
}

interface Touches {
  readonly names: ReadonlySet<string>;
  /** Folders above what is there. */
  readonly above: ReadonlySet<string>;
  /** Folders that files were taken out of: git may see the folder as renamed and move what others add to it. */
  readonly left: ReadonlySet<string>;
}

function touches({ changes }: Work): Touches {
  const names = new Set<string>();
  const above = new Set<string>();
  const left = new Set<string>();
  for (const { path, from, gone } of changes) {
    names.add(path);
    for (const folder of foldersAbove(path)) above.add(folder);
    if (gone) left.add(folderOf(path));
    if (from === null) continue;
    names.add(from);
    for (const folder of foldersAbove(from)) above.add(folder);
    left.add(folderOf(from));
  }
  return { names, above, left };
}

function compare(
  a: Touches,
  b: Touches,
  sameBase: boolean,
): Pick<Pair, 'shared' | 'share' | 'asks' | 'among'> {
  const [small, large] = a.names.size <= b.names.size ? [a, b] : [b, a];
  const shared = [...small.names].filter((name) => large.names.has(name)).sort();
  const clash = clashes(a, b) || clashes(b, a);
  return {
    shared,
    share: small.names.size === 0 ? 0 : shared.length / small.names.size,
    asks: clash || shared.length > 0,
    among: sameBase || clash ? null : new Set(shared),
  };
}

/** A file of one where the other has a folder, or in a folder that the other emptied. */
function clashes(a: Touches, b: Touches): boolean {
  for (const name of a.names) if (b.above.has(name)) return true;
  for (const folder of a.left) if (b.above.has(folder)) return true;
  return false;
}

/** The folder of a path, '' at the top. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Every folder above a path, the top ('') included. */
function foldersAbove(path: string): readonly string[] {
  const folders = [''];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}
