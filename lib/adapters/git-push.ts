/** A branch sent to a remote: never by force, by the person's own settings, pre-push hook included. */
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import { must, type RunGit, reasonOf } from './git-run.ts';

/**
 * Pushes `branch` to `remote`, by default where the person’s settings send it; answers the remote’s name.
 * CommandFailed in git’s words when it is refused.
 */
export async function push(
  run: RunGit,
  root: string,
  branch: string,
  remote: string | null,
): Promise<string> {
  const to = remote ?? (await remoteFor(run, root, branch));
  const follows = await setting(run, root, `branch.${branch}.merge`);
  const own = (await setting(run, root, `branch.${branch}.remote`)) === to ? follows : null;
  const args = ['push', '--quiet', '--', to, `refs/heads/${branch}:${own ?? `refs/heads/${branch}`}`];
  const { exit, stdout, stderr } = await run(root, args);
  if (exit === 0) return to;
  throw new PitwallError(
    'CommandFailed',
    `git push of ${branch} to ${to} failed: ${reasonOf(stderr || stdout)}`,
    shellQuote(['git', '-C', root, 'push', to, branch]),
    { exit, stderr: stderr.slice(-2000) },
  );
}

/** Source of the order: git-push(1) and git-config(1), `branch.<name>.pushRemote`. */
async function remoteFor(run: RunGit, root: string, branch: string): Promise<string> {
  for (const key of [`branch.${branch}.pushRemote`, 'remote.pushDefault', `branch.${branch}.remote`]) {
    const value = await setting(run, root, key);
    if (value !== null && value !== '.') return value;
  }
  const remotes = (await must(run, root, ['remote'])).split('\n').filter((each) => each !== '');
  const only = remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined;
  if (only !== undefined) return only;
  throw new PitwallError(
    'CommandFailed',
    `it is not set where ${branch} is pushed to`,
    shellQuote(['git', '-C', root, 'config', `branch.${branch}.remote`, remotes[0] ?? 'REMOTE']),
  );
}

async function setting(run: RunGit, root: string, key: string): Promise<string | null> {
  const { exit, stdout } = await run(root, ['config', '--get', key]);
  return exit === 0 ? stdout.trim() : null;
}
