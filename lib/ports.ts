/** The interfaces of everything outside. Adapters implement them, use cases receive them, tests may fake them. */
import type { PitwallError } from './core/errors.ts';
import type { JournalEvent } from './core/journal.ts';
import type { LandingBase, Standing, Strategy } from './core/land.ts';
import type { DiffStat, ProjectRecord, TaskRecord } from './core/model.ts';
import type { PairOverlap, Work } from './core/overlap.ts';
import type { KeptWorks } from './core/overlap-kept.ts';
import type { AgentFile, Usage, UsageReading } from './core/reading.ts';
import type { WorktreeFacts } from './core/removal.ts';
import type { StyledLine } from './core/styled.ts';
import type { RepositoryCommand, Trust } from './core/trust.ts';

export type { StyledLine } from './core/styled.ts';

/** One tmux command as argv, without `tmux` itself: `['kill-pane', '-t', '%3']`. */
export type TmuxCommand = readonly string[];

/** A pane as `list-panes -a` told it, our own options included; a missing option is null. */
export interface PaneFact {
  readonly session: string;
  readonly sessionName: string;
  /** The session's option `@pitwall_project`: the project's name when the session is ours. */
  readonly sessionProject: string | null;
  readonly window: string;
  readonly windowIndex: number;
  readonly windowActive: boolean;
  readonly windowWidth: number;
  readonly windowHeight: number;
  readonly pane: string;
  readonly paneActive: boolean;
  readonly pid: number;
  readonly dead: boolean;
  readonly deadStatus: number | null;
  readonly deadSignal: string | null;
  readonly command: string;
  readonly width: number;
  readonly height: number;
  readonly inMode: boolean;
  /** Its window is half made: the option `@pitwall_making`. */
  readonly making: boolean;
  /** An agent's pane whose program was not started yet: the option `@pitwall_pending`. */
  readonly pending: boolean;
  readonly project: string | null;
  readonly task: string | null;
  readonly agent: string | null;
  readonly role: string | null;
  readonly state: string | null;
  /** The option `@pitwall_kind`: the kind of the pane's docket item as an index, as last published. */
  readonly kind: string | null;
  /** The option `@pitwall_idle`: since when it looks idle though it reported work; ms since the epoch, or null. */
  readonly idle: number | null;
  /** Hostile text: set by the program in the pane. */
  readonly title: string;
}

export interface ClientFact {
  readonly name: string;
  readonly session: string;
  readonly window: string;
  readonly pane: string;
  readonly width: number;
  readonly height: number;
  readonly utf8: boolean;
  /** Seconds since the epoch. */
  readonly activity: number;
  readonly control: boolean;
  /** The terminal's device: `/dev/pts/3`. */
  readonly tty: string;
  /** The terminal's TERM. */
  readonly term: string;
}

/** Everything asked of a tmux server in one invocation. `running` is false when there is no server at all. */
export interface ServerView {
  readonly running: boolean;
  /** Seconds since the epoch; 0 when not running. */
  readonly started: number;
  /** The server's version as tmux says it; empty when not running. */
  readonly version: string;
  /** The server's process id; empty when not running. */
  readonly pid: string;
  readonly panes: readonly PaneFact[];
  readonly clients: readonly ClientFact[];
  /** Sessions that are ours or not, those without panes included. */
  readonly sessions: readonly {
    readonly id: string;
    readonly name: string;
    readonly project: string | null;
  }[];
  /** Our server options, by name without `@pitwall_`: next, count, docket, sidebar. Missing ones are absent. */
  readonly options: Readonly<Record<string, string>>;
}

/** A tmux server on one socket. Throws ToolMissing, ToolTooOld, ServerGone, CannotConnect, TargetGone, CommandFailed. */
export interface Tmux {
  /** The socket's name (`-L`), or null for tmux's default. */
  readonly socket: string | null;
  /** argv of tmux with its socket, for attaching in the foreground: `['tmux', '-L', 'x']`. */
  readonly argv: readonly string[];
  view(): Promise<ServerView>;
  /** Runs the commands in one invocation, in order; answers what they print, by line. A first failure ends the chain. */
  run(commands: readonly TmuxCommand[]): Promise<readonly string[]>;
  /** As `run`, starting a server when there is none, from a stable directory and retrying while one goes down. */
  runStarting(
    commands: readonly TmuxCommand[],
    environment: Readonly<Record<string, string>>,
  ): Promise<readonly string[]>;
  /** Pastes and submits text as a person would; false when the pane is gone or dead. Never into a dead pane. */
  paste(pane: string, text: string): Promise<boolean>;
  /** Types text as `paste` does, and does not submit it; false when the pane is gone or dead. */
  type(pane: string, text: string): Promise<boolean>;
  /**
   * Sends one key to a pane that lives (`Enter`); false when it is gone or dead. With `showing` only while one of its
   * visible lines holds that text, which tmux itself sees to in the moment of sending.
   */
  key(pane: string, key: string, showing?: string): Promise<boolean>;
  /** The pane's visible text, without escapes. */
  capture(pane: string): Promise<readonly string[]>;
  /** The version as tmux says it ("3.3a"); throws ToolMissing or ToolTooOld (below 3.2). */
  version(): Promise<string>;
}

/** A linked or main worktree as `git worktree list --porcelain` tells it. */
export interface WorktreeFact {
  readonly path: string;
  readonly head: string | null;
  /** Short branch name, null when detached. */
  readonly branch: string | null;
  readonly locked: boolean;
  readonly prunable: boolean;
}

/** What a change is counted from: where HEAD left the base, or what the base itself holds. */
export type Since = 'merge base' | 'base';

/** git on one repository. Throws ToolMissing, NotARepository, BranchInUse, BranchUnknown, CommandFailed … */
export interface Git extends LandGit {
  /** The main worktree of the repository that holds `path`, as a real path. NotARepository, BareRepository. */
  root(path: string): Promise<string>;
  /** `origin/HEAD`'s branch, else HEAD's branch, else BaseUnknown; EmptyRepository when there is no commit. */
  defaultBase(root: string): Promise<{ readonly ref: string; readonly commit: string }>;
  /** The branch that `origin/HEAD` names, without its remote, whether it exists here or not; null without one. */
  defaultBranch(root: string): Promise<string | null>;
  /** The commit of a ref, or null. */
  resolve(root: string, ref: string): Promise<string | null>;
  worktrees(root: string): Promise<readonly WorktreeFact[]>;
  /** What is known of a branch name: local, on which remote (`origin/x`), or neither; and what blocks its creation. */
  branch(
    root: string,
    name: string,
  ): Promise<{
    readonly local: boolean;
    readonly remote: string | null;
    /** A branch whose name is a folder of this one or the reverse (`feat` and `feat/x`). */
    readonly clash: string | null;
    readonly valid: boolean;
  }>;
  /**
   * Adds a worktree. `create` makes `branch` at `start` without tracking; else the branch must exist. NameTaken,
   * BranchInUse, BranchUnknown, DiskFull, Locked (another git's lock), CommandFailed: then neither worktree nor branch is left.
   */
  addWorktree(
    root: string,
    options: {
      readonly path: string;
      readonly branch: string;
      readonly create: boolean;
      readonly start: string;
    },
  ): Promise<void>;
  /**
   * `git worktree remove`. Without force a lock (WorktreeBusy) and uncommitted files, those of submodules included,
   * (DirtyWorktree) are in the way. One whose folder is gone is forgotten. Protected for the main worktree and for
   * folders that are no worktree of the repository. Never deletes by itself; safe to repeat.
   */
  removeWorktree(root: string, path: string, force: boolean): Promise<void>;
  /**
   * Deletes a local branch if it still points at `commit` (null: whatever it points at), else UnmergedWork. Never the
   * default branch or the main worktree's (Protected), nor one that is checked out (BranchInUse). Safe to repeat.
   */
  deleteBranch(root: string, branch: string, commit: string | null): Promise<void>;
  /** `git submodule update --init --recursive` when the worktree has a `.gitmodules`. */
  initSubmodules(worktree: string): Promise<void>;
  /** Change since the merge base of `base` and HEAD, uncommitted and untracked files included; takes no lock. */
  diffStat(worktree: string, base: string): Promise<DiffStat>;
  /** A string that changes when a commit, checkout or staging happens in the worktree. Cheap: a few stats. */
  fingerprint(worktree: string): Promise<string | null>;
  /** `root` is asked about the branch when the worktree is gone; without it that is TargetGone. */
  facts(worktree: string, base: string, branch: string, root?: string): Promise<WorktreeFacts>;
  /** Runs `git diff` for the person in the foreground, through their pager; answers the exit code. */
  showDiff(worktree: string, base: string, options: readonly string[], since?: Since): Promise<number>;
  /**
   * What the worktree holds, untracked files included, against `base`, as core/diff.ts reads it. `whole`: of these files
   * alone, with all their lines.
   */
  readDiff(
    worktree: string,
    base: string,
    since?: Since,
    whole?: readonly string[],
  ): Promise<{ readonly from: string; readonly text: string }>;
  /** One file in the person's difftool, in the foreground: `command` as git takes it, null: as git is configured. */
  difftool(worktree: string, from: string, path: string, command: string | null): Promise<number>;
  /** `git diff --name-status` since the merge base, untracked files as `A`. */
  changedFiles(
    worktree: string,
    base: string,
    since?: Since,
  ): Promise<readonly { readonly status: string; readonly path: string }[]>;
  /**
   * What each worktree holds against its merge base with `base`, uncommitted and untracked files included; the error
   * in its place where it cannot be read. New objects go to `scratch`; worktrees, indexes and repository are left alone.
   */
  works(
    root: string,
    scratch: string,
    wanted: readonly { readonly worktree: string; readonly base: string }[],
  ): Promise<readonly (Work | PitwallError)[]>;
  /** For each pair of works' commits the files that git stops at when it merges them; null where it cannot tell. */
  conflicts(
    root: string,
    scratch: string,
    pairs: readonly (readonly [string, string])[],
  ): Promise<readonly (readonly string[] | null)[]>;
  /** Makes a folder for objects that are nobody's work, and anew when it grew large; another id: it holds nothing. */
  scratch(folder: string): Promise<string>;
  /**
   * Keeps all a worktree holds, uncommitted and untracked files included and ignored ones not, as a commit under `ref`
   * (`refs/pitwall/…`); worktree and index are left alone. Answers the commit.
   */
  keepWork(worktree: string, ref: string): Promise<string>;
  /** Deletes the refs of ours under a prefix; safe to repeat. */
  forgetWork(root: string, prefix: string): Promise<void>;
  /** The files that git knows in a worktree. */
  tracked(root: string): Promise<readonly string[]>;
  /** Copies what `.worktreeinclude` names among the ignored files of the main worktree; path to SHA-256 of the copy. */
  copyIncluded(root: string, worktree: string): Promise<Readonly<Record<string, string>>>;
  /**
   * Puts the files of the worktree `from` as they are, uncommitted and untracked ones included, ignored ones not, into
   * the clean worktree `to` at the same commit, as uncommitted changes; submodules alike. `from` stays as it is.
   * Answers the paths that were left out: repositories inside of it that are no submodules at that commit.
   */
  carry(from: string, to: string): Promise<readonly string[]>;
  /** Of the copied files those that were not edited since, and folders (`config/`) that hold nothing else. */
  unedited(worktree: string, included: Readonly<Record<string, string>>): Promise<readonly string[]>;
  version(): Promise<string>;
}

/** What stopped a merge or rebase that was taken back again: files in conflict, or none and what git said. */
export interface Stopped {
  readonly files: readonly string[];
  readonly said: string;
}

/** What `land` asks of git. Callers hold the project's lock. Nothing here fetches, stashes or forces. */
export interface LandGit {
  /** Where tasks of a base land, and what is in the way there. */
  landingBase(root: string, base: string): Promise<LandingBase>;
  /** A worktree against the commit that was approved and the base's; writes nothing to the repository. TargetGone. */
  standing(worktree: string, base: string, approved: string): Promise<Standing>;
  /** Commits all that is not committed, hooks included; when they refuse (CommandFailed) the index is as before. */
  commitAll(worktree: string, message: string): Promise<void>;
  /**
   * Brings a clean worktree's branch up to date with a commit; null when it is. What stops is taken back: the branch is
   * as before, seen to be, else CommandFailed.
   */
  bringUpToDate(
    worktree: string,
    options: { readonly onto: string; readonly how: 'merge' | 'rebase'; readonly message: string },
  ): Promise<Stopped | null>;
  /** Takes back a merge or rebase of exactly that beginning that stopped and nobody has worked on since; no other. */
  takeBack(worktree: string, begun: { readonly from: string; readonly onto: string }): Promise<void>;
  /** Whether `commit` is `of` or behind it. */
  isIn(root: string, commit: string, of: string): Promise<boolean>;
  /** The tree of a commit, or null. */
  treeOf(root: string, commit: string): Promise<string | null>;
  /**
   * Makes the commit that brings `tip`, which has all of `base`, into it, in a worktree of our own at `folder`, with the
   * person's identity, signature and hooks. CommandFailed when a hook refuses or changes content.
   */
  landingCommit(
    root: string,
    options: {
      readonly folder: string;
      readonly base: string;
      readonly tip: string;
      readonly strategy: Strategy;
      readonly message: string;
    },
  ): Promise<string>;
  /** Keeps a commit under a ref of ours. */
  keepCommit(root: string, ref: string, commit: string): Promise<void>;
  /**
   * Moves the branch from one commit to one ahead of it; a worktree that has it checked out is brought along by git
   * itself. DirtyWorktree names files in the way, CommandFailed when the branch moved meanwhile: nothing is changed.
   */
  advance(
    root: string,
    options: {
      readonly branch: string;
      readonly holder: string | null;
      readonly from: string;
      readonly to: string;
      readonly reason: string;
    },
  ): Promise<void>;
  /** For each commit the files git would stop at when they land on a base, each on top of those that do. */
  predict(
    root: string,
    scratch: string,
    base: string,
    works: readonly string[],
  ): Promise<readonly (readonly string[])[]>;
  /** Pushes a branch without force to where the person's settings send it; answers that remote. CommandFailed. */
  push(root: string, branch: string, remote: string | null): Promise<string>;
}

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

export interface StoredProject {
  readonly record: ProjectRecord;
  readonly folder: string;
  readonly tasks: readonly StoredTask[];
  /** What was last computed of every two tasks; some of them may be gone. */
  readonly overlaps: readonly PairOverlap[];
  /** Checks of the project were accepted once: a finished turn waits for them. */
  readonly gated: boolean;
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

type Without<E, K extends PropertyKey> = E extends unknown ? Omit<E, K> : never;
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

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What the watcher saw. `output` is an agent's capped output log. */
export type WatchEvent =
  | { readonly kind: 'task'; readonly project: string; readonly task: string }
  | { readonly kind: 'projects' }
  | { readonly kind: 'output'; readonly project: string; readonly task: string; readonly agent: string };

/** Watches the state folder. An agent that prints without pause is reported at most once in `quietMs`. */
export interface Watcher {
  start(onEvent: (event: WatchEvent) => void): Promise<void>;
  stop(): Promise<void>;
}

/** A key the person pressed, as blessed names it (`j`, `up`, `enter`, `C-c`), or text typed. */
export interface KeyPress {
  readonly name: string;
  /** What was typed when it is a printable character, else null. */
  readonly text: string | null;
}

export type ScreenEvent =
  | { readonly kind: 'key'; readonly key: KeyPress }
  /** Pasted in one piece: never keys. */
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'click'; readonly row: number; readonly column: number }
  | { readonly kind: 'wheel'; readonly by: number }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  /** The window this pane is shown in changed: tmux typed us a private sequence with its id. */
  | { readonly kind: 'shown'; readonly window: string }
  | { readonly kind: 'hangup' };

/** A terminal drawn whole frames; only changed cells are sent. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  start(onEvent: (event: ScreenEvent) => void): Promise<void>;
  draw(lines: readonly StyledLine[]): void;
  stop(): void;
}

/** The person's preferences as read; `problem` names a damaged file that was kept. */
export interface PreferencesStore {
  readonly path: string;
  read(): Promise<{ readonly values: Readonly<Record<string, unknown>>; readonly problem: string | null }>;
  /** Sets one dotted key under a lock, so that two writers lose nothing; SettingsInvalid for a value that does not fit. */
  set(key: string, value: unknown): Promise<void>;
  unset(key: string): Promise<void>;
}

/** Other programs, in argv form. */
export interface Processes {
  /** Runs to the end; never throws for an exit code. Rejects with ToolMissing when there is no such program. */
  run(
    argv: readonly string[],
    options: {
      readonly cwd: string;
      readonly env?: Readonly<Record<string, string>>;
      /** With `env` alone, nothing of this process's own environment. */
      readonly bare?: boolean;
      /** Milliseconds; the process group is ended after it. */
      readonly timeout?: number;
      readonly onLine?: (line: string) => void;
    },
  ): Promise<{
    readonly exit: number | null;
    readonly stdout: string;
    readonly stderr: string;
    readonly timedOut: boolean;
  }>;
  /** Runs in the foreground on this terminal; answers the exit code. */
  foreground(argv: readonly string[], cwd: string | null): Promise<number>;
  /** The absolute path of a program on PATH, or null. */
  which(program: string): Promise<string | null>;
  /** TERM, then KILL after `grace` ms, to the process group of each pid and to what descends from it. */
  endGroups(pids: readonly number[], grace: number): Promise<void>;
  /** The pids that descend from some, themselves included. */
  descendants(pids: readonly number[]): Promise<readonly number[]>;
  /** Processes whose working directory is inside `folder`: pid and command. Empty where the system does not tell. */
  inside(folder: string): Promise<readonly { readonly pid: number; readonly command: string }[]>;
}

/** Ways to the person besides the docket. Answers whether it was taken; never rejects for what the other side does. */
export interface Notifier {
  /** Writes escape sequences to a terminal of our own user. */
  terminal(tty: string, bytes: string): Promise<boolean>;
  /** The desktop of this machine. */
  desktop(title: string, text: string): Promise<boolean>;
  /** A program of the person's own, with `input` on its standard input; ended after 10 s. */
  run(argv: readonly string[], input: string): Promise<boolean>;
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

/** Everything outside, as one value made by deps.ts; each is made when first used. */
export interface Deps {
  readonly tmux: Tmux;
  readonly git: Git;
  readonly files: Files;
  readonly folder: Folder;
  readonly homeFiles: HomeFiles;
  readonly agentFiles: AgentFiles;
  readonly clock: Clock;
  readonly preferences: PreferencesStore;
  readonly processes: Processes;
  notifier(): Promise<Notifier>;
  readonly startup: StartupFiles;
  watcher(): Promise<Watcher>;
  screen(): Promise<Screen>;
  /** Of the Node that runs this: `22.1.0`. */
  readonly nodeVersion: string;
  /** Environment of this process: read only. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Absolute path of the person's configuration: preferences and layouts. */
  readonly configDir: string;
  /** Cells of this terminal; null when standard output is not one. */
  readonly terminal: { readonly columns: number; readonly rows: number } | null;
  /** The person's HOME, an absolute path. */
  readonly home: string;
  /** A fresh UUID. */
  uuid(): string;
  /** SHA-256 of a text's UTF-8, in lower-case hexadecimal digits. */
  sha256(text: string): string;
  /** Absolute paths of what ships with pitwall. */
  readonly shipped: {
    readonly node: string;
    readonly pitwall: string;
    readonly hook: string;
    readonly record: string;
    readonly launch: string;
    readonly output: string;
    readonly look: string;
    readonly demo: string;
    readonly layouts: string;
  };
}
