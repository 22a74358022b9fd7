/** Files: the state folder, and what stands in other folders. */

import type { AgentFile, Usage, UsageReading } from '../core/agents/reading.ts';
import type { JournalEvent } from '../core/journal/journal.ts';
import type { DiffStat, ProjectRecord, TaskRecord } from '../core/model.ts';
import type { PairOverlap } from '../core/overlap/overlap.ts';
import type { KeptWorks } from '../core/overlap/overlap-kept.ts';
import type { RepositoryCommand, Trust } from '../core/settings/trust.ts';

type Without<E, K extends PropertyKey> = E extends unknown ? Omit<E, K> : never;

/** A task as its folder tells it. `record` is null when task.json is damaged (and was set aside). */
export interface StoredTask {
  readonly project: string;
  readonly name: string;
  readonly folder: string;
  readonly record: TaskRecord | null;
  readonly events: readonly JournalEvent[];
  /** Lines of the journal that could not be read. */
  readonly skipped: number;
  /** Text of report.md and when it was written (ms since the epoch), or null. */
  readonly report: { readonly text: string; readonly written: number } | null;
  /** When each agent without hooks last printed (ms since the epoch), by agent name. */
  readonly printed: Readonly<Record<string, number>>;
  /** Texts of the newest long payloads of its agents' hooks, by the file that the journal names. */
  readonly payloads: Readonly<Record<string, string>>;
  /** The kept diff, with the key it was computed for. */
  readonly diff: { readonly key: string; readonly stat: DiffStat } | null;
}

/** A project as the state folder has it; `folder` is absolute. */
export interface StoredProject {
  readonly record: ProjectRecord;
  readonly folder: string;
  readonly tasks: readonly StoredTask[];
  /** What was last computed of every two tasks; some of them may be gone. */
  readonly overlaps: readonly PairOverlap[];
  /** Checks of the project were accepted once: a finished turn waits for them. */
  readonly gated: boolean;
  /** Preset of the reviewer that was accepted once: a finished turn waits for it; null: none was. */
  readonly reviewer: string | null;
}

/** All of the state folder. `problems` names damaged files and where they were set aside. */
export interface Store {
  readonly projects: readonly StoredProject[];
  readonly problems: readonly string[];
}

/** Who holds a lock or began something: a process that can be seen to be dead. */
export interface Owner {
  readonly pid: number;
  /** The process's start as its system tells it; differs when a pid is used again. */
  readonly started: string;
}

/** The state folder. Folders 0700, files 0600. Throws DiskFull, FileUnusable, Locked. */
export interface Files {
  readonly stateDir: string;
  /** Reads all; journals are read anew only past what was read before (per process). */
  load(): Promise<Store>;
  taskFolder(project: string, task: string): string;
  saveProject(record: ProjectRecord): Promise<void>;
  /** Makes the task's folder; NameTaken when there is one. Writes task.json by write, fsync, rename. */
  createTask(record: TaskRecord): Promise<string>;
  saveTask(record: TaskRecord): Promise<void>;
  /** Moves the task's folder away and deletes it. Safe to repeat. */
  deleteTask(project: string, task: string): Promise<void>;
  /** Appends one event in one write; `at` is added from the clock. */
  append(project: string, task: string, event: NewEvent): Promise<void>;
  /** The agent's hook tells tmux its next report even when that repeats the last one. Safe to repeat. */
  forgetTold(project: string, task: string, agent: string): Promise<void>;
  saveDiff(project: string, task: string, key: string, stat: DiffStat): Promise<void>;
  /** The works last kept for a project, or null. Call it and the next under the lock `overlap:PROJECT`. */
  loadWorks(project: string): Promise<KeptWorks | null>;
  /** Keeps the works and the pairs computed from them. */
  saveOverlaps(project: string, kept: KeptWorks, pairs: readonly PairOverlap[]): Promise<void>;
  /** What the person accepted of the commands that a project's repository wants to run, or null. */
  readTrust(project: string): Promise<Trust | null>;
  /** Keeps that exactly these commands were accepted, now; null takes it back. */
  saveTrust(project: string, commands: readonly RepositoryCommand[] | null): Promise<void>;
  /** Keeps what a command of the project printed (`setup.txt`) in the task's output folder; answers its path. */
  writeOutput(project: string, task: string, name: string, text: string): Promise<string>;
  /** Writes a text file of the task (`prompt-claude.txt`) and answers its path. */
  writeText(project: string, task: string, name: string, text: string): Promise<string>;
  /**
   * Writes a file for one run of an agent to the task's folder, at `agents/AGENT/` + `path` (`plugin/hooks.json`),
   * and answers its path. Safe to repeat.
   */
  writeForAgent(project: string, task: string, agent: string, path: string, text: string): Promise<string>;
  /** The text of a window's record: the task's, or with null the project's own window; null when there is none. */
  readWindow(project: string, task: string | null): Promise<string | null>;
  /** Writes a window's record where it differs; `path` as `recordFiles` has it, which must lie in the state folder. */
  writeWindow(path: string, text: string): Promise<void>;
  /** What the person noted in a review of the task, as text, or null; kept as a whole. */
  readReview(project: string, task: string): Promise<string | null>;
  saveReview(project: string, task: string, text: string): Promise<void>;
  /** Runs `work` while holding the named lock (`project:app`, `server:default`); waits up to `timeout` ms, then Locked. */
  locked<T>(name: string, work: () => Promise<T>, timeout?: number): Promise<T>;
  /** As `locked`, but answers null at once when another holds it. */
  tryLocked<T>(name: string, work: () => Promise<T>): Promise<T | null>;
  /** Keeps a small text of ours beside the projects: `name` begins with a dot. */
  keep(name: string, text: string): Promise<void>;
  /** What was kept under that name, or null. */
  kept(name: string): Promise<string | null>;
  /** Whether that process still runs. */
  alive(owner: Owner): boolean;
  /** This process. */
  readonly self: Owner;
}

/** An event as a writer gives it: the journal adds the time. */
export type NewEvent = Without<JournalEvent, 'at'>;

/** Folders that others write: the person's and the repository's layouts. Reads only. */
export interface Folder {
  /** Names (without path) that end in `extension` (`.json`), sorted; none when there is no such folder. FileDamaged. */
  list(path: string, extension: string): Promise<readonly string[]>;
  /** The text of an ordinary file, links followed, 1 MiB at most; null when there is none. FileDamaged for all else. */
  read(path: string): Promise<string | null>;
}

/** Files of ours among the person's own, in their HOME. FileDamaged for what is not an ordinary file or resists. */
export interface HomeFiles {
  /** The text of a file, links followed, 1 MiB at most; null when there is none. */
  read(path: string): Promise<string | null>;
  /**
   * Gives a file its new text in one step, if its text is still `before`, else FileDamaged. Keeps its mode, and a link
   * that leads to it. The text is kept beside it first, when `backup` names where and nothing stands there yet.
   */
  write(path: string, before: string | null, text: string, backup: string | null): Promise<void>;
  /** Removes files, and folders called `pitwall` (and those inside) that this leaves empty. Safe to repeat. */
  remove(paths: readonly string[]): Promise<void>;
}

/** Files that agents keep about themselves, in the person's HOME. Reads only; what cannot be read is not there. */
export interface AgentFiles {
  /** The first or last 256 KiB of an ordinary file; null when there is none. */
  read(path: string, end: 'first' | 'last'): Promise<AgentFile | null>;
  /** Absolute paths of the `.json` files directly in a folder, 200 at most, newest first. */
  list(folder: string): Promise<readonly string[]>;
  /** The starts of processes, as their system tells them (on Linux ticks since boot); one that is gone is missing. */
  started(pids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** The usage in the first of these files that is there, read onwards from where this process stopped; else null. */
  usage(paths: readonly string[], reading: UsageReading): Promise<Usage | null>;
}

/** Files that the system's own start reads (units, launch agents), anywhere. DiskFull. */
export interface StartupFiles {
  /** Null when there is no such file. */
  read(path: string): Promise<string | null>;
  /** Replaces it whole, its folder made when missing; `mode` as in 0o644. */
  write(path: string, text: string, mode: number): Promise<void>;
  /** Safe to repeat. */
  remove(path: string): Promise<void>;
}
