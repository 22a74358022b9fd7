/** A task's branch committed and brought up to date in its own worktree, by git's own commands: hooks and identity are theirs. */
import { copyFileSync, existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { LandGit, Stopped } from '../ports.ts';
import { gitFolder } from './git-folder.ts';
import { readStatus } from './git-held.ts';
import { lockedByGit } from './git-lock.ts';
import { untilFree } from './git-patience.ts';
import { byNul, must, type RunGit, resolveCommit, wordsOf } from './git-run.ts';
import { line } from './git-small-file.ts';

/** No editor is opened, whatever the person's settings are. */
export const quiet = { GIT_EDITOR: ':', GIT_SEQUENCE_EDITOR: ':', GIT_MERGE_AUTOEDIT: 'no' };

/** Against the person's own defaults of `merge`, which are for merges by hand. */
export const plainMerge = ['merge', '--quiet', '--commit', '--no-edit', '--no-autostash'];

/**
 * Commits all of the worktree that git does not ignore; null when that is done. Answers what was said when a hook or a
 * signature refused: then the index is as it was. Locked where another git stays in the way.
 */
export async function commitAll(
  run: RunGit,
  folder: string,
  worktree: string,
  message: string,
): Promise<string | null> {
  const index = join(gitFolder(worktree)?.own ?? '', 'index');
  const kept = join(folder, 'index');
  const { changed, untracked } = await readStatus(run, worktree);
  const files = [...changed, ...untracked];
  if (files.length === 0) return null;
  await untilFree(worktree);
  if (existsSync(index)) copyFileSync(index, kept);
  const names = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  await must(run, worktree, ['add', '--all', ...names], {
    env: { GIT_LITERAL_PATHSPECS: '1' },
    input: files.map((file) => `${file}\0`).join(''),
  });
  const ended = await run(worktree, ['commit', '--quiet', '-m', message], { env: quiet });
  if (ended.exit === 0) return null;
  if (existsSync(kept)) copyFileSync(kept, index);
  const locked = lockedByGit(ended.stderr, worktree);
  if (locked !== null) throw locked;
  return wordsOf(ended);
}

type Update = Parameters<LandGit['bringUpToDate']>[1];

/**
 * Merges `onto` into the worktree’s branch or puts the branch on top of it. Answers where it stopped at conflicts, or
 * null when it is up to date; Locked where another git stays in the way, CommandFailed for any other end.
 */
export async function bringUpToDate(run: RunGit, worktree: string, update: Update): Promise<Stopped | null> {
  const { onto, how, message } = update;
  const from = (await must(run, worktree, ['rev-parse', 'HEAD'])).trim();
  if ((await run(worktree, ['merge-base', '--is-ancestor', onto, from])).exit === 0) return null;
  const args =
    how === 'merge'
      ? [...plainMerge, '--ff', '--no-squash', '-m', message, onto]
      : ['rebase', '--quiet', '--no-autostash', '--no-autosquash', '--no-update-refs', onto];
  const wanted = how === 'merge' ? null : await cleanMerge(run, worktree, from, onto);
  // git looks at some locks only after it has changed files, and cannot take that back while they are there.
  await untilFree(worktree);
  const ended = await run(worktree, args, { env: quiet });
  if (ended.exit !== 0) {
    const unmerged = ['diff', '--name-only', '--diff-filter=U', '-z'];
    const files = [...new Set(byNul(await must(run, worktree, unmerged)))];
    await abort(run, worktree, { from, onto });
    await mustBeAt(run, worktree, from);
    const locked = files.length === 0 ? lockedByGit(ended.stderr, worktree) : null;
    if (locked !== null) throw locked;
    return { files, said: wordsOf(ended) };
  }
  if (how === 'merge' || (await treeAt(run, worktree, 'HEAD')) === wanted) return null;
  // Its commits one by one, on top of the base, made another content than the change as a whole.
  await must(run, worktree, ['reset', '--quiet', '--keep', from]);
  await mustBeAt(run, worktree, from);
  return { files: [], said: 'rebased it would hold something else than what was approved' };
}

interface Begun {
  readonly from: string;
  readonly onto: string;
}

/** Only what nobody has worked on since: files and index are older than the mark that git left when it stopped. */
export async function takeBack(run: RunGit, worktree: string, begun: Begun): Promise<void> {
  const own = gitFolder(worktree)?.own ?? '';
  const marks = ['MERGE_HEAD', join('rebase-merge', 'stopped-sha')].map((name) => written(join(own, name)));
  const stopped = marks.find((mark) => mark !== null) ?? null;
  if (stopped === null) return;
  const { changed, untracked } = await readStatus(run, worktree);
  const files = [join(own, 'index'), ...[...changed, ...untracked].map((file) => join(worktree, file))];
  if (files.some((file) => (written(file) ?? 0n) > stopped)) return;
  await abort(run, worktree, begun);
}

/** When the file was written last (ns since the epoch), or null when it is not there. */
function written(path: string): bigint | null {
  return lstatSync(path, { throwIfNoEntry: false, bigint: true })?.mtimeNs ?? null;
}

/** Nothing when nothing of that beginning is under way. */
async function abort(run: RunGit, worktree: string, begun: Begun): Promise<void> {
  const own = gitFolder(worktree)?.own ?? '';
  const head = await resolveCommit(run, worktree, 'HEAD');
  if (head === begun.from && line(join(own, 'MERGE_HEAD')) === begun.onto)
    await must(run, worktree, ['merge', '--abort']);
  const rebase = join(own, 'rebase-merge');
  if (line(join(rebase, 'orig-head')) === begun.from && line(join(rebase, 'onto')) === begun.onto)
    await must(run, worktree, ['rebase', '--abort']);
}

/** What was taken back is seen to be as before: the commit, and nothing that is not committed. */
async function mustBeAt(run: RunGit, worktree: string, commit: string): Promise<void> {
  const { head, changed } = await readStatus(run, worktree);
  if (head === commit && changed.length === 0) return;
  throw new PitwallError(
    'CommandFailed',
    `what was begun in ${worktree} could not be taken back; its branch was at ${commit}`,
    shellQuote(['git', '-C', worktree, 'status']),
  );
}

async function cleanMerge(run: RunGit, worktree: string, a: string, b: string): Promise<string | null> {
  const { exit, stdout } = await run(worktree, ['merge-tree', '--write-tree', '--no-messages', a, b]);
  return exit === 0 ? stdout.trim() : null;
}

async function treeAt(run: RunGit, worktree: string, commit: string): Promise<string> {
  return (await must(run, worktree, ['rev-parse', `${commit}^{tree}`])).trim();
}
