/** Putting spans together into lines of an exact width, in cells. */

import { cutEnd, displayWidth } from '../core/cells.ts';
import type { Span, StyledLine } from '../core/styled.ts';
import { plain } from '../core/text.ts';

/** The cells a line takes. */
export function lineWidth(line: StyledLine): number {
  return line.reduce((sum, span) => sum + displayWidth(span.text), 0);
}

/** The line in exactly `width` cells: the rest cut off at the end, or blanks added; hostile text made harmless. */
export function fit(line: StyledLine, width: number, cut: string): StyledLine {
  const fitted: Span[] = [];
  let left = width;
  for (const span of line) {
    const text = plain(span.text);
    const wide = displayWidth(text);
    if (wide > left) {
      // Where the one before ends at the very edge it makes room for the sign.
      const full = left < displayWidth(cut) ? fitted.pop() : undefined;
      left += full === undefined ? 0 : displayWidth(full.text);
      const short = cutEnd((full?.text ?? '') + text, left, cut);
      fitted.push({ ...(full ?? span), text: short });
      left -= displayWidth(short);
      break;
    }
    fitted.push({ ...span, text });
    left -= wide;
  }
  if (left > 0) fitted.push({ text: ' '.repeat(left) });
  return fitted;
}

/** `left` and `right` at the two ends of `width` cells; what does not fit is cut from `left`. */
export function spread(left: StyledLine, right: StyledLine, width: number, cut: string): StyledLine {
  const taken = lineWidth(right);
  if (taken === 0) return fit(left, width, cut);
  if (taken >= width) return fit(right, width, cut);
  return [...fit(left, width - taken, cut), ...right];
}

/** Parts with two blanks between them, as many from the start as fit into `width`; a later part is left out whole. */
export function joinFitting(parts: readonly StyledLine[], width: number): StyledLine {
  const joined: Span[] = [];
  let taken = 0;
  for (const part of parts) {
    const wide = lineWidth(part) + (taken > 0 ? 2 : 0);
    if (taken + wide > width) break;
    if (taken > 0) joined.push({ text: '  ' });
    joined.push(...part);
    taken += wide;
  }
  return joined;
}

/** The line as the selected one: reversed whole, since colours on a reversed ground read badly. */
export function reversed(line: StyledLine): StyledLine {
  return line.map(({ text, bold }) => ({ text, reverse: true, ...(bold ? { bold } : {}) }));
}

/** A rule over `width` cells with words in it: `── 7 tasks ────── 2 working ──`. */
export function rule(left: string, right: string, width: number, sign: string): StyledLine {
  const start = left === '' ? '' : ` ${left} `;
  const end = right === '' ? '' : ` ${right} ${sign}`;
  const between = width - 1 - displayWidth(start) - displayWidth(end);
  if (between < 1 && right !== '') return rule(left, '', width, sign);
  if (between < 1 && left !== '') return rule('', '', width, sign);
  return [{ text: `${sign}${start}${sign.repeat(Math.max(0, between))}${end}`, dim: true }];
}
