/** Writes into the worktree and nowhere else: no `..`, no symbolic link out of it, nothing in `.git`. */
import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { type Edit, insidePath } from './edits.ts';

/** Appends in one write, so that two agents in one worktree lose nothing. Throws Protected for a path that leads out. */
export async function appendInside(root: string, edit: Edit): Promise<'created' | 'changed'> {
  const realRoot = await realpath(root);
  const path = insidePath(edit.path);
  if (path === null) throw refusal(edit.path, 'is not inside the worktree');
  const target = join(realRoot, path);
  await requireInside(realRoot, await nearestFolder(dirname(target)), path);
  await mkdir(dirname(target), { recursive: true });
  const folder = await realpath(dirname(target));
  await requireInside(realRoot, folder, path);
  const existed = await requireRegular(target, path);
  // biome-ignore format: one flag a line says more
  const file = await open(target, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const text = (await endsOpen(file)) ? `\n${edit.text}` : edit.text;
    await file.write(Buffer.from(text));
  } finally {
    await file.close();
  }
  return existed ? 'changed' : 'created';
}

/** Whether the worktree holds a regular file of that path now. */
export async function existsInside(root: string, path: string): Promise<boolean> {
  const found = await statOrNull(join(root, path));
  return found?.isFile() ?? false;
}

async function requireInside(realRoot: string, folder: string, path: string): Promise<void> {
  const below = relative(realRoot, await realpath(folder));
  if (below === '') return;
  if (
    below === '..' ||
    below.startsWith(`..${sep}`) ||
    below.startsWith(sep) ||
    insidePath(below.split(sep).join('/')) === null
  )
    throw refusal(path, 'leads out of the worktree');
}

async function requireRegular(target: string, path: string): Promise<boolean> {
  const found = await statOrNull(target);
  if (found === null) return false;
  if (found.isSymbolicLink()) throw refusal(path, 'is a symbolic link');
  if (!found.isFile()) throw refusal(path, 'is not a regular file');
  return true;
}

async function nearestFolder(folder: string): Promise<string> {
  return (await statOrNull(folder)) === null ? nearestFolder(dirname(folder)) : folder;
}

async function statOrNull(path: string): Promise<Awaited<ReturnType<typeof lstat>> | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null;
    throw error;
  }
}

async function endsOpen(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}

function refusal(path: string, reason: string): PitwallError {
  return new PitwallError('Protected', `${path} ${reason}`);
}
