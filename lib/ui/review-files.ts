/** What becomes of the open file: seen, shown with all its lines, folded. */
import type { DiffFile } from '../core/diff/diff.ts';
import { hunksOf } from '../core/diff/diff-hunks.ts';
import {
  entriesOf,
  foldsHere,
  isSeen,
  isWhole,
  openEntry,
  type ReviewModel,
  type ReviewUpdate,
  still,
} from './review-model.ts';
import { movedTo, opened, withRows } from './review-move.ts';
import { again } from './review-opening.ts';
import { partsOf } from './review-rows.ts';
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
  // Other lines are folded together in a whole file.
  const { [path]: __, ...folds } = model.folds;
  return withRows({ ...model, unfolded: all, entries, folds });
}

/** Unchanged lines in a row from which on a whole file's are folded with all others. */
const longRun = 8;

/** Folds what the cursor is in, or all hunks of the file (of a whole file all long unchanged runs); and unfolds. */
export function folding(model: ReviewModel, name: 'z' | 'Z'): ReviewUpdate {
  const { path, file } = openEntry(model) ?? { path: '', file: null };
  const row = model.lines[model.row];
  // The head of a whole file is no fold of its own.
  const here = row === undefined || (row.kind === 'hunk' && isWhole(model)) ? null : row.fold;
  const closed = foldsHere(model);
  if (file === null || model.lines.every(({ fold }) => fold === null) || (name === 'z' && here === null))
    return still({ ...model, notice: 'there is nothing to fold here' });
  const all = isWhole(model)
    ? hunksOf(file)
        .flatMap(({ lines }) => partsOf(lines))
        .flatMap(({ fold, changed, lines }) => (changed || lines.length < longRun ? [] : [fold]))
    : model.lines.flatMap((row) => (row.kind === 'hunk' ? [row.fold] : []));
  const one =
    here !== null && closed.includes(here) ? closed.filter((each) => each !== here) : [...closed, here ?? ''];
  const every = all.every((each) => closed.includes(each)) ? [] : all;
  const next = withRows({
    ...model,
    anchor: null,
    folds: { ...model.folds, [path]: name === 'z' ? one : every },
  });
  const at = next.lines.findIndex(({ fold }) => fold === here);
  // Where the cursor's own line is still shown it stays there.
  const kept = name === 'Z' && next.lines[next.row]?.fold === here;
  return still(at < 0 || kept ? next : movedTo(next, at));
}

/** The folds of files whose change is what it was. */
export function keptFolds({ folds, reading }: ReviewModel, files: readonly DiffFile[]): ReviewModel['folds'] {
  const changeOf = (path: string, all: readonly DiffFile[]) => {
    const file = all.find((each) => each.path === path);
    return file?.text.slice(...file.hunks);
  };
  const same = Object.keys(folds).filter(
    (path) => changeOf(path, files) === changeOf(path, reading?.files ?? []),
  );
  return Object.fromEntries(same.map((path) => [path, folds[path] ?? []]));
}
