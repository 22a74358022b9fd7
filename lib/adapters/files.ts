/**
 * The state folder. Folders 0700, files 0600. A task's folder appears under its name in one rename, record and all,
 * and goes in one rename too: a crash leaves dot-folders at most, which the next change of the project clears.
 */
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PitwallError } from '../core/errors.ts';
import type { ProjectRecord, TaskRecord } from '../core/model.ts';
import type { Files, NewEvent, Store } from '../ports.ts';
import { appendEvent } from './journal-file.ts';
import { keptTexts } from './kept-texts.ts';
import { createLocks } from './lock.ts';
import { codeOf, isAlive, pidRuns, selfOwner } from './owner.ts';
import { projectFiles } from './project-files.ts';
import { reviewFile } from './review-file.ts';
import { nameOfFolder, noTask } from './state-names.ts';
import { createStoreReader } from './stored.ts';
import { taskFiles } from './task-files.ts';
import { windowFiles } from './window-files.ts';
import {
  exists,
  makeFolder,
  naming,
  syncFolder,
  temporaryName,
  temporaryOwner,
  writeFirst,
  writeWhole,
} from './write-file.ts';

/** Where the state folder is, and the clock of its journals. */
export interface FilesOptions {
  /** An absolute path; made when first needed. */
  readonly stateDir: string;
  /** Milliseconds since the epoch, for the times in journals; order and locks do not depend on it. */
  readonly now?: () => number;
}

/** The state folder at `stateDir`. Throws as the interface says, and a system error where none of ours fits. */
export function createFiles(options: FilesOptions): Files {
  const { stateDir, now = Date.now } = options;
  const locks = createLocks(join(stateDir, '.locks'));
  const readStore = createStoreReader(stateDir, now);
  const projectFolder = (project: string) => join(stateDir, nameOfFolder(project, 'NoSuchProject'));
  const taskFolder = (project: string, task: string) =>
    join(projectFolder(project), nameOfFolder(task, 'NoSuchTask'));
  const inTask = (project: string, task: string, name: string, work: (path: string) => void): string => {
    const path = join(taskFolder(project, task), name);
    existing(`${project}:${task}`, () => work(path));
    return path;
  };

  return {
    stateDir,
    taskFolder,
    locked: locks.locked,
    tryLocked: locks.tryLocked,
    alive: isAlive,
    get self() {
      return selfOwner();
    },
    ...keptTexts(stateDir),
    async load(): Promise<Store> {
      return readStore();
    },
    async saveProject(record: ProjectRecord) {
      const folder = projectFolder(record.name);
      makeFolder(folder);
      writeWhole(join(folder, 'project.json'), json(record), true);
    },
    async createTask(record: TaskRecord) {
      const folder = taskFolder(record.project, record.name);
      makeFolder(dirname(folder));
      sweep(dirname(folder));
      placeTask(folder, record);
      return folder;
    },
    async saveTask(record: TaskRecord) {
      inTask(record.project, record.name, 'task.json', (path) => writeWhole(path, json(record), true));
    },
    async deleteTask(project: string, task: string) {
      const folder = taskFolder(project, task);
      moveAway(folder);
      sweep(dirname(folder));
    },
    async append(project: string, task: string, event: NewEvent) {
      const at = new Date(now()).toISOString();
      inTask(project, task, 'journal.jsonl', (path) => appendEvent(path, { at, ...event }));
    },
    ...projectFiles(projectFolder, now),
    ...taskFiles(taskFolder, inTask),
    ...windowFiles(stateDir, projectFolder, taskFolder),
    ...reviewFile(inTask, taskFolder),
  };
}

/** Builds the task's folder aside and gives it its name, which only one of several can get. NameTaken, DiskFull. */
function placeTask(folder: string, record: TaskRecord): void {
  const aside = temporaryName('new', folder);
  try {
    for (const inside of ['payloads', 'output']) makeFolder(join(aside, inside));
    writeFirst(join(aside, 'task.json'), json(record));
    // The target always holds a record, and a folder that holds something is never replaced by a rename.
    naming(folder, () => renameSync(aside, folder));
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error;
    const taken = `${record.project} has a task ${record.name} already`;
    throw new PitwallError('NameTaken', taken, `pitwall show ${record.project}:${record.name}`);
  }
  syncFolder(dirname(folder));
}

function moveAway(folder: string): void {
  try {
    naming(folder, () => {
      renameSync(folder, temporaryName('trash', folder));
      syncFolder(dirname(folder));
    });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** Deletes what was moved away, and what a killed process was building. What resists is left for the next time. */
function sweep(projectFolder: string): void {
  if (!naming(projectFolder, () => exists(projectFolder))) return;
  for (const name of naming(projectFolder, () => readdirSync(projectFolder))) {
    const pid = temporaryOwner(name);
    if (pid === null || (name.startsWith('.new-') && pidRuns(pid))) continue;
    try {
      rmSync(join(projectFolder, name), { recursive: true, force: true, maxRetries: 2, retryDelay: 20 });
    } catch (error) {
      if (codeOf(error) === null) throw error;
    }
  }
}

/** Runs `work` in a task's folder; NoSuchTask when the folder is gone: it is never made again by a late writer. */
function existing<T>(task: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw noTask(task);
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
