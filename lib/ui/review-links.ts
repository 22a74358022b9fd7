/** The addresses that a task offers: its running app, and what its report names. */
import type { Link } from '../core/review/links.ts';
import type { StyledLine } from '../core/styled.ts';
import type { ReviewMessage, ReviewModel, ReviewUpdate } from './review-model.ts';
import { still } from './review-model.ts';
import { folded } from './review-rows.ts';

/** Links that a digit chooses. */
const mostChosen = 9;

/** The running app alone is opened at once; an agent's links are first shown as they are, to be chosen from. */
export function offered(model: ReviewModel, links: readonly Link[]): ReviewUpdate {
  const [first, ...more] = links;
  if (first === undefined)
    return still({ ...model, notice: 'nothing to open: no app of it listens, its report names no link' });
  if (more.length === 0 && first.own) return { model, commands: [{ do: 'browse', url: first.url }] };
  return still({ ...model, mode: 'links', links, scroll: 0 });
}

/** An address that no browser was found for is shown, to be taken to one. */
export function unopened(model: ReviewModel, url: string): ReviewUpdate {
  const link = model.links.find((each) => each.url === url) ?? { url, words: 'the running app', own: true };
  return still({
    ...model,
    ...{ mode: 'links', links: [link], scroll: 0, notice: 'there is no browser here: open it where you sit' },
  });
}

/** A digit opens a link; null for any other key. */
export function choosing(
  model: ReviewModel,
  { text }: Extract<ReviewMessage, { kind: 'key' }>,
): ReviewUpdate | null {
  const link = text !== null && /^[1-9]$/.test(text) ? model.links[Number(text) - 1] : undefined;
  if (link === undefined) return null;
  return { model: { ...model, mode: 'browse', scroll: 0 }, commands: [{ do: 'browse', url: link.url }] };
}

/** The links, whole, however long they are. */
export function linkLines({ links, columns }: ReviewModel): readonly StyledLine[] {
  const room = Math.max(10, columns - 6);
  return links.flatMap(({ url, words }, at): readonly StyledLine[] => [
    [
      { text: ` ${at < mostChosen ? at + 1 : ' '}  `, bold: true },
      { text: words, dim: true },
    ],
    ...folded(url, room).map((text): StyledLine => [{ text: `    ${text}` }]),
    [],
  ]);
}
