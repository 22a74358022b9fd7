/** The pull request that a new task goes on with: read through `gh`, fetched from the remote it is on. */
import { oneLine, PitwallError } from '../../core/errors.ts';
import {
  branchFor,
  type PullRequest,
  parsePullRequest,
  pullRequestFields,
  repositoryOf,
} from '../../core/pull-request.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import type { NewOptions, RequestedStart } from './new-steps.ts';

/** Milliseconds that `gh` may take. */
const patience = 60_000;

/** Where the task starts, or null without a pull request. Of a dry run nothing is fetched. ToolMissing, CommandFailed. */
export async function requestedStart(
  context: Context,
  root: string,
  options: Pick<NewOptions, 'request' | 'branch' | 'dryRun'>,
  narrate: (line: string) => void,
): Promise<RequestedStart | null> {
  if (options.request === null) return null;
  const { git } = context.deps;
  const found = await readRequest(context, root, options.request);
  const { number, title, headRefOid: commit, baseRefName } = found;
  narrate(`pull request ${number}: ${title}`);
  const remote = await git.remoteOf(root, repositoryOf(found));
  if (!options.dryRun) await git.fetchFrom(root, remote, `refs/pull/${number}/head`);
  if (!options.dryRun && (await git.resolve(root, commit)) === null)
    throw new PitwallError(
      'CommandFailed',
      `pull request ${number} got another commit meanwhile`,
      shellQuote(['pitwall', 'new', '--pr', String(number)]),
    );
  const tracked = `${remote}/${baseRefName}`;
  const base = (await git.resolve(root, `refs/remotes/${tracked}`)) === null ? baseRefName : tracked;
  return { branch: options.branch ?? branchFor(found), commit, base };
}

async function readRequest({ deps }: Context, root: string, number: number): Promise<PullRequest> {
  const { processes } = deps;
  if ((await processes.which('gh')) === null)
    throw new PitwallError('ToolMissing', 'gh, which reads pull requests, is not installed', null);
  const argv = ['gh', 'pr', 'view', String(number), '--json', pullRequestFields];
  const { exit, stdout, stderr, timedOut } = await processes.run(argv, {
    cwd: root,
    env: { GH_PROMPT_DISABLED: '1', GIT_TERMINAL_PROMPT: '0', NO_COLOR: '1' },
    timeout: patience,
  });
  const request = exit === 0 ? parsePullRequest(parsed(stdout)) : null;
  if (request?.number === number) return request;
  const last = oneLine(stderr.trim().split('\n').at(-1) ?? '');
  const said = timedOut ? 'it took too long' : last === '' ? 'it said something else' : last;
  throw new PitwallError(
    'CommandFailed',
    `gh did not tell of pull request ${number}: ${said}`,
    shellQuote(['gh', 'pr', 'view', String(number)]),
    { argv, exit, stderr: stderr.slice(-2000) },
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
