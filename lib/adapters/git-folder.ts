/** git's own folder of a worktree, read without a process. Source of the names: gitrepository-layout(5). */
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Absolute paths of git’s folders for one worktree; they are the same in the main worktree. */
export interface GitFolder {
  /** The worktree's own: HEAD, index, what is under way. */
  readonly own: string;
  /** What all worktrees share: refs, objects, configuration. */
  readonly common: string;
}

/** Null when the worktree is not there or not a worktree. */
export function gitFolder(worktree: string): GitFolder | null {
  const pointer = join(worktree, '.git');
  const stat = lstatSync(pointer, { throwIfNoEntry: false });
  if (!stat) return null;
  const own = stat.isFile() ? pointedAt(pointer) : pointer;
  if (own === null || !isThere(join(own, 'HEAD'))) return null;
  const shared = join(own, 'commondir');
  return { own, common: isThere(shared) ? resolve(own, readFileSync(shared, 'utf8').trim()) : own };
}

/** Changes with every commit, checkout and staging; null when the worktree is not there. Stats only, no process. */
export function fingerprint(worktree: string): string | null {
  const folder = gitFolder(worktree);
  if (folder === null) return null;
  const head = readFileSync(join(folder.own, 'HEAD'), 'utf8').trim();
  const ref = /^ref: (.*)$/.exec(head)?.[1];
  const marks = ['index', 'HEAD', 'logs/HEAD'].map((name) => mark(join(folder.own, name)));
  return [...marks, ref === undefined ? head : mark(join(folder.common, ref))].join(':');
}

function mark(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false, bigint: true });
  return file ? `${file.mtimeNs}.${file.size}` : '-';
}

function pointedAt(pointer: string): string | null {
  const target = /^gitdir: (.*)$/m.exec(readFileSync(pointer, 'utf8'))?.[1];
  return target === undefined ? null : resolve(dirname(pointer), target);
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
