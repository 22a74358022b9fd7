/** What a worktree has beside what a commit of all its files keeps: what is staged, and files that git ignores. */
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Git } from '../ports.ts';
import { byNul, must, type RunGit } from './git-run.ts';
import { codeOf } from './owner.ts';
import { signature } from './read-file.ts';

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
      const ignored = new Map<string, { readonly look: string; readonly content: Buffer | null }>();
      for (const path of paths.slice(0, mostFiles)) {
        const file = look(join(worktree, path));
        if (file !== null) ignored.set(path, file);
      }
      return { staged, ignored };
    },
    async putBackBeside(worktree, before, paths) {
      const back: string[] = [];
      for (const path of paths) {
        const content = before.ignored.get(path)?.content ?? null;
        if (content !== null && write(join(worktree, path), content)) back.push(path);
      }
      return back;
    },
  };
}

/** Null for what is no ordinary file. */
function look(path: string): { readonly look: string; readonly content: Buffer | null } | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) return null;
  try {
    return { look: signature(stats), content: stats.size > largest ? null : readFileSync(path) };
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return { look: signature(stats), content: null };
  }
}

/** Never by way of a link. */
function write(path: string, content: Buffer): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isFile()) return false;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, stats === undefined ? { mode: 0o600 } : {});
    return true;
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return false;
  }
}
