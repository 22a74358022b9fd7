/** What a worktree holds that git would not bring back: what `remove` looks at before it removes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Git, WorktreeFacts } from '../ports.ts';
import { must, type RunGit } from './git-run.ts';

/** Names kept of each list. */
const most = 50;

const nothing: WorktreeFacts = {
  exists: false,
  modified: [],
  untracked: [],
  ignored: [],
  underway: null,
  locked: false,
  unmerged: 0,
  contained: true,
  dirtySubmodules: [],
};

/** Files and folders in git's own folder that tell of something begun and not ended. */
const begun: readonly (readonly [string, string])[] = [
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['MERGE_HEAD', 'a merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['BISECT_LOG', 'a bisect'],
];

type Environment = Readonly<Record<string, string | undefined>>;

export function factsPart(run: RunGit, env: Environment): Pick<Git, 'facts'> {
  return {
    async facts(worktree, base, branch) {
      if (!existsSync(join(worktree, '.git')))
        return { ...nothing, ...(await commitFacts(run, null, base, branch)) };
      const gitDir = (await must(run, worktree, ['rev-parse', '--absolute-git-dir'])).trim();
      return {
        exists: true,
        ...(await statusOf(env, worktree)),
        underway: begun.find(([name]) => existsSync(join(gitDir, name)))?.[1] ?? null,
        locked: existsSync(join(gitDir, 'locked')),
        dirtySubmodules: await dirtySubmodules(run, worktree),
        ...(await commitFacts(run, worktree, base, branch)),
      };
    },
  };
}

/** Variables that simple-git refuses to hand on: they name programs or repositories. */
const refused = /^(EDITOR|VISUAL|PAGER|SSH_ASKPASS|PREFIX|GIT_.*)$/;

/** What `git status` says, ignored files included, by simple-git's own reading. */
async function statusOf(env: Environment, worktree: string) {
  const { simpleGit } = await import('simple-git');
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !refused.test(name));
  const git = simpleGit(worktree, { allowEnvironment: ['GIT_OPTIONAL_LOCKS'] }).env({
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
  });
  const all = ['--untracked-files=all', '--ignored=matching', '--ignore-submodules=none'];
  const { files, ignored = [] } = await git.status(all);
  const names = (untracked: boolean) =>
    files.filter((file) => (file.index === '?') === untracked).map((file) => file.path);
  return {
    modified: names(false).slice(0, most),
    untracked: names(true).slice(0, most),
    ignored: ignored.slice(0, most),
  };
}

/** Commits of HEAD that no other branch, tag or remote has, and whether the base already has what they change. */
async function commitFacts(
  run: RunGit,
  worktree: string | null,
  base: string,
  branch: string,
): Promise<Pick<WorktreeFacts, 'unmerged' | 'contained'>> {
  if (worktree === null) return { unmerged: 0, contained: true };
  const counted = await run(worktree, [
    'rev-list',
    '--count',
    'HEAD',
    '--not',
    `--exclude=${branch}`,
    '--branches',
    '--remotes',
    '--tags',
    base,
    '--',
  ]);
  const unmerged = counted.exit === 0 ? Number(counted.stdout.trim()) : 1;
  if (unmerged === 0) return { unmerged, contained: true };
  const [merged, tree] = await Promise.all([
    run(worktree, ['merge-tree', '--write-tree', base, 'HEAD']),
    run(worktree, ['rev-parse', `${base}^{tree}`]),
  ]);
  const contained =
    merged.exit === 0 && tree.exit === 0 && merged.stdout.trim().split('\n')[0] === tree.stdout.trim();
  return { unmerged, contained };
}

/** Submodules with changes or commits that their remotes do not have. */
async function dirtySubmodules(run: RunGit, worktree: string): Promise<readonly string[]> {
  if (!existsSync(join(worktree, '.gitmodules'))) return [];
  const listed = await must(run, worktree, ['submodule', 'status', '--recursive']);
  const dirty: string[] = [];
  for (const line of listed.split('\n')) {
    const path = /^[ +U]?[0-9a-f]+ (.+?)(?: \(.*\))?$/.exec(line)?.[1];
    if (path === undefined || line.startsWith('-')) continue;
    const folder = join(worktree, path);
    const [status, ahead] = await Promise.all([
      must(run, folder, ['status', '--porcelain', '--untracked-files=all']),
      run(folder, ['rev-list', '--count', 'HEAD', '--not', '--remotes', '--']),
    ]);
    if (status !== '' || ahead.stdout.trim() !== '0') dirty.push(path);
  }
  return dirty;
}
