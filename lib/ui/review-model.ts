/** What a review on the screen knows, and what can happen to it. All of it is data; review-update.ts folds it. */
import type { TaskVerdict } from '../core/check/verdict.ts';
import type { DiffFile } from '../core/diff/diff.ts';
import type { Checks } from '../core/model.ts';
import type { TaskOverlap } from '../core/overlap/overlap.ts';
import type { Link } from '../core/review/links.ts';
import { type Comment, type NotesChange, noNotes, type ReviewNotes } from '../core/review/review.ts';
import type { Placed } from '../core/review/review-place.ts';
import type { ReviewRow } from './review-rows.ts';
import type { KeyHelp } from './sidebar-model.ts';

/** `whole`: against the base; `since`: against what the person last decided about. */
export type ReviewSpan = 'whole' | 'since';

/** What was read of a task and its change. */
export interface ReviewReading {
  readonly task: string;
  /** The look that this is, from 1. */
  readonly round: number;
  readonly span: ReviewSpan;
  /** What it is compared with, in words: `main`, `round 1`. */
  readonly against: string;
  readonly files: readonly DiffFile[];
  readonly notes: ReviewNotes;
  readonly placed: readonly Placed[];
  readonly checks: Checks;
  /** What the reviewer says; absent: nothing. */
  readonly verdict?: Pick<TaskVerdict, 'state' | 'findings' | 'disputed'>;
  /** Agents that are still at work. */
  readonly working: readonly string[];
  /** Why it did not land, or null. */
  readonly stopped: string | null;
  /** The task that gets in its way most, or null. */
  readonly overlap: TaskOverlap | null;
  /** Why it did not land, the prompt, the report, the verdict, the overlaps and the checks, line by line. */
  readonly about: readonly string[];
}

/** An entry of the list of files; `file` is null where there are only comments. */
export interface ReviewEntry {
  readonly path: string;
  readonly file: DiffFile | null;
}

/** Who takes the keys. */
export type ReviewMode =
  | 'browse'
  | 'search'
  | 'comment'
  | 'message'
  | 'drop'
  | 'land'
  | 'commit'
  | 'help'
  | 'about'
  | 'links';

/** All that is known; indexes count from 0. */
export interface ReviewModel {
  readonly task: string;
  readonly reading: ReviewReading | null;
  readonly notes: ReviewNotes;
  readonly placed: readonly Placed[];
  readonly entries: readonly ReviewEntry[];
  /** Files shown with all their lines, by path. */
  readonly unfolded: Readonly<Record<string, DiffFile>>;
  /** The folds that are closed, by path; their ids are those of rows. */
  readonly folds: Readonly<Record<string, readonly string[]>>;
  /** Index of the open file. */
  readonly file: number;
  /** The open file's rows, with the cursor's and the first one shown. */
  readonly lines: readonly ReviewRow[];
  readonly row: number;
  readonly top: number;
  /** Cells that long lines are moved to the left; at 0 changed ones so far that their change is in sight, below it none. */
  readonly column: number;
  /** First row of a range begun; null when there is none. */
  readonly anchor: number | null;
  /** Which of the two a narrow terminal shows. */
  readonly pane: 'files' | 'diff';
  readonly mode: ReviewMode;
  /** What is typed in a mode that takes text. */
  readonly typed: string;
  /** The comment that is being typed, text left out. */
  readonly target: Comment | null;
  /** Comments begun and left by Escape, by place. */
  readonly begun: Readonly<Record<string, string>>;
  readonly search: string;
  /** What can be opened in a browser. */
  readonly links: readonly Link[];
  /** Lines of help or about above the first one shown. */
  readonly scroll: number;
  /** What is being done that ends the review: no other key counts meanwhile. */
  readonly deciding: string | null;
  readonly notice: string | null;
  readonly failure: string | null;
  readonly columns: number;
  readonly rows: number;
  readonly ascii: boolean;
  readonly keys: readonly KeyHelp[];
  /** What ids of new comments begin with, and how many were made. */
  readonly seed: string;
  readonly made: number;
}

/** What can happen. */
export type ReviewMessage =
  | { readonly kind: 'reading'; readonly reading: ReviewReading }
  /** A file of the change with all its lines; null when there is no more of it. */
  | { readonly kind: 'unfolded'; readonly path: string; readonly file: DiffFile | null }
  /** A deed or a reading failed; what was to be decided is not. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'links'; readonly links: readonly Link[] }
  /** There is no browser to open it. */
  | { readonly kind: 'unopened'; readonly url: string }
  /** To land, what is not committed needs a message; this one would do. */
  | { readonly kind: 'uncommitted'; readonly message: string }
  /** The editor was left with this text for the comment. */
  | { readonly kind: 'composed'; readonly comment: Comment; readonly text: string }
  | { readonly kind: 'key'; readonly name: string; readonly text: string | null }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'click'; readonly row: number; readonly column: number }
  | { readonly kind: 'wheel'; readonly by: number }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** The terminal is gone. */
  | { readonly kind: 'hangup' };

/** What is to be done outside. */
export type ReviewCommand =
  /** To be kept on disk. */
  | { readonly do: 'note'; readonly change: NotesChange }
  | { readonly do: 'read'; readonly span: ReviewSpan }
  | { readonly do: 'unfold'; readonly path: string; readonly from: string | null }
  | { readonly do: 'compose'; readonly comment: Comment; readonly text: string }
  | { readonly do: 'edit'; readonly path: string; readonly line: number }
  | { readonly do: 'difftool'; readonly path: string }
  /** The whole change as shown, in the person's pager. */
  | { readonly do: 'pager' }
  | { readonly do: 'links' }
  | { readonly do: 'browse'; readonly url: string }
  | { readonly do: 'approve' }
  /** Approves what is shown and lands it. `message`: of the commit of what is not committed, or null. */
  | { readonly do: 'land'; readonly message: string | null }
  /** `ids`: the comments that `text` is made of. */
  | { readonly do: 'return'; readonly text: string; readonly ids: readonly string[] }
  | { readonly do: 'drop' }
  | { readonly do: 'quit' };

/** What follows from a message. */
export interface ReviewUpdate {
  readonly model: ReviewModel;
  readonly commands: readonly ReviewCommand[];
}

/** The model before anything was read. */
export function newReview(
  given: Pick<ReviewModel, 'task' | 'columns' | 'rows' | 'ascii' | 'keys' | 'seed'>,
): ReviewModel {
  return {
    ...given,
    ...{
      reading: null,
      notes: noNotes,
      placed: [],
      entries: [],
      unfolded: {},
      folds: {},
      file: 0,
      lines: [],
    },
    ...{ row: 0, top: 0, column: 0, anchor: null, pane: 'diff', mode: 'browse', typed: '', target: null },
    ...{ begun: {}, search: '', links: [], scroll: 0, deciding: null, notice: null, failure: null, made: 0 },
  };
}

/** The model with nothing to be done. */
export function still(model: ReviewModel): ReviewUpdate {
  return { model, commands: [] };
}

/** The file that is open; null when the change has none. */
export function openEntry(model: ReviewModel): ReviewEntry | null {
  return model.entries[model.file] ?? null;
}

/** The closed folds of the open file. */
export function foldsHere(model: ReviewModel): readonly string[] {
  const path = openEntry(model)?.path ?? '';
  return Object.hasOwn(model.folds, path) ? (model.folds[path] ?? []) : [];
}

/** Whether the open file is shown with all its lines. */
export function isWhole(model: ReviewModel): boolean {
  return Object.hasOwn(model.unfolded, openEntry(model)?.path ?? '');
}

/** Whether the content shown of a file was seen. */
export function isSeen(model: ReviewModel, { path, file }: ReviewEntry): boolean {
  return file !== null && Object.hasOwn(model.notes.seen, path) && model.notes.seen[path] === file.id;
}

/** The comments that a return sends now. */
export function pending(model: ReviewModel): readonly Placed[] {
  return model.placed.filter(({ comment }) => comment.round === null);
}

/** The entries of a change: its files, then those that only have open comments. */
export function entriesOf(
  files: readonly DiffFile[],
  placed: readonly Placed[],
  unfolded: ReviewModel['unfolded'],
): readonly ReviewEntry[] {
  const named = new Set(files.map(({ path }) => path));
  const others = new Set(
    placed.filter(({ path, addressed }) => !addressed && !named.has(path)).map(({ path }) => path),
  );
  return [
    ...files.map((file) => ({
      path: file.path,
      file: Object.hasOwn(unfolded, file.path) ? (unfolded[file.path] ?? file) : file,
    })),
    ...[...others].sort().map((path) => ({ path, file: null })),
  ];
}
