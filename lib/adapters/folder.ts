/** Reads folders and files that others write: a pipe or a device in our way neither hangs nor floods us. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { Folder } from '../ports.ts';
import { codeOf } from './owner.ts';

/** Bytes. */
const largest = 1024 * 1024;

/**
 * The folder port: what is not there is empty or null, what is there and cannot be read is FileDamaged. It does not wait
 * its turn in Node's pool: a command reads a handful of small files, and each turn costs more than the reading.
 */
export function createFolder(): Folder {
  return {
    async list(path, extension) {
      try {
        return readdirSync(path)
          .filter((name) => name.endsWith(extension))
          .sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw damaged(path, error);
      }
    },
    async read(path) {
      try {
        return readOrdinary(path);
      } catch (error) {
        if (isMissing(error)) return null;
        throw damaged(path, error);
      }
    },
  };
}

function readOrdinary(path: string): string {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile())
      throw new PitwallError(
        'FileDamaged',
        `${path} is not an ordinary file`,
        shellQuote(['ls', '-l', path]),
      );
    if (stats.size > largest)
      throw new PitwallError('FileDamaged', `${path} is larger than 1 MiB`, shellQuote(['ls', '-l', path]));
    const bytes = Buffer.alloc(stats.size);
    const read = readSync(file, bytes, 0, stats.size, 0);
    return bytes.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function damaged(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof PitwallError || code === null || code === undefined) return error;
  return new PitwallError('FileDamaged', `${path} cannot be read (${code})`, shellQuote(['ls', '-ld', path]));
}
