/** What a worktree holds that git would not bring back: what `remove` looks at before it removes. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { commandFailed, PitwallError } from '../core/errors.ts';
import type { WorktreeFacts } from '../core/land/removal.ts';
import type { Git } from '../ports.ts';
import { gitFolder } from './git-folder.ts';
import { hiddenChanges } from './git-hidden.ts';
import {
  byNul,
  type Environment,
  freeOfRepository,
  lastLine,
  must,
  type RunGit,
  resolveCommit,
} from './git-run.ts';
import { dirtySubmodules } from './git-submodules.ts';

/** Names kept of the files that are not committed. */
const most = 50;

/** Files and folders in git's own folder that tell of something begun and not ended. */
const begun: readonly (readonly [string, string])[] = [
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['MERGE_HEAD', 'a merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['BISECT_LOG', 'a bisect'],
];

/** What is begun and not ended in a worktree, by its own git folder. */
export function underway(own: string): string | null {
  return begun.find(([name]) => existsSync(join(own, name)))?.[1] ?? null;
}

/**
 * The part of the git port that looks before a removal. TargetGone for a worktree that is gone where no root says
 * whose it was.
 */
export function factsPart(run: RunGit, env: Environment): Pick<Git, 'facts'> {
  return {
    async facts(worktree, base, branch, root) {
      const folder = gitFolder(worktree);
      if (folder === null) {
        if (root === undefined)
          throw new PitwallError('TargetGone', `the worktree ${worktree} is gone`, 'git worktree list');
        const [commits, stashes] = await Promise.all([
          commitFacts(run, root, base, branch, false),
          stashesOn(run, root, branch),
        ]);
        return { ...nothing, path: real(worktree), stray: existsSync(worktree), ...commits, stashes };
      }
      const [status, hidden, submodules, commits, stashes] = await Promise.all([
        statusOf(env, worktree),
        hiddenChanges(run, worktree),
        dirtySubmodules(run, worktree, base),
        commitFacts(run, worktree, base, branch, true),
        stashesOn(run, worktree, branch),
      ]);
      return {
        path: real(worktree),
        exists: true,
        stray: root !== undefined && real(folder.common) !== real(gitFolder(root)?.common ?? ''),
        ...status,
        modified: [...status.modified, ...hidden].slice(0, most),
        underway: underway(folder.own),
        locked: existsSync(join(folder.own, 'locked')),
        dirtySubmodules: submodules.slice(0, most),
        ...commits,
        stashes,
      };
    },
  };
}

const nothing = {
  exists: false,
  modified: [],
  untracked: [],
  ignored: [],
  underway: null,
  locked: false,
  dirtySubmodules: [],
};

/** The path without symlinks; as it stands when nothing is there. */
function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** Variables that simple-git refuses to hand on because they name programs; `git status` starts none of them. */
const refused = /^(EDITOR|VISUAL|PAGER|SSH_ASKPASS|PREFIX|GIT_(?!CONFIG).*)$/;

/** What `git status` says, ignored files included, by simple-git's own reading. */
async function statusOf(env: Environment, worktree: string) {
  const { simpleGit } = await import('simple-git');
  const kept = Object.entries(freeOfRepository(env)).filter(([name]) => !refused.test(name));
  const own = { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
  const git = simpleGit(worktree, {
    allowEnvironment: Object.keys(own),
    // The person's own environment says where their configuration is.
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeConfigEnvCount: true },
  }).env(own);
  const all = ['--untracked-files=all', '--ignored=matching', '--ignore-submodules=none', '--no-renames'];
  const { files, ignored = [] } = await git.status(all).catch((error: Error) => {
    throw commandFailed(['git', '-C', worktree, 'status'], 1, lastLine(error.message));
  });
  const names = (untracked: boolean) =>
    files.filter((file) => (file.index === '?') === untracked).map((file) => file.path);
  return { modified: names(false).slice(0, most), untracked: names(true).slice(0, most), ignored };
}

/**
 * Commits of HEAD and of the task's branch that nothing else has, and whether the base has what they change. HEAD is
 * not always the branch: it may be detached, or on another branch, which then holds its commits itself.
 */
async function commitFacts(
  run: RunGit,
  place: string,
  base: string,
  branch: string,
  isWorktree: boolean,
): Promise<Pick<WorktreeFacts, 'unmerged' | 'contained' | 'detached'>> {
  const commit = (ref: string) => resolveCommit(run, place, ref);
  // Tasks of origin/main land in main here, which may not be pushed yet.
  const local = base.slice(base.indexOf('/') + 1);
  const [baseTip, upstream, own, branchTip, head] = await Promise.all([
    commit(base),
    commit(`${base}@{upstream}`),
    local === branch || local === base ? null : commit(`refs/heads/${local}`),
    commit(`refs/heads/${branch}`),
    isWorktree ? commit('HEAD') : null,
  ]);
  const tips = [...new Set([branchTip, head])].filter((tip) => tip !== null);
  const bases = [...new Set([baseTip, upstream, own])].filter((tip) => tip !== null);
  const except = [`--exclude=${branch}`, '--branches', '--remotes', '--tags', ...bases];
  const unmerged = await countOnly(run, place, tips, except);
  if (unmerged === 0) return { unmerged, contained: true, detached: 0 };
  const detached = head === null ? 0 : await countOnly(run, place, [head], ['--branches', ...except]);
  const merged = await Promise.all(tips.map((tip) => isContained(run, place, tip, bases)));
  return { unmerged, contained: merged.every(Boolean), detached };
}

/** All worktrees share their stashes; git's own words say on which branch each was made. Source: git-stash(1), "push". */
async function stashesOn(run: RunGit, place: string, branch: string): Promise<readonly string[]> {
  const listed = await must(run, place, ['stash', 'list', '-z', '--format=%gd %gs']);
  return byNul(listed).flatMap((entry) => {
    const [name = '', ...words] = entry.split(' ');
    const said = words.join(' ').replace(/^WIP on /, 'On ');
    return said.startsWith(`On ${branch}: `) ? [name] : [];
  });
}

async function countOnly(
  run: RunGit,
  place: string,
  tips: readonly string[],
  except: readonly string[],
): Promise<number> {
  if (tips.length === 0) return 0;
  return Number((await must(run, place, ['rev-list', '--count', ...tips, '--not', ...except, '--'])).trim());
}

/** Whether merging `tip` into one of the bases would change nothing: it was squashed or rebased into it. */
async function isContained(
  run: RunGit,
  place: string,
  tip: string,
  bases: readonly string[],
): Promise<boolean> {
  for (const base of bases) {
    const [merged, tree] = await Promise.all([
      run(place, ['merge-tree', '--write-tree', base, tip]),
      must(run, place, ['rev-parse', `${base}^{tree}`]),
    ]);
    if (merged.exit === 0 && merged.stdout.split('\n')[0] === tree.trim()) return true;
  }
  return false;
}
