/** Dialogs that are a list: options below each other, one of them marked, closed by a line that the agent always shows. */
import type { Dialog, Recogniser } from './dialog.ts';

/** How one kind of agent draws one kind of list. All patterns are matched against lines without frame and blanks. */
export interface ListStyle {
  readonly kind: 'permission' | 'question';
  /** Stands before the selected option and nowhere else in the list. */
  readonly mark: string;
  readonly numbered: boolean;
  /** The question over the options: one line, or a sentence over a few; null: whatever stands there. */
  readonly question: RegExp | null;
  /** The question heads the dialog, and what it is about stands between it and the options. */
  readonly headed: boolean;
  /** The line that closes the list, its frame included. */
  readonly end: RegExp;
  /** Lines that may come after `end`, besides blank and drawn ones; any other means that the list is an old one. */
  readonly below: RegExp | null;
  readonly yes: RegExp | null;
  readonly no: RegExp | null;
  /** Escape denies, and Enter on that option does not. */
  readonly escapes?: boolean;
  readonly free: RegExp | null;
}

interface Row {
  readonly line: number;
  readonly marked: boolean;
  readonly number: number;
  readonly column: number;
  readonly text: string;
}

const frame = /^[\s│┃]+|[\s│┃]+$/g;
const drawn = /^[╭╰─╌│╮╯━\s]*$/;
/** More lines than an option's description has. */
const nearby = 8;
const longest = 30;
const longestAbout = 40;

/** The recogniser of a list drawn so. Total for any screen: what is not wholly there is null. */
export function listDialog(style: ListStyle): Recogniser {
  return (screen) => {
    const lines = screen.map((line) => line.text);
    const end = lines.findLastIndex((line) => style.end.test(line.trim()));
    const inside = lines.slice(0, Math.max(0, end));
    const rows = style.numbered ? numberedRows(style, inside) : plainRows(style, inside);
    const [first] = rows;
    const last = rows.at(-1);
    const selected = rows.findIndex((row) => row.marked);
    if (!first || !last || rows.length < 2 || selected < 0) return null;
    if (rows.filter((row) => row.marked).length !== 1 || !closed(style, lines, last.line, end)) return null;
    const { question, about } = style.headed
      ? headed(lines, first.line, style.question)
      : above(lines, first.line);
    if (question === '' || (style.question !== null && !style.question.test(question))) return null;
    const find = (pattern: RegExp | null) => {
      const at =
        pattern === null ? [] : rows.flatMap((row, index) => (pattern.test(row.text) ? [index] : []));
      return at.length === 1 ? (at[0] ?? null) : null;
    };
    const dialog: Dialog = {
      kind: style.kind,
      question,
      about,
      options: rows.map(({ text }) => ({ text })),
      selected,
      keys: ['Up', 'Down'],
      sign: signOf(lines[rows[selected]?.line ?? 0] ?? '', style.mark),
      yes: find(style.yes),
      no: find(style.no),
      escapes: style.escapes ?? false,
      free: find(style.free),
    };
    if (style.kind === 'permission' && (dialog.yes === null || dialog.no === null)) return null;
    // A list in which several may be ticked is not answered by taking one.
    return dialog.options.some(({ text }) => /^\[.\]/.test(text)) ? null : dialog;
  };
}

/** The line from its mark on, short enough to stand in one row of any pane. */
function signOf(line: string, mark: string): string {
  return line.slice(line.indexOf(mark)).replace(frame, '').slice(0, longest).trimEnd();
}

function numberedRows(style: ListStyle, lines: readonly string[]): readonly Row[] {
  const rows = lines.map((line, at): Row | null => {
    const match = /^([\s│┃]*)(\S)?(\s*)(\d{1,2})\.\s*(\S.*)$/u.exec(line);
    if (!match || (match[2] !== undefined && match[2] !== style.mark)) return null;
    const [, before = '', mark, gap = '', number = '', text = ''] = match;
    const column = before.length + (mark?.length ?? 0) + gap.length;
    return {
      line: at,
      marked: mark !== undefined,
      number: Number(number),
      column,
      text: text.replace(frame, ''),
    };
  });
  const start = rows.findLastIndex((row) => row?.marked);
  const chosen = rows[start];
  if (!chosen) return [];
  const beside = (from: Row, by: 1 | -1): Row | null => {
    for (let at = from.line + by; Math.abs(at - from.line) <= nearby; at += by) {
      const row = rows[at];
      if (row && row.number === from.number + by && row.column === from.column) return row;
    }
    return null;
  };
  const all: Row[] = [chosen];
  for (let row = beside(chosen, -1); row; row = beside(row, -1)) all.unshift(row);
  for (let row = beside(chosen, 1); row; row = beside(row, 1)) all.push(row);
  return all[0]?.number === 1 ? all : [];
}

/** Options without numbers: the lines around the marked one whose text begins in the same column. */
function plainRows(style: ListStyle, lines: readonly string[]): readonly Row[] {
  const rowAt = (at: number): Row | null => {
    const match = /^([\s│┃]*)(\S)(\s+)(\S.*)$/u.exec(lines[at] ?? '');
    if (match && match[2] === style.mark) {
      const [, before = '', mark = '', gap = '', text = ''] = match;
      const column = before.length + mark.length + gap.length;
      return { line: at, marked: true, number: 0, column, text: text.replace(frame, '') };
    }
    const text = (lines[at] ?? '').replace(frame, '');
    return { line: at, marked: false, number: 0, column: (lines[at] ?? '').indexOf(text), text };
  };
  const start = lines.findLastIndex((_, at) => rowAt(at)?.marked);
  const chosen = start < 0 ? null : rowAt(start);
  if (!chosen) return [];
  const all: Row[] = [chosen];
  for (const by of [-1, 1]) {
    for (let row = rowAt(start + by); row; row = rowAt(row.line + by)) {
      if (row.text === '' || row.column !== chosen.column) break;
      if (by < 0) all.unshift(row);
      else all.push(row);
    }
  }
  return all;
}

/** Whether the list ends as it should and nothing of another kind comes after: an input line means that it is old. */
function closed(style: ListStyle, lines: readonly string[], last: number, end: number): boolean {
  if (end - last > nearby) return false;
  // In a narrow pane the line that ends it goes on below.
  const wrapped = lines
    .slice(end + 1, end + 3)
    .findIndex((line) => drawn.test(line) || line.trim().startsWith(style.mark));
  return lines
    .slice(end + 1 + (wrapped < 0 ? 0 : wrapped))
    .every((line) => drawn.test(line) || (style.below?.test(line.replace(frame, '')) ?? false));
}

/** The nearest line over the options that is the question, and what stands between. */
function headed(lines: readonly string[], first: number, pattern: RegExp | null) {
  const over = lines.slice(Math.max(0, first - longestAbout), first).map((line) => line.replace(frame, ''));
  const at = over.findLastIndex((line) => pattern?.test(line));
  if (at < 0) return { question: '', about: '' };
  return { question: over[at] ?? '', about: over.slice(at + 1).join('\n') };
}

/** The sentence over the options, and what stands over that. */
function above(lines: readonly string[], first: number) {
  const over = lines.slice(0, first).map((line) => line.replace(frame, ''));
  while (over.at(-1) === '') over.pop();
  const question: string[] = [];
  while (question.length < 4 && over.length > 0 && !drawn.test(over.at(-1) ?? '')) {
    question.unshift(over.pop() ?? '');
    if (/^(?:Do you want|Would you like|Allow|Apply)\b/.test(question[0] ?? '')) break;
  }
  const about = over
    .filter((line) => !drawn.test(line))
    .slice(-4)
    .map((line) => line.replace(/\b\d+[ms]\b|[⠀-⣿]/g, ''));
  return { question: question.join(' '), about: about.join('\n') };
}
