/**
 * How a kind of agent is read: its own hooks' events, its registry or transcript, the pane's title, the screen. Each
 * reader is pure and total; what it cannot understand is null, which never means idle. state.ts weighs the answers.
 */
import type { HookState } from '../journal/journal.ts';

/** What one source says the agent is at now. `idle`: its turn is over and it takes a prompt. */
export interface Sight {
  readonly state: 'working' | 'waiting' | 'idle' | 'failed';
  /** What it waits for, or what went wrong; one clean line, or null when the source does not tell. */
  readonly message: string | null;
}

/** A sight with the time it was written; ms since the epoch. */
export interface DatedSight extends Sight {
  readonly at: number;
  /** The conversation the source belongs to, or null when it does not tell. */
  readonly conversationId: string | null;
}

/** What one event of an agent's own hooks tells. Text is one clean line, cut. */
export interface EventReading {
  /** Null: the event changes no state. */
  readonly state: HookState | null;
  /** What it said: its question, its last words, its failure. */
  readonly message: string | null;
  /** What it may ask next: told before it is known whether the person will be asked at all. */
  readonly mayAsk: string | null;
  /** The conversation it belongs to, or null when the payload does not tell. */
  readonly conversationId: string | null;
  /** Whether the agent itself announces a new conversation by this event (`/clear`, `/resume`). */
  readonly adopts: boolean;
  /** Whether its conversation is over: the next one that is heard of is its own. The program need not have ended. */
  readonly ends: boolean;
  /** The transcript's path as the agent gave it: not to be opened before `insideOf` has looked at it. */
  readonly transcript: string | null;
  /** The turn is over, and work it left in the background goes on. */
  readonly background: boolean;
  /** Only a reminder (a notification): it neither replaces what was said before nor turns a failure into an end. */
  readonly reminds: boolean;
  /** What the conversation has used so far, where the agent tells it so. */
  readonly usage?: Usage;
}

/** What is known of an agent when its files are looked for. */
export interface AgentPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly conversationId: string | null;
  /** The pid of its pane; null when none lives. */
  readonly pid: number | null;
  readonly worktree: string;
  /** As the agent's events told it; hostile. */
  readonly transcript: string | null;
}

/** A file an agent keeps about itself. */
export interface AgentFile {
  readonly text: string;
  /** When it was last written; ms since the epoch. */
  readonly written: number;
}

/** The agent's own word on its state, from a file of its own. */
export interface RegistryReading {
  /** Absolute paths, the first that is there counts. */
  readonly files: (place: AgentPlace) => readonly string[];
  /** A folder whose `.json` files are looked through when none of `files` is there (started through a wrapper). */
  readonly folder: ((place: AgentPlace) => string | null) | null;
  /** Which end of a long file tells: its last bytes are where a log of events is read. */
  readonly end: 'first' | 'last';
  /** Null when it tells nothing, or is not about this agent. `process` answers the start of a pid, null when unknown. */
  readonly read: (
    file: AgentFile,
    place: AgentPlace,
    started: (pid: number) => string | null,
  ) => DatedSight | null;
}

/** Tokens and cost of a conversation so far. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; null where the agent does not tell. */
  readonly costUsd: number | null;
}

/** Usage folded from the lines of a transcript, so that a file that grew is read onwards. */
export interface UsageReading {
  readonly files: (place: AgentPlace) => readonly string[];
  /** Adds lines to what was folded before (null: nothing yet). Lines that are not understood change nothing. */
  readonly add: (before: UsageSum | null, lines: readonly string[]) => UsageSum;
}

/** What `UsageReading.add` keeps: the usage so far, and what it needs to count nothing twice. */
export interface UsageSum {
  readonly usage: Usage | null;
  /** Parts that may be told again, by their id; the newest word on each counts. */
  readonly parts: ReadonlyMap<string, Usage>;
}

/** How an agent is read. What a kind of agent does not have is absent. */
export interface Reading {
  /** Milliseconds without output after which an agent that has no hooks is no longer at work. */
  readonly quietMs: number;
  /** Whether the last lines of a quiet screen ask the person something; null: cannot tell. */
  readonly asks: ((lines: readonly string[]) => string | null) | null;
  /** What an event of its hooks means; null when the preset does not know the event. Never throws. */
  readonly readEvent?: (event: string, payload: string | null) => EventReading | null;
  /** What the title says; `worktree` is an absolute path. */
  readonly readTitle?: (title: string, worktree: string) => Sight | null;
  /** What the screen shows, top to bottom. A dialog outranks what looks busy. */
  readonly readScreen?: (lines: readonly string[]) => Sight | null;
  readonly registry?: RegistryReading;
  readonly usage?: UsageReading;
}
