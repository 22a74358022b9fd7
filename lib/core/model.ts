/** The words of the field as types. The glossary in docs/glossary.md says what each means. */

import type { TaskVerdict } from './check/verdict.ts';
import type { TaskOverlap } from './overlap/overlap.ts';

/** States of an agent. */
export const agentStates = ['starting', 'working', 'waiting', 'done', 'exited', 'failed', 'unknown'] as const;
/** What an agent is at; `unknown` is never taken for idle. */
export type AgentState = (typeof agentStates)[number];

/** Kinds of docket items, most pressing first: this order is part of the docket's order. */
export const docketKinds = ['question', 'failure', 'conflict', 'review', 'report', 'note'] as const;
/** Why something waits for the person. */
export type DocketKind = (typeof docketKinds)[number];

/** How much hangs on an item, by its agent’s own word. */
export type Severity = 'low' | 'normal' | 'high';
/** The checks of a task’s newest turn. */
export type Checks = 'none' | 'running' | 'passed' | 'failed';

/** What a pane of ours is for, kept in its option `@pitwall_role`. */
export type PaneRole = 'agent' | 'sidebar' | 'slot' | 'shell' | 'check';

/** `project.json`: a git repository known to pitwall. `name` is unique among the person's projects. */
export interface ProjectRecord {
  readonly version: 1;
  readonly name: string;
  /** The main worktree, an absolute real path. */
  readonly root: string;
  /** ISO 8601, UTC. */
  readonly created: string;
}

/** An agent as its task was made with it. What became of it is in the journal. */
export interface AgentRecord {
  readonly name: string;
  readonly preset: string;
  readonly role: string;
  /** Chosen by us where the preset allows it; the journal may carry a newer one. */
  readonly conversationId: string | null;
  /** Further arguments of the person's, and the model they asked for; records of earlier versions have neither. */
  readonly args?: readonly string[];
  readonly model?: string | null;
  /** It only reads what the others made, in a conversation of one turn; never in task.json. */
  readonly independent?: true;
}

/** `task.json`: what does not change about a task after it was made. What changes is in the journal. */
export interface TaskRecord {
  readonly version: 1;
  readonly name: string;
  readonly project: string;
  readonly prompt: string;
  readonly branch: string;
  /** The branch or ref the task started from and goes back to, as git names it (`main`, `origin/main`). */
  readonly base: string;
  /** The commit of the base when the task was made. */
  readonly baseCommit: string;
  /** Whether the branch was made for the task; only such a branch is deleted with it. */
  readonly ownsBranch: boolean;
  readonly worktree: string;
  /** Ignored files copied by `.worktreeinclude`: path in the worktree to the SHA-256 of what was copied. */
  readonly included: Readonly<Record<string, string>>;
  readonly layout: string;
  readonly priority: number;
  readonly group: string | null;
  /** All ports of the task, consecutive, the first being `PITWALL_PORT`. */
  readonly ports: readonly number[];
  readonly agents: readonly AgentRecord[];
  readonly created: string;
  /** What must hold when it is done, in the person's words; records of earlier versions have none of the following. */
  readonly acceptance?: readonly string[];
  /** Preset of the task's own reviewer; `none`: it has none; null: the project's. */
  readonly reviewer?: string | null;
  /** The task that it waits for before it begins; null: none. */
  readonly after?: string | null;
}

/** How much a task's worktree differs from its base, untracked files included. */
export interface DiffStat {
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
}

/** One agent as the snapshot sees it. */
export interface Agent {
  readonly name: string;
  readonly preset: string;
  readonly role: string;
  readonly pane: string | null;
  readonly pid: number | null;
  readonly state: AgentState;
  /** When the state began; ISO 8601, UTC. */
  readonly since: string;
  readonly conversationId: string | null;
  /** What the agent last said about its state: its question, its last words, its failure. */
  readonly message: string | null;
  /** The signal that decided the state, in words for a person. */
  readonly why: string;
  /** It only reads what the others made: the reviewer of a finished turn. */
  readonly independent?: true;
}

/** The agents that work on the task itself. */
export function authors(agents: readonly Agent[]): readonly Agent[] {
  return agents.filter((agent) => agent.independent !== true);
}

/** One task as the snapshot sees it. `state` is the most pressing of its agents'. */
export interface Task {
  readonly name: string;
  readonly project: string;
  readonly branch: string;
  readonly base: string;
  readonly worktree: string;
  readonly window: string | null;
  readonly layout: string;
  readonly priority: number;
  readonly group: string | null;
  readonly state: AgentState;
  readonly queued: boolean;
  readonly agents: readonly Agent[];
  readonly diff: DiffStat | null;
  readonly checks: Checks;
  readonly approved: boolean;
  readonly ports: readonly number[];
  /** What is wrong with the task itself (worktree missing, setup failed, creation interrupted), or null. */
  readonly problem: string | null;
  /** Tasks of the project that change the same files, the worst first, as last computed. */
  readonly overlaps: readonly TaskOverlap[];
  readonly created: string;
  /** Preset of the reviewer that reads its finished turns; null or absent: none does. */
  readonly reviewer?: string | null;
  /** The reviewer's word on what is there now; null or absent: none. */
  readonly verdict?: TaskVerdict | null;
}

/** A project with its tasks, as a snapshot has it; `root` is absolute, `session` an id. */
export interface Project {
  /** The host it is on; absent: this machine. */
  readonly host?: string;
  readonly name: string;
  readonly root: string;
  readonly session: string | null;
  /** Its finished turns wait for checks; absent: they do not. */
  readonly gated?: boolean;
  readonly tasks: readonly Task[];
}

/** One entry of the docket. `pane` is where to go; null when the task has no pane now. */
export interface DocketItem {
  /** The host it waits on; absent: this machine. */
  readonly host?: string;
  readonly project: string;
  readonly task: string;
  readonly agent: string | null;
  readonly kind: DocketKind;
  readonly severity: Severity;
  readonly summary: string;
  readonly action: string | null;
  readonly since: string;
  readonly priority: number;
  readonly pane: string | null;
  /** What an independent reviewer said of the change; null or absent: there was none. */
  readonly verdict?: TaskVerdict | null;
  /** Tasks of the project whose finished turns say the same about the same files, and are this entry too; absent: none. */
  readonly also?: readonly string[];
}

/** Everything every reader shows, computed by `snapshot` alone. */
export interface Snapshot {
  readonly projects: readonly Project[];
  readonly docket: readonly DocketItem[];
  /** Damaged files and the like, one line each: shown, never swallowed. */
  readonly problems: readonly string[];
}
