/** Another git at work in the repository: its lock files and half-made worktrees are waited for, a bounded time. */
import { PitwallError } from '../core/errors.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { GitResult, RunGit } from './git-run.ts';

/** Milliseconds before each further try: about three seconds in all, and no two that met wait for the same time. */
const pauses: readonly number[] = [30, 60, 120, 240, 400, 600, 800, 800];

/** The file of another git in the way, as git says it, or null. Source: lockfile.c, config.c and setup.c of git. */
export function inTheWay(stderr: string): string | null {
  const created = /Unable to create '(.*\.lock)': File exists/.exec(stderr)?.[1];
  if (created !== undefined) return created;
  const config = /could not lock config file (.*): File exists/.exec(stderr)?.[1];
  if (config !== undefined) return `${config}.lock`;
  return /failed to read (.*\/worktrees\/[^/]+\/\w+)/.exec(stderr)?.[1] ?? null;
}

/** A runner that tries again when another git was in the way: a git that fails so has changed nothing. */
export function patient(run: RunGit): RunGit {
  return (cwd, args, call) => patiently(() => run(cwd, args, call));
}

/** As `patient`, for one command that may leave something: `tidy` takes it back before each further try. */
export async function patiently(
  work: () => Promise<GitResult>,
  tidy: () => Promise<void> = async () => undefined,
): Promise<GitResult> {
  for (const pause of pauses) {
    const result = await work();
    if (result.exit === 0 || inTheWay(result.stderr) === null) return result;
    await tidy();
    await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
  }
  return work();
}

/** The error of a command that met another git to the end, or null when that was not its trouble. */
export function lockedByGit(stderr: string): PitwallError | null {
  const file = inTheWay(stderr);
  if (file === null) return null;
  return new PitwallError('Locked', `another git is at work on ${file}`, shellQuote(['ls', '-l', file]));
}
