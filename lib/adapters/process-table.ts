/** Which processes run, whose children they are and where: /proc on Linux, ps and lsof elsewhere. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { codeOf } from './owner.ts';

/** One process as the system’s table has it. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** The same text each time for one process, another for the next one with its pid. */
  readonly started: string;
  readonly command: string;
}

/** All processes that can be seen now, without those that ended and only wait for their parent to look. */
export async function processTable(): Promise<readonly ProcessRow[]> {
  return existsSync('/proc/self/stat') ? tableOfProc() : tableOfPs();
}

/** proc(5): after the command in brackets come state, parent and group; the start in ticks is field 22. */
function tableOfProc(): readonly ProcessRow[] {
  return pidsOfProc().flatMap((pid) => {
    const stat = ofProcess(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (stat === null) return [];
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    const [state, parent, group] = fields;
    if (state === 'Z' || state === 'X') return [];
    const command = stat.slice(stat.indexOf('(') + 1, end);
    return [{ pid, parent: Number(parent), group: Number(group), started: fields[19] ?? '', command }];
  });
}

/** ps(1) prints the start as five words in this language and zone; it is the same each time there. */
async function tableOfPs(): Promise<readonly ProcessRow[]> {
  const listed = await output('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart=,comm=']);
  return listed.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/.exec(line);
    if (found === null || found[4]?.startsWith('Z')) return [];
    const [, pid, parent, group, , started = '', command = ''] = found;
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), started, command }];
  });
}

/** The pids that descend from `roots`, themselves included. */
export function descendantsOf(table: readonly ProcessRow[], roots: readonly number[]): readonly number[] {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of table) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(pid);
    else children.set(parent, [pid]);
  }
  const found = new Set(roots);
  // A set is walked in the order of adding, and what is added on the way is walked too.
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return [...found];
}

/**
 * What ending `pids` ends, seen from the process `self`: they, their groups and what descends from them. Never pid 1,
 * from which everything descends, nor `self`, its group and what it descends from.
 */
export function meantBy(
  table: readonly ProcessRow[],
  pids: readonly number[],
  self: number,
): readonly ProcessRow[] {
  const spared = lineageOf(table, self);
  const own = table.find((row) => row.pid === self)?.group;
  const mayEnd = (row: ProcessRow) => row.pid > 1 && row.group !== own;
  const roots = table.filter((row) => pids.includes(row.pid) && mayEnd(row));
  const groups = new Set(roots.map((row) => row.group).filter((group) => group > 1));
  const below = new Set(
    descendantsOf(
      table,
      roots.map((row) => row.pid),
    ),
  );
  return table.filter(
    (row) => mayEnd(row) && !spared.has(row.pid) && (below.has(row.pid) || groups.has(row.group)),
  );
}

/** A process and all it descends from. */
function lineageOf(table: readonly ProcessRow[], pid: number): ReadonlySet<number> {
  const parents = new Map(table.map((row) => [row.pid, row.parent]));
  const found = new Set<number>();
  for (let at: number | undefined = pid; at !== undefined && !found.has(at); at = parents.get(at))
    found.add(at);
  return found;
}

/** Processes whose working directory is inside `folder`; those of other users are not seen. */
export async function processesInside(
  folder: string,
): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  if (existsSync('/proc/self/cwd')) return insideByProc(folder);
  const listed = await output('lsof', ['-w', '-a', '-d', 'cwd', '-F', 'pcn']);
  const rows: { pid: number; command: string }[] = [];
  let [pid, command] = [0, ''];
  for (const line of listed.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('c')) command = line.slice(1);
    else if (line.startsWith('n') && isInside(line.slice(1), folder)) rows.push({ pid, command });
  }
  return rows;
}

function insideByProc(folder: string): readonly { readonly pid: number; readonly command: string }[] {
  return pidsOfProc().flatMap((pid) => {
    const place = ofProcess(() => readlinkSync(`/proc/${pid}/cwd`));
    if (place === null || !isInside(place, folder)) return [];
    const command = ofProcess(() => readFileSync(`/proc/${pid}/comm`, 'utf8'));
    return command === null ? [] : [{ pid, command: command.trim() }];
  });
}

function pidsOfProc(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Null when the process ended meanwhile or is another user's. */
function ofProcess(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === null) throw error;
    return null;
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function output(program: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return new Promise((resolve) => {
    // Both exit with 1 when nothing was found; a missing program means nothing can be told.
    execFile(program, [...args], { maxBuffer: 32 << 20, env }, (_, stdout) => resolve(stdout));
  });
}
