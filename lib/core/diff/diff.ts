/**
 * What `git diff` printed, as files. The format is git's "Generating patch text with -p", with `a/` and `b/` as
 * prefixes. Hunks are read per file when they are wanted (diff-hunks.ts), so that a large diff opens at once.
 */
import { bothNames, nameOfLine } from './diff-names.ts';

/** What became of a file, as git names it. */
export type FileChange = 'added' | 'deleted' | 'modified' | 'renamed' | 'copied';

/** One file of a diff. */
export interface DiffFile {
  /** Its name after the change; of a deleted file the one before it. */
  readonly path: string;
  /** Its name before, when that was another one. */
  readonly from: string | null;
  readonly change: FileChange;
  /** Modes as git writes them (`100755`), when they differ. */
  readonly modes: readonly [string, string] | null;
  readonly binary: boolean;
  readonly submodule: boolean;
  /** Its content is where it leads to. */
  readonly symlink: boolean;
  /** A merge with more than one parent, or a file git could not merge: shown as git wrote it. */
  readonly combined: boolean;
  readonly insertions: number;
  readonly deletions: number;
  /** What tells one content after the change from another: the blob's id, else the mode. */
  readonly id: string;
  /** Where its hunks begin and end in `text`, in UTF-16 units. */
  readonly hunks: readonly [number, number];
  readonly text: string;
}

/** A diff in git's order. Total: what is no diff gives no file. */
export function parseDiff(text: string): readonly DiffFile[] {
  const starts = fileStarts(text);
  const files = starts.map((start, index) => parseFile(text, start, starts[index + 1] ?? text.length));
  const named = new Set(files.map(({ path }) => path));
  return [...files, ...unmerged(text).flatMap((path) => (named.has(path) ? [] : [unmergedFile(path)]))];
}

/** Lines of hunks begin with a sign of their own, so that a line like this one is always a header. */
function fileStarts(text: string): readonly number[] {
  const starts: number[] = [];
  const header = /^diff --(?:git|cc|combined) /gm;
  for (let found = header.exec(text); found !== null; found = header.exec(text)) {
    // `^` also matches after a lone carriage return and after U+2028, which are no line ends to git.
    if (found.index === 0 || text.charCodeAt(found.index - 1) === 10) starts.push(found.index);
  }
  return starts;
}

interface Header {
  from: string | null;
  to: string | null;
  change: FileChange;
  modes: [string | null, string | null];
  blob: string | null;
  binary: boolean;
}

function parseFile(text: string, start: number, end: number): DiffFile {
  const combined = !text.startsWith('diff --git ', start);
  const header: Header = {
    from: null,
    to: null,
    change: 'modified',
    modes: [null, null],
    blob: null,
    binary: false,
  };
  let at = lineEnd(text, start, end);
  if (combined) header.to = nameOfLine(text.slice(start, at).replace(/^diff --\w+ /, ''), '');
  else [header.from, header.to] = bothNames(text.slice(start + 'diff --git '.length, at)) ?? [null, null];
  at += 1;
  while (at < end && !text.startsWith('@@', at)) {
    const next = lineEnd(text, at, end);
    readHeader(header, text.slice(at, Math.min(next, at + 20_000)));
    at = next + 1;
  }
  const hunks = [Math.min(at, end), end] as const;
  const path = (header.change === 'deleted' ? header.from : header.to) ?? header.from ?? '';
  const [before, after] = header.modes;
  return {
    path,
    from: header.from === path || combined || header.change === 'added' ? null : header.from,
    change: header.change,
    modes: before !== null && after !== null && before !== after ? [before, after] : null,
    binary: header.binary,
    submodule: before === '160000' || after === '160000',
    symlink: before === '120000' || after === '120000',
    combined,
    ...(combined ? { insertions: 0, deletions: 0 } : countLines(text, hunks)),
    id: header.blob ?? `mode ${after}`,
    hunks,
    text,
  };
}

function readHeader(header: Header, line: string): void {
  const rest = (prefix: string) => (line.startsWith(prefix) ? line.slice(prefix.length) : null);
  const name = (prefix: string, side: string) => {
    const told = rest(prefix);
    return told === null || told === '/dev/null' ? null : nameOfLine(told, side);
  };
  const mode = /^(?:old|new|deleted file|new file) mode (?:\d+,)?(\d+)/.exec(line)?.[1] ?? null;
  if (line.startsWith('new file mode')) header.change = 'added';
  if (line.startsWith('deleted file mode')) header.change = 'deleted';
  if (line.startsWith('rename ')) header.change = 'renamed';
  if (line.startsWith('copy ')) header.change = 'copied';
  if (mode !== null) header.modes[line.startsWith('new') ? 1 : 0] = mode;
  const index = /^index [0-9a-f,]+\.\.([0-9a-f]+)(?: (\d+))?/.exec(line);
  if (index) {
    header.blob = index[1] ?? null;
    if (index[2] !== undefined) header.modes = [index[2], index[2]];
  }
  if (line.startsWith('Binary files ') || line === 'GIT binary patch') header.binary = true;
  header.from = name('rename from ', '') ?? name('copy from ', '') ?? name('--- ', 'a/') ?? header.from;
  header.to = name('rename to ', '') ?? name('copy to ', '') ?? name('+++ ', 'b/') ?? header.to;
}

/** Only looks at the first character of each line: this runs over all of a diff before anything is shown. */
function countLines(
  text: string,
  [from, to]: readonly [number, number],
): Pick<DiffFile, 'insertions' | 'deletions'> {
  let [insertions, deletions] = [0, 0];
  for (let at = from; at < to; at = lineEnd(text, at, to) + 1) {
    const sign = text.charCodeAt(at);
    if (sign === 43) insertions += 1;
    else if (sign === 45) deletions += 1;
  }
  return { insertions, deletions };
}

/** Files that git only names, since it compared with a tree while a merge was under way. */
function unmerged(text: string): readonly string[] {
  if (!text.includes('* Unmerged path ')) return [];
  return [...text.matchAll(/(?:^|\n)\* Unmerged path ([^\n]+)/g)].map((found) =>
    nameOfLine(found[1] ?? '', ''),
  );
}

function unmergedFile(path: string): DiffFile {
  return {
    path,
    from: null,
    change: 'modified',
    modes: null,
    binary: false,
    submodule: false,
    symlink: false,
    combined: true,
    insertions: 0,
    deletions: 0,
    id: 'unmerged',
    hunks: [0, 0],
    text: '',
  };
}

function lineEnd(text: string, at: number, end: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 || found > end ? end : found;
}
