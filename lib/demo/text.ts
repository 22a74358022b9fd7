/** Text from outside made fit for a terminal line: without control characters, measured and cut by display width. */

const escapeSequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/g;
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** First and last code point of the ranges that take two cells (Unicode East Asian Width W and F, and emoji). */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x27bf],
  [0x2b1b, 0x2b55],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1faff],
  [0x20000, 0x3fffd],
];

/** `text` on one line without escape sequences, control and direction characters; blanks stay where they are. */
export function clean(text: string): string {
  return text.replace(escapeSequences, '').replace(invisible, ' ');
}

/** As `clean`, without blanks at either end. */
export function plain(text: string): string {
  return clean(text).trim();
}

/** As `clean`, but line by line: line feeds and tabs stay. */
export function plainLines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/(?<=[\n\t])/)
    .map((part) => (/[\n\t]$/.test(part) ? clean(part.slice(0, -1)) + part.slice(-1) : clean(part)))
    .join('');
}

/** Cells that one character takes: 0, 1 or 2. Rather too many than too few, so that a cut line always fits. */
function cellsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (zeroWidth.test(character)) return 0;
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** The beginning of `text` in at most `columns` cells, with `…` at its end when something was cut. */
export function cut(text: string, columns: number): string {
  return fit(text, columns, (kept, mark) => kept.join('') + mark, false);
}

/** The end of `text` in at most `columns` cells, with `…` at its start when something was cut. */
export function cutStart(text: string, columns: number): string {
  return fit(text, columns, (kept, mark) => mark + kept.reverse().join(''), true);
}

function fit(
  text: string,
  columns: number,
  join: (kept: string[], mark: string) => string,
  fromEnd: boolean,
): string {
  if (columns <= 0) return '';
  // No line holds more characters than this, so a text of any length costs the same.
  const most = columns * 8;
  const part = fromEnd ? text.slice(-most) : text.slice(0, most);
  const characters = [...part];
  if (fromEnd) characters.reverse();
  const kept: string[] = [];
  let used = 0;
  let keptBeforeMark = 0;
  for (const character of characters) {
    used += cellsOf(character);
    if (used > columns) return join(kept.slice(0, keptBeforeMark), '…');
    kept.push(character);
    if (used <= columns - 1) keptBeforeMark = kept.length;
  }
  return part.length < text.length ? join(kept.slice(0, keptBeforeMark), '…') : join(kept, '');
}

/** The first line of `text` that says something, sanitised, in at most `columns` cells; `(no text)` without one. */
export function titleOf(text: string, columns = 80): string {
  const start = /\S/.exec(text)?.index ?? 0;
  for (const line of text.slice(start, start + 4000).split(/[\r\n]+/)) {
    const shown = plain(line);
    if (shown !== '') return cut(shown, columns);
  }
  return '(no text)';
}

/** A number with its noun: `1 word`, `12 words`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
