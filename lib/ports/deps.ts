/** Everything outside, as one value. */
import type { AgentFiles, Files, Folder, HomeFiles, StartupFiles } from './files.ts';
import type { Git } from './git.ts';
import type { Browser, Notifier, PreferencesStore, Screen, Watcher } from './person.ts';
import type { Remote } from './remote.ts';
import type { Syntax } from './syntax.ts';
import type { Clock, Processes } from './system.ts';
import type { Tmux } from './tmux.ts';

/** Everything outside, as one value made by deps.ts; each is made when first used. */
export interface Deps {
  readonly tmux: Tmux;
  readonly git: Git;
  readonly files: Files;
  readonly folder: Folder;
  readonly homeFiles: HomeFiles;
  readonly agentFiles: AgentFiles;
  readonly clock: Clock;
  readonly preferences: PreferencesStore;
  readonly processes: Processes;
  readonly remote: Remote;
  notifier(): Promise<Notifier>;
  readonly startup: StartupFiles;
  watcher(): Promise<Watcher>;
  screen(): Promise<Screen>;
  readonly syntax: Syntax;
  readonly browser: Browser;
  /** Of the Node that runs this: `22.1.0`. */
  readonly nodeVersion: string;
  /** Environment of this process: read only. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of this process; TargetGone when it was removed. Most commands never ask for it. */
  cwd(): string;
  /** Absolute path of the person's configuration: preferences and layouts. */
  readonly configDir: string;
  /** Cells of this terminal; null when standard output is not one. */
  readonly terminal: { readonly columns: number; readonly rows: number } | null;
  /** The person's HOME, an absolute path. */
  readonly home: string;
  /** A fresh UUID. */
  uuid(): string;
  /** SHA-256 of a text's UTF-8, in lower-case hexadecimal digits. */
  sha256(text: string): string;
  /** Absolute paths of what ships with pitwall. */
  readonly shipped: {
    readonly node: string;
    readonly pitwall: string;
    readonly hook: string;
    readonly record: string;
    readonly launch: string;
    readonly output: string;
    readonly look: string;
    readonly demo: string;
    readonly layouts: string;
  };
}
