/** The text of a line of code as spans: its parts coloured, its changed words marked, nothing in it hidden. */

import { displayWidth, graphemes } from '../core/cells.ts';
import type { Range } from '../core/diff/diff-words.ts';
import type { Token } from '../core/diff/syntax.ts';
import type { Span, StyledLine } from '../core/styled.ts';
import { tokenLook } from './theme.ts';

/** Cells from one tab stop to the next. */
const tab = 4;

/** A line of code that is to be drawn. */
export interface CodeLine {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Words that differ from the line that stands for it on the other side: they keep the line's own colour. */
  readonly changed: readonly Range[];
  /** How the rest of it looks. */
  readonly style: Partial<Span>;
}

/** What of a line is shown. */
export interface Window {
  /** Cells left out at the beginning, and cells there is room for. */
  readonly from: number;
  readonly room: number;
}

/** The text of a line from a cell on; a very long line is not looked at beyond that. */
export function codeSpans({ text, tokens, changed, style }: CodeLine, { from, room }: Window): StyledLine {
  const line = text.slice(0, (from + room + 1) * 8);
  const pieces: Span[] = [];
  let cells = 0;
  const cuts = [...tokens, ...changed.map(([start, end]) => ({ from: start, to: end }))]
    .flatMap((part) => [part.from, part.to])
    .filter((cut) => cut < line.length);
  const ends = [...new Set([...cuts, line.length])].sort((a, b) => a - b);
  let [at, token, range] = [0, 0, 0];
  for (const end of ends) {
    if (end <= at) continue;
    while ((tokens[token]?.to ?? Infinity) <= at) token += 1;
    while ((changed[range]?.[1] ?? Infinity) <= at) range += 1;
    const here = tokens[token];
    const marked = (changed[range]?.[0] ?? Infinity) <= at;
    const piece = expanded(visible(line.slice(at, end)), cells);
    cells += displayWidth(piece);
    pieces.push({
      ...style,
      ...(marked
        ? { bold: true, underline: true }
        : here !== undefined && here.from <= at
          ? tokenLook(here.kind)
          : {}),
      text: piece,
    });
    at = end;
  }
  return from === 0 ? pieces : withoutFirst(pieces, from);
}

/** The cells that a line's text takes as it is shown. */
export function cellsOf(text: string): number {
  return displayWidth(expanded(visible(text), 0));
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
  return text.replace(hidden, (each, at: number) => {
    if (each === '\u200d' && joinsPictures(text, at)) return each;
    const code = each.codePointAt(0) ?? 0;
    if (code < 32) return `^${String.fromCharCode(code + 64)}`;
    if (code === 127) return '^?';
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** Whether a joiner makes one picture of two, as in families and flags: it hides nothing there. */
function joinsPictures(text: string, at: number): boolean {
  return (
    /\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?$/u.test(text.slice(Math.max(0, at - 5), at)) &&
    /^\p{Extended_Pictographic}/u.test(text.slice(at + 1, at + 3))
  );
}
