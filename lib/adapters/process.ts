/** Other programs, in argv form. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Readable } from 'node:stream';
import { PitwallError } from '../core/errors.ts';
import type { Processes } from '../ports.ts';
import { endGroups } from './end-processes.ts';
import { foreground } from './foreground.ts';
import { codeOf } from './owner.ts';
import { capture } from './process-output.ts';
import { descendantsOf, processesInside, processTable } from './process-table.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Run = Processes['run'];

/** Milliseconds between TERM and KILL for a program whose time is over. */
const grace = 2000;

/** Milliseconds for the last output of a program that ended but left children with its pipes open. */
const lastWords = 1000;

/** The port of other programs, with the person’s environment. */
export function createProcesses({ env }: { readonly env: Environment }): Processes {
  return {
    run: (argv, options) => runToEnd(env, argv, options),
    foreground: (argv, cwd) => foreground(argv, { env, ...(cwd === null ? {} : { cwd }) }),
    which: async (program) => which(env, program),
    endGroups,
    inside: processesInside,
    descendants: async (pids) => (pids.length === 0 ? [] : descendantsOf(await processTable(), pids)),
  };
}

/** In a group of its own, so that its time-out and a signal to us end all of it. */
async function runToEnd(env: Environment, argv: Parameters<Run>[0], options: Parameters<Run>[1]) {
  const { cwd, timeout, onLine } = options;
  const [program = '', ...args] = argv;
  if (!existsSync(cwd)) throw new PitwallError('TargetGone', `the folder ${cwd} is gone`);
  const { execa } = await import('execa');
  const whole = { ...(options.bare ? {} : env), ...options.env };
  const child = execa(program, args, {
    cwd,
    env: Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    buffer: false,
    detached: true,
  });
  const pids = child.pid === undefined ? [] : [child.pid];
  const [stdout, stderr] = [capture(child.stdout, onLine), capture(child.stderr, onLine)];
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      endGroups(pids, grace).catch((error: Error) => child.stdout.destroy(error));
    },
    timeout ?? 2 ** 31 - 1,
  );
  const release = endedWithUs(pids);
  child.on('exit', () => closeLater([child.stdout, child.stderr]));
  const result = await child.finally(() => {
    clearTimeout(timer);
    release();
  });
  if (pids.length === 0)
    throw new PitwallError('ToolMissing', `${program} cannot be started (${result.code ?? 'unknown'})`);
  return { exit: result.exitCode ?? null, stdout: stdout(), stderr: stderr(), timedOut };
}

function closeLater(streams: readonly Readable[]): void {
  const close = () => {
    for (const stream of streams) stream.destroy();
  };
  setTimeout(close, lastWords).unref();
}

/** A group of its own does not hear the terminal's ^C: it is handed on. Answers what takes this back. */
function endedWithUs(pids: readonly number[]): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const hear = (signal: NodeJS.Signals) => {
    release();
    void endGroups(pids, grace).finally(() => process.kill(process.pid, signal));
  };
  const release = () => {
    for (const signal of signals) process.off(signal, hear);
  };
  for (const signal of signals) process.on(signal, hear);
  return release;
}

function which(env: Environment, program: string): string | null {
  if (program.includes('/')) return isAbsolute(program) && isProgram(program) ? program : null;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, program)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (codeOf(error) !== null) return false;
    throw error;
  }
}
