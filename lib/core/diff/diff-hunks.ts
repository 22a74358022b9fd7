/** The hunks of one file of a diff, read when they are wanted. */
import type { DiffFile } from './diff.ts';

/** One line of a hunk. A line of context has both numbers, from 1. */
export interface DiffLine {
  readonly kind: 'context' | 'added' | 'deleted';
  readonly old: number | null;
  readonly new: number | null;
  /** Without its sign and its line feed; a carriage return at its end stays. */
  readonly text: string;
  /** The file ends here without a line feed. */
  readonly open: boolean;
}

/** A part of a file’s diff. */
export interface Hunk {
  /** First line and number of lines on each side; of an empty side git gives the line before. */
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** What git found to be around it: a function's first line. */
  readonly heading: string;
  readonly lines: readonly DiffLine[];
}

const known = new WeakMap<DiffFile, readonly Hunk[]>();

/** The file's hunks; none for a binary file, a mode alone or a combined diff. Read once. */
export function hunksOf(file: DiffFile): readonly Hunk[] {
  const before = known.get(file);
  if (before) return before;
  const hunks = file.combined ? [] : readHunks(file);
  known.set(file, hunks);
  return hunks;
}

/** The lines of a diff that has no hunks of two sides, as git wrote them. */
export function rawLines(file: DiffFile): readonly string[] {
  return file.text
    .slice(...file.hunks)
    .replace(/\n$/, '')
    .split('\n')
    .filter((line, index) => line !== '' || index > 0);
}

interface Draft extends Omit<Hunk, 'lines'> {
  lines: DiffLine[];
}

function readHunks(file: DiffFile): readonly Hunk[] {
  const hunks: Draft[] = [];
  const { text } = file;
  const [from, to] = file.hunks;
  let [oldLine, newLine] = [0, 0];
  for (let at = from, end = at; at < to; at = end + 1) {
    end = text.indexOf('\n', at);
    if (end < 0 || end > to) end = to;
    const sign = text[at];
    const hunk = hunks.at(-1);
    if (sign === '@') {
      const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)/.exec(text.slice(at, end));
      if (!head) continue;
      const [oldStart = 0, oldLines = 1, newStart = 0, newLines = 1] = head
        .slice(1, 5)
        .map((each) => (each === undefined ? undefined : Number(each)));
      [oldLine, newLine] = [oldStart, newStart];
      hunks.push({ oldStart, oldLines, newStart, newLines, heading: head[5] ?? '', lines: [] });
    } else if (hunk === undefined) continue;
    else if (sign === '\\') {
      const last = hunk.lines.pop();
      if (last) hunk.lines.push({ ...last, open: true });
    } else if (sign === '+')
      hunk.lines.push({
        kind: 'added',
        old: null,
        new: newLine++,
        text: text.slice(at + 1, end),
        open: false,
      });
    else if (sign === '-')
      hunk.lines.push({
        kind: 'deleted',
        old: oldLine++,
        new: null,
        text: text.slice(at + 1, end),
        open: false,
      });
    // An empty line of context may come without its blank (diff.suppressBlankEmpty).
    else if (sign === ' ' || at === end)
      hunk.lines.push({
        kind: 'context',
        old: oldLine++,
        new: newLine++,
        text: text.slice(at + 1, end),
        open: false,
      });
  }
  return hunks;
}
