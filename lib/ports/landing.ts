/** What `land` asks of git: the only commits and pushes there are. */
import type { LandingBase, Standing, Strategy } from '../core/land/land.ts';

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
  /** Commits all that is not committed; null, or what a hook that refused said: then the index is as before. */
  commitAll(worktree: string, message: string): Promise<string | null>;
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
