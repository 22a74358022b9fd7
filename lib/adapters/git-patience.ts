/** Another git at work in the repository: its lock files and half-made worktrees are waited for, a bounded time. */
import { inTheWay, lockError, locksOf } from './git-lock.ts';
import type { GitResult, RunGit } from './git-run.ts';

/** Milliseconds before each further try: about three seconds in all, and no two that met wait for the same time. */
const pauses: readonly number[] = [30, 60, 120, 240, 400, 600, 800, 800];

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
    await waited(pause);
  }
  return work();
}

/** Waits for other gits to be done in a worktree, before something is begun there that a lock would leave half done. Locked. */
export async function untilFree(worktree: string): Promise<void> {
  for (const pause of pauses) {
    if (locksOf(worktree).length === 0) return;
    await waited(pause);
  }
  const [lock] = locksOf(worktree);
  if (lock !== undefined) throw lockError(lock);
}

function waited(pause: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
}
