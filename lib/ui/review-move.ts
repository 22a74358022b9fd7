/** Moving about in a review: lines, hunks, files, and what a search finds. */
import { hunksOf } from '../core/diff/diff-hunks.ts';
import { layOutReview, topShowing } from './review-layout.ts';
import { foldsHere, isWhole, openEntry, type ReviewModel } from './review-model.ts';
import { type ReviewRow, rowsOf } from './review-rows.ts';

/** The model with the open file's rows made anew, the cursor on the row where it was. */
export function withRows(model: ReviewModel): ReviewModel {
  const entry = openEntry(model);
  const { sides, diff } = layOutReview(model);
  const options = { sides, width: diff, whole: isWhole(model), folds: new Set(foldsHere(model)) };
  const lines = entry === null ? [] : rowsOf(entry, model.placed, options);
  const before = model.lines[model.row];
  const same = before === undefined ? -1 : lines.findIndex((row) => sameRow(row, before));
  const row = same < 0 ? clamp(model.row, 0, lines.length - 1) : same;
  // The cursor's row stays where it is on the screen, whatever came above it.
  return inView({ ...model, lines, row, top: row - (model.row - model.top) });
}

/** Whether a row stands for the same line, comment or hunk as one from before, perhaps of another reading. */
function sameRow(row: ReviewRow, before: ReviewRow): boolean {
  if (row.kind === 'line' && before.kind === 'line')
    return before.right === null ? row.left?.old === before.left?.old : row.right?.new === before.right.new;
  if (row.kind === 'comment' && before.kind === 'comment')
    return row.placed.comment.id === before.placed.comment.id && row.first === before.first;
  return (row.kind === 'hunk' || row.kind === 'fold') && row.kind === before.kind && row.fold === before.fold;
}

/** Scrolls just so far that the cursor can be seen. */
export function inView(model: ReviewModel): ReviewModel {
  const { diffRows } = layOutReview(model);
  return { ...model, top: topShowing(model.top, model.row, diffRows, model.lines.length) };
}

/** The cursor on that row, or on the nearest there is, in view. */
export function movedTo(model: ReviewModel, row: number): ReviewModel {
  return inView({ ...model, row: clamp(row, 0, model.lines.length - 1) });
}

/** Opens the file of that index with the cursor on its first change, or its last. */
export function opened(model: ReviewModel, file: number, end: 'first' | 'last' = 'first'): ReviewModel {
  const index = clamp(file, 0, model.entries.length - 1);
  const next = withRows({ ...model, file: index, lines: [], row: 0, top: 0, column: 0, anchor: null });
  const hunks = hunkRows(next);
  const hunk = end === 'first' ? hunks[0] : hunks.at(-1);
  return hunk === undefined ? next : atHunk(next, hunk);
}

/** To the next hunk, or the previous one, those of the files before and after included. */
export function movedByHunk(model: ReviewModel, by: 1 | -1): ReviewModel {
  const hunks = hunkRows(model);
  const own = hunks.findLast((row) => row <= model.row) ?? 0;
  const past = model.lines[model.row];
  const from = past !== undefined && isFolded(past) ? model.row + 1 : model.row;
  const next = by === 1 ? hunks.find((row) => row >= from) : hunks.findLast((row) => row < own);
  if (next !== undefined) return atHunk(model, next);
  for (let file = model.file + by; file >= 0 && file < model.entries.length; file += by) {
    const entry = model.entries[file];
    if (entry?.file && hunksOf(entry.file).length > 0)
      return opened(model, file, by === 1 ? 'first' : 'last');
  }
  return model;
}

/** The rows before each hunk's lines; of a file with all its lines those before each change. */
function hunkRows(model: ReviewModel): readonly number[] {
  const { lines } = model;
  const whole = isWhole(model);
  return lines.flatMap((row, at) => {
    if (!whole) return row.kind === 'hunk' ? [at] : [];
    if (row.kind === 'fold' && isChange(row)) return [at];
    return isChange(lines[at + 1]) && lines[at + 1]?.kind === 'line' && !isChange(row) ? [at] : [];
  });
}

function isChange(row: ReviewRow | undefined): boolean {
  if (row?.kind === 'fold') return row.hidden.unchanged === 0;
  return row?.kind === 'line' && row.left !== row.right;
}

/** Whether the row stands for a change that it hides. */
function isFolded(row: ReviewRow): boolean {
  return row.kind === 'hunk' ? row.hidden !== null : row.kind === 'fold' && isChange(row);
}

/** On the first change of a hunk, the hunk from its head on in view. */
function atHunk(model: ReviewModel, head: number): ReviewModel {
  const { lines } = model;
  const first = lines[head];
  let row = first !== undefined && isFolded(first) ? head : head + 1;
  for (; row > head && row < lines.length; row += 1) {
    if (isChange(lines[row])) break;
  }
  const { diffRows } = layOutReview(model);
  const seen = head >= model.top && row < model.top + diffRows - 3;
  return movedTo({ ...model, top: seen ? model.top : head }, row);
}

/** Where `model.search` is found next after the cursor, from file to file and round; null when nowhere. */
export function found(model: ReviewModel): ReviewModel | null {
  const { entries, file } = model;
  const matches = matcher(model.search);
  for (let step = 0; step <= entries.length; step += 1) {
    const index = (file + step) % entries.length;
    const entry = entries[index];
    if (entry === undefined) return null;
    const wanted = entry.path !== '' && (step === 0 || hasHit(model, index, matches));
    const hit = wanted
      ? hitIn(step === 0 ? model : opened(model, index), step === 0 ? model.row + 1 : 0, matches)
      : null;
    if (hit !== null) return hit;
    // Of a file without a hit in it the name is one.
    if (step > 0 && step < entries.length && matches(entry.path)) return opened(model, index);
  }
  return null;
}

/** The next hit in the open file; a fold that hides it opens. */
function hitIn(model: ReviewModel, from: number, matches: (text: string) => boolean): ReviewModel | null {
  const folds = foldsHere(model);
  if (folds.length === 0) return rowOfHit(model, from, matches);
  const { path = '' } = openEntry(model) ?? {};
  const flat = withRows({ ...model, folds: { ...model.folds, [path]: [] } });
  const hit = rowOfHit(flat, from === 0 ? 0 : flat.row + 1, matches);
  const opens = hit?.lines[hit.row]?.fold;
  const left = folds.filter((fold) => fold !== opens);
  return hit === null ? null : withRows({ ...hit, folds: { ...hit.folds, [path]: left } });
}

function rowOfHit(model: ReviewModel, from: number, matches: (text: string) => boolean): ReviewModel | null {
  for (let row = from; row < model.lines.length; row += 1) {
    const line = model.lines[row];
    const texts =
      line?.kind === 'line'
        ? [line.left?.text ?? '', line.right?.text ?? '']
        : line?.kind === 'comment'
          ? [line.text]
          : [];
    if (texts.some(matches)) return movedTo(model, row);
  }
  return null;
}

/** Looks before a file's rows are made: of thousands of files most have no hit. */
function hasHit(model: ReviewModel, index: number, matches: (text: string) => boolean): boolean {
  const entry = model.entries[index];
  if (entry === undefined) return false;
  if (model.placed.some(({ path, comment }) => path === entry.path && matches(comment.text))) return true;
  return entry.file !== null && matches(entry.file.text.slice(...entry.file.hunks));
}

/** Whether a text holds what is searched: capitals count only when there are some. */
export function matcher(search: string): (text: string) => boolean {
  if (search !== search.toLowerCase()) return (text) => text.includes(search);
  return (text) => text.toLowerCase().includes(search);
}

/** `value`, not below `least` and not above `most`; `least` when these cross. */
export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
