/**
 * What a person notes while they look at a task's change: files seen, comments on lines. Kept as `review.json` in the
 * task's folder from one look to the next. Changes are data, so that two screens on one task lose nothing.
 */
import { isObject, list, matching, oneOf, orNull, type Reader, shaped, text, whole } from '../fields.ts';

/** `new`: lines as they are now, `old`: lines that the change takes away. */
export type Side = 'old' | 'new';

/** A comment on lines of a file. */
export interface Comment {
  readonly id: string;
  readonly path: string;
  readonly side: Side;
  /** First and last line on that side, from 1, when the comment was made. */
  readonly from: number;
  readonly to: number;
  /** Those lines, as they were. */
  readonly lines: readonly string[];
  readonly text: string;
  /** The round that it was sent back with, counted from 1; null: not sent yet. */
  readonly round: number | null;
  /** The commit that keeps what it was made about, once it was sent. */
  readonly commit: string | null;
}

/** What a comment holds at most: UTF-16 units of a line and of its text, and lines. */
export const mostOfComment = { line: 2000, text: 60_000, lines: 2000 } as const;

/** All that is noted of a task. */
export interface ReviewNotes {
  readonly version: 1;
  /** By path, which content of it was seen (`DiffFile.id`). */
  readonly seen: Readonly<Record<string, string>>;
  readonly comments: readonly Comment[];
}

/** One change of the notes. */
export type NotesChange =
  | { readonly kind: 'seen'; readonly path: string; readonly id: string | null }
  /** Also replaces the one of the same id. */
  | { readonly kind: 'comment'; readonly comment: Comment }
  | { readonly kind: 'uncomment'; readonly id: string }
  /** Comments that went to the agent with a round. */
  | {
      readonly kind: 'sent';
      readonly ids: readonly string[];
      readonly round: number;
      readonly commit: string;
    };

/** Before the first look. */
export const noNotes: ReviewNotes = { version: 1, seen: {}, comments: [] };

/** The notes after a change. */
export function applyChange(notes: ReviewNotes, change: NotesChange): ReviewNotes {
  switch (change.kind) {
    case 'seen': {
      const { [change.path]: _, ...others } = notes.seen;
      return { ...notes, seen: change.id === null ? others : { ...others, [change.path]: change.id } };
    }
    case 'comment': {
      const known = notes.comments.some(({ id }) => id === change.comment.id);
      const comments = known
        ? notes.comments.map((each) => (each.id === change.comment.id ? change.comment : each))
        : [...notes.comments, change.comment];
      return { ...notes, comments };
    }
    case 'uncomment':
      return { ...notes, comments: notes.comments.filter(({ id }) => id !== change.id) };
    case 'sent':
      return {
        ...notes,
        comments: notes.comments.map((each) =>
          change.ids.includes(each.id) ? { ...each, round: change.round, commit: change.commit } : each,
        ),
      };
  }
}

/** The comments that the next return sends. */
export function unsent(notes: ReviewNotes): readonly Comment[] {
  return notes.comments.filter(({ round }) => round === null);
}

const path = text(4096);
const line = whole(0, 2 ** 31);
const comment = shaped<Comment>({
  id: matching(/^[\w-]{1,64}$/),
  path,
  side: oneOf(['old', 'new']),
  from: line,
  to: line,
  lines: list(text(1 << 16), 10_000),
  text: text(1 << 16),
  round: orNull(whole(1, 2 ** 31)),
  commit: orNull(matching(/^[0-9a-f]{40,64}$/)),
});

const seen: Reader<ReviewNotes['seen']> = (value) => {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).flatMap(([key, id]) =>
    typeof id === 'string' ? [[key, id] as const] : [],
  );
  return Object.fromEntries(entries);
};

/** Notes from what `review.json` held; null when it is damaged or of another version. */
export function parseNotes(json: string): ReviewNotes | null {
  try {
    const read = shaped<ReviewNotes>({
      version: (value) => (value === 1 ? 1 : undefined),
      seen,
      comments: list(comment, 100_000),
    })(JSON.parse(json));
    return read ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
