/** A worktree's change as text to be shown by us, and in the person's difftool. */
import type { Git } from '../ports.ts';
import { foreground } from './foreground.ts';
import { untrackedFiles } from './git-diff.ts';
import { startOf } from './git-from.ts';
import { type Environment, freeOfRepository, must, type RunGit } from './git-run.ts';
import { knowingAll } from './git-show.ts';

type Part = Pick<Git, 'readDiff' | 'difftool'>;

/** One form, whatever the person's configuration says about diffs; no programs of theirs. */
const inOneForm = [
  'diff',
  ...['--patch', '--no-color', '--no-ext-diff', '--no-textconv', '--no-relative', '--full-index'],
  ...['--src-prefix=a/', '--dst-prefix=b/', '--find-renames', '--submodule=short'],
  '--ignore-submodules=dirty',
];

/** More than any file has. */
const allLines = '--unified=100000000';

/** Programs that show a repository: two files would be nothing to them. */
const viewers = /^(?:\S*\/)?(?:lazygit|tig|gitui)(?:\s|$)/;

/** The part of the git port that shows changes in a review. CommandFailed when git fails. */
export function reviewPart(run: RunGit, env: Environment): Part {
  return {
    async readDiff(worktree, since, whole) {
      const [from, untracked] = await Promise.all([
        startOf(run, worktree, since),
        untrackedFiles(run, worktree),
      ]);
      const text = await knowingAll(run, env, worktree, untracked, (index) =>
        must(run, worktree, [...inOneForm, ...(whole ? [allLines] : []), from, '--', ...(whole ?? [])], {
          env: { ...index, GIT_LITERAL_PATHSPECS: '1' },
        }),
      );
      return { from, text };
    },
    async difftool(worktree, from, paths, command) {
      if (command !== null && viewers.test(command))
        return foreground(['sh', '-c', command], { cwd: worktree, env: freeOfRepository(env) });
      const untracked = await untrackedFiles(run, worktree);
      const tool = command === null ? [] : [`--extcmd=${command}`];
      const argv = ['git', 'difftool', '--no-prompt', ...tool, from, '--', ...paths];
      const own = { ...freeOfRepository(env), GIT_OPTIONAL_LOCKS: '0', GIT_LITERAL_PATHSPECS: '1' };
      return knowingAll(run, env, worktree, untracked, (index) =>
        foreground(argv, { cwd: worktree, env: { ...own, ...index } }),
      );
    },
  };
}
