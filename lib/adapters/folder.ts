/** Reads folders and files that others write: a pipe or a device in our way neither hangs nor floods us. */
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { Folder } from '../ports.ts';
import { codeOf } from './owner.ts';

/** Bytes. */
const largest = 1024 * 1024;

/** The folder port: what is not there is empty or null, what is there and cannot be read is FileDamaged. */
export function createFolder(): Folder {
  return {
    async list(path, extension) {
      try {
        return (await readdir(path)).filter((name) => name.endsWith(extension)).sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw damaged(path, error);
      }
    },
    async read(path) {
      try {
        return await readOrdinary(path);
      } catch (error) {
        if (isMissing(error)) return null;
        throw damaged(path, error);
      }
    },
  };
}

async function readOrdinary(path: string): Promise<string> {
  // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile())
      throw new PitwallError(
        'FileDamaged',
        `${path} is not an ordinary file`,
        shellQuote(['ls', '-l', path]),
      );
    if (stats.size > largest)
      throw new PitwallError('FileDamaged', `${path} is larger than 1 MiB`, shellQuote(['ls', '-l', path]));
    const bytes = Buffer.alloc(stats.size);
    const { bytesRead } = await file.read(bytes, 0, stats.size, 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
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
