/** Files of ours among the person's own: nothing is lost when we are killed, and links and modes stay theirs. */

import { chmodSync } from 'node:fs';
import { realpath, rmdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import type { HomeFiles } from '../ports.ts';
import { createFolder } from './folder.ts';
import { codeOf } from './owner.ts';
import { exists, makeFolder, writeWhole } from './write-file.ts';

/**
 * The port of files in the person’s HOME. FileDamaged when a file is not what it was when it was read; errors of the
 * file system name the path.
 */
export function createHomeFiles(): HomeFiles {
  const { read } = createFolder();
  return {
    read,
    write: (path, before, text, backup) =>
      named(path, async () => {
        makeFolder(dirname(path));
        const target = before === null ? path : await realpath(path);
        if ((await read(target)) !== before || (before === null && exists(target)))
          throw new PitwallError('FileDamaged', `${path} is not as it was a moment ago`, `ls -l ${path}`);
        const mode = before === null ? 0o600 : (await stat(target)).mode & 0o777;
        if (before !== null && backup !== null && !exists(backup)) {
          writeWhole(backup, before, true);
          chmodSync(backup, mode);
        }
        writeWhole(target, text, true);
        chmodSync(target, mode);
      }),
    async remove(paths) {
      for (const path of paths) await named(path, () => removeOne(path));
    },
  };
}

async function removeOne(path: string): Promise<void> {
  await unless(['ENOENT', 'ENOTDIR'], () => unlink(path));
  let folder = dirname(path);
  while (folder.split('/').includes('pitwall')) {
    const gone = await unless(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'], () => rmdir(folder));
    if (!gone) return;
    if (basename(folder) === 'pitwall') return;
    folder = dirname(folder);
  }
}

/** Whether `work` went through; false for those errors of the system. */
async function unless(codes: readonly string[], work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!codes.includes(codeOf(error) ?? '')) throw error;
    return false;
  }
}

async function named(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof PitwallError || code === null || code === undefined) throw error;
    throw new PitwallError('FileDamaged', `${path} cannot be written (${code})`, `ls -ld ${dirname(path)}`);
  }
}
