/** What becomes of the open file: seen, shown with all its lines, folded. */
import type { DiffFile } from '../core/diff.ts';
import { entriesOf, isSeen, openEntry, type ReviewModel, type ReviewUpdate, still } from './review-model.ts';
import { opened, withRows } from './review-move.ts';
import { again } from './review-opening.ts';
import { noted } from './review-typing.ts';

/** The file is seen, and the next one that is not is opened; one that was seen is not any more. */
export function seen(model: ReviewModel): ReviewUpdate {
  const entry = openEntry(model);
  if (entry?.file === null || entry === null) return still(model);
  const { path, file } = entry;
  const id = isSeen(model, entry) ? null : file.id;
  const marked = noted(model, { kind: 'seen', path, id });
  if (id === null) return marked;
  const { entries } = marked.model;
  const unseen = (each: number) => {
    const one = entries[each];
    return one !== undefined && one.file !== null && !isSeen(marked.model, one);
  };
  const order = entries.map((_, at) => (model.file + 1 + at) % entries.length);
  const next = order.find(unseen);
  const after =
    next === undefined
      ? { ...marked.model, notice: 'all files are seen: a approves, r returns' }
      : opened(marked.model, next);
  return { model: after, commands: marked.commands };
}

/** All lines of the file, or again only what changed. */
export function unfolding(model: ReviewModel): ReviewUpdate {
  const file = openEntry(model)?.file ?? null;
  if (file === null) return still(model);
  const { path, from } = file;
  if (Object.hasOwn(model.unfolded, path)) return still(unfolded(model, path, null));
  if (file.change === 'added' || file.change === 'deleted' || file.binary || file.combined)
    return still({ ...model, notice: 'there is no more of this file' });
  return again(model, [{ do: 'unfold', path, from }]);
}

/** The file with those lines; null: with what changed alone. */
export function unfolded(model: ReviewModel, path: string, file: DiffFile | null): ReviewModel {
  const { [path]: _, ...others } = model.unfolded;
  const all = file === null ? others : { ...others, [path]: file };
  const entries = entriesOf(model.reading?.files ?? [], model.placed, all);
  return withRows({ ...model, unfolded: all, entries });
}
