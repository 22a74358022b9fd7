/**
 * Who a process is, in a way that survives a pid being used again: pid and start. The start is a text that only has
 * to be the same each time it is asked for; it must not move when the wall clock does.
 */
import { readFileSync } from 'node:fs';
import type { Owner } from '../ports.ts';

let own: Owner | null = null;

/** This process. */
export function selfOwner(): Owner {
  own ??= { pid: process.pid, started: startOf(process.pid) ?? '' };
  return own;
}

/** Whether that process still runs. When its start cannot be told, a living pid counts as the same process. */
export function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid && owner.started === selfOwner().started) return true;
  if (!pidRuns(owner.pid)) return false;
  const started = startOf(owner.pid);
  if (started === null) return false;
  return owner.started === '' || started === '' || started === owner.started;
}

/** Whether any process has that pid. */
export function pidRuns(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

/** The start of a process; null when it is gone or a zombie, which holds nothing; '' when the system does not tell. */
function startOf(pid: number): string | null {
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

/** proc(5): field 3 of /proc/PID/stat is the state, field 22 the start in ticks since boot. Boots are told apart. */
function startOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    return `${boot}-${fields[19]}`;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ESRCH') return pidRuns(pid) ? '' : null;
    if (code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
}

/** macOS keeps the start as the wall clock's time at the fork; in UTC it is printed the same each time. */
function startByPs(pid: number): string | null {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const argv = ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)];
  const { stdout, error } = spawnSync('/bin/ps', argv, {
    encoding: 'latin1',
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  if (error) return '';
  const [state, ...started] = stdout.trim().split(/\s+/);
  return state === undefined || state === '' || state.startsWith('Z') ? null : started.join(' ');
}

/** The code of a failed system call (`ENOENT`), or null. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
