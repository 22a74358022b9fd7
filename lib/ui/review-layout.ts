/** How a review is laid out on a terminal of any size, in cells. */
import type { ReviewModel } from './review-model.ts';
import { folded } from './review-rows.ts';

/** Cells from which list and diff stand beside each other, and from which the two sides of the diff do. */
const bothFrom = 80;
const sidesFrom = 160;

/** UTF-16 units of a message that are looked at. */
const longestNote = 2000;

/** Where everything stands; the parts never take more than the terminal has. */
export interface ReviewLayout {
  /** Cells of the list of files; 0 when it is not shown. */
  readonly list: number;
  /** Cells of the diff; 0 when it is not shown. */
  readonly diff: number;
  /** Whether old and new lines stand beside each other. */
  readonly sides: boolean;
  /** Rows of the list, and of the diff below its title. */
  readonly listRows: number;
  readonly diffRows: number;
  /** Rows above the list. */
  readonly above: number;
  readonly rules: boolean;
}

/** The layout for the model’s size, from one cell on. */
export function layOutReview(model: ReviewModel): ReviewLayout {
  const { columns, rows, pane } = model;
  const rules = rows >= 12;
  const above = rules ? 2 : 1;
  const body = Math.max(1, rows - above - (rules ? 2 : 1) - noteLines(model).length);
  const both = columns >= bothFrom;
  const width = Math.min(40, Math.max(22, Math.floor(columns / 5)));
  const list = both ? width : pane === 'files' ? columns : 0;
  const diff = both ? columns - width - 1 : pane === 'diff' ? columns : 0;
  return {
    ...{ list, diff, above, rules, sides: columns >= sidesFrom && hasSides(model) },
    listRows: body,
    diffRows: Math.max(1, body - 1),
  };
}

/** What is told above the footer, in as many lines as it needs and the terminal has to spare; of the last the end is cut. */
export function noteLines({ failure, notice, columns, rows }: ReviewModel): readonly string[] {
  const text = failure ?? notice;
  if (text === null) return [];
  const most = rows < 12 ? 1 : rows < 20 ? 2 : 3;
  const lines = folded(text.slice(0, longestNote), Math.max(1, columns - 3));
  return [...lines.slice(0, most - 1), lines.slice(most - 1).join(' ')].filter((line) => line !== '');
}

/** A new file has nothing on its other side. */
function hasSides({ entries, file }: ReviewModel): boolean {
  const change = entries[file]?.file?.change;
  return change !== 'added' && change !== 'deleted';
}

/** The first row to show so that `row` is among `height` of `total`, moved from `top` as little as possible. */
export function topShowing(top: number, row: number, height: number, total: number): number {
  const margin = Math.min(3, Math.floor((height - 1) / 2));
  const least = row + margin - height + 1;
  const most = row - margin;
  const wanted = top < least ? least : top > most ? most : top;
  return Math.max(0, Math.min(wanted, total - height));
}
