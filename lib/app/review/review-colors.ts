/**
 * Reads the code that a review shows, in slices between keys: nothing is loaded before the first screen, nothing is read
 * before it is shown, and no key waits for it.
 */
import type { DiffFile } from '../../core/diff/diff.ts';
import { type DiffLine, type Hunk, hunksOf } from '../../core/diff/diff-hunks.ts';
import { type Grammar, type LineReader, languageOf, type Token } from '../../core/diff/syntax.ts';
import type { Deps } from '../../ports.ts';
import { shownLines, type Tokens } from '../../ui/review-lines.ts';
import { openEntry, type ReviewModel } from '../../ui/review-model.ts';

/** ms of reading before a frame is drawn, and between two keys. */
const before = 5;
const between = 10;

const none: Tokens = new Map();

interface Progress {
  readonly tokens: Map<DiffLine, readonly Token[]>;
  /** Reads one more line a step; null while what is needed is loaded. */
  steps: Iterator<void> | null;
  over: boolean;
}

/** The colours of one review. */
export interface ReviewColors {
  /** What is known of the lines that the model shows; when it becomes more, `redraw` is called. */
  of(model: ReviewModel): Tokens;
}

/** Where the code comes from, and who draws it. */
export interface ColorsOptions {
  /** The text that a file of the change has now; null when there is none to read. */
  readonly text: (path: string) => Promise<string | null>;
  readonly redraw: () => void;
}

/** Colours that are worked out beside the review; a file that cannot be read has none. */
export function reviewColors(
  { syntax, clock }: Pick<Deps, 'syntax' | 'clock'>,
  { text, redraw }: ColorsOptions,
): ReviewColors {
  const known = new WeakMap<DiffFile, Progress>();
  let [shown, reading]: [ReviewModel | null, boolean] = [null, false];

  const advance = (progress: Progress, model: ReviewModel, ms: number): boolean => {
    const { steps, tokens } = progress;
    const missing = shownLines(model).filter((line) => !tokens.has(line));
    const end = clock.now() + ms;
    while (steps !== null && !progress.over && missing.some((line) => !tokens.has(line))) {
      for (let step = 0; step < 20 && !progress.over && clock.now() < end; step += 1)
        progress.over = steps.next().done === true;
      if (clock.now() >= end) break;
    }
    return progress.over || (steps !== null && missing.every((line) => tokens.has(line)));
  };
  const begin = async (file: DiffFile, progress: Progress): Promise<void> => {
    const language = languageOf(file.path);
    const grammar = language === null ? null : await syntax.grammar(language);
    const now = grammar === null || beginsAtTop(file) ? null : await text(file.path);
    progress.over = grammar === null;
    progress.steps = grammar === null ? null : readLines(file, grammar, now, progress.tokens);
  };
  const readOn = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      for (;;) {
        await clock.sleep(0);
        const file = shown === null ? null : fileOf(shown);
        const progress = file === null ? undefined : known.get(file);
        if (shown === null || file === null || progress === undefined) return;
        if (progress.steps === null && !progress.over) await begin(file, progress);
        else if (advance(progress, shown, between)) {
          redraw();
          return;
        }
      }
    } finally {
      reading = false;
    }
  };
  return {
    of(model) {
      shown = model;
      const file = fileOf(model);
      if (file === null) return none;
      const progress = known.get(file) ?? { tokens: new Map(), steps: null, over: false };
      known.set(file, progress);
      if (!advance(progress, model, before)) void readOn();
      return progress.tokens;
    },
  };
}

function fileOf(model: ReviewModel): DiffFile | null {
  const file = openEntry(model)?.file ?? null;
  return file === null || languageOf(file.path) === null ? null : file;
}

/** Whether nothing comes before the first hunk that could be a comment's beginning. */
function beginsAtTop(file: DiffFile): boolean {
  const [first, ...more] = hunksOf(file);
  return first === undefined || (more.length === 0 && first.newStart <= 1);
}

/** Reads the file from its top on as far as its hunks go; without its text each hunk is read by itself. */
function* readLines(
  file: DiffFile,
  grammar: Grammar,
  text: string | null,
  tokens: Map<DiffLine, readonly Token[]>,
): Generator<void> {
  const lines = text?.split('\n') ?? [];
  let reader = grammar();
  let next = 1;
  for (const hunk of hunksOf(file)) {
    if (holds(lines, hunk))
      for (const last = firstLine(hunk) - 1; next <= last; next += 1) {
        reader.read(withoutReturn(lines[next - 1] ?? ''));
        yield;
      }
    else reader = grammar();
    yield* readHunk(hunk, reader, tokens);
    next = firstLine(hunk) + hunk.newLines;
  }
}

/** Both sides of a hunk: the old one goes on from what stands before it now. */
function* readHunk(hunk: Hunk, reader: LineReader, tokens: Map<DiffLine, readonly Token[]>): Generator<void> {
  const old = hunk.lines.some(({ kind }) => kind === 'deleted') ? reader.copy() : null;
  for (const line of hunk.lines) {
    const text = withoutReturn(line.text);
    if (line.kind !== 'deleted') tokens.set(line, reader.read(text));
    if (old !== null && line.kind !== 'added') {
      const read = old.read(text);
      if (line.kind === 'deleted') tokens.set(line, read);
    }
    yield;
  }
}

/** Whether the file still has the hunk's lines where the hunk says. */
function holds(lines: readonly string[], hunk: Hunk): boolean {
  return hunk.lines.every((line) => line.new === null || lines[line.new - 1] === line.text);
}

/** From 1; of an empty side git gives the line before. */
function firstLine({ newStart, newLines }: Hunk): number {
  return newLines === 0 ? newStart + 1 : newStart;
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
