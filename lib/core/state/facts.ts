/** The facts of which a snapshot is made, as app/observe.ts gathers them. */

import type { Preset } from '../agents/preset.ts';
import type { JournalEvent } from '../journal/journal.ts';
import type { DiffStat, ProjectRecord, TaskRecord } from '../model.ts';
import type { PairOverlap } from '../overlap/overlap.ts';
import type { LiveSights, PaneSight } from './signals.ts';

/** A pane of ours, found by its options. */
export interface TaskPane extends PaneSight {
  readonly window: string;
  readonly project: string;
  readonly task: string;
  readonly agent: string;
}

/** What is known of one task. `printed` are ms since the epoch by agent. */
export interface TaskFacts {
  readonly record: TaskRecord;
  readonly events: readonly JournalEvent[];
  /** What `report.md` holds, and when it was written (ms since the epoch). */
  readonly report: { readonly text: string; readonly written: number } | null;
  readonly printed: Readonly<Record<string, number>>;
  /** What its living agents show besides their hooks, by agent. */
  readonly sights: Readonly<Record<string, LiveSights>>;
  /** Texts of long payloads, by the file that the journal names. */
  readonly payloads: Readonly<Record<string, string>>;
  readonly diff: DiffStat | null;
  /** The diff is older than what was heard of the task since; absent: it is not. */
  readonly diffOld?: boolean;
  readonly worktreeExists: boolean;
  /** Whether the process that began to make the task still runs. */
  readonly makerAlive: boolean;
  /** Whether the process that ran its checks last still runs. */
  readonly checkerAlive: boolean;
  /** Whether the process that looks after its reviewer still runs; absent: no. */
  readonly readingAlive?: boolean;
}

/** All that a snapshot is made of. */
export interface Facts {
  readonly projects: readonly {
    readonly record: ProjectRecord;
    readonly session: string | null;
    readonly tasks: readonly TaskFacts[];
    readonly overlaps: readonly PairOverlap[];
    /** Its checks were accepted: a finished turn waits for them. */
    readonly gated: boolean;
    /** Preset of the reviewer that was accepted; null or absent: none. */
    readonly reviewer?: string | null;
  }[];
  readonly panes: readonly TaskPane[];
  readonly presets: ReadonlyMap<string, Preset>;
  readonly problems: readonly string[];
  /** ms since the epoch. */
  readonly now: number;
}
