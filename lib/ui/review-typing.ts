/** Text typed in a review: comments, a message for a return, a search. Escape leaves and keeps what was begun. */
import {
  applyChange,
  type Comment,
  mostOfComment,
  type NotesChange,
  type Side,
} from '../core/review/review.ts';
import { numberOn, type Placed } from '../core/review/review-place.ts';
import { landing, returning } from './review-decide.ts';
import {
  entriesOf,
  openEntry,
  type ReviewMessage,
  type ReviewModel,
  type ReviewUpdate,
  still,
} from './review-model.ts';
import { found, withRows } from './review-move.ts';

/** A key while text is typed. */
export function typing(model: ReviewModel, key: Extract<ReviewMessage, { kind: 'key' }>): ReviewUpdate {
  const { mode, typed, target } = model;
  const put = (text: string) => still({ ...model, typed: text });
  switch (key.name) {
    case 'escape':
    case 'C-c':
      return still(left(model));
    case 'enter':
      if (mode === 'comment') return finishTyping(model, typed);
      if (mode === 'commit') return landing(model, typed);
      return mode === 'search' ? still(searched(model)) : returning(model, typed);
    case 'C-e':
      if (mode !== 'comment' || target === null) return still(model);
      return { model: left(model), commands: [{ do: 'compose', comment: target, text: typed }] };
    case 'C-u':
      return put('');
    case 'C-w':
      return put(typed.replace(/\S*\s*$/u, ''));
    case 'C-j':
    case 'linefeed':
      return mode === 'search' ? still(model) : put(`${typed}\n`);
    case 'backspace':
      return put([...typed].slice(0, -1).join(''));
  }
  return key.text === null ? still(model) : put(typed + key.text);
}

/** Opens the box for a comment on the line or the range; `editor`: in the person's editor instead. */
export function beginComment(model: ReviewModel, editor: boolean): ReviewUpdate {
  const target = targetOf(model);
  if (typeof target === 'string') return still({ ...model, notice: target });
  const typed = model.begun[placeOf(target)] ?? target.text;
  if (editor) return { model, commands: [{ do: 'compose', comment: target, text: typed }] };
  return still({ ...model, mode: 'comment', target, typed });
}

/** The comment gets this text; an empty one goes. */
export function finishTyping(model: ReviewModel, text: string): ReviewUpdate {
  const { target } = model;
  if (target === null) return still({ ...model, mode: 'browse' });
  const { [placeOf(target)]: _, ...begun } = model.begun;
  const next: ReviewModel = { ...model, mode: 'browse', typed: '', target: null, anchor: null, begun };
  const known = model.notes.comments.some(({ id }) => id === target.id);
  if (text.trim() === '') return known ? noted(next, { kind: 'uncomment', id: target.id }) : still(next);
  const made = known ? model.made : model.made + 1;
  return noted(
    { ...next, made },
    { kind: 'comment', comment: { ...target, text: text.trim().slice(0, mostOfComment.text) } },
  );
}

/** When the terminal goes, a comment that is being typed becomes one. */
export function savedDraft(model: ReviewModel): ReviewUpdate {
  return model.mode === 'comment' && model.typed.trim() !== ''
    ? finishTyping(model, model.typed)
    : still(model);
}

/** The notes changed, on the screen at once and on disk by a command. */
export function noted(model: ReviewModel, change: NotesChange): ReviewUpdate {
  const notes = applyChange(model.notes, change);
  const commands = [{ do: 'note', change } as const];
  if (change.kind === 'seen') return { model: { ...model, notes }, commands };
  const before = new Map(model.placed.map((each) => [each.comment.id, each]));
  const placed = notes.comments.map((comment): Placed => {
    const { path, from, to } = before.get(comment.id) ?? comment;
    return { comment, path, from, to, addressed: before.get(comment.id)?.addressed ?? false };
  });
  const entries = entriesOf(model.reading?.files ?? [], placed, model.unfolded);
  return { model: withRows({ ...model, notes, placed, entries }), commands };
}

function left(model: ReviewModel): ReviewModel {
  const { target, typed, begun } = model;
  const kept = target === null ? begun : { ...begun, [placeOf(target)]: typed };
  return { ...model, mode: 'browse', typed: '', target: null, begun: kept };
}

function searched(model: ReviewModel): ReviewModel {
  const search = model.typed === '' ? model.search : model.typed;
  const next: ReviewModel = { ...model, mode: 'browse', typed: '', search };
  if (search === '') return next;
  return found(next) ?? { ...next, notice: `not found: ${search}` };
}

/** The comment that `c` is about: one not sent yet that the cursor is at, else a new one; or why there is none. */
function targetOf(model: ReviewModel): Comment | string {
  const { lines, row, anchor } = model;
  const here = lines[row];
  if (here?.kind === 'comment' && anchor === null) {
    const { comment } = here.placed;
    return comment.round === null ? comment : 'this one was sent; comment on the line above it';
  }
  const entry = openEntry(model);
  const range = lines.slice(Math.min(row, anchor ?? row), Math.max(row, anchor ?? row) + 1);
  const sides = range.flatMap((each) => (each.kind === 'line' ? [each] : []));
  const side: Side = sides.some(({ right }) => right !== null) ? 'new' : 'old';
  const chosen = sides.flatMap(({ left, right }) => {
    const line = side === 'new' ? right : left;
    const number = line === null ? null : numberOn(line, side);
    return line === null || number === null ? [] : [{ number, text: line.text }];
  });
  const [first, last] = [chosen[0], chosen.at(-1)];
  if (entry === null || first === undefined || last === undefined)
    return 'there is no line here to comment on';
  if (last.number - first.number !== chosen.length - 1) return 'a comment is on lines that follow each other';
  if (chosen.length > mostOfComment.lines) return `a comment is on ${mostOfComment.lines} lines at most`;
  const { number: from } = first;
  const known = model.placed.find(
    ({ comment, path, ...at }) =>
      comment.round === null &&
      path === entry.path &&
      comment.side === side &&
      at.from === from &&
      at.to === last.number,
  );
  if (known) return known.comment;
  return {
    id: `${model.seed}-${model.made + 1}`,
    ...{
      path: entry.path,
      side,
      from,
      to: last.number,
      lines: chosen.map(({ text }) => text.slice(0, mostOfComment.line)),
    },
    ...{ text: '', round: null, commit: null },
  };
}

function placeOf({ path, side, from, to }: Comment): string {
  return [path, side, from, to].join('\n');
}
