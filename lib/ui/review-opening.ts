/** The keys that read on or open something else: the other span, the file as it is, tools of the person's own. */
import { oneLine } from '../core/errors.ts';
import { openEntry, type ReviewCommand, type ReviewModel, type ReviewUpdate, still } from './review-model.ts';

/** From what is new since the last look to the whole change, or back. */
export function otherSpan(model: ReviewModel): ReviewUpdate {
  const { reading } = model;
  if (reading === null) return still(model);
  if (reading.round < 2) return still({ ...model, notice: 'this is the first look: all of it is new' });
  return again(model, [{ do: 'read', span: reading.span === 'since' ? 'whole' : 'since' }]);
}

/** Asks for commands; a failure told before is past. */
export function again(model: ReviewModel, commands: readonly ReviewCommand[]): ReviewUpdate {
  return { model: { ...model, failure: null }, commands };
}

/** The change in the person's pager, the open file in their editor or difftool, the app or a link in their browser. */
export function opening(model: ReviewModel, name: 'e' | 'd' | 'o' | 'P'): ReviewUpdate {
  if (model.reading === null) return still(model);
  if (name === 'o') return again(model, [{ do: 'links' }]);
  if (name === 'P') return again(model, [{ do: 'pager' }]);
  const entry = openEntry(model);
  if (entry === null) return still(model);
  if (name === 'd') return again(model, [{ do: 'difftool', path: entry.path }]);
  if (entry.file?.change === 'deleted')
    return still({ ...model, notice: `${oneLine(entry.path)} is not there any more` });
  return again(model, [{ do: 'edit', path: entry.path, line: lineHere(model) }]);
}

/** The line of the file as it is now that the cursor is on or near to, from 1. */
function lineHere({ lines, row }: ReviewModel): number {
  const before = lines.slice(0, row + 1).findLast((each) => each.kind === 'line' && each.right !== null);
  const after = lines.slice(row).find((each) => each.kind === 'line' && each.right !== null);
  const line = after ?? before;
  return line?.kind === 'line' ? (line.right?.new ?? 1) : 1;
}
