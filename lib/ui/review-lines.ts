/** Drawing the rows of a diff. Nothing of a line is hidden: what would move the cursor or turn the text is spelled out. */

import { padStart } from '../core/cells.ts';
import { type DiffLine, hunksOf } from '../core/diff/diff-hunks.ts';
import type { Range } from '../core/diff/diff-words.ts';
import type { Token } from '../core/diff/syntax.ts';
import type { Span, StyledLine } from '../core/styled.ts';
import { fit, reversed } from './line.ts';
import { comments } from './review-decide.ts';
import { layOutReview } from './review-layout.ts';
import { marksOf, nothingSkipped, skippedOf } from './review-marks.ts';
import { openEntry, type ReviewModel } from './review-model.ts';
import type { Hidden, ReviewRow } from './review-rows.ts';
import { type CodeLine, codeSpans, visible } from './review-words.ts';
import { type Marks, marks } from './theme.ts';

type LineRow = Extract<ReviewRow, { kind: 'line' }>;

/** What the parts of lines are; a line that was not read yet is not among them. */
export type Tokens = ReadonlyMap<DiffLine, readonly Token[]>;

/** The lines of code that a frame of the model shows. */
export function shownLines(model: ReviewModel): readonly DiffLine[] {
  const { lines, top } = model;
  return lines
    .slice(top, top + layOutReview(model).diffRows)
    .flatMap((row) => (row.kind === 'line' ? [row.left, row.right] : []))
    .filter((line) => line !== null);
}

/** What rows are drawn with. */
interface Drawing {
  readonly model: ReviewModel;
  readonly tokens: Tokens;
  readonly mark: Marks;
}

/** One row in exactly `width` cells. */
export function drawRow(model: ReviewModel, at: number, width: number, tokens: Tokens): StyledLine {
  const row = model.lines[at];
  const mark = marks(model.ascii);
  if (row === undefined) return fit([], width, mark.cut);
  const { anchor, row: cursor } = model;
  const chosen =
    at === cursor || (anchor !== null && at >= Math.min(anchor, cursor) && at <= Math.max(anchor, cursor));
  const line = fit(content({ model, tokens, mark }, row, width), width, mark.cut);
  return chosen ? reversed(line) : line;
}

function content(drawing: Drawing, row: ReviewRow, width: number): StyledLine {
  const { model, mark } = drawing;
  switch (row.kind) {
    case 'note':
      return [{ text: ` ${visible(row.text.slice(0, 2000))}`, dim: true }];
    case 'hunk':
      return hunkLine(row, drawing);
    case 'fold':
      return [{ text: `    ${foldSign(model)} ${wordsOf(row.hidden, mark)}`, dim: true }];
    case 'comment':
      return commentLine(model, row, mark);
    case 'line':
      return layOutReview(model).sides ? bothSides(drawing, row, width) : oneSide(drawing, row, width);
  }
}

function hunkLine(
  { hunk, hidden }: Extract<ReviewRow, { kind: 'hunk' }>,
  { model, mark }: Drawing,
): StyledLine {
  const { oldStart, oldLines, newStart, newLines, heading } = hunk;
  const where = `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`;
  const folded: StyledLine = hidden === null ? [] : [{ text: ` ${mark.dot} ${wordsOf(hidden, mark)}` }];
  return [
    { text: hidden === null ? ' ' : foldSign(model) },
    { text: where, color: 'cyan', dim: true },
    ...folded,
    { text: ` ${visible(heading)}`, dim: true },
  ];
}

function foldSign({ ascii }: ReviewModel): string {
  return ascii ? '>' : '▸';
}

/** What a fold hides: `12 lines`, `4 lines +3 −1 · 1 comment`. */
function wordsOf({ unchanged, added, deleted, comments: own }: Hidden, mark: Marks): string {
  const total = unchanged + added + deleted;
  const lines = `${total}${added + deleted === 0 ? ' unchanged' : ''} ${total === 1 ? 'line' : 'lines'}`;
  const sizes = [...(added > 0 ? [` +${added}`] : []), ...(deleted > 0 ? [` ${mark.minus}${deleted}`] : [])];
  return [lines, ...sizes, ...(own > 0 ? [` ${mark.dot} ${comments(own)}`] : [])].join('');
}

function commentLine(
  model: ReviewModel,
  row: Extract<ReviewRow, { kind: 'comment' }>,
  mark: Marks,
): StyledLine {
  const { comment, addressed, from, to } = row.placed;
  const bar = model.ascii ? '|' : '┊';
  const text: Span = { text: row.text, ...(comment.round === null ? { bold: true } : {}) };
  if (!row.first) return [{ text: `   ${bar} `, color: 'yellow' }, text];
  const place = `${comment.side === 'old' ? 'removed ' : ''}${from === to ? from : `${from}-${to}`}`;
  const state =
    comment.round === null
      ? 'you'
      : addressed
        ? `round ${comment.round}, lines changed`
        : `round ${comment.round}, still open`;
  return [
    { text: `   ${bar} `, color: 'yellow' },
    { text: `${place} ${mark.dot} ${state}  `, ...(addressed ? { dim: true } : { color: 'yellow' }) },
    { ...text, ...(addressed ? { dim: true } : {}) },
  ];
}

/** Cells of a line number: of the largest of the file. */
function numberWidth(model: ReviewModel): number {
  const file = openEntry(model)?.file ?? null;
  const last = file === null ? undefined : hunksOf(file).at(-1);
  if (last === undefined) return 3;
  const { oldStart, oldLines, newStart, newLines } = last;
  return Math.max(3, String(Math.max(oldStart + oldLines, newStart + newLines)).length);
}

function oneSide(drawing: Drawing, row: LineRow, width: number): StyledLine {
  const line = row.right ?? row.left;
  if (line === null) return [];
  const room = roomOf(drawing.model, width);
  return sideOf(drawing, { line, mate: row.mate, number: line.new ?? line.old, room });
}

function bothSides(drawing: Drawing, row: LineRow, width: number): StyledLine {
  const { model, mark } = drawing;
  const half = Math.floor((width - 1) / 2);
  // The narrower side's, so that both leave out the same.
  const room = roomOf(model, half);
  const draw = (side: Omit<Side, 'room'> | null, cells: number) =>
    fit(side === null ? [] : sideOf(drawing, { ...side, room }), cells, mark.cut);
  const { left, right, mate } = row;
  const border: Span = { text: model.ascii ? '|' : '│', dim: true };
  return [
    ...draw(left && { line: left, mate: mate && right, number: left.old }, half),
    border,
    ...draw(right && { line: right, mate: mate && left, number: right.new }, width - half - 1),
  ];
}

/** A line as one side shows it: with that side's number, and the line that stands for it on the other. */
interface Side {
  readonly line: DiffLine;
  readonly mate: DiffLine | null;
  readonly number: number | null;
  /** Cells for its text. */
  readonly room: number;
}

/** Cells that a side of `width` has for text, beside number and sign. */
function roomOf(model: ReviewModel, width: number): number {
  return width - numberWidth(model) - 4;
}

function sideOf(drawing: Drawing, side: Side): StyledLine {
  const { model, tokens } = drawing;
  const { line, mate, number } = side;
  const digits = numberWidth(model);
  const sign = line.kind === 'added' ? '+' : line.kind === 'deleted' ? '-' : ' ';
  const color = line.kind === 'added' ? 'green' : line.kind === 'deleted' ? 'red' : null;
  const style = color === null ? {} : ({ color } as const);
  const end = line.open ? [{ text: model.ascii ? ' \\ no newline' : ' ⏎ no newline', dim: true }] : [];
  const code = {
    // A carriage return at the end is only worth a sign in a changed line.
    text: color === null ? line.text.replace(/\r$/, '') : line.text,
    tokens: tokens.get(line) ?? [],
    changed: mate === null ? [] : marksOf(line, mate),
    style,
  };
  return [
    { text: ` ${padStart(String(number ?? ''), digits)} `, ...style, dim: true },
    { text: `${sign} `, ...style },
    ...codeOf(drawing, code, side),
    ...end,
  ];
}

/** Its text in `room` cells; where the beginning would show nothing of what changed, from shortly before that on. */
function codeOf({ model, mark }: Drawing, code: CodeLine, { line, mate, room }: Side): StyledLine {
  const { column } = model;
  const { units, cells } =
    mate === null || column !== 0 ? nothingSkipped : skippedOf(line, mate, Math.max(0, room));
  const from = Math.max(0, column) + cells;
  if (units + cells === 0) return codeSpans(code, { from, room: Math.max(0, room) });
  const rest =
    units === 0
      ? code
      : {
          ...code,
          text: code.text.slice(units),
          // Read from a beginning that is not shown.
          tokens: [],
          changed: code.changed.map(([start, end]): Range => [start - units, end - units]),
        };
  return [{ text: mark.cut, dim: true }, ...codeSpans(rest, { from, room: Math.max(0, room - 1) })];
}
