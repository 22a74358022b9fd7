/** Other programs, in argv form, and how they are ended. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import type { Processes } from '../ports.ts';
import { descendantsOf, processesInside, processTable } from './process-table.ts';

/** Bytes of output kept of a program that is run to its end. */
const mostOutput = 1 << 20;

export function createProcesses(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
}): Processes {
  return {
    async run(argv, { cwd, env = {}, timeout, onLine }) {
      const { execa } = await import('execa');
      const [program = '', ...args] = argv;
      const child = execa(program, args, {
        cwd,
        env,
        reject: false,
        stdin: 'ignore',
        maxBuffer: mostOutput,
        ...(timeout === undefined ? {} : { timeout, forceKillAfterDelay: 2000 }),
      });
      if (onLine) for await (const line of child) onLine(line);
      const result = await child;
      if (result.code === 'ENOENT')
        throw new PitwallError('ToolMissing', `${program} is not installed`, null);
      return {
        exit: result.exitCode ?? null,
        stdout: result.stdout,
        stderr: result.stderr,
        timedOut: result.timedOut,
      };
    },
    foreground: (argv, cwd) =>
      new Promise((resolve, reject) => {
        const [program = '', ...args] = argv;
        const child = spawn(program, args, { stdio: 'inherit', ...(cwd === null ? {} : { cwd }) });
        child.on('error', () =>
          reject(new PitwallError('ToolMissing', `${program} cannot be started`, null)),
        );
        child.on('close', (code) => resolve(code ?? 130));
      }),
    async which(program) {
      if (isAbsolute(program)) return isProgram(program) ? program : null;
      const folders = (options.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
      return folders.map((folder) => join(folder, program)).find(isProgram) ?? null;
    },
    endGroups,
    inside: processesInside,
    descendants: async (pids) => (pids.length === 0 ? [] : descendantsOf(await processTable(), pids)),
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** TERM to what descends from the pids and to their groups, KILL to what is left of it after `grace` ms. */
async function endGroups(pids: readonly number[], grace: number): Promise<void> {
  const roots = pids.filter((pid) => pid > 1 && pid !== process.pid);
  if (roots.length === 0) return;
  const doomed = await members(roots);
  for (const pid of doomed) signal(pid, 'SIGTERM');
  const end = Date.now() + grace;
  while (Date.now() < end && doomed.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 25));
  if (!doomed.some(isAlive)) return;
  // A pid that is no longer in the table under the same group may be somebody else's by now.
  const still = new Set((await members(roots)).concat(doomed.filter(isAlive)));
  for (const pid of doomed) if (still.has(pid)) signal(pid, 'SIGKILL');
}

async function members(roots: readonly number[]): Promise<readonly number[]> {
  const table = await processTable();
  const own = table.find((row) => row.pid === process.pid)?.group;
  const groups = new Set(
    table
      .filter((row) => roots.includes(row.pid) && row.group !== own && row.group > 1)
      .map((row) => row.group),
  );
  const found = new Set([
    ...descendantsOf(table, roots),
    ...table.filter((row) => groups.has(row.group)).map((row) => row.pid),
  ]);
  found.delete(process.pid);
  return [...found].filter((pid) => pid > 1);
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    // ESRCH: it is gone; EPERM: it is not ours to end.
    if (error instanceof Error && 'code' in error) return error.code === 'EPERM' && name === 0;
    throw error;
  }
}
