/**
 * Text as a terminal shows it. Widths are in cells, after Unicode's East Asian Width with ambiguous characters
 * narrow, as tmux counts them; nothing is ever cut inside a grapheme (what a reader takes for one character).
 */
import stringWidth from 'string-width';

/** One grapheme and the cells it takes (0, 1 or 2; more for some scripts). */
export interface Grapheme {
  readonly text: string;
  readonly width: number;
}

const printableAscii = /^[\x20-\x7e]*$/;
const escapeSequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?/g;
const blanks = /[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g;
/** Marks that turn the reading direction (a name could disguise itself) and half characters. */
const disguises = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;
/** A base with this many marks on it is no writing any more; the rest of the marks is left out. */
const longestGrapheme = 32;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Hostile text made harmless: escape sequences gone, runs of control characters one blank, no turned direction. */
export function plain(text: string): string {
  if (printableAscii.test(text)) return text;
  return text.replace(escapeSequence, '').replace(blanks, ' ').replace(disguises, '');
}

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

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;
const year = 365 * day;

/** An age of `ms` as people say it, in three cells: `now`, `4m`, `2h`, `3d`, `20w`, `3y`; `?` when it is no number. */
export function age(ms: number): string {
  if (Number.isNaN(ms)) return '?';
  if (ms < minute) return 'now';
  if (ms < hour) return `${Math.floor(ms / minute)}m`;
  if (ms < day) return `${Math.floor(ms / hour)}h`;
  if (ms < 100 * day) return `${Math.floor(ms / day)}d`;
  if (ms < 100 * week) return `${Math.floor(ms / week)}w`;
  return `${Math.min(99, Math.floor(ms / year))}y`;
}

/** In how many ms the label of an age of `ms` becomes another one; Infinity when it never does. */
export function ageChangesIn(ms: number): number {
  if (Number.isNaN(ms)) return Number.POSITIVE_INFINITY;
  if (ms < minute) return minute - ms;
  if (ms >= 99 * year) return Number.POSITIVE_INFINITY;
  const unit = ms < hour ? minute : ms < day ? hour : ms < 100 * day ? day : ms < 100 * week ? week : year;
  return unit - (ms % unit);
}

/** Whether the locale of this environment is UTF-8, as tmux and the C library decide it. */
export function speaksUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
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
