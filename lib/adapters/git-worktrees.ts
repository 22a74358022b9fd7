/** Repositories, branches and worktrees: what `new` and `remove` change. */
import { existsSync, readdirSync, realpathSync, rmdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import type { Git, WorktreeFact } from '../ports.ts';
import { must, type RunGit } from './git-run.ts';

type Part = Pick<
  Git,
  | 'root'
  | 'defaultBase'
  | 'resolve'
  | 'worktrees'
  | 'branch'
  | 'addWorktree'
  | 'removeWorktree'
  | 'deleteBranch'
  | 'initSubmodules'
>;

/** This part of the port, on one runner. Callers hold the project's lock around what changes things. */
export function worktreePart(run: RunGit): Part {
  const resolveRef = async (root: string, ref: string) => {
    const { exit, stdout } = await run(root, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${ref}^{commit}`,
    ]);
    return exit === 0 ? stdout.trim() : null;
  };
  return {
    root: (path) => findRoot(run, path),
    resolve: resolveRef,
    worktrees: async (root) =>
      parseWorktrees(await must(run, root, ['worktree', 'list', '--porcelain', '-z'])),
    async defaultBase(root) {
      const [remote, head, commit] = await Promise.all([
        run(root, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']),
        run(root, ['symbolic-ref', '--quiet', '--short', 'HEAD']),
        resolveRef(root, 'HEAD'),
      ]);
      const origin = remote.exit === 0 ? remote.stdout.trim() : null;
      const originCommit = origin === null ? null : await resolveRef(root, origin);
      if (origin !== null && originCommit !== null) return { ref: origin, commit: originCommit };
      if (commit === null)
        throw new PitwallError(
          'EmptyRepository',
          `${root} has no commit yet`,
          'git commit --allow-empty -m start',
        );
      return { ref: head.exit === 0 ? head.stdout.trim() : commit, commit };
    },
    branch: (root, name) => branchFacts(run, root, name),
    async addWorktree(root, { path, branch, create, start }) {
      const args = create ? ['--no-track', '-b', branch, '--', path, start] : ['--', path, branch];
      const { exit, stderr } = await run(root, ['worktree', 'add', '--quiet', ...args]);
      if (exit !== 0) throw addFailed(stderr, path, branch, exit);
    },
    removeWorktree: (root, path, force) => removeWorktree(run, root, path, force),
    async deleteBranch(root, branch, commit) {
      const args = ['update-ref', '-d', `refs/heads/${branch}`, ...(commit === null ? [] : [commit])];
      await must(run, root, args);
      // Its section in the configuration may not exist: then there is nothing to clear.
      await run(root, ['config', '--local', '--remove-section', `branch.${branch}`]);
    },
    async initSubmodules(worktree) {
      const { stdout } = await run(worktree, ['ls-files', '--', '.gitmodules']);
      if (stdout.trim() !== '')
        await must(run, worktree, ['submodule', '--quiet', 'update', '--init', '--recursive']);
    },
  };
}

async function findRoot(run: RunGit, path: string): Promise<string> {
  const { exit, stdout, stderr } = await run(path, [
    'rev-parse',
    '--path-format=absolute',
    '--git-common-dir',
    '--is-bare-repository',
  ]);
  if (exit !== 0) {
    if (/not a git repository/.test(stderr))
      throw new PitwallError('NotARepository', `${path} is not in a git repository`, 'git init');
    throw new PitwallError(
      'CommandFailed',
      `git cannot read ${path}: ${stderr.trim().split('\n').at(-1)}`,
      null,
    );
  }
  const [common = '', bare = ''] = stdout.trim().split('\n');
  if (bare === 'true' || !common.endsWith('/.git')) {
    // A submodule's or a relocated git folder names its worktree itself.
    const top = await run(path, ['rev-parse', '--path-format=absolute', '--show-toplevel']);
    if (bare === 'true' || top.exit !== 0)
      throw new PitwallError(
        'BareRepository',
        `${path} is a bare repository: it has no main worktree`,
        `git clone ${path} FOLDER`,
      );
    return realpathSync(top.stdout.trim());
  }
  return realpathSync(dirname(common));
}

function parseWorktrees(output: string): readonly WorktreeFact[] {
  return output
    .split('\0\0')
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const lines = block.split('\0').filter((line) => line !== '');
      const value = (key: string) =>
        lines.find((line) => line === key || line.startsWith(`${key} `))?.slice(key.length + 1);
      return {
        path: value('worktree') ?? '',
        head: value('HEAD') ?? null,
        branch: value('branch')?.replace(/^refs\/heads\//, '') ?? null,
        locked: value('locked') !== undefined,
        prunable: value('prunable') !== undefined,
      };
    });
}

async function branchFacts(run: RunGit, root: string, name: string) {
  const valid = !name.startsWith('-') && (await run(root, ['check-ref-format', '--branch', name])).exit === 0;
  if (!valid) return { local: false, remote: null, clash: null, valid };
  const listed = await must(run, root, ['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/remotes']);
  const refs = listed.split('\n').filter((ref) => ref !== '');
  const heads = refs
    .filter((ref) => ref.startsWith('refs/heads/'))
    .map((ref) => ref.slice('refs/heads/'.length));
  const remotes = refs
    .filter((ref) => ref.startsWith('refs/remotes/'))
    .map((ref) => ref.slice('refs/remotes/'.length));
  const onRemote = remotes.filter((ref) => ref.slice(ref.indexOf('/') + 1) === name);
  return {
    local: heads.includes(name),
    remote: onRemote.find((ref) => ref.startsWith('origin/')) ?? onRemote[0] ?? null,
    clash: heads.find((head) => head.startsWith(`${name}/`) || name.startsWith(`${head}/`)) ?? null,
    valid,
  };
}

function addFailed(stderr: string, path: string, branch: string, exit: number): PitwallError {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  const holder = /already (?:checked out|used by worktree) at '(.*)'/.exec(stderr)?.[1];
  if (holder)
    return new PitwallError(
      'BranchInUse',
      `branch ${branch} is checked out in ${holder}`,
      `git -C ${holder} switch OTHER`,
    );
  if (/already exists/.test(stderr))
    return new PitwallError('NameTaken', `${path} is there already (${said})`, `ls ${path}`);
  return new PitwallError('CommandFailed', `git worktree add ${path} failed: ${said}`, null, {
    exit,
    stderr: stderr.slice(-2000),
  });
}

/** git refuses worktrees with submodules without force: callers looked into them before. A gone one is pruned. */
async function removeWorktree(run: RunGit, root: string, path: string, force: boolean): Promise<void> {
  const known = parseWorktrees(await must(run, root, ['worktree', 'list', '--porcelain', '-z'])).find(
    (each) => each.path === resolve(path),
  );
  if (!known) return;
  if (known.prunable) await must(run, root, ['worktree', 'prune']);
  else await must(run, root, ['worktree', 'remove', ...(force ? ['--force', '--force'] : []), '--', path]);
  const parent = dirname(path);
  if (parent.endsWith('.worktrees') && existsSync(parent) && readdirSync(parent).length === 0)
    rmdirSync(parent);
}
