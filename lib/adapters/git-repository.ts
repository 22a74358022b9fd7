/** Which repository a folder belongs to, and its refs: what `new` asks before it changes anything. */
import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { Git } from '../ports.ts';
import { byNul, lastLine, must, type RunGit, resolveCommit } from './git-run.ts';

type Part = Pick<Git, 'root' | 'defaultBase' | 'defaultBranch' | 'resolve' | 'branch'>;

/** This part of the port, on one runner. Each question is one process where git allows it. */
export function repositoryPart(run: RunGit): Part {
  return {
    root: (path) => findRoot(run, path),
    resolve: (root, ref) => resolveCommit(run, root, ref),
    defaultBase: (root) => defaultBase(run, root),
    defaultBranch: (root) => defaultBranch(run, root),
    branch: (root, name) => branchFacts(run, root, name),
  };
}

async function findRoot(run: RunGit, path: string): Promise<string> {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new PitwallError('NotARepository', `there is no folder ${path}`, 'git init');
  const asked = ['--is-bare-repository', '--git-dir', '--git-common-dir', '--show-toplevel'];
  const { exit, stdout, stderr } = await run(path, ['rev-parse', '--path-format=absolute', ...asked]);
  const [bare, folder = '', common = '', top, ...more] = stdout.trim().split('\n');
  if (stdout === '') throw unreadable(path, stderr);
  if (bare === 'true') throw bareRepository(path);
  if (more.length > 1)
    throw new PitwallError('NotARepository', `${path} lies in a folder whose name holds a line feed`);
  if (exit !== 0 || top === undefined) {
    // Inside git's own folder: the worktree around it is meant.
    if (common.endsWith('/.git') && path !== dirname(common)) return findRoot(run, dirname(common));
    throw unreadable(path, stderr);
  }
  return realpathSync(folder === common ? top : await mainWorktree(run, path, common));
}

/** The main worktree of a repository seen from a linked one, by its common folder. */
async function mainWorktree(run: RunGit, path: string, common: string): Promise<string> {
  const args = ['--git-dir', common, 'config', '-z', '--get-regexp', '^core\\.(bare|worktree)$'];
  const { stdout } = await run(path, args);
  const settings = new Map(
    byNul(stdout).map((entry): [string, string] => {
      const [key = '', ...value] = entry.split('\n');
      return [key, value.join('\n')];
    }),
  );
  if (settings.get('core.bare') === 'true') throw bareRepository(path);
  const named = settings.get('core.worktree');
  if (named !== undefined) return resolve(common, named);
  if (common.endsWith('/.git')) return dirname(common);
  throw bareRepository(path);
}

function bareRepository(path: string): PitwallError {
  const message = `${path} belongs to a bare repository: it has no main worktree`;
  return new PitwallError('BareRepository', message, shellQuote(['git', 'clone', path, 'FOLDER']));
}

function unreadable(path: string, stderr: string): PitwallError {
  if (/not a git repository/.test(stderr))
    return new PitwallError('NotARepository', `${path} is not in a git repository`, 'git init');
  const trusted = /dubious ownership in repository at '(.*)'/.exec(stderr)?.[1];
  if (trusted !== undefined)
    return new PitwallError(
      'NotARepository',
      `${path} is in a repository of another user, which git does not read`,
      shellQuote(['git', 'config', '--global', '--add', 'safe.directory', trusted]),
    );
  return new PitwallError('CommandFailed', `git cannot read ${path}: ${lastLine(stderr)}`);
}

async function defaultBase(run: RunGit, root: string): Promise<{ ref: string; commit: string }> {
  const format = '--format=%(refname)%00%(symref)%00%(objectname)%00%(HEAD)';
  const listed = await must(run, root, ['for-each-ref', format, 'refs/remotes/origin/HEAD', 'refs/heads']);
  let head: { ref: string; commit: string } | null = null;
  for (const line of listed.split('\n')) {
    const [name = '', symref = '', commit = '', current] = line.split('\0');
    if (name === 'refs/remotes/origin/HEAD') return { ref: symref.replace(/^refs\/remotes\//, ''), commit };
    if (current === '*') head = { ref: name.replace(/^refs\/heads\//, ''), commit };
  }
  if (head !== null) return head;
  const commit = await resolveCommit(run, root, 'HEAD');
  if (commit !== null) return { ref: commit, commit };
  const start = 'git commit --allow-empty -m start';
  throw new PitwallError('EmptyRepository', `${root} has no commit on its branch yet`, start);
}

/** Also when what it names was never fetched: a repository's own word for its default branch counts. */
export async function defaultBranch(run: RunGit, root: string): Promise<string | null> {
  const { exit, stdout } = await run(root, ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD']);
  return exit === 0 ? stdout.trim().replace(/^refs\/remotes\/origin\//, '') : null;
}

async function branchFacts(run: RunGit, root: string, name: string) {
  if (!isBranchName(name)) return { local: false, remote: null, clash: null, valid: false };
  const parts = name.split('/');
  const parents = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  const patterns = [name, ...parents].map((each) => `refs/heads/${each}`);
  const args = ['for-each-ref', '--format=%(refname)', ...patterns, `refs/remotes/**/${name}`];
  const refs = (await must(run, root, args)).split('\n');
  const under = (prefix: string) =>
    refs.filter((ref) => ref.startsWith(prefix)).map((ref) => ref.slice(prefix.length));
  const heads = under('refs/heads/');
  return {
    local: heads.includes(name),
    remote: await remoteBranch(run, root, name, under('refs/remotes/')),
    clash: heads.find((head) => head.startsWith(`${name}/`) || parents.includes(head)) ?? null,
    valid: true,
  };
}

/**
 * The one of `refs` that is the branch `name` of a remote, origin's first. `up/x/y` is `y` of the remote `up/x`, or `x/y`
 * of `up`: where that is open git is asked for its remotes.
 */
async function remoteBranch(
  run: RunGit,
  root: string,
  name: string,
  refs: readonly string[],
): Promise<string | null> {
  const found = refs.filter((ref) => ref.endsWith(`/${name}`));
  const open = found.filter((ref) => ref.split('/').length > 2);
  const listed = open.length === 0 ? '' : await must(run, root, ['remote']);
  const remotes = listed.split('\n').sort((a, b) => b.length - a.length);
  const fitting = found.filter((ref) => {
    const remote = remotes.find((each) => ref.startsWith(`${each}/`)) ?? ref.split('/')[0] ?? '';
    return ref === `${remote}/${name}`;
  });
  return fitting.find((ref) => ref === `origin/${name}`) ?? fitting[0] ?? null;
}

/** git-check-ref-format(1) for a branch: what git refuses, told without a process. */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name === 'HEAD' || name.startsWith('-') || name.endsWith('.'))
    return false;
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
