/** What is known of an agent at one moment, and what follows from it. */

import type { Preset } from '../agents/preset.ts';
import type { DatedSight, Sight } from '../agents/reading.ts';
import type { FoldedAgent } from '../journal/fold.ts';
import type { AgentState } from '../model.ts';

/** The pane of an agent as tmux tells it now; null when no pane is its own. */
export interface PaneSight {
  readonly pane: string;
  readonly pid: number;
  readonly dead: boolean;
  readonly status: number | null;
  readonly signal: string | null;
}

/** What a living agent shows besides its hooks. */
export interface LiveSights {
  /** From its own file: its registry, or the end of its transcript. */
  readonly registry: DatedSight | null;
  readonly title: Sight | null;
  /** `unclear`: looked at, and nothing was recognised; null: not looked at. */
  readonly screen: Sight | 'unclear' | null;
  /** Since when it looks idle without a break though it said that it works; ms since the epoch, or null. */
  readonly idleSeen: number | null;
}

/** What is known of an agent that nobody has looked at. */
export const nothingSeen: LiveSights = { registry: null, title: null, screen: null, idleSeen: null };

/** All that a state is decided from. */
export interface Signals extends LiveSights {
  readonly folded: FoldedAgent;
  readonly pane: PaneSight | null;
  readonly preset: Pick<Preset, 'hooks' | 'prompt' | 'reading'> | null;
  /** When its output last grew (ms since the epoch), or null when its output is not recorded. */
  readonly printed: number | null;
  /** ms since the epoch. */
  readonly now: number;
}

/** The state that was decided; `since` is ISO 8601, UTC. */
export interface Resolved {
  readonly state: AgentState;
  readonly since: string;
  readonly message: string | null;
  /** What decided, in words for a person. */
  readonly why: string;
  /** The turn that is over and waits for a look: `done` is told even of a program that has ended since. */
  readonly outcome: 'done' | 'failed' | null;
}

/** Milliseconds of the rules; stated in docs/agents.md. */
export const times = {
  /** A program started without a prompt is given this long before it may be typed to. */
  settling: 1500,
  /** For so long it must look idle before work counts as over. No other change waits. */
  debounce: 1500,
  /** For so long after an event of its hooks, title and screen may not have followed yet. */
  lag: 2000,
  /** A start may be silent for so long. */
  start: 15_000,
  /** Without a word for so long, work is looked for on the screen. */
  quietWork: 10_000,
  /** A report of `working` that nothing confirms counts for so long. */
  working: 30 * 60_000,
  /** A report of `waiting` that its screen does not show counts for so long. */
  waiting: 12 * 3_600_000,
} as const;

/** Whether it was started without a prompt and has told no state since: what it told before says nothing of this start. */
export function justStarted({ hadPrompt, launchedAt, report }: FoldedAgent): boolean {
  if (hadPrompt || launchedAt === null) return false;
  return report === null || Date.parse(report.last) < Date.parse(launchedAt);
}

/** An agent that was given nothing to do reports nothing until it is: that it is silent says nothing bad. */
export function startedIdle(folded: FoldedAgent): boolean {
  return folded.report === null && !folded.hadPrompt;
}
