/** The rows of one file of a review: its lines, on one side or two, with the comments below theirs. */

import { graphemes } from '../core/cells.ts';
import type { DiffFile } from '../core/diff.ts';
import { type DiffLine, type Hunk, hunksOf, rawLines } from '../core/diff-hunks.ts';
import { numberOn, type Placed } from '../core/review-place.ts';
import type { ReviewEntry } from './review-model.ts';

export type ReviewRow =
  | { readonly kind: 'hunk'; readonly hunk: Hunk }
  /** Of a changed line one side may be missing; `mate` is the line that stands for it on the other side. */
  | {
      readonly kind: 'line';
      readonly left: DiffLine | null;
      readonly right: DiffLine | null;
      readonly mate: DiffLine | null;
    }
  | { readonly kind: 'comment'; readonly placed: Placed; readonly text: string; readonly first: boolean }
  | { readonly kind: 'note'; readonly text: string };

/** `width`: cells of the diff. */
export interface RowOptions {
  readonly sides: boolean;
  readonly width: number;
}

/** All rows of an entry. Comments on lines that are not shown stand at the top. */
export function rowsOf(
  entry: ReviewEntry,
  placed: readonly Placed[],
  options: RowOptions,
): readonly ReviewRow[] {
  const { file } = entry;
  const own = placed.filter(({ path }) => path === entry.path);
  const hunks = file === null ? [] : hunksOf(file);
  const shown = new Set<Placed>();
  const rows: ReviewRow[] = [];
  for (const hunk of hunks) {
    rows.push({ kind: 'hunk', hunk });
    for (const row of linesOf(hunk, options.sides)) {
      rows.push(row);
      for (const each of own)
        if (!shown.has(each) && standsOn(each, row)) {
          shown.add(each);
          rows.push(...commentRows(each, options.width));
        }
    }
  }
  const elsewhere = own
    .filter((each) => !shown.has(each))
    .flatMap((each) => commentRows(each, options.width));
  const notes = notesOf(file).map((text): ReviewRow => ({ kind: 'note', text }));
  return [...notes, ...elsewhere, ...rows];
}

function linesOf(hunk: Hunk, sides: boolean): readonly ReviewRow[] {
  const rows: ReviewRow[] = [];
  const { lines } = hunk;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line === undefined) break;
    if (line.kind === 'context') {
      rows.push({ kind: 'line', left: line, right: line, mate: null });
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

function below(gone: readonly DiffLine[], come: readonly DiffLine[]): readonly ReviewRow[] {
  return [
    ...gone.map((left, at): ReviewRow => ({ kind: 'line', left, right: null, mate: come[at] ?? null })),
    ...come.map((right, at): ReviewRow => ({ kind: 'line', left: null, right, mate: gone[at] ?? null })),
  ];
}

function besides(gone: readonly DiffLine[], come: readonly DiffLine[]): readonly ReviewRow[] {
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, at): ReviewRow => {
    const [left, right] = [gone[at] ?? null, come[at] ?? null];
    return { kind: 'line', left, right, mate: right === null ? null : left };
  });
}

function standsOn({ comment, to }: Placed, row: ReviewRow): boolean {
  if (row.kind !== 'line') return false;
  const line = comment.side === 'new' ? row.right : row.left;
  return line !== null && numberOn(line, comment.side) === to;
}

/** A comment's text folded at `width` cells less what stands before it. */
function commentRows(placed: Placed, width: number): readonly ReviewRow[] {
  const room = Math.max(10, width - 16);
  return placed.comment.text
    .split('\n')
    .flatMap((line) => folded(line, room))
    .map((text, index): ReviewRow => ({ kind: 'comment', placed, text, first: index === 0 }));
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
  const { change, from, modes, binary, combined } = file;
  const lines = combined ? rawLines(file) : [];
  return [
    ...(change === 'renamed' && from !== null ? [`renamed from ${from}`] : []),
    ...(change === 'copied' && from !== null ? [`copied from ${from}`] : []),
    ...(modes === null ? [] : [`mode ${modes[0]} is now ${modes[1]}`]),
    ...(binary ? [`binary file, ${change}`] : []),
    ...(combined ? ['git has not merged this file'] : []),
    ...(change === 'added' && !binary && file.insertions === 0 ? ['new empty file'] : []),
    ...(change === 'deleted' && !binary && file.deletions === 0 ? ['empty file, deleted'] : []),
    ...lines,
  ];
}
