/** Which words of two lines differ: what a reader's eye should be led to. */

/** From and to, in UTF-16 units of the line. */
export type Range = readonly [number, number];

/** What was taken out of the old line, and what was put into the new one. */
export interface WordMarks {
  readonly before: readonly Range[];
  readonly after: readonly Range[];
}

/** Units of a line whose words are compared; of a longer one all between its equal ends is marked. */
export const longestOfWords = 2000;
/** Words of a line's middle that are compared with each other; longer ones are marked from end to end. */
const mostWords = 240;
/** Lines with less in common than this share are two different lines: nothing is marked. */
const leastCommon = 0.3;

const none: WordMarks = { before: [], after: [] };

/** The words that differ between two lines that stand for each other. Total; none when the lines have little in common. */
export function wordMarks(before: string, after: string): WordMarks {
  if (before === after) return none;
  if (before.length > longestOfWords || after.length > longestOfWords) return betweenEnds(before, after);
  const [a, b] = [wordsOf(before), wordsOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const middle = kept(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const keptA = new Set(
    a.map((_, index) => index).filter((index) => index < head || index >= a.length - tail),
  );
  const keptB = new Set(
    b.map((_, index) => index).filter((index) => index < head || index >= b.length - tail),
  );
  for (const [left, right] of middle) {
    keptA.add(left + head);
    keptB.add(right + head);
  }
  if (common(a, keptA) < leastCommon * Math.max(inked(before), inked(after))) return none;
  return { before: rangesOf(a, keptA), after: rangesOf(b, keptB) };
}

function wordsOf(line: string): readonly string[] {
  return line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** What differs of lines as a program writes them, in one piece on each side. */
function betweenEnds(before: string, after: string): WordMarks {
  const least = Math.min(before.length, after.length);
  let [head, tail] = [0, 0];
  while (head < least && before[head] === after[head]) head += 1;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  if (head + tail < leastCommon * Math.max(before.length, after.length)) return none;
  // From and to the ends of words; half a character is none.
  const inside = (at: number) => /[\p{L}\p{N}_\p{Surrogate}]/u.test(before[at] ?? '');
  for (let step = 0; step < 100 && head > 0 && inside(head - 1); step += 1) head -= 1;
  for (let step = 0; step < 100 && tail > 0 && inside(before.length - tail); step += 1) tail -= 1;
  const range = (line: string): readonly Range[] =>
    line.length - tail > head ? [[head, line.length - tail]] : [];
  return { before: range(before), after: range(after) };
}

/** Pairs of equal words in order, as many as there can be (longest common subsequence). */
function kept(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length > mostWords || b.length > mostWords || a.length === 0 || b.length === 0) return [];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = a.length - 1; row >= 0; row -= 1)
    for (let column = b.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        a[row] === b[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < a.length && column < b.length; ) {
    if (a[row] === b[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

function common(words: readonly string[], keptWords: ReadonlySet<number>): number {
  return words.reduce((sum, word, index) => sum + (keptWords.has(index) ? inked(word) : 0), 0);
}

function inked(text: string): number {
  return text.replace(/\s+/g, '').length;
}

/** Blanks between two marked words are marked with them. */
function rangesOf(words: readonly string[], keptWords: ReadonlySet<number>): readonly Range[] {
  const ranges: [number, number][] = [];
  let at = 0;
  words.forEach((word, index) => {
    const blank = /^\s+$/.test(word) && !keptWords.has(index - 1) && !keptWords.has(index + 1);
    if (!keptWords.has(index) || (blank && index > 0 && index < words.length - 1)) {
      const last = ranges.at(-1);
      if (last?.[1] === at) last[1] = at + word.length;
      else ranges.push([at, at + word.length]);
    }
    at += word.length;
  });
  return ranges;
}
