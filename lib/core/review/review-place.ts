/** Where a comment's lines are now: moved along with what changed since, or found again by what they say. */
import type { DiffFile } from '../diff/diff.ts';
import { type DiffLine, type Hunk, hunksOf } from '../diff/diff-hunks.ts';
import { type Comment, mostOfComment, type Side } from './review.ts';

/** A comment with its place in the change as it is now. */
export interface Placed {
  readonly comment: Comment;
  readonly path: string;
  /** First and last line on its side now; where the lines went, those at their place. */
  readonly from: number;
  readonly to: number;
  /** Whether its lines were changed since. */
  readonly addressed: boolean;
}

/** Lines `from` to `to` of a file after a change of it, from 1. `changed`: one of them was changed or taken away. */
export function mapLines(
  hunks: readonly Hunk[],
  from: number,
  to: number,
): { readonly from: number; readonly to: number; readonly changed: boolean } {
  let shift = 0;
  let changed = false;
  let [first, last] = [from, to];
  for (const hunk of hunks) {
    const begins = hunk.oldLines === 0 ? hunk.oldStart + 1 : hunk.oldStart;
    if (begins > to) break;
    if (begins + hunk.oldLines <= from) {
      shift = delta(hunk, hunk.lines.length);
      first = from + shift;
      last = to + shift;
      continue;
    }
    const inside = within(hunk, from, to);
    changed ||= inside.changed;
    if (inside.from !== null) first = inside.from;
    last = inside.to ?? to + delta(hunk, hunk.lines.length);
  }
  return { from: Math.max(1, first), to: Math.max(1, first, last), changed };
}

/** By how many lines what follows the first `count` lines of a hunk is moved. */
function delta(hunk: Hunk, count: number): number {
  const before =
    (hunk.newLines === 0 ? hunk.newStart + 1 : hunk.newStart) -
    (hunk.oldLines === 0 ? hunk.oldStart + 1 : hunk.oldStart);
  return hunk.lines
    .slice(0, count)
    .reduce((sum, { kind }) => sum + (kind === 'added' ? 1 : kind === 'deleted' ? -1 : 0), before);
}

/** Where the lines are that a hunk tells of; null for an end that lies outside of it. */
function within(hunk: Hunk, from: number, to: number) {
  let [first, last]: [number | null, number | null] = [null, null];
  let changed = false;
  let now = hunk.newLines === 0 ? hunk.newStart + 1 : hunk.newStart;
  let old = hunk.oldLines === 0 ? hunk.oldStart + 1 : hunk.oldStart;
  for (const { kind } of hunk.lines) {
    if (kind === 'added') {
      // Between two of the lines: they are not what they were.
      if (old > from && old <= to) changed = true;
      now += 1;
      continue;
    }
    if (old === from) first = now;
    if (old === to) last = kind === 'context' ? now : now - 1;
    if (old >= from && old <= to && kind === 'deleted') changed = true;
    if (kind === 'context') now += 1;
    old += 1;
  }
  return { from: first, to: last, changed };
}

/**
 * The place of a comment that was sent: `since` is the diff from the commit that it was made about. One on lines that
 * were taken away is addressed once they are back; where it is shown is found in `shown`.
 */
export function placeSent(comment: Comment, since: readonly DiffFile[], shown: readonly DiffFile[]): Placed {
  const file =
    since.find((each) => each.from === comment.path && each.change === 'renamed') ??
    since.find((each) => each.path === comment.path && each.change !== 'copied');
  if (comment.side === 'old') return { ...placeDraft(comment, shown), addressed: comesBack(comment, file) };
  const { from, to } = comment;
  if (file === undefined) return { comment, path: comment.path, from, to, addressed: false };
  if (file.change === 'deleted' || file.binary || file.combined)
    return { comment, path: file.path, from, to, addressed: true };
  const { changed, ...place } = mapLines(hunksOf(file), from, to);
  return { comment, path: file.path, ...place, addressed: changed };
}

function comesBack({ lines }: Comment, file: DiffFile | undefined): boolean {
  const added = (file === undefined ? [] : hunksOf(file)).flatMap((hunk) =>
    hunk.lines.flatMap((line) => (line.kind === 'added' ? [line.text] : [])),
  );
  return lines.some((line) => line.trim() !== '' && added.includes(line));
}

/** The place of a comment in a diff that may have changed under it: the same lines, the nearest; else as it was. */
export function placeDraft(comment: Comment, shown: readonly DiffFile[]): Placed {
  const { path, side, from, to, lines } = comment;
  const file = shown.find((each) => each.path === path || (each.change === 'renamed' && each.from === path));
  let nearest: number | null = null;
  for (const hunk of file === undefined ? [] : hunksOf(file)) {
    const own = hunk.lines.filter((line) => numberOn(line, side) !== null);
    for (let at = 0; at + lines.length <= own.length; at += 1) {
      const first = own[at];
      const here = first === undefined ? null : numberOn(first, side);
      if (
        here === null ||
        !lines.every((line, index) => own[at + index]?.text.slice(0, mostOfComment.line) === line)
      )
        continue;
      if (nearest === null || Math.abs(here - from) < Math.abs(nearest - from)) nearest = here;
    }
  }
  const place = nearest === null ? { from, to } : { from: nearest, to: nearest + lines.length - 1 };
  return { comment, path: file?.path ?? path, ...place, addressed: false };
}

/** The number that a comment on this side gives a line; null for a line that is not commented on there. */
export function numberOn(line: DiffLine, side: Side): number | null {
  if (side === 'new') return line.new;
  return line.kind === 'deleted' ? line.old : null;
}
