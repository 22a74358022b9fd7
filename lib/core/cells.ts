/**
 * The cells that text takes in a terminal, after Unicode's East Asian Width with ambiguous characters narrow, as tmux
 * counts them; nothing is ever cut inside a grapheme (what a reader takes for one character). Apart from `text.ts`
 * because what knows Unicode's tables takes some 10 ms to load, which commands that draw nothing need not wait for.
 */
import stringWidth from 'string-width';
import { plain, printableAscii } from './text.ts';

/** One grapheme and the cells it takes (0, 1 or 2; more for some scripts). */
export interface Grapheme {
  readonly text: string;
  readonly width: number;
}

/** A base with this many marks on it is no writing any more; the rest of the marks is left out. */
const longestGrapheme = 32;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text's graphemes with their widths; control characters are replaced as by `plain`. */
export function graphemes(text: string): readonly Grapheme[] {
  if (printableAscii.test(text)) return Array.from(text, (each) => ({ text: each, width: 1 }));
  const found: Grapheme[] = [];
  for (const { segment } of segmenter.segment(plain(text))) {
    const short = segment.length > longestGrapheme ? [...segment].slice(0, 8).join('') : segment;
    found.push({ text: short, width: stringWidth(short) });
  }
  return found;
}

/** The cells that `text` takes on one line. */
export function displayWidth(text: string): number {
  if (printableAscii.test(text)) return text.length;
  return graphemes(text).reduce((sum, each) => sum + each.width, 0);
}

/** At most `width` cells of a sentence: cut at its end, with `sign` where something is missing. */
export function cutEnd(text: string, width: number, sign = '…'): string {
  const clean = plain(text);
  if (displayWidth(clean) <= width) return clean;
  const room = width - displayWidth(sign);
  if (room < 0) return '';
  return take(graphemes(clean), room).trimEnd() + sign;
}

/** At most `width` cells of a name: cut in its middle, so that its beginning and its end stay (`very-lo…-name`). */
export function cutMiddle(text: string, width: number, sign = '…'): string {
  const clean = plain(text);
  if (displayWidth(clean) <= width) return clean;
  const room = width - displayWidth(sign);
  if (room < 0) return '';
  const all = graphemes(clean);
  const tail = takeLast(all, Math.floor(room / 2));
  return take(all, room - displayWidth(tail)) + sign + tail;
}

/** `text` and blanks up to `width` cells; a longer text stays as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Blanks up to `width` cells and then `text`. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

function take(all: readonly Grapheme[], width: number): string {
  let left = width;
  let taken = '';
  for (const each of all) {
    if (each.width > left) break;
    left -= each.width;
    taken += each.text;
  }
  return taken;
}

function takeLast(all: readonly Grapheme[], width: number): string {
  let left = width;
  let from = all.length;
  while (from > 0) {
    const each = all[from - 1];
    if (!each || each.width > left) break;
    left -= each.width;
    from -= 1;
  }
  return all
    .slice(from)
    .map((each) => each.text)
    .join('');
}
