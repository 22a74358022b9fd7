/** The person at the terminal: preferences, screen, notifications, and what changes under their eyes. */
import type { StyledLine } from '../core/styled.ts';

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

/** What a person did at the screen; sizes and places in cells. */
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
  /** While stopped: waits for a key below what others printed; returns at once when the terminal is gone. */
  anyKey(words: string): Promise<void>;
}

/** The person's preferences as read; `problem` names a damaged file that was kept. */
export interface PreferencesStore {
  readonly path: string;
  read(): Promise<{ readonly values: Readonly<Record<string, unknown>>; readonly problem: string | null }>;
  /** Sets one dotted key under a lock, so that two writers lose nothing; SettingsInvalid for a value that does not fit. */
  set(key: string, value: unknown): Promise<void>;
  unset(key: string): Promise<void>;
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

/** The person's web browser. */
export interface Browser {
  /** Opens a web address (http, https); false where there is none to open it, as over ssh. */
  open(url: string): Promise<boolean>;
  /** Whether something listens on that port of this machine. */
  listens(port: number): Promise<boolean>;
}
