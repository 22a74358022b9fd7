/** Writes files so that a crash leaves the old content or the new, and so that nobody else can read them. */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import { codeOf } from './owner.ts';

let written = 0;

/** A name no other writer uses, in the same folder and hidden: `.new-4711-1-task.json`. The pid says whose it is. */
export function temporaryName(kind: 'new' | 'trash', path: string): string {
  written += 1;
  return join(dirname(path), `.${kind}-${process.pid}-${written}-${basename(path)}`);
}

/** The pid in a name made by `temporaryName`, or null. */
export function temporaryOwner(name: string): number | null {
  const found = /^\.(?:new|trash)-(\d+)-\d+-/.exec(name);
  return found ? Number(found[1]) : null;
}

/**
 * Replaces a file's content in one step (0600). `durable`: it is on the disk when this returns; without, a power cut
 * may bring the old content back or none. DiskFull, FileUnusable.
 */
export function writeWhole(path: string, text: string, durable: boolean): void {
  const temporary = temporaryName('new', path);
  naming(path, () => {
    try {
      writeSynced(temporary, text, durable);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    if (durable) syncFolder(dirname(path));
  });
}

/**
 * Writes a file (0600) into a folder that nobody knows yet; both are on the disk when this returns. Without a rename
 * the disk is waited for once. DiskFull, FileUnusable.
 */
export function writeFirst(path: string, text: string): void {
  naming(path, () => {
    writeSynced(path, text, true);
    syncFolder(dirname(path));
  });
}

function writeSynced(path: string, text: string, durable: boolean): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeAll(file, Buffer.from(text));
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a folder and those above it, for this person only (0700). DiskFull, FileUnusable. */
export function makeFolder(path: string): void {
  naming(path, () => {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    } catch (error) {
      if (['ENOTDIR', 'EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) throw notAFolder(path);
      throw error;
    }
  });
}

/** Puts the names in a folder on the disk. Some file systems cannot; theirs are as safe as they get. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } catch (error) {
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error;
  } finally {
    closeSync(folder);
  }
}

/** What the system says of a file that nobody can use until somebody puts it right. Source: errno(3). */
const unusable: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'its file system is read-only'],
  ['ELOOP', 'it is a link where none is followed'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EIO', 'its disk does not answer'],
  ['EMFILE', 'too many files are open'],
  ['ENFILE', 'too many files are open'],
]);

/** Runs `work` on `path`: a full disk or quota becomes DiskFull, a file that cannot be used FileUnusable; both name it. */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(path);
    const reason = unusable.get(code);
    if (reason === undefined) throw error;
    const message = `${path} cannot be used: ${reason}`;
    throw new PitwallError('FileUnusable', message, shellQuote(['ls', '-ld', path, dirname(path)]), { code });
  }
}

/** The refusal of a path where a folder was expected; names what stands there, which may be a file above it. */
export function notAFolder(path: string): PitwallError {
  const above = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/') || '/');
  const place = above.find((each) => !statSync(each, { throwIfNoEntry: false })?.isDirectory()) ?? path;
  return new PitwallError('FileUnusable', `${place} is not a folder`, shellQuote(['ls', '-ld', place]));
}

/** The refusal of a disk without room for `path`. */
export function diskFull(path: string): PitwallError {
  return new PitwallError(
    'DiskFull',
    `no space left to write ${path}`,
    shellQuote(['df', '-h', dirname(path)]),
  );
}

/** Whether there is anything at `path`, a link to nowhere included. */
export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
