/** The keys that end a review: approve, land, return, drop. */
import { returnPrompt } from '../core/review/review-prompt.ts';
import { pending, type ReviewMessage, type ReviewModel, type ReviewUpdate, still } from './review-model.ts';

/** The keys that end a review, as typed. */
export const decidingKeys: readonly string[] = ['a', 'l', 'r', 'x'];

/** A key of a decision, or the answer to whether the task is to be dropped or landed. */
export function decide(model: ReviewModel, key: Extract<ReviewMessage, { kind: 'key' }>): ReviewUpdate {
  const name = key.text ?? key.name;
  if (model.mode === 'drop') {
    const next: ReviewModel = { ...model, mode: 'browse' };
    return name === 'y'
      ? { model: { ...next, deciding: 'dropping' }, commands: [{ do: 'drop' }] }
      : still(next);
  }
  if (model.mode === 'land') {
    const next: ReviewModel = { ...model, mode: 'browse' };
    return name === 'y' ? landing(next, null) : still(next);
  }
  if (model.reading === null) return still(model);
  const open = pending(model).length;
  switch (name) {
    case 'a':
    case 'l':
      if (open > 0)
        return still({
          ...model,
          notice: `${comments(open)} not sent: r returns them, or empty them with c`,
        });
      if (name === 'l') return still({ ...model, mode: 'land' });
      return { model: { ...model, failure: null, deciding: 'approving' }, commands: [{ do: 'approve' }] };
    case 'r':
      if (open > 0) return returning(model, null);
      return still({ ...model, mode: 'message', typed: '' });
    case 'x':
      return still({ ...model, mode: 'drop' });
  }
  return still(model);
}

/** Sends the comments, or without any what was typed; nothing typed sends nothing. */
export function returning(model: ReviewModel, typed: string | null): ReviewUpdate {
  const next: ReviewModel = { ...model, mode: 'browse', typed: '', failure: null };
  if (typed !== null && typed.trim() === '') return still(next);
  const placed = pending(model);
  const text = typed === null ? returnPrompt(placed) : typed.trim();
  const ids = typed === null ? placed.map(({ comment }) => comment.id) : [];
  return { model: { ...next, deciding: 'returning' }, commands: [{ do: 'return', text, ids }] };
}

/** Lands it, with a message for what is not committed; an empty one lands nothing. */
export function landing(model: ReviewModel, message: string | null): ReviewUpdate {
  const next: ReviewModel = { ...model, mode: 'browse', typed: '', failure: null };
  if (message !== null && message.trim() === '') return still(next);
  return {
    model: { ...next, deciding: 'landing' },
    commands: [{ do: 'land', message: message?.trim() ?? null }],
  };
}

/** A number of comments in words. */
export function comments(count: number): string {
  return `${count} ${count === 1 ? 'comment' : 'comments'}`;
}
