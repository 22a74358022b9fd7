/** `.worktreeinclude`: ignored files of the main worktree that a new worktree is given copies of. */
import { createHash } from 'node:crypto';
import {
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Git } from '../ports.ts';
import { must, type RunGit } from './git-run.ts';

/** This part of the port. Files are only copied, never overwritten, and never from or to outside the worktrees. */
export function includePart(run: RunGit): Pick<Git, 'copyIncluded' | 'unedited'> {
  return {
    async copyIncluded(root, worktree) {
      const rules = join(root, '.worktreeinclude');
      if (!existsSync(rules)) return {};
      const { default: ignore } = await import('ignore');
      const wanted = ignore().add(readFileSync(rules, 'utf8'));
      const listed = await must(run, root, ['ls-files', '--others', '--ignored', '--exclude-standard', '-z']);
      const copied: Record<string, string> = {};
      for (const file of listed.split('\0'))
        if (file !== '' && wanted.ignores(file) && copyOne(root, worktree, file))
          copied[file] = hashOf(join(worktree, file));
      return copied;
    },
    async unedited(worktree, included) {
      return Object.entries(included)
        .filter(([file, hash]) => isPlainFile(join(worktree, file)) && hashOf(join(worktree, file)) === hash)
        .map(([file]) => file);
    },
  };
}

function copyOne(root: string, worktree: string, file: string): boolean {
  const from = join(root, file);
  const to = join(worktree, file);
  if (!isPlainFile(from) || !realpathSync(from).startsWith(root + sep) || existsSync(to)) return false;
  mkdirSync(dirname(to), { recursive: true });
  if (!`${realpathSync(dirname(to))}${sep}`.startsWith(realpathSync(worktree) + sep)) return false;
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  return true;
}

function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
