/** The journal as a file: one write an event, read onwards from where this process stopped. */
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats, writeSync } from 'node:fs';
import { PitwallError } from '../core/errors.ts';
import type { Journal, JournalEvent } from '../core/journal/journal.ts';
import { longestLine, parseJournal } from '../core/journal/journal-parse.ts';
import { openPlain, readFrom, signature } from './read-file.ts';
import { diskFull, naming } from './write-file.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
const newline = 10;
const chunk = 1 << 18;
/** How much of what was read is compared to see whether the file is still the same one. */
const remembered = 64;

/** How far a journal was read, and what came of it. */
export interface JournalReading extends Journal {
  readonly signature: string;
  readonly inode: string;
  /** Bytes read for good; what follows is a last line without its end. */
  readonly offset: number;
  /** The last bytes before `offset`. */
  readonly mark: Buffer;
  /** Whether `offset` is inside a line that is too long, the rest of which is passed over. */
  readonly inLongLine: boolean;
  /** Events and skipped lines before `offset`. */
  readonly settled: Journal;
}

/**
 * Appends one event in one write. The line that a crash tore is ended first, so that it does not swallow this one.
 * DiskFull; ENOENT when there is no folder for it.
 */
export function appendEvent(path: string, event: JournalEvent): void {
  const line = `${JSON.stringify(event)}\n`;
  if (line.length > longestLine)
    throw new PitwallError(
      'Usage',
      `${event.type} is too long for ${path}: ${line.length} characters, at most ${longestLine}`,
    );
  naming(path, () => {
    const file = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    try {
      const bytes = Buffer.from(endsTorn(file) ? `\n${line}` : line);
      // A disk that fills up in the midst takes a part and says so only by the count.
      if (writeSync(file, bytes) < bytes.length) throw diskFull(path);
    } finally {
      closeSync(file);
    }
  });
}

/** Reads a journal, from where `before` ended when it is the same file and only grew. Null: there is none. */
export function readJournal(path: string, before: JournalReading | null): JournalReading | null {
  const seen = lstatSync(path, { throwIfNoEntry: false });
  if (!seen?.isFile()) return null;
  if (before !== null && before.signature === signature(seen)) return before;
  const opened = openPlain(path);
  if (opened === null) return null;
  try {
    const { file, stats } = opened;
    const start = before !== null && continues(before, file, stats) ? before : beginning(stats);
    return readOnwards(start, file, stats);
  } finally {
    closeSync(opened.file);
  }
}

function beginning(stats: Stats): JournalReading {
  const settled: Journal = { events: [], skipped: 0 };
  return {
    ...settled,
    signature: '',
    inode: inodeOf(stats),
    offset: 0,
    mark: Buffer.alloc(0),
    inLongLine: false,
    settled,
  };
}

function continues(before: JournalReading, file: number, stats: Stats): boolean {
  if (before.inode !== inodeOf(stats) || stats.size < before.offset) return false;
  const bytes = Buffer.alloc(before.mark.length);
  return readFrom(file, bytes, before.offset - bytes.length) === bytes.length && bytes.equals(before.mark);
}

function readOnwards(start: JournalReading, file: number, stats: Stats): JournalReading {
  const events: JournalEvent[] = [];
  let { offset, inLongLine, mark } = start;
  let { skipped } = start.settled;
  let rest = Buffer.alloc(0);
  const settle = (bytes: Buffer) => {
    offset += bytes.length;
    mark = Buffer.concat([mark, bytes.subarray(-remembered)]).subarray(-remembered);
  };
  while (offset + rest.length < stats.size) {
    const bytes = Buffer.allocUnsafe(Math.min(chunk, stats.size - offset - rest.length));
    const read = readFrom(file, bytes, offset + rest.length);
    if (read === 0) break;
    rest = Buffer.concat([rest, bytes.subarray(0, read)]);
    if (inLongLine) {
      const end = rest.indexOf(newline) + 1;
      settle(rest.subarray(0, end || rest.length));
      rest = rest.subarray(end || rest.length);
      inLongLine = end === 0;
    }
    const end = rest.lastIndexOf(newline) + 1;
    if (end > 0) {
      const lines = parseJournal(rest.toString('utf8', 0, end));
      for (const event of lines.events) events.push(event);
      skipped += lines.skipped;
      settle(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    // No character takes more than three bytes for each of its UTF-16 units.
    if (rest.length > 3 * longestLine) {
      settle(rest);
      rest = Buffer.alloc(0);
      inLongLine = true;
      skipped += 1;
    }
  }
  const settled = {
    events: events.length > 0 ? [...start.settled.events, ...events] : start.settled.events,
    skipped,
  };
  // A last line without its end may be whole all the same, torn, or be written just now: it is looked at again.
  const last = parseJournal(rest.toString('utf8'));
  return {
    events: last.events.length > 0 ? [...settled.events, ...last.events] : settled.events,
    skipped,
    signature: signature(stats),
    inode: start.inode,
    offset,
    mark,
    inLongLine,
    settled,
  };
}

/** A line that another is writing just now looks torn too: then an empty line comes between, which is nothing. */
function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  return readFrom(file, last, size - 1) === 1 && last[0] !== newline;
}

function inodeOf(stats: Stats): string {
  return `${stats.dev}:${stats.ino}`;
}
