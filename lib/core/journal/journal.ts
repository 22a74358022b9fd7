/**
 * The journal: a task's append-only record of events, one JSON object a line. Written in one write each, by our
 * commands and by the POSIX hook; readers skip a torn or foreign line. What is true is folded from it (fold.ts).
 */

import type { Dispute, Finding, VerdictState } from '../check/verdict.ts';
import type { AgentState, Severity } from '../model.ts';

/** States a program may report by the hook. */
export type HookState = Extract<AgentState, 'working' | 'waiting' | 'done' | 'failed'>;

/**
 * How a run of the checks stands; `stale`: the worktree changed meanwhile, so that its result says nothing; `refused`: nothing
 * was run, for nobody has accepted the commands.
 */
export type CheckState = 'running' | 'passed' | 'failed' | 'stale' | 'refused';

/** `at` is ISO 8601 in UTC; the order of lines, not `at`, is the order of events (clocks jump). */
export type JournalEvent = { readonly at: string } & (
  | { readonly type: 'created'; readonly pid: number; readonly started: string }
  | { readonly type: 'ready' }
  | { readonly type: 'setup'; readonly ok: boolean; readonly message: string }
  | {
      readonly type: 'launched';
      readonly agent: string;
      /** How the prompt went along: in argv, held for later, or none. */
      readonly prompt: 'argument' | 'held' | 'none';
      readonly resumed: boolean;
    }
  | {
      readonly type: 'hook';
      readonly agent: string;
      /** null for an event that tells no state. */
      readonly state: HookState | null;
      /** What happened, as the agent calls it (`SessionStart`); null when the program did not say. */
      readonly event: string | null;
      readonly message: string | null;
      /** The event's payload as the agent gave it, hostile text; or the file in the task's folder that holds it. */
      readonly payload: string | null;
      readonly payloadFile: string | null;
    }
  | { readonly type: 'conversation'; readonly agent: string; readonly conversationId: string }
  | {
      readonly type: 'exited';
      readonly agent: string;
      readonly status: number | null;
      readonly signal: string | null;
    }
  | { readonly type: 'held'; readonly agent: string; readonly prompt: string; readonly text: string }
  | {
      readonly type: 'delivering';
      readonly agent: string;
      readonly prompt: string;
      readonly pid: number;
      readonly started: string;
    }
  | { readonly type: 'delivered'; readonly agent: string; readonly prompt: string }
  | {
      readonly type: 'undelivered';
      readonly agent: string;
      readonly prompt: string;
      readonly message: string;
    }
  | { readonly type: 'stopped'; readonly agent: string | null }
  | {
      readonly type: 'check';
      /** The number of the run in its task, from 1; its log is `output/checks-RUN.txt`. */
      readonly run: number;
      readonly state: CheckState;
      /** What was checked: the id of a work (core/overlap/overlap.ts), uncommitted and untracked files included. */
      readonly tree: string;
      /** The check that failed, or null. */
      readonly check: string | null;
      /** Whether a failure goes back to the agent. */
      readonly back: boolean;
      readonly message: string;
      readonly pid: number;
      readonly started: string;
    }
  | {
      /** A reading of the change by an independent reviewer has begun, or what it came to. */
      readonly type: 'verdict';
      /** The number of the reading in its task, from 1; its answer is `output/review-RUN.json`. */
      readonly run: number;
      readonly state: VerdictState;
      /** What was read, as in `check`. */
      readonly tree: string;
      /** The reviewer as an agent: its name, preset and conversation. */
      readonly reviewer: string;
      readonly preset: string;
      readonly conversationId: string | null;
      /** Whether the findings go back to the author. */
      readonly back: boolean;
      readonly severity: Severity;
      /** Without a verdict: why there is none. */
      readonly summary: string;
      readonly findings: readonly Finding[];
      /** What the author disputes of the findings of the reading before. */
      readonly disputed: readonly Dispute[];
      readonly pid: number;
      readonly started: string;
    }
  /** Its conversation could not be continued: a new one was begun. */
  | { readonly type: 'afresh'; readonly agent: string; readonly message: string }
  | { readonly type: 'priority'; readonly priority: number }
  | { readonly type: 'note'; readonly severity: Severity; readonly message: string }
  | {
      /** The person's decision after a look, about the state that `commit` keeps; `round` counts looks from 1. */
      readonly type: 'decided';
      readonly outcome: 'approved' | 'returned';
      readonly round: number;
      readonly commit: string;
    }
  /** After a turn: whether the worktree holds just what that look was about. */
  | { readonly type: 'compared'; readonly round: number; readonly same: boolean }
  | {
      /** The branch, at `from`, is about to be brought up to date with `onto`, a commit of its base. */
      readonly type: 'landing';
      readonly from: string;
      readonly onto: string;
    }
  | {
      /** It did not land: git stopped at `files`, or for what `message` says. The branch is as it was. */
      readonly type: 'conflict';
      readonly files: readonly string[];
      readonly message: string;
    }
  | {
      /** `base`, a local branch, has all of the task since `commit`. */
      readonly type: 'landed';
      readonly base: string;
      readonly commit: string;
    }
  | { readonly type: 'removing' }
);

/** What kind of event a line tells. */
export type JournalEventType = JournalEvent['type'];

/** A journal as read: the events that could be understood, and how many lines could not. */
export interface Journal {
  readonly events: readonly JournalEvent[];
  readonly skipped: number;
}
