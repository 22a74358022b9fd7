/** The rows of one file of a review: its lines, on one side or two, with the comments below theirs. */

import { graphemes } from '../core/cells.ts';
import type { DiffFile } from '../core/diff/diff.ts';
import { type DiffLine, type Hunk, hunksOf, rawLines } from '../core/diff/diff-hunks.ts';
import { numberOn, type Placed } from '../core/review/review-place.ts';
import type { ReviewEntry } from './review-model.ts';

/** One row of the diff as it is laid out. */
export type ReviewRow =
  | { readonly kind: 'hunk'; readonly hunk: Hunk; readonly fold: string; readonly hidden: Hidden | null }
  /** Lines of a whole file that are folded. */
  | { readonly kind: 'fold'; readonly fold: string; readonly hidden: Hidden }
  /** Of a changed line one side may be missing; `mate` is the line that stands for it on the other side. */
  | (Sides & { readonly kind: 'line'; readonly fold: string })
  | {
      readonly kind: 'comment';
      readonly placed: Placed;
      readonly text: string;
      readonly first: boolean;
      readonly fold: string | null;
    }
  | { readonly kind: 'note'; readonly text: string; readonly fold: null };

interface Sides {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
  readonly mate: DiffLine | null;
}

/** What a fold hides. */
export interface Hidden {
  /** Lines that did not change. */
  readonly unchanged: number;
  readonly added: number;
  readonly deleted: number;
  readonly comments: number;
}

/** `width`: cells of the diff. */
export interface RowOptions {
  readonly sides: boolean;
  readonly width: number;
  /** All lines of the file are shown: then each run of lines that changed or did not is folded by itself. */
  readonly whole: boolean;
  /** Which folds are closed, by their ids. */
  readonly folds: ReadonlySet<string>;
}

/** All rows of an entry. Comments on lines that are not shown stand at the top. */
export function rowsOf(
  entry: ReviewEntry,
  placed: readonly Placed[],
  options: RowOptions,
): readonly ReviewRow[] {
  const { file } = entry;
  const own = placed.filter(({ path }) => path === entry.path);
  const told = new Set<Placed>();
  const rows = (file === null ? [] : hunksOf(file)).flatMap((hunk) => hunkRows(hunk, own, options, told));
  const elsewhere = own
    .filter((each) => !told.has(each))
    .flatMap((each) => commentRows(each, options.width, null));
  const notes = notesOf(file).map((text): ReviewRow => ({ kind: 'note', text, fold: null }));
  return [...notes, ...elsewhere, ...rows];
}

/** A hunk's head and lines; comments that got their place are added to `told`. */
function hunkRows(
  hunk: Hunk,
  own: readonly Placed[],
  options: RowOptions,
  told: Set<Placed>,
): readonly ReviewRow[] {
  const here = (line: DiffLine | null) =>
    own.filter((each) => !told.has(each) && line !== null && standsOn(each, line));
  const hiding = (lines: readonly DiffLine[]): Hidden => {
    const comments = lines.flatMap(here);
    for (const each of comments) told.add(each);
    const count = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).length;
    return {
      ...{ unchanged: count('context'), added: count('added'), deleted: count('deleted') },
      comments: comments.length,
    };
  };
  const head = { kind: 'hunk', hunk, fold: `hunk ${hunk.oldStart} ${hunk.newStart}` } as const;
  if (!options.whole && options.folds.has(head.fold)) return [{ ...head, hidden: hiding(hunk.lines) }];
  const parts = options.whole ? partsOf(hunk.lines) : [{ fold: head.fold, changed: true, lines: hunk.lines }];
  const rows: ReviewRow[] = [{ ...head, hidden: null }];
  for (const { fold, lines } of parts) {
    if (options.folds.has(fold)) {
      rows.push({ kind: 'fold', fold, hidden: hiding(lines) });
      continue;
    }
    for (const sides of linesOf(lines, options.sides)) {
      rows.push({ kind: 'line', fold, ...sides });
      for (const each of new Set([...here(sides.right), ...here(sides.left)])) {
        told.add(each);
        rows.push(...commentRows(each, options.width, fold));
      }
    }
  }
  return rows;
}

/** A run of lines that all changed, or did not. */
export interface Part {
  readonly fold: string;
  readonly changed: boolean;
  readonly lines: readonly DiffLine[];
}

/** A hunk's runs, in order. */
export function partsOf(lines: readonly DiffLine[]): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0, to = 0; at < lines.length; at = to) {
    const changed = lines[at]?.kind !== 'context';
    while (to < lines.length && (lines[to]?.kind !== 'context') === changed) to += 1;
    const { old = null, new: now = null } = lines[at] ?? {};
    parts.push({ fold: `run ${old ?? '-'} ${now ?? '-'}`, changed, lines: lines.slice(at, to) });
  }
  return parts;
}

function linesOf(lines: readonly DiffLine[], sides: boolean): readonly Sides[] {
  const rows: Sides[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line === undefined) break;
    if (line.kind === 'context') {
      rows.push({ left: line, right: line, mate: null });
      at += 1;
      continue;
    }
    const gone = run(lines, at, 'deleted');
    const come = run(lines, at + gone.length, 'added');
    rows.push(...(sides ? besides(gone, come) : below(gone, come)));
    at += gone.length + come.length;
  }
  return rows;
}

function run(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): readonly DiffLine[] {
  let to = from;
  while (lines[to]?.kind === kind) to += 1;
  return lines.slice(from, to);
}

function below(gone: readonly DiffLine[], come: readonly DiffLine[]): readonly Sides[] {
  return [
    ...gone.map((left, at) => ({ left, right: null, mate: come[at] ?? null })),
    ...come.map((right, at) => ({ left: null, right, mate: gone[at] ?? null })),
  ];
}

function besides(gone: readonly DiffLine[], come: readonly DiffLine[]): readonly Sides[] {
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, at) => {
    const [left, right] = [gone[at] ?? null, come[at] ?? null];
    return { left, right, mate: right === null ? null : left };
  });
}

function standsOn({ comment, to }: Placed, line: DiffLine): boolean {
  return numberOn(line, comment.side) === to;
}

/** A comment's text folded at `width` cells less what stands before it. */
function commentRows(placed: Placed, width: number, fold: string | null): readonly ReviewRow[] {
  const room = Math.max(10, width - 16);
  return placed.comment.text
    .split('\n')
    .flatMap((line) => folded(line, room))
    .map((text, index): ReviewRow => ({ kind: 'comment', placed, text, first: index === 0, fold }));
}

/** A line in pieces of at most `width` cells, cut at blanks where there are some. */
export function folded(line: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let [piece, cells, blank] = ['', 0, -1];
  for (const { text, width: wide } of graphemes(line)) {
    if (cells + wide > width) {
      const cut = blank > 0 ? blank : piece.length;
      pieces.push(piece.slice(0, cut));
      piece = piece.slice(cut).trimStart();
      cells = graphemes(piece).reduce((sum, each) => sum + each.width, 0);
      blank = -1;
    }
    if (text === ' ') blank = piece.length;
    piece += text;
    cells += wide;
  }
  return [...pieces, piece];
}

/** What there is to say of a file besides its lines. */
function notesOf(file: DiffFile | null): readonly string[] {
  if (file === null) return ['nothing changed here'];
  const { change, from, modes, binary, combined, submodule, symlink } = file;
  const lines = combined ? rawLines(file) : [];
  return [
    ...(change === 'renamed' && from !== null ? [`renamed from ${from}`] : []),
    ...(change === 'copied' && from !== null ? [`copied from ${from}`] : []),
    ...(modes === null ? [] : [`mode ${modes[0]} is now ${modes[1]}`]),
    ...(submodule ? ['submodule: its commit'] : []),
    ...(symlink ? ['symbolic link: where it leads to'] : []),
    ...(binary ? [`binary file, ${change}`] : []),
    ...(combined ? ['git has not merged this file'] : []),
    ...(change === 'added' && !binary && file.insertions === 0 ? ['new empty file'] : []),
    ...(change === 'deleted' && !binary && file.deletions === 0 ? ['empty file, deleted'] : []),
    ...lines,
  ];
}
