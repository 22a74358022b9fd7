/** What a click in a review means: a file of the list, or a row of the diff. */
import { layOutReview } from './review-layout.ts';
import type { ReviewModel } from './review-model.ts';
import { movedTo, opened } from './review-move.ts';

/** The model after a click at a cell of the screen, from 0. */
export function clickAt(
  model: ReviewModel,
  { row, column }: { readonly row: number; readonly column: number },
): ReviewModel {
  const { list, diff, above, listRows } = layOutReview(model);
  const at = row - above;
  if (at < 0 || at >= listRows) return model;
  if (column < list) {
    const file = listTop(model) + at;
    return file < model.entries.length
      ? opened({ ...model, pane: diff === 0 ? 'diff' : model.pane }, file)
      : model;
  }
  return at === 0 ? model : movedTo(model, Math.min(model.lines.length - 1, model.top + at - 1));
}

/** The first file of the list that is shown: the open one is kept in the middle. */
export function listTop(model: ReviewModel): number {
  const { listRows } = layOutReview(model);
  const most = Math.max(0, model.entries.length - listRows);
  return Math.max(0, Math.min(model.file - (listRows >> 1), most));
}
