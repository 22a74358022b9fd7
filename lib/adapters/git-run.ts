/** One git process for plumbing: never asks, speaks C, takes no optional locks. */
import { execFile } from 'node:child_process';
import { commandFailed, PitwallError } from '../core/errors.ts';

export interface GitResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type RunGit = (
  cwd: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<GitResult>;

/** Answers also for a failing exit code; rejects when there is no git or it was ended by a signal. */
export function gitRunner(base: Readonly<Record<string, string | undefined>>): RunGit {
  const own: Record<string, string | undefined> = {
    ...base,
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
  };
  // A command given inside a hook or an agent must not work on that one's index or repository.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY']) delete own[name];
  return (cwd, args, env = {}) =>
    new Promise((resolve, reject) => {
      const argv = ['-c', 'core.quotePath=false', ...args];
      const options = { cwd, env: { ...own, ...env }, maxBuffer: 256 << 20, encoding: 'utf8' as const };
      execFile('git', argv, options, (error, stdout, stderr) => {
        if (error === null) resolve({ exit: 0, stdout, stderr });
        else if (error.code === 'ENOENT') reject(gitMissing(cwd, error));
        else if (typeof error.code === 'number') resolve({ exit: error.code, stdout, stderr });
        else reject(commandFailed(['git', ...args], null, stderr || error.message));
      });
    });
}

/** Rejects with CommandFailed for a failing exit code; answers stdout. */
export async function must(
  run: RunGit,
  cwd: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  const { exit, stdout, stderr } = await run(cwd, args, env);
  if (exit !== 0) throw commandFailed(['git', ...args], exit, stderr);
  return stdout;
}

/** Spawning fails with ENOENT for a missing program and for a missing folder alike. */
function gitMissing(cwd: string, error: Error): PitwallError {
  const install = process.platform === 'darwin' ? 'xcode-select --install' : 'sudo apt-get install git';
  return new PitwallError('ToolMissing', `git is not installed, or the folder ${cwd} is gone`, install, {
    error: error.message,
  });
}
