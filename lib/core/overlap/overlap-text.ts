/** What is said of two tasks that change the same files, in words for a person. */
import { type PairOverlap, type TaskOverlap, type Weight, weightOf } from './overlap.ts';

/** What a share means. */
const meaning: Readonly<Record<Weight, string>> = {
  fine: 'fine',
  look: 'worth a look',
  serial: 'better one after the other',
};

/** One task's view of a pair, for a line of its own. */
export function overlapText(overlap: TaskOverlap): string {
  const { task, files, share } = overlap;
  return `${task}: ${filesText(files)}, ${shareText(share)}, ${weightText(overlap)}`;
}

/** What is to be thought of a pair, and what git would do. */
export function weightText({ share, conflict }: Pick<PairOverlap, 'share' | 'conflict'>): string {
  const words = meaning[weightOf(share)];
  if (conflict === null) return `${words}; git could not tell whether it conflicts`;
  return conflict ? `${words}; git would conflict` : words;
}

/** A share of files: `34 %`. */
export function shareText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** A number of files in words. */
export function filesText(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}
