/** What is read over the whole width of a review: the keys, links, or the task's prompt and report. */
import { displayWidth, padEnd } from '../core/cells.ts';
import type { StyledLine } from '../core/styled.ts';
import { layOutReview } from './review-layout.ts';
import { linkLines } from './review-links.ts';
import type { ReviewModel } from './review-model.ts';
import { folded } from './review-rows.ts';
import { visible } from './review-words.ts';

const widestText = 100;

/** All lines of what the mode shows; none in a mode that shows the change. */
export function textLines(model: ReviewModel): readonly StyledLine[] {
  const width = Math.min(widestText, model.columns - 2);
  if (model.mode === 'about')
    return (model.reading?.about ?? [])
      .flatMap((line) => folded(visible(line), width))
      .map((text) => [{ text: ` ${text}` }]);
  if (model.mode === 'links') return linkLines(model);
  if (model.mode !== 'help') return [];
  const widest = Math.max(...model.keys.map(({ key }) => displayWidth(key)));
  return model.keys.map(({ key, words }) => [
    { text: ` ${padEnd(key, widest)}  `, bold: true },
    { text: words },
  ]);
}

/** By how many lines that text can be scrolled. */
export function scrollable(model: ReviewModel): number {
  return Math.max(0, textLines(model).length - layOutReview(model).listRows);
}
