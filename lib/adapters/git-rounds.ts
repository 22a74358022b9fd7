/** What a worktree held at a moment, kept as a commit under a ref of ours, so that git does not clear it away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import type { Git } from '../ports.ts';
import { readStatus, treeWith } from './git-held.ts';
import { type Environment, must, type RunGit } from './git-run.ts';

type Part = Pick<Git, 'keepWork' | 'forgetWork'>;

/** Whose commits these are: the person may have no name set. */
const nobody = {
  GIT_AUTHOR_NAME: 'pitwall',
  GIT_AUTHOR_EMAIL: 'pitwall@localhost',
  GIT_COMMITTER_NAME: 'pitwall',
  GIT_COMMITTER_EMAIL: 'pitwall@localhost',
};

/** The only refs that are written or deleted here. */
const ours = /^refs\/pitwall\/[^\s~^:?*[\\]+$/;

/** The part of the git port that keeps work under refs. It writes and deletes refs of ours alone. */
export function roundsPart(run: RunGit, env: Environment): Part {
  return {
    async keepWork(worktree, ref) {
      guard(ref);
      const { head, changed, untracked } = await readStatus(run, worktree);
      const dirty = [...changed, ...untracked];
      const commit = dirty.length === 0 ? head : await commitOf(run, worktree, head, dirty, env);
      await must(run, worktree, ['update-ref', '--', ref, commit]);
      return commit;
    },
    async forgetWork(root, prefix) {
      guard(prefix);
      const listed = await must(run, root, ['for-each-ref', '--format=%(refname)', prefix]);
      const input = listed
        .split('\n')
        .filter((ref) => ref !== '')
        .map((ref) => `delete ${ref}\n`)
        .join('');
      if (input !== '') await must(run, root, ['update-ref', '--stdin'], { input });
    },
  };
}

async function commitOf(
  run: RunGit,
  worktree: string,
  head: string,
  dirty: readonly string[],
  env: Environment,
): Promise<string> {
  const scratch = mkdtempSync(join(env.TMPDIR ?? tmpdir(), 'pitwall-work-'));
  try {
    const tree = await treeWith(run, worktree, scratch, dirty, {});
    const commit = await must(run, worktree, ['commit-tree', tree, '-p', head, '-m', 'work'], {
      env: nobody,
    });
    return commit.trim();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Usage for a ref that is not under `refs/pitwall/`. */
export function guard(ref: string): void {
  if (!ours.test(ref) || ref.includes('..'))
    throw new PitwallError('Usage', `${ref} is not a ref of pitwall's`);
}
