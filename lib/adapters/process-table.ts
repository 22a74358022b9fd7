/** Which processes run, whose children they are and where: /proc on Linux, ps and lsof elsewhere. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly command: string;
}

/** All processes that can be seen now. */
export async function processTable(): Promise<readonly ProcessRow[]> {
  const listed = await output('ps', ['-A', '-o', 'pid=,ppid=,pgid=,comm=']);
  return listed.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return found
      ? [
          {
            pid: Number(found[1]),
            parent: Number(found[2]),
            group: Number(found[3]),
            command: found[4] ?? '',
          },
        ]
      : [];
  });
}

/** The pids that descend from `roots`, themselves included. */
export function descendantsOf(table: readonly ProcessRow[], roots: readonly number[]): readonly number[] {
  const found = new Set(roots);
  for (let grown = true; grown; ) {
    grown = false;
    for (const row of table)
      if (found.has(row.parent) && !found.has(row.pid)) {
        found.add(row.pid);
        grown = true;
      }
  }
  return [...found];
}

/** Processes whose working directory is inside `folder`; those of other users are not seen. */
export async function processesInside(
  folder: string,
): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  if (existsSync('/proc/self/cwd')) return fromProc(folder);
  const listed = await output('lsof', ['-a', '-d', 'cwd', '-F', 'pcn']);
  const rows: { pid: number; command: string }[] = [];
  let [pid, command] = [0, ''];
  for (const line of listed.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('c')) command = line.slice(1);
    else if (line.startsWith('n') && isInside(line.slice(1), folder)) rows.push({ pid, command });
  }
  return rows;
}

function fromProc(folder: string): readonly { readonly pid: number; readonly command: string }[] {
  const rows: { pid: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (!isInside(readlinkSync(`/proc/${name}/cwd`), folder)) continue;
      rows.push({ pid: Number(name), command: readFileSync(`/proc/${name}/comm`, 'utf8').trim() });
    } catch (error) {
      // It ended meanwhile, or is another user's.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }
  return rows;
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    // Both exit with 1 when nothing was found; a missing program means nothing can be told.
    execFile(program, [...args], { maxBuffer: 32 << 20 }, (_, stdout) => resolve(stdout));
  });
}
