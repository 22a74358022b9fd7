/** Reads what agents keep about themselves: bounded, links of files not followed, onwards where a file only grew. */
import { closeSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentFile, UsageReading, UsageSum } from '../core/agents/reading.ts';
import type { AgentFiles } from '../ports.ts';
import { codeOf, pidRuns } from './owner.ts';
import { processTable } from './process-table.ts';
import { openPlain, readFrom, signature } from './read-file.ts';

/** Bytes of a file that are looked at for a state. */
const mostOfFile = 256 << 10;
/** Files of a folder that are looked at. */
const mostFiles = 200;
/** Bytes of a transcript that are read in one go, and the longest line that is understood. */
const chunk = 1 << 20;
const newline = 10;

interface Counted {
  readonly inode: string;
  /** Bytes counted; they end with a line's end. */
  readonly offset: number;
  readonly sum: UsageSum;
}

/**
 * The agent files port. What cannot be read or is no plain file is null, never an error; unchanged files are not read
 * twice.
 */
export function createAgentFiles(): AgentFiles {
  const read = new Map<string, { readonly signature: string; readonly file: AgentFile }>();
  const counted = new Map<string, Counted>();
  return {
    async read(path, end) {
      return orNull(() => {
        const stats = lstatSync(path, { throwIfNoEntry: false });
        if (!stats?.isFile()) return null;
        const known = read.get(path);
        if (known?.signature === signature(stats)) return known.file;
        const file = readEnd(path, end);
        if (file !== null) read.set(path, { signature: signature(stats), file });
        return file;
      });
    },
    async list(folder) {
      return orNull(() => newestJson(folder)) ?? [];
    },
    async started(pids) {
      return startsOf(pids);
    },
    async usage(paths, reading) {
      for (const path of paths) {
        const sum = orNull(() => count(counted, path, reading));
        if (sum !== null) return sum.usage;
      }
      return null;
    },
  };
}

function readEnd(path: string, end: 'first' | 'last'): AgentFile | null {
  const opened = openPlain(path);
  if (opened === null) return null;
  try {
    const { size, mtimeMs } = opened.stats;
    const bytes = Buffer.allocUnsafe(Math.min(size, mostOfFile));
    const length = readFrom(opened.file, bytes, end === 'first' ? 0 : size - bytes.length);
    return { text: bytes.toString('utf8', 0, length), written: mtimeMs };
  } finally {
    closeSync(opened.file);
  }
}

function newestJson(folder: string): readonly string[] {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .slice(0, 10 * mostFiles)
    .map(({ name }) => {
      const path = join(folder, name);
      return { path, written: lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
    });
  files.sort((a, b) => b.written - a.written);
  return files.slice(0, mostFiles).map(({ path }) => path);
}

/** proc(5): field 22 of /proc/PID/stat is the start; elsewhere one table of all processes tells. */
async function startsOf(pids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const starts = new Map<number, string>();
  if (process.platform !== 'linux') {
    const running = pids.some(pidRuns) ? await processTable() : [];
    for (const { pid, started } of running) if (pids.includes(pid)) starts.set(pid, started);
    return starts;
  }
  for (const pid of pids) {
    const stat = orNull(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    if (fields[0] !== undefined && fields[0] !== 'Z' && fields[0] !== 'X') starts.set(pid, fields[19] ?? '');
  }
  return starts;
}

function count(counted: Map<string, Counted>, path: string, reading: UsageReading): UsageSum | null {
  const opened = openPlain(path);
  if (opened === null) return null;
  try {
    const { dev, ino, size } = opened.stats;
    const inode = `${dev}:${ino}`;
    const before = counted.get(path);
    const goesOn = before !== undefined && before.inode === inode && before.offset <= size;
    let { offset, sum } = goesOn ? before : { offset: 0, sum: reading.add(null, []) };
    const bytes = Buffer.allocUnsafe(Math.min(chunk, Math.max(1, size - offset)));
    while (offset < size) {
      const length = readFrom(opened.file, bytes.subarray(0, Math.min(bytes.length, size - offset)), offset);
      if (length === 0) break;
      const end = bytes.lastIndexOf(newline, length - 1) + 1;
      // A line without its end is read again when it has one; one longer than all we look at is passed over.
      if (end === 0 && length < chunk) break;
      if (end > 0) sum = reading.add(sum, bytes.toString('utf8', 0, end).split('\n'));
      offset += end > 0 ? end : length;
    }
    counted.set(path, { inode, offset, sum });
    return sum;
  } finally {
    closeSync(opened.file);
  }
}

/** The file of another program in the person's HOME: what cannot be read is as good as not there. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}
