/** What a process has used: from /proc, or from ps where there is none. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const hasProc = existsSync('/proc/self/stat');

/** CPU time of a process itself, and of the children it has waited for (0 where only ps tells), in ms. */
export function cpuOf(pid: number): { readonly own: number; readonly children: number } {
  if (!hasProc)
    return {
      own: clock(execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' })),
      children: 0,
    };
  const fields = stat(pid);
  // Ticks of 10 ms (USER_HZ is 100 on every Linux that Node runs on); fields 14 to 17 of proc(5).
  const ticks = (field: number) => Number(fields[field - 3]) * 10;
  return { own: ticks(14) + ticks(15), children: ticks(16) + ticks(17) };
}

/** Resident memory in MB of 10^6 bytes. */
export function memoryOf(pid: number): number {
  return (Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024) / 1e6;
}

/**
 * A mark that changes when the process has started another one meanwhile: its children alive, and the page faults of
 * those it has waited for, which no program runs without. Null where there is no /proc.
 */
export function childrenMark(pid: number): string | null {
  if (!hasProc) return null;
  const children = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.trim().startsWith(`${pid} `));
  return `${stat(pid)[11 - 3]} ${children.join(' ')}`;
}

/** Whether a process of that id runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code === 'EPERM';
    throw error;
  }
}

/** The fields of /proc/PID/stat from the third on; the second may hold blanks. */
function stat(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** `[[DD-]HH:]MM:SS[.cc]` as ps prints it, in ms. */
function clock(text: string): number {
  const parts = text.trim().split(/[-:]/).map(Number);
  const [seconds = 0, minutes = 0, hours = 0, days = 0] = parts.reverse();
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
