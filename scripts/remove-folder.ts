/** Takes a folder away that programs of our own ran in. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/** Longest time that programs get to end by themselves, in ms. */
const patience = 10_000;

/**
 * Removes `folder` once no process has it in its command or environment any more: a program that is still ending would
 * make files anew in a folder that is just going. What does not end by itself is killed and named in an error.
 */
export function removeFolder(folder: string): void {
  const end = Date.now() + patience;
  let left = processesOf(folder);
  for (; left.length > 0 && Date.now() < end; left = processesOf(folder)) pause(25);
  for (const { pid } of left) kill(pid);
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  if (left.length > 0)
    throw new Error(
      `still running in ${folder}: ${left.map(({ command }) => command.slice(0, 200)).join('; ')}`,
    );
}

/** `ps e` shows the environment behind the command, on Linux and macOS. */
function processesOf(folder: string): readonly { readonly pid: number; readonly command: string }[] {
  const text = execFileSync('ps', ['axeww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    // Its own environment may name the folder too.
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
  });
  return text
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => {
      const [, pid = '', command = ''] = /^ *(\d+) (.*)$/.exec(line) ?? [];
      return { pid: Number(pid), command };
    })
    .filter(({ pid }) => pid > 0 && pid !== process.pid);
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended meanwhile, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
