/** How processes are ended: groups, and what descends from them, but never ourselves or what we live in. */
import { codeOf } from './owner.ts';
import { meantBy, type ProcessRow, processTable } from './process-table.ts';

/** Milliseconds between two looks. */
const pause = 40;

/** Milliseconds after which what even KILL does not end (it hangs in the kernel) is left. */
const patience = 2000;

/**
 * TERM, then KILL after `grace` ms, to the process group of each pid and to all that descends from it, also to what is
 * started meanwhile. A process is known by pid and start, so that one that got the pid of another is left alone.
 */
export async function endGroups(pids: readonly number[], grace: number): Promise<void> {
  const begun = Date.now();
  const doomed = new Set<string>();
  let table = await processTable();
  let left = meantBy(table, pids, process.pid);
  while (left.length > 0 && Date.now() - begun < grace + patience) {
    const patient = Date.now() - begun < grace;
    for (const row of left) {
      if (patient && doomed.has(mark(row))) continue;
      signal(row.pid, patient ? 'SIGTERM' : 'SIGKILL');
      // A stopped process hears TERM only when it goes on.
      if (patient) signal(row.pid, 'SIGCONT');
      doomed.add(mark(row));
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    table = await processTable();
    const known = table.filter((row) => doomed.has(mark(row))).map((row) => row.pid);
    left = known.length === 0 ? [] : meantBy(table, known, process.pid);
  }
}

function mark(row: ProcessRow): string {
  return `${row.pid} ${row.started}`;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // ESRCH: it is gone; EPERM: it is not ours to end.
    if (codeOf(error) === null) throw error;
  }
}
