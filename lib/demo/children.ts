/** Programs that the demo agent starts: in argv form, each in a process group of its own, none left behind. */
import { type ChildProcess, spawn } from 'node:child_process';

/** How a program ended. */
export interface ChildResult {
  /** Exit code; null when ended by a signal or not started. */
  readonly exit: number | null;
  /** stdout and stderr as they came, the first 64 KB. */
  readonly output: string;
  readonly timedOut: boolean;
  /** Why it could not be started (`ENOENT`), or null. */
  readonly problem: string | null;
}

/** How a program is run. */
export interface ChildOptions {
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
  /** Whether to keep what it prints; else it prints to nowhere. */
  readonly capture: boolean;
  /** Milliseconds; the process group is ended after it. */
  readonly timeout: number;
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();
const mostOutput = 64 * 1024;

/** Runs a program to its end and answers how it went; never throws. */
export function runChild(argv: readonly string[], options: ChildOptions): Promise<ChildResult> {
  return new Promise((resolve) => {
    const [program = '', ...args] = argv;
    const chunks: Buffer[] = [];
    let kept = 0;
    let timedOut = false;
    const sink = options.capture ? 'pipe' : 'ignore';
    const child = spawn(program, args, {
      stdio: ['pipe', sink, sink],
      detached: true,
      env: { ...process.env, ...options.env },
    });
    running.add(child);
    const timer = setTimeout(() => {
      timedOut = true;
      signalGroup(child, 'SIGKILL');
    }, options.timeout);
    const finish = (exit: number | null, problem: string | null): void => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ exit, output: Buffer.concat(chunks).toString('utf8'), timedOut, problem });
    };
    const keep = (chunk: Buffer): void => {
      if (kept < mostOutput) chunks.push(chunk.subarray(0, mostOutput - kept));
      kept += chunk.length;
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => finish(null, 'code' in error ? String(error.code) : error.message));
    // A program may leave a helper behind that holds its pipes: without output to keep, its own end is enough.
    child.on(options.capture ? 'close' : 'exit', (exit: number | null) => finish(exit, null));
    // A program that does not read its input closes it early: that is its right.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(options.input ?? '');
  });
}

/** Ends every program under way: TERM to its group, KILL to what is left after 200 ms. */
export async function endChildren(): Promise<void> {
  const children = [...running];
  for (const child of children) signalGroup(child, 'SIGTERM');
  const end = Date.now() + 200;
  while (running.size > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const child of children) signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    const gone =
      error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
    if (!gone) throw error;
  }
}
