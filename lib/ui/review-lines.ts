/** Drawing the rows of a diff. Nothing of a line is hidden: what would move the cursor or turn the text is spelled out. */

import { displayWidth, graphemes, padStart } from '../core/cells.ts';
import { type DiffLine, hunksOf } from '../core/diff-hunks.ts';
import { type Range, wordMarks } from '../core/diff-words.ts';
import type { Span, StyledLine } from '../core/styled.ts';
import { fit, reversed } from './line.ts';
import { layOutReview } from './review-layout.ts';
import { openEntry, type ReviewModel } from './review-model.ts';
import type { ReviewRow } from './review-rows.ts';
import { type Marks, marks } from './theme.ts';

type LineRow = Extract<ReviewRow, { kind: 'line' }>;

/** Cells from one tab stop to the next. */
const tab = 4;

/** One row in exactly `width` cells. */
export function drawRow(model: ReviewModel, at: number, width: number): StyledLine {
  const row = model.lines[at];
  const mark = marks(model.ascii);
  if (row === undefined) return fit([], width, mark.cut);
  const { anchor, row: cursor } = model;
  const chosen =
    at === cursor || (anchor !== null && at >= Math.min(anchor, cursor) && at <= Math.max(anchor, cursor));
  const line = fit(content(model, row, width, mark), width, mark.cut);
  return chosen ? reversed(line) : line;
}

function content(model: ReviewModel, row: ReviewRow, width: number, mark: Marks): StyledLine {
  switch (row.kind) {
    case 'note':
      return [{ text: ` ${visible(row.text.slice(0, 2000))}`, dim: true }];
    case 'hunk': {
      const { oldStart, oldLines, newStart, newLines, heading } = row.hunk;
      const where = `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`;
      return [
        { text: ` ${where}`, color: 'cyan', dim: true },
        { text: ` ${visible(heading)}`, dim: true },
      ];
    }
    case 'comment':
      return commentLine(model, row, mark);
    case 'line':
      return layOutReview(model).sides ? bothSides(model, row, width, mark) : oneSide(model, row, width);
  }
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

function oneSide(model: ReviewModel, row: LineRow, width: number): StyledLine {
  const line = row.right ?? row.left;
  if (line === null) return [];
  return sideOf(model, line, row.mate, width);
}

function bothSides(model: ReviewModel, row: LineRow, width: number, mark: Marks): StyledLine {
  const half = Math.floor((width - 1) / 2);
  const draw = (line: DiffLine | null, cells: number) =>
    fit(line === null ? [] : sideOf(model, line, other(row, line), cells), cells, mark.cut);
  const border: Span = { text: model.ascii ? '|' : '│', dim: true };
  return [...draw(row.left, half), border, ...draw(row.right, width - half - 1)];
}

function other(row: LineRow, line: DiffLine): DiffLine | null {
  if (row.mate === null) return null;
  return line === row.left ? row.right : row.left;
}

function sideOf(model: ReviewModel, line: DiffLine, mate: DiffLine | null, width: number): StyledLine {
  const digits = numberWidth(model);
  const number = padStart(String(line.new ?? line.old ?? ''), digits);
  const sign = line.kind === 'added' ? '+' : line.kind === 'deleted' ? '-' : ' ';
  const color = line.kind === 'added' ? 'green' : line.kind === 'deleted' ? 'red' : null;
  const style = color === null ? {} : ({ color } as const);
  const room = Math.max(0, width - digits - 4);
  const changed = mate === null ? [] : marksOf(line, mate);
  const end = line.open ? [{ text: model.ascii ? ' \\ no newline' : ' ⏎ no newline', dim: true }] : [];
  return [
    { text: ` ${number} `, dim: true },
    { text: `${sign} `, ...style },
    ...words(line.text, changed, style, { from: model.column, room, changed: color !== null }),
    ...end,
  ];
}

function marksOf(line: DiffLine, mate: DiffLine): readonly Range[] {
  if (line.kind === 'deleted') return wordMarks(line.text, mate.text).before;
  return line.kind === 'added' ? wordMarks(mate.text, line.text).after : [];
}

interface Shown {
  /** Cells left out at the beginning, and cells there is room for. */
  readonly from: number;
  readonly room: number;
  /** A carriage return at the end is only worth a sign in a changed line. */
  readonly changed: boolean;
}

/** The text of a line from a cell on, its changed words underlined; a very long line is not looked at beyond that. */
function words(text: string, ranges: readonly Range[], style: Partial<Span>, shown: Shown): StyledLine {
  const whole = text.endsWith('\r') && !shown.changed ? text.slice(0, -1) : text;
  const line = whole.slice(0, (shown.from + shown.room + 1) * 8);
  const pieces: Span[] = [];
  let [at, cells] = [0, 0];
  const add = (to: number, more: Partial<Span>) => {
    if (to <= at) return;
    const piece = expanded(visible(line.slice(at, to)), cells);
    cells += displayWidth(piece);
    pieces.push({ text: piece, ...style, ...more });
    at = to;
  };
  for (const [from, to] of ranges) {
    add(Math.min(from, line.length), {});
    add(Math.min(to, line.length), { bold: true, underline: true });
  }
  add(line.length, {});
  return shown.from === 0 ? pieces : withoutFirst(pieces, shown.from);
}

function expanded(text: string, before: number): string {
  if (!text.includes('\t')) return text;
  let [out, cells] = ['', before];
  for (const [index, part] of text.split('\t').entries()) {
    if (index > 0) {
      const blanks = tab - (cells % tab);
      out += ' '.repeat(blanks);
      cells += blanks;
    }
    out += part;
    cells += displayWidth(part);
  }
  return out;
}

function withoutFirst(spans: StyledLine, cells: number): StyledLine {
  let left = cells;
  return spans.map((span) => {
    let text = '';
    for (const each of graphemes(span.text)) {
      if (left > 0) left -= each.width;
      else text += each.text;
    }
    return { ...span, text };
  });
}

/** What a terminal would act on or not show: control characters but tabs, marks of direction, invisible ones. */
const hidden =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** Text in which nothing hides: `^[` for an escape, `<U+202E>` for a mark that turns the direction. */
export function visible(text: string): string {
  return text.replace(hidden, (each) => {
    const code = each.codePointAt(0) ?? 0;
    if (code < 32) return `^${String.fromCharCode(code + 64)}`;
    if (code === 127) return '^?';
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}
