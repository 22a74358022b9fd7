/** What a worktree has beside what a commit of all its files keeps: what is staged, and files that git ignores. */
import { chmodSync, closeSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Git, KeptFile } from '../ports.ts';
import { parents } from './git-put-back.ts';
import { byNul, must, type RunGit } from './git-run.ts';
import { openPlain, readFrom, signature } from './read-file.ts';

type Part = Pick<Git, 'beside' | 'putBackBeside'>;

/** Ignored files that are looked after; those in ignored folders, which builds fill, are not. */
const mostFiles = 100;
/** Bytes of a file that are kept to put it back. */
const largest = 256 * 1024;

/** The part of the git port that looks after what no commit keeps. CommandFailed when git fails. */
export function besidePart(run: RunGit): Part {
  return {
    async beside(worktree) {
      const listed = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'];
      const [staged, others] = await Promise.all([
        must(run, worktree, ['ls-files', '--stage', '-z']),
        must(run, worktree, listed),
      ]);
      const paths = byNul(others).filter((path) => !path.endsWith('/'));
      const ignored = new Map<string, KeptFile>();
      for (const path of paths.slice(0, mostFiles)) {
        const file = look(join(worktree, path));
        if (file !== null) ignored.set(path, file);
      }
      return { staged, ignored };
    },
    async putBackBeside(worktree, before, paths) {
      return paths.filter((path) => {
        const kept = before.ignored.get(path);
        return kept !== undefined && write(worktree, path, kept);
      });
    },
  };
}

/** Null for what is no ordinary file. */
function look(path: string): KeptFile | null {
  const opened = openPlain(path);
  if (opened === null) return null;
  const { file, stats } = opened;
  try {
    const content = stats.size > largest ? null : Buffer.alloc(stats.size);
    if (content !== null) readFrom(file, content, 0);
    return { look: signature(stats), content, mode: stats.mode & 0o777 };
  } finally {
    closeSync(file);
  }
}

/** Never by way of a link: what lies behind one is not in the worktree. */
function write(worktree: string, path: string, { content, mode }: KeptFile): boolean {
  const kind = (part: string) => lstatSync(join(worktree, part), { throwIfNoEntry: false });
  if (content === null || parents(path).some((folder) => kind(folder)?.isDirectory() === false)) return false;
  if (kind(path)?.isFile() === false) return false;
  const target = join(worktree, path);
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  writeFileSync(target, content, { flag: 'wx' });
  chmodSync(target, mode);
  return true;
}
