/** Writes files so that a crash leaves the old content or the new, and so that nobody else can read them. */
import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
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
 * may bring the old content back or none. DiskFull.
 */
export function writeWhole(path: string, text: string, durable: boolean): void {
  const temporary = temporaryName('new', path);
  naming(path, () => {
    try {
      const file = openSync(temporary, 'wx', 0o600);
      try {
        writeAll(file, Buffer.from(text));
        if (durable) fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    if (durable) syncFolder(dirname(path));
  });
}

/** Makes a folder and those above it, for this person only (0700). DiskFull. */
export function makeFolder(path: string): void {
  naming(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
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

/** Runs `work` on `path`: a full disk or quota becomes DiskFull that names it. */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(path);
    throw error;
  }
}

/** The refusal of a disk without room for `path`. */
export function diskFull(path: string): PitwallError {
  return new PitwallError('DiskFull', `no space left to write ${path}`, `df -h ${dirname(path)}`);
}

/** Whether there is anything at `path`, a link to nowhere included. */
export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function writeAll(file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}
