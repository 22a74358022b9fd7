/** What a task's journal folds into. */

import type { FoldedVerdict } from '../check/verdict.ts';
import type { Severity } from '../model.ts';
import type { FoldedAgent } from './fold-hook.ts';
import type { CheckState } from './journal.ts';

/** A prompt that was accepted and not yet delivered. */
export interface HeldPrompt {
  readonly id: string;
  readonly agent: string;
  readonly text: string;
  readonly at: string;
  /** Who took it up to deliver it, when somebody did and has not finished. */
  readonly taker: { readonly pid: number; readonly started: string } | null;
  /** When it was taken up, ISO time. */
  readonly takenAt: string | null;
}

/** The newest run of the checks. */
export interface FoldedChecks {
  readonly run: number;
  readonly state: CheckState;
  readonly tree: string;
  readonly check: string | null;
  readonly back: boolean;
  readonly message: string;
  readonly at: string;
  /** Who runs or ran them. */
  readonly owner: { readonly pid: number; readonly started: string };
  /** Another turn has begun or ended since it began: it says nothing about what is there now. */
  readonly outdated: boolean;
  /** Runs of this turn whose result was stale. */
  readonly stale: number;
}

/** One task as its journal has it. */
export interface FoldedTask {
  readonly checks: FoldedChecks | null;
  /** Failures that went back to an agent since the checks last passed or a person last sent a prompt. */
  readonly attempts: number;
  /** The newest reading by an independent reviewer. */
  readonly verdict: FoldedVerdict | null;
  readonly agents: readonly FoldedAgent[];
  readonly held: readonly HeldPrompt[];
  /** Who makes it, while it is not ready. */
  readonly maker: { readonly pid: number; readonly started: string } | null;
  readonly ready: boolean;
  readonly removing: boolean;
  /** What the person looked at and decided about, oldest first. */
  readonly rounds: readonly Round[];
  /** The round that was approved and still stands: nobody has worked on since, or for nothing. */
  readonly approved: Round | null;
  /** What was worked since the last decision: nothing; something, not compared yet; a turn without a change; a change. */
  readonly sinceDecision: 'untouched' | 'untold' | 'unchanged' | 'changed';
  /** What is being brought up to date, until that ended one way or the other. */
  readonly landing: { readonly from: string; readonly onto: string } | null;
  /** The local branch that has all of it since that commit; null once somebody works on. */
  readonly landed: { readonly base: string; readonly commit: string } | null;
  /** Why it did not land, until somebody works on, decides anew or it lands. */
  readonly conflict: {
    readonly at: string;
    readonly files: readonly string[];
    readonly message: string;
  } | null;
  readonly priority: number | null;
  readonly problem: string | null;
  readonly notes: readonly {
    readonly at: string;
    readonly severity: Severity;
    readonly message: string;
    /** Whose prompt it is about: the next one that reaches it settles the note. */
    readonly agent: string | null;
    /** The docket item's kind; a `failure` stays until its agent is given something to do. */
    readonly kind?: 'failure';
  }[];
}

/** One look of the person, by its decision. */
export interface Round {
  readonly round: number;
  /** The commit that keeps what was looked at. */
  readonly commit: string;
  readonly at: string;
}
