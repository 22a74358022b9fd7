/** Watches the state folder: the records, journals and reports of all tasks, and the output logs of their agents. */
import { type Dirent, existsSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { WatchEvent, Watcher } from '../ports.ts';
import { watchPath } from './chokidar-watch.ts';
import { codeOf } from './owner.ts';
import { type OutputWatch, watchOutput } from './watch-output.ts';
import { makeFolder } from './write-file.ts';

/** What is watched, and how long an agent may be silent. */
export interface WatchOptions {
  /** An absolute path; made when it is not there. */
  readonly stateDir: string;
  /** Milliseconds without output after which an agent is quiet. */
  readonly quietMs: number;
}

const projectFiles = ['project.json', 'overlap.json'];
const taskFiles = ['task.json', 'journal.jsonl', 'report.md'];

/** chokidar drops a second change of a file within 50 ms of the first; after this many ms one look makes up for it. */
const settleMs = 60;
/** A folder's first files can come between chokidar's reading it and its watching it. */
const newcomerMs = 150;
/** How often to look for a state folder that was removed. */
const returnMs = 1000;

/** A watcher of the state folder; nothing is watched before `start` nor after `stop`. */
export function createWatcher(options: WatchOptions): Watcher {
  return new StateWatcher(options);
}

class StateWatcher implements Watcher {
  readonly #stateDir: string;
  readonly #quietMs: number;
  readonly #outputs = new Map<string, OutputWatch>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #watcher: FSWatcher | null = null;
  #emit: (event: WatchEvent) => void = () => undefined;
  /** The folders as they were when last compared, by path. */
  #folders: ReadonlyMap<string, Stats> = new Map();
  #catchingUp = false;
  /** Ends the waiting for a watcher that is closed before it stood. */
  #abandon: () => void = () => undefined;

  constructor(options: WatchOptions) {
    this.#stateDir = options.stateDir;
    this.#quietMs = options.quietMs;
  }

  async start(onEvent: (event: WatchEvent) => void): Promise<void> {
    this.#emit = onEvent;
    makeFolder(this.#stateDir);
    await this.#open();
  }

  async stop(): Promise<void> {
    this.#emit = () => undefined;
    await this.#close();
  }

  async #open(): Promise<void> {
    const stateDir = this.#stateDir;
    const watcher = watchPath(stateDir, {
      ignored: (path: string) => isForeign(relative(stateDir, path)),
      ignoreInitial: true,
      atomic: false,
      followSymlinks: false,
      depth: 2,
    });
    this.#watcher = watcher;
    watcher.on('all', (kind, path, stats) => this.#onChange(kind, path, stats));
    // A watch that the system refuses (too many) is no reason to fall: what is watched already goes on.
    watcher.on('error', () => this.#emit({ kind: 'projects' }));
    await new Promise<void>((resolve) => {
      this.#abandon = resolve;
      watcher.once('ready', resolve);
    });
    if (this.#watcher !== watcher) return;
    this.#folders = allFolders(stateDir);
    this.#catchUp();
    for (const path of this.#folders.keys()) this.#watchOutputOf(path);
  }

  /**
   * What came between chokidar's reading a folder and its watching it is not watched, and a folder that was replaced
   * by one of the same name is watched no more: compares what is watched with what is there.
   */
  #catchUp(): void {
    const watcher = this.#watcher;
    if (watcher === null) return;
    const before = this.#folders;
    const now = allFolders(this.#stateDir);
    this.#folders = now;
    const births = tellsBirths([...now.values()]);
    const replaced = [...now].some(([path, folder]) => isAnother(before.get(path), folder, births));
    if (replaced || !now.has(this.#stateDir)) {
      this.#reopen();
      return;
    }
    const watched = watcher.getWatched();
    const isWatched = (path: string) =>
      watched[path] !== undefined || watched[dirname(path)]?.includes(basename(path));
    const missing = [...now.keys()]
      .flatMap((folder) => [folder, ...filesIn(folder)])
      .filter((path) => !isWatched(path));
    if (missing.length > 0) this.#catchUpLater();
    watcher.add(missing);
    const untold = [...now.keys()].filter((path) => !before.has(path));
    for (const path of new Set([...missing, ...untold])) {
      this.#watchOutputOf(path);
      this.#emit(this.#eventAt(path));
    }
  }

  #catchUpLater(): void {
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    this.#later(newcomerMs, () => {
      this.#catchingUp = false;
      this.#catchUp();
    });
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#catchingUp = false;
    const closing = [this.#watcher?.close(), ...[...this.#outputs.values()].map((output) => output.stop())];
    this.#watcher = null;
    this.#outputs.clear();
    this.#abandon();
    await Promise.all(closing);
  }

  #onChange(kind: string, path: string, stats: Stats | undefined): void {
    const event = this.#eventAt(path);
    if (kind === 'unlinkDir') this.#forgetOutputOf(path);
    else this.#watchOutputOf(path);
    this.#emit(event);
    this.#catchUpLater();
    if (kind === 'change' && stats) this.#later(settleMs, () => void this.#emitIfChanged(path, stats, event));
  }

  #eventAt(path: string): WatchEvent {
    const { project, task } = placeOf(relative(this.#stateDir, path));
    return task === null ? { kind: 'projects' } : { kind: 'task', project, task };
  }

  async #emitIfChanged(path: string, before: Stats, event: WatchEvent): Promise<void> {
    const now = await stat(path).catch(gone);
    if (now === null || now.size !== before.size || now.mtimeMs !== before.mtimeMs) this.#emit(event);
  }

  #watchOutputOf(path: string): void {
    const { project, task } = placeOf(relative(this.#stateDir, path));
    if (task === null) return;
    const folder = join(this.#stateDir, project, task);
    const output = join(folder, 'output');
    if (this.#outputs.has(folder) || !existsSync(output)) return;
    const onOutput = (agent: string) => this.#emit({ kind: 'output', project, task, agent });
    this.#outputs.set(folder, watchOutput(output, this.#quietMs, onOutput));
  }

  #forgetOutputOf(folder: string): void {
    void this.#outputs.get(folder)?.stop();
    this.#outputs.delete(folder);
  }

  /** Watches all anew; a state folder that is gone is not made by a reader, but found when somebody else makes it. */
  #reopen(): void {
    void this.#close();
    const look = () => {
      if (existsSync(this.#stateDir)) void this.#open().then(() => this.#emit({ kind: 'projects' }));
      else this.#later(returnMs, look);
    };
    this.#emit({ kind: 'projects' });
    look();
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }
}

/** Whether a path in the state folder is nothing to watch: payloads, output, kept diffs, locks, temporary files. */
function isForeign(path: string): boolean {
  if (path === '') return false;
  const [project = '', task, file] = path.split(sep);
  if (project.includes('.')) return true;
  if (task === undefined || projectFiles.includes(task)) return false;
  return task.includes('.') || (file !== undefined && !taskFiles.includes(file));
}

/** Which project and task a path in the state folder belongs to; no task for the project's own files. */
function placeOf(path: string): { readonly project: string; readonly task: string | null } {
  const [project = '', task] = path.split(sep);
  return { project, task: task === undefined || projectFiles.includes(task) ? null : task };
}

/** The state folder and the projects' and tasks' folders in it, by path. */
function allFolders(stateDir: string): ReadonlyMap<string, Stats> {
  const projects = foldersIn(stateDir);
  const folders = [stateDir, ...projects, ...projects.flatMap(foldersIn)];
  return new Map(
    folders.flatMap((path) => {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      return stats ? [[path, stats] as const] : [];
    }),
  );
}

/**
 * Whether this file system tells when a folder was made: where it does not, Node gives the last change instead. One
 * folder cannot show it: what was made a moment ago has both times alike, for the kernel's clock is coarse.
 */
function tellsBirths(folders: readonly Stats[]): boolean {
  return folders.some((stats) => stats.birthtimeMs > 0 && stats.birthtimeMs !== stats.ctimeMs);
}

/** Whether a folder took another's place. Inodes are used again at once, so the birth counts too, where it is told. */
function isAnother(before: Stats | undefined, now: Stats, births: boolean): boolean {
  if (before === undefined) return false;
  return before.ino !== now.ino || (births && before.birthtimeMs !== now.birthtimeMs);
}

function foldersIn(folder: string): readonly string[] {
  return entriesIn(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.includes('.'))
    .map((entry) => join(folder, entry.name));
}

/** The files in a folder that are watched. */
function filesIn(folder: string): readonly string[] {
  return entriesIn(folder)
    .filter((entry) => entry.isFile() && [...projectFiles, ...taskFiles].includes(entry.name))
    .map((entry) => join(folder, entry.name));
}

function entriesIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return gone(error) ?? [];
  }
}

/** What was there a moment ago and is not now is nothing; any other failure is one. */
function gone(error: unknown): null {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
  throw error;
}
