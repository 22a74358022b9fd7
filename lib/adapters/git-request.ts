/** A pull request's commits, fetched for a new task. */
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { Git } from '../ports.ts';
import { byNul, type RunGit, reasonOf } from './git-run.ts';

type Part = Pick<Git, 'remoteOf' | 'fetchFrom'>;

/** The part of the git port that fetches a pull request's branch. CommandFailed when git fails. */
export function requestPart(run: RunGit): Part {
  return {
    async remoteOf(root, repository) {
      const { stdout } = await run(root, ['config', '-z', '--get-regexp', '^remote\\..*\\.url$']);
      const remotes = byNul(stdout).map((entry) => {
        const [key = '', url = ''] = entry.split('\n');
        return { name: key.slice('remote.'.length, -'.url'.length), url };
      });
      const same = remotes.filter(({ url }) => repository !== null && leadsTo(url, repository));
      const origin = remotes.find(({ name }) => name === 'origin');
      const chosen = same.find(({ name }) => name === 'origin') ?? same[0] ?? origin ?? remotes[0];
      if (chosen) return chosen.name;
      const message = `${root} has no remote to fetch a pull request from`;
      throw new PitwallError(
        'CommandFailed',
        message,
        shellQuote(['git', '-C', root, 'remote', '--verbose']),
      );
    },
    async fetchFrom(root, remote, ref) {
      // The person's FETCH_HEAD, tags and submodules stay as they are.
      const quiet = [
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        '--no-recurse-submodules',
        '--no-auto-maintenance',
      ];
      const { exit, stderr } = await run(root, ['fetch', ...quiet, '--', remote, ref]);
      if (exit === 0) return;
      throw new PitwallError(
        'CommandFailed',
        `git fetch of ${ref} from ${remote} failed: ${reasonOf(stderr)}`,
        shellQuote(['git', '-C', root, 'fetch', remote, ref]),
        { exit, stderr: stderr.slice(-2000) },
      );
    },
  };
}

/** Whether an address (`https://host/owner/name.git`, `git@host:owner/name`) is that of `owner/name`. */
function leadsTo(url: string, repository: string): boolean {
  const path = url
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  return path.endsWith(`/${repository}`) || path.endsWith(`:${repository}`);
}
