/** Watches the state folder: the records, journals and reports of all tasks, and the output logs of their agents. */
import { existsSync, readdirSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { WatchEvent, Watcher } from '../ports.ts';
import { codeOf } from './owner.ts';
import { type OutputWatch, watchOutput } from './watch-output.ts';
import { makeFolder } from './write-file.ts';

export interface WatchOptions {
  /** An absolute path; made when it is not there. */
  readonly stateDir: string;
  /** Milliseconds without output after which an agent is quiet. */
  readonly quietMs: number;
}

const projectFiles = ['project.json'];
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
    const watcher = watch(stateDir, {
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
    for (const project of foldersIn(stateDir))
      for (const task of foldersIn(join(stateDir, project))) this.#watchOutput(project, task);
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const closing = [this.#watcher?.close(), ...[...this.#outputs.values()].map((output) => output.stop())];
    this.#watcher = null;
    this.#outputs.clear();
    this.#abandon();
    await Promise.all(closing);
  }

  #onChange(kind: string, path: string, stats: Stats | undefined): void {
    const [project = '', task] = relative(this.#stateDir, path).split(sep);
    if (project === '') {
      if (kind === 'unlinkDir') this.#waitForReturn();
      return;
    }
    const event: WatchEvent =
      task === undefined || projectFiles.includes(task)
        ? { kind: 'projects' }
        : { kind: 'task', project, task };
    if (event.kind === 'task') {
      if (kind === 'unlinkDir') this.#forgetOutput(project, event.task);
      else this.#watchOutput(project, event.task);
    }
    this.#emit(event);
    if (kind === 'addDir') this.#later(newcomerMs, () => this.#emit(event));
    if (kind === 'change' && stats) this.#later(settleMs, () => void this.#emitIfChanged(path, stats, event));
  }

  async #emitIfChanged(path: string, before: Stats, event: WatchEvent): Promise<void> {
    const now = await stat(path).catch(gone);
    if (now === null || now.size !== before.size || now.mtimeMs !== before.mtimeMs) this.#emit(event);
  }

  #watchOutput(project: string, task: string): void {
    const key = join(project, task);
    const folder = join(this.#stateDir, key, 'output');
    if (this.#outputs.has(key) || !existsSync(folder)) return;
    const onOutput = (agent: string) => this.#emit({ kind: 'output', project, task, agent });
    this.#outputs.set(key, watchOutput(folder, this.#quietMs, onOutput));
  }

  #forgetOutput(project: string, task: string): void {
    const key = join(project, task);
    void this.#outputs.get(key)?.stop();
    this.#outputs.delete(key);
  }

  /** The state folder is gone: a reader does not make it again, but finds it when somebody else does. */
  #waitForReturn(): void {
    void this.#close();
    this.#emit({ kind: 'projects' });
    const look = () => {
      if (existsSync(this.#stateDir)) void this.#open().then(() => this.#emit({ kind: 'projects' }));
      else this.#later(returnMs, look);
    };
    this.#later(returnMs, look);
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

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name);
  } catch (error) {
    return gone(error) ?? [];
  }
}

/** What was there a moment ago and is not now is nothing; any other failure is one. */
function gone(error: unknown): null {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
  throw error;
}
