/** tmux as use cases see it. */

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

/** A client attached to the server; sizes in cells. */
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
