/** A pull request instead of a landing: the branch is pushed and `gh` asked to open one. */
import { oneLine, PitwallError } from '../../core/errors.ts';
import type { LandingBase } from '../../core/land/land.ts';
import { pullRequest } from '../../core/land/land-text.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import type { Candidate } from './land-candidate.ts';
import type { Place } from './land-outcome.ts';

/** Milliseconds that `gh` may take. */
const patience = 120_000;

/** Answers the address of the pull request, also of one that is open already. ToolMissing without gh, CommandFailed. */
export async function openRequest(
  context: Context,
  { project, task }: Place,
  { root, record, text, report }: Candidate,
  base: LandingBase,
): Promise<string> {
  const { git, files, processes } = context.deps;
  if ((await processes.which('gh')) === null)
    throw new PitwallError('ToolMissing', 'gh, which opens pull requests, is not installed', null);
  await git.push(root, record.branch, base.remote);
  const { title, body } = pullRequest(text, report);
  const file = await files.writeText(project, task, 'pull-request.md', body);
  const head = ['--base', base.name, '--head', record.branch];
  const argv = ['gh', 'pr', 'create', ...head, `--title=${title}`, '--body-file', file];
  const { exit, stdout, stderr, timedOut } = await processes.run(argv, {
    cwd: record.worktree,
    env: { GH_PROMPT_DISABLED: '1', GIT_TERMINAL_PROMPT: '0' },
    timeout: patience,
  });
  const address = /https?:\/\/\S+/.exec(exit === 0 ? stdout : '')?.[0];
  if (address !== undefined) return oneLine(address);
  const open = /already exists:\s*(https?:\/\/\S+)/.exec(stderr)?.[1];
  if (open !== undefined) return oneLine(open);
  const said = timedOut ? 'it took too long' : (stderr.trim().split('\n').at(-1) ?? '');
  throw new PitwallError(
    'CommandFailed',
    `gh opened no pull request for ${record.branch}: ${said}`,
    shellQuote(['gh', 'pr', 'create', ...head]),
    { exit, stderr: stderr.slice(-2000) },
  );
}
