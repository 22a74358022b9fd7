/** Screens as people see them: only the live region at the bottom is read, and never the whole of what scrolled by. */

import type { Sight } from './reading.ts';
import { said } from './reading-payload.ts';

/** Lines at the end of a screen that are still alive: a dialog is seldom taller. */
const liveLines = 34;

/** What one pattern on the screen means. The first that is found counts, so dialogs stand before what looks busy. */
export interface ScreenSign {
  readonly state: Sight['state'];
  /** Found in the live region, whose lines are joined by line feeds, frames taken off. */
  readonly pattern: RegExp;
  /** What it waits for; `$1` is the pattern's first group. Without it the line found is told. */
  readonly words?: string;
  /** How many lines from the end count, when fewer than the live region. */
  readonly within?: number;
}

/** A reader of screens from signs in the order of their weight. */
export function screenReader(signs: readonly ScreenSign[]): (lines: readonly string[]) => Sight | null {
  return (lines) => {
    const live = liveRegion(lines);
    for (const { state, pattern, words, within } of signs) {
      const found = pattern.exec((within === undefined ? live : live.slice(-within)).join('\n'));
      if (found === null) continue;
      const message = words === undefined ? found[0] : words.replace('$1', found[1] ?? '');
      return { state, message: state === 'waiting' || state === 'failed' ? said(message) : null };
    }
    return null;
  };
}

/** The last lines that hold something, without frames (`│ … │`), each at most 300 characters. */
export function liveRegion(lines: readonly string[]): readonly string[] {
  return lines
    .map((line) =>
      line
        .slice(0, 300)
        .replace(/^[\s│┃|╭╰┌└─━]+|[\s│┃|╮╯┐┘─━]+$/gu, '')
        .trim(),
    )
    .filter((line) => line !== '')
    .slice(-liveLines);
}
