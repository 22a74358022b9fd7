/**
 * Reads files that others may have put in our way: a link is not followed, a pipe does not hang us, a huge file is
 * cut. What did not change since the last look is not read again.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { codeOf } from './owner.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** What a file's state looks like from outside; differs whenever its content may differ. */
export function signature(stats: Stats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}`;
}

/** Opens an ordinary file for reading; null when there is none or it is something else. */
export function openPlain(path: string): { readonly file: number; readonly stats: Stats } | null {
  let file: number;
  try {
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
  const stats = fstatSync(file);
  if (stats.isFile()) return { file, stats };
  closeSync(file);
  return null;
}

/** The first `most` bytes of an ordinary file as text; null when there is none. */
export function readPlain(
  path: string,
  most: number,
): { readonly text: string; readonly stats: Stats } | null {
  const opened = openPlain(path);
  if (opened === null) return null;
  try {
    const bytes = Buffer.allocUnsafe(Math.min(opened.stats.size, most));
    return { text: bytes.toString('utf8', 0, readFrom(opened.file, bytes, 0)), stats: opened.stats };
  } finally {
    closeSync(opened.file);
  }
}

/** Fills `bytes` from `position` of the file; answers how many there were. */
export function readFrom(file: number, bytes: Buffer, position: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(file, bytes, filled, bytes.length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

/** Things made from files, kept for as long as the files stay the same. */
export interface FileCache {
  /** What `make` makes of the file's text and stats; null when there is no ordinary file. */
  read<T>(path: string, most: number, make: (text: string, stats: Stats) => T): T | null;
  /** Forgets what was not asked for since the last call. */
  forgetUnused(): void;
}

/**
 * A cache of what files were made into. It answers anew when a file’s size, times or identity differ, and null for
 * what is no plain file.
 */
export function createFileCache(): FileCache {
  let before = new Map<string, { readonly signature: string; readonly made: unknown }>();
  let now = new Map(before);
  return {
    read<T>(path: string, most: number, make: (text: string, stats: Stats) => T): T | null {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (!stats?.isFile()) return null;
      const known = now.get(path) ?? before.get(path);
      if (known?.signature === signature(stats)) {
        now.set(path, known);
        // A path is always read with the same `make`.
        return known.made as T;
      }
      const content = readPlain(path, most);
      if (content === null) return null;
      const made = make(content.text, content.stats);
      now.set(path, { signature: signature(content.stats), made });
      return made;
    },
    forgetUnused() {
      before = now;
      now = new Map();
    },
  };
}
