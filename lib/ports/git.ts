/** git as use cases see it. */
import type { ChangeFrom } from '../core/change-from.ts';
import type { PitwallError } from '../core/errors.ts';
import type { WorktreeFacts } from '../core/land/removal.ts';
import type { DiffStat } from '../core/model.ts';
import type { Work } from '../core/overlap/overlap.ts';
import type { LandGit } from './landing.ts';

/** A linked or main worktree as `git worktree list --porcelain` tells it. */
export interface WorktreeFact {
  readonly path: string;
  readonly head: string | null;
  /** Short branch name, null when detached. */
  readonly branch: string | null;
  readonly locked: boolean;
  readonly prunable: boolean;
}

/** An ignored file as it was: `content` of a small one, and its permissions. */
export interface KeptFile {
  /** Differs whenever its content may differ. */
  readonly look: string;
  readonly content: Buffer | null;
  readonly mode: number;
}

/** What a worktree has beside its files that git sees. */
export interface Beside {
  /** What is staged, as git lists it. */
  readonly staged: string;
  /** Ignored files that are in no ignored folder. */
  readonly ignored: ReadonlyMap<string, KeptFile>;
}

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
  /** The change, uncommitted and untracked files included; takes no lock. */
  diffStat(worktree: string, since: ChangeFrom): Promise<DiffStat>;
  /** A string that changes when a commit, checkout or staging happens in the worktree. Cheap: a few stats. */
  fingerprint(worktree: string): Promise<string | null>;
  /** `root` is asked about the branch when the worktree is gone; without it that is TargetGone. */
  facts(worktree: string, base: string, branch: string, root?: string): Promise<WorktreeFacts>;
  /**
   * Runs `git diff` for the person in the foreground; answers the exit code. `pager`: a command as git takes it, null: as
   * git is configured.
   */
  showDiff(
    worktree: string,
    since: ChangeFrom,
    options: readonly string[],
    pager: string | null,
  ): Promise<number>;
  /**
   * The change, untracked files included, as core/diff/diff.ts reads it; `from`: the commit or tree it counts from. `whole`: of
   * these files alone, with all their lines.
   */
  readDiff(
    worktree: string,
    since: ChangeFrom,
    whole?: readonly string[],
  ): Promise<{ readonly from: string; readonly text: string }>;
  /**
   * One file, by all its names, in the person's difftool, in the foreground: `command` as git takes it, null: as git is configured. What
   * shows a repository (lazygit, tig, gitui) is given the worktree instead.
   */
  difftool(worktree: string, from: string, paths: readonly string[], command: string | null): Promise<number>;
  /** `git diff --name-status` of the change, untracked files as `A`. */
  changedFiles(
    worktree: string,
    since: ChangeFrom,
  ): Promise<readonly { readonly status: string; readonly path: string }[]>;
  /**
   * What each worktree changed, uncommitted and untracked files included; the error
   * in its place where it cannot be read. New objects go to `scratch`; worktrees, indexes and repository are left alone.
   */
  works(
    root: string,
    scratch: string,
    wanted: readonly { readonly worktree: string; readonly from: ChangeFrom }[],
  ): Promise<readonly (Work | PitwallError)[]>;
  /** For each pair of works' commits the files that git stops at when it merges them; null where it cannot tell. */
  conflicts(
    root: string,
    scratch: string,
    pairs: readonly (readonly [string, string])[],
  ): Promise<readonly (readonly string[] | null)[]>;
  /** The remote whose address is that of `owner/name`, else origin, else any; CommandFailed when there is none. */
  remoteOf(root: string, repository: string | null): Promise<string>;
  /** Fetches a remote's ref with its history; no ref here is made or moved. CommandFailed. */
  fetchFrom(root: string, remote: string, ref: string): Promise<void>;
  /** Makes a folder for objects that are nobody's work, and anew when it grew large; another id: it holds nothing. */
  scratch(folder: string): Promise<string>;
  /**
   * Keeps all a worktree holds, uncommitted and untracked files included and ignored ones not, as a commit under `ref`
   * (`refs/pitwall/…`); worktree and index are left alone. Answers the commit.
   */
  keepWork(worktree: string, ref: string): Promise<string>;
  /** The paths in which two commits differ; a rename counts under both names. */
  changedBetween(root: string, from: string, to: string): Promise<readonly string[]>;
  /**
   * Takes back in a worktree what changed from one commit of `keepWork` to a later one: those files are as they were, files
   * that came are gone. HEAD and index are left alone.
   */
  putBack(worktree: string, from: string, to: string): Promise<void>;
  /** What a worktree has that no commit keeps. */
  beside(worktree: string): Promise<Beside>;
  /** Writes ignored files as they were kept, never by way of a link; answers those that are back. */
  putBackBeside(worktree: string, before: Beside, paths: readonly string[]): Promise<readonly string[]>;
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
  /**
   * Lock files of git, made before a moment (ms since the epoch), that keep a repository’s main worktree, these worktrees,
   * their branches or their bases from being changed.
   */
  leftLocks(
    root: string,
    tasks: readonly { readonly worktree: string; readonly branch: string; readonly base: string }[],
    before: number,
  ): Promise<readonly string[]>;
  version(): Promise<string>;
}
