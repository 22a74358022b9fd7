/** The words of a changed line that differ, and from where on it is shown so that the first of them is in sight. */

import type { DiffLine } from '../core/diff/diff-hunks.ts';
import { longestOfWords, type Range, wordMarks } from '../core/diff/diff-words.ts';
import { cellsOf } from './review-words.ts';

/** Cells before and of the first difference that are wanted in sight, where there is room. */
const lead = 12;

/** What two lines that stand for each other differ in. */
interface Difference {
  readonly mate: DiffLine;
  readonly ranges: readonly Range[];
  /** Where the first difference is, in UTF-16 units: the same in both lines. */
  readonly first: number;
}

/** What is left out at the beginning of a line: units of an endless one, of any other cells. */
export interface Skipped {
  readonly units: number;
  readonly cells: number;
}

/** A line from its beginning on. */
export const nothingSkipped: Skipped = { units: 0, cells: 0 };

const known = new WeakMap<DiffLine, Difference>();

/** The words of `line` that differ from those of `mate`. */
export function marksOf(line: DiffLine, mate: DiffLine): readonly Range[] {
  return differenceOf(line, mate).ranges;
}

/** Compared once, not for every frame. */
function differenceOf(line: DiffLine, mate: DiffLine): Difference {
  const before = known.get(line);
  if (before?.mate === mate) return before;
  const [old, now] = line.kind === 'deleted' ? [line, mate] : [mate, line];
  const marks = wordMarks(old.text, now.text);
  const starts = [marks.before, marks.after].flatMap(([range]) => (range === undefined ? [] : [range[0]]));
  // Lines with little in common have no marks, and may still begin alike.
  const first = starts.length > 0 ? Math.min(...starts) : alike(old.text, now.text);
  known.set(old, { mate: now, ranges: marks.before, first });
  known.set(now, { mate: old, ranges: marks.after, first });
  return known.get(line) ?? { mate, ranges: [], first };
}

function alike(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
}

/**
 * What both lines leave out so that their first difference can be seen in `room` cells; nothing where it can be
 * anyway. As little as possible, and the same of both, so that what they have in common stays in one column.
 */
export function skippedOf(line: DiffLine, mate: DiffLine, room: number): Skipped {
  if (line.text === mate.text) return nothingSkipped;
  const { first } = differenceOf(line, mate);
  if (Math.max(line.text.length, mate.text.length) > longestOfWords) {
    const half = /[\udc00-\udfff]/.test(line.text[first - lead] ?? '') ? 1 : 0;
    return first < room ? nothingSkipped : { units: Math.max(0, first - lead - half), cells: 0 };
  }
  const width = Math.max(cellsOf(line.text), cellsOf(mate.text));
  if (width <= room) return nothingSkipped;
  const before = cellsOf(line.text.slice(0, first));
  const wanted = Math.min(lead, room >> 2);
  const own = Math.max(wordCells(line, mate, before), wordCells(mate, line, before));
  // The last cell is the sign that more follows.
  if (before + Math.min(wanted, own) < room) return nothingSkipped;
  const cells = Math.min(before - wanted, width - room + 1);
  return cells > 1 ? { units: 0, cells } : nothingSkipped;
}

/** Cells of a line's first marked word, at least one. */
function wordCells(line: DiffLine, mate: DiffLine, before: number): number {
  const [range] = marksOf(line, mate);
  return range === undefined ? 1 : Math.max(1, cellsOf(line.text.slice(0, range[1])) - before);
}
