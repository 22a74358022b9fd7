/** The git side of `land`: what is asked before anything is changed. What changes is in the files it puts together. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import type { BaseHolder, LandingBase, Standing } from '../core/land/land.ts';
import type { LandGit } from '../ports.ts';
import { underway } from './git-facts.ts';
import { gitFolder } from './git-folder.ts';
import { mergeBase } from './git-from.ts';
import { readStatus, treeWith } from './git-held.ts';
import { hiddenChanges } from './git-hidden.ts';
import { advance, landingCommit } from './git-landing.ts';
import { patient } from './git-patience.ts';
import { push } from './git-push.ts';
import { guard } from './git-rounds.ts';
import { byNul, type Environment, few, must, objectsIn, type RunGit, resolveCommit } from './git-run.ts';
import { line } from './git-small-file.ts';
import { bringUpToDate, commitAll, takeBack } from './git-update.ts';
import { worktreePart } from './git-worktrees.ts';
import { pidRuns } from './owner.ts';

/** The part of the git port that lands. Locks of another git are waited for; temporary folders go in every case. */
export function landPart(runOnce: RunGit, env: Environment): LandGit {
  const run = patient(runOnce);
  const temporary = () => temporaryIn(env.TMPDIR ?? tmpdir());
  return {
    landingBase: (root, base) => landingBase(run, root, base),
    standing: (worktree, base, approved) =>
      within(temporary(), (folder) => standing(run, folder, { worktree, base, approved })),
    commitAll: (worktree, message) =>
      within(temporary(), (folder) => commitAll(run, folder, worktree, message)),
    bringUpToDate: (worktree, options) => bringUpToDate(run, worktree, options),
    takeBack: (worktree, begun) => takeBack(run, worktree, begun),
    isIn: (root, commit, of) => isIn(run, root, commit, of),
    treeOf: (root, commit) => treeOf(run, root, commit),
    landingCommit: (root, options) => landingCommit(run, root, options),
    async keepCommit(root, ref, commit) {
      guard(ref);
      await must(run, root, ['update-ref', '--', ref, commit]);
    },
    advance: (root, options) => advance(run, root, options),
    predict: (root, scratch, base, works) =>
      within(temporary(), (folder) => predict(run, { root, scratch, base, works, folder })),
    push: (root, branch, remote) => push(run, root, branch, remote),
  };
}

const prefix = 'pitwall-land-';

/** A folder of this process; those of our own processes that were killed are cleared away. */
function temporaryIn(place: string): string {
  for (const name of readdirSync(place).filter((each) => each.startsWith(prefix))) {
    const stat = lstatSync(join(place, name), { throwIfNoEntry: false });
    if (stat?.uid === process.getuid?.() && !pidRuns(Number.parseInt(name.slice(prefix.length), 10)))
      rmSync(join(place, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(place, `${prefix}${process.pid}-`));
}

/** Runs `work` with a folder that is removed afterwards. */
async function within<T>(folder: string, work: (folder: string) => Promise<T>): Promise<T> {
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function treeOf(run: RunGit, root: string, commit: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{tree}`];
  const { exit, stdout } = await run(root, args);
  return exit === 0 ? stdout.trim() : null;
}

async function landingBase(run: RunGit, root: string, base: string): Promise<LandingBase> {
  const own = await resolveCommit(run, root, `refs/heads/${base}`);
  const known = { name: base, remote: null, follows: null, diverged: false };
  if (own !== null)
    return { ...known, branch: base, commit: own, from: own, holders: await holdersOf(run, root, base) };
  const none = { ...known, branch: null, from: null, holders: [] };
  const remote = await remoteOf(run, root, base);
  if (remote === null) return { ...none, commit: await resolveCommit(run, root, base) };
  const name = base.slice(remote.length + 1);
  const format = '--format=%(objectname)%00%(upstream:short)';
  const told = (await must(run, root, ['for-each-ref', format, `refs/heads/${name}`])).trim();
  const [from = '', upstream = ''] = told.split('\0');
  const tip = await resolveCommit(run, root, `refs/remotes/${base}`);
  const follows = from === '' ? null : upstream || 'nothing';
  if (upstream !== base || tip === null) return { ...none, name, remote, follows, commit: tip };
  const [behind, ahead] = await Promise.all([isIn(run, root, from, tip), isIn(run, root, tip, from)]);
  return {
    ...known,
    ...{ name, remote, branch: name, from, commit: behind ? tip : from, diverged: !behind && !ahead },
    holders: await holdersOf(run, root, name),
  };
}

async function isIn(run: RunGit, root: string, commit: string, of: string): Promise<boolean> {
  return (await run(root, ['merge-base', '--is-ancestor', '--end-of-options', commit, of])).exit === 0;
}

/** The remote whose branch `base` is (`up/x` is a remote's name in `up/x/main`), or null. */
async function remoteOf(run: RunGit, root: string, base: string): Promise<string | null> {
  if ((await resolveCommit(run, root, `refs/remotes/${base}`)) === null) return null;
  const remotes = (await must(run, root, ['remote'])).split('\n').filter((each) => each !== '');
  return (
    remotes.sort((a, b) => b.length - a.length).find((each) => base.startsWith(`${each}/`)) ??
    base.split('/')[0] ??
    null
  );
}

/** A worktree that rebases or bisects a branch has a detached HEAD, and will set the branch when it is done. */
async function holdersOf(run: RunGit, root: string, branch: string): Promise<readonly BaseHolder[]> {
  const worktrees = await worktreePart(run).worktrees(root);
  const held = worktrees.flatMap((each) => {
    const own = gitFolder(each.path)?.own;
    if (own === undefined) return [];
    const names = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'];
    const begun = names.map((name) => line(join(own, name))?.replace(/^refs\/heads\//, ''));
    return each.branch === branch || begun.includes(branch) ? [{ path: each.path, own }] : [];
  });
  return few(held, async ({ path, own }) => ({
    path,
    changed: [...(await readStatus(run, path)).changed, ...(await hiddenChanges(run, path))],
    underway: underway(own),
  }));
}

interface Asked {
  readonly worktree: string;
  readonly base: string;
  readonly approved: string;
}

/**
 * Approved is also what was approved merged with what the base had gained at the point that HEAD has of it: so who
 * brought the branch up to date, and when, is nothing to be remembered.
 */
async function standing(run: RunGit, folder: string, { worktree, base, approved }: Asked): Promise<Standing> {
  const place = gitFolder(worktree);
  if (place === null)
    throw new PitwallError('TargetGone', `the worktree ${worktree} is gone`, 'git worktree list');
  const env = ownObjects(folder, join(place.common, 'objects'));
  const { head, changed, untracked } = await readStatus(run, worktree);
  const dirty = [...changed, ...untracked];
  const [ref, wanted, from] = await Promise.all([
    run(worktree, ['symbolic-ref', '--quiet', 'HEAD']),
    treeOf(run, worktree, approved),
    mergeBase(run, worktree, base),
  ]);
  const tree =
    dirty.length > 0 ? await treeWith(run, worktree, folder, dirty, env) : await treeOf(run, worktree, head);
  const merged = tree === wanted ? wanted : await mergedTree(run, worktree, [approved, from], env);
  return {
    head,
    branch: ref.exit === 0 ? ref.stdout.trim().replace(/^refs\/heads\//, '') : null,
    tree: tree ?? '',
    changed: dirty,
    underway: underway(place.own),
    approved: tree !== null && tree === merged,
  };
}

/** The tree of a merge without conflicts, or null. */
async function mergedTree(
  run: RunGit,
  root: string,
  commits: readonly [string, string],
  env: Readonly<Record<string, string>>,
): Promise<string | null> {
  const { exit, stdout } = await run(root, ['merge-tree', '--write-tree', '--no-messages', ...commits], {
    env,
  });
  return exit === 0 ? stdout.trim() : null;
}

function ownObjects(folder: string, ...others: readonly string[]): Record<string, string> {
  const objects = join(folder, 'objects');
  mkdirSync(objects, { recursive: true, mode: 0o700 });
  return objectsIn(objects, ...others);
}

interface Chain {
  readonly root: string;
  readonly scratch: string;
  readonly base: string;
  readonly works: readonly string[];
  readonly folder: string;
}

async function predict(run: RunGit, chain: Chain): Promise<readonly (readonly string[])[]> {
  const { root, scratch, folder } = chain;
  const common = gitFolder(root)?.common ?? '';
  const env = ownObjects(folder, join(scratch, 'objects'), join(common, 'objects'));
  const told: (readonly string[])[] = [];
  let base = chain.base;
  for (const work of chain.works) {
    const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', base, work];
    const { exit, stdout, stderr } = await run(root, args, { env });
    const [tree = '', ...files] = byNul(stdout);
    if (exit > 1 || tree === '')
      throw new PitwallError('CommandFailed', `git cannot tell how ${work} merges: ${stderr}`);
    told.push(exit === 0 ? [] : [...new Set(files)]);
    if (exit !== 0) continue;
    const nobody = { GIT_AUTHOR_NAME: 'pitwall', GIT_AUTHOR_EMAIL: 'pitwall@localhost' };
    const who = { ...nobody, GIT_COMMITTER_NAME: 'pitwall', GIT_COMMITTER_EMAIL: 'pitwall@localhost' };
    const commit = ['commit-tree', '--no-gpg-sign', tree, '-p', base, '-p', work, '-m', 'landing'];
    base = (await must(run, root, commit, { env: { ...env, ...who } })).trim();
  }
  return told;
}
