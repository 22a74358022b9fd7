/** One git process for plumbing: never asks, speaks C, takes no optional locks. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { commandFailed, PitwallError } from '../core/errors.ts';
import { lockedByGit } from './git-lock.ts';
import { installCommand } from './install-command.ts';

/** How a git process ended; the exit code of one that was killed is not 0. */
export interface GitResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a call needs besides its arguments. */
export interface GitCall {
  readonly env?: Readonly<Record<string, string>>;
  /** What the process reads from its standard input; nothing when left out. */
  readonly input?: string;
}

/** The variables a process gets; undefined ones are not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Runs git in `cwd` and answers with any exit code. ToolMissing without git, TargetGone without the folder, else CommandFailed. */
export type RunGit = (cwd: string, args: readonly string[], call?: GitCall) => Promise<GitResult>;

/** What git hands to its hooks: a command given inside one must not work on that one's index or repository. */
const ofOneRepository: ReadonlySet<string> = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_REPLACE_REF_BASE',
]);

/** An environment without what would point git at another repository than the one of its folder. */
export function freeOfRepository(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && !ofOneRepository.has(name)) kept[name] = value;
  return kept;
}

/** Answers also for a failing exit code; ToolMissing without git, TargetGone without the folder, else CommandFailed. */
export function gitRunner(base: Environment): RunGit {
  const own = { ...freeOfRepository(base), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
  return (cwd, args, { env = {}, input = '' } = {}) =>
    new Promise((resolve, reject) => {
      const argv = ['-c', 'core.quotePath=false', ...args];
      const options = { cwd, env: { ...own, ...env }, maxBuffer: 256 << 20, encoding: 'utf8' as const };
      const child = execFile('git', argv, options, (error, stdout, stderr) => {
        if (error === null) resolve({ exit: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ exit: error.code, stdout, stderr });
        else if (error.code === 'ENOENT') reject(missing(cwd, error));
        else reject(commandFailed(['git', ...args], null, stderr || error.message));
      });
      // git may end without reading what it is given: that is not an error of its own.
      child.stdin?.on('error', () => child.stdin?.destroy());
      child.stdin?.end(input);
    });
}

/** Rejects with Locked where another git is in the way, else CommandFailed, for a failing exit code; answers stdout. */
export async function must(
  run: RunGit,
  cwd: string,
  args: readonly string[],
  call?: GitCall,
): Promise<string> {
  const { exit, stdout, stderr } = await run(cwd, args, call);
  if (exit !== 0) throw lockedByGit(stderr, cwd) ?? commandFailed(['git', ...args], exit, stderr);
  return stdout;
}

/** The commit of a ref, or null. */
export async function resolveCommit(run: RunGit, cwd: string, ref: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const { exit, stdout } = await run(cwd, args);
  return exit === 0 ? stdout.trim() : null;
}

/** The last line of what git said on stderr. */
export function lastLine(stderr: string): string {
  return stderr.trim().split('\n').at(-1) ?? '';
}

/** The line in which git, or a hook of it, says why it stopped: not the advice that git adds after it. */
export function reasonOf(stderr: string): string {
  const advice = /^(hint:|Not committing merge|error: failed to push|error: could not apply|Could not apply)/;
  return lastLine(
    stderr
      .split('\n')
      .filter((line) => !advice.test(line))
      .join('\n'),
  );
}

/** Why a git, or a hook of it, stopped: also one that did so without a word. */
export function wordsOf({ exit, stdout, stderr }: GitResult): string {
  return reasonOf(stderr) || reasonOf(stdout) || `it ended with ${exit} and said nothing`;
}

/** The entries of a list that ends each with a NUL. */
export function byNul(output: string): readonly string[] {
  return output.split('\0').filter((entry) => entry !== '');
}

/** Spawning fails with ENOENT for a missing program and for a missing folder alike. */
function missing(cwd: string, error: Error): PitwallError {
  if (!existsSync(cwd)) return new PitwallError('TargetGone', `the folder ${cwd} is gone`);
  return new PitwallError('ToolMissing', 'git is not installed', installCommand('git'), {
    error: error.message,
  });
}

/** git writes new objects to `folder` alone, and reads those of `others` (`objects` folders) too. */
export function objectsIn(folder: string, ...others: readonly string[]): Record<string, string> {
  return {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: others.map((each) => JSON.stringify(each)).join(':'),
    GIT_NO_LAZY_FETCH: '1',
  };
}

/** git processes at once. */
const atOnce = 4;

/** As `Promise.all`, a few at a time. */
export async function few<T, R>(things: readonly T[], work: (thing: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < things.length; index = next++) {
      const thing = things[index];
      if (thing !== undefined) results[index] = await work(thing);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
