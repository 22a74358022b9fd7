/** The machine: its clock and its processes. */

/** The only clock there is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Other programs, in argv form. */
export interface Processes {
  /** Runs to the end; never throws for an exit code. Rejects with ToolMissing when there is no such program. */
  run(
    argv: readonly string[],
    options: {
      readonly cwd: string;
      readonly env?: Readonly<Record<string, string>>;
      /** With `env` alone, nothing of this process's own environment. */
      readonly bare?: boolean;
      /** Milliseconds; the process group is ended after it. */
      readonly timeout?: number;
      readonly onLine?: (line: string) => void;
    },
  ): Promise<{
    readonly exit: number | null;
    readonly stdout: string;
    readonly stderr: string;
    readonly timedOut: boolean;
  }>;
  /** Runs in the foreground on this terminal; answers the exit code. */
  foreground(argv: readonly string[], cwd: string | null): Promise<number>;
  /** The absolute path of a program on PATH, or null. */
  which(program: string): Promise<string | null>;
  /** TERM, then KILL after `grace` ms, to the process group of each pid and to what descends from it. */
  endGroups(pids: readonly number[], grace: number): Promise<void>;
  /** The pids that descend from some, themselves included. */
  descendants(pids: readonly number[]): Promise<readonly number[]>;
  /** Processes whose working directory is inside `folder`: pid and command. Empty where the system does not tell. */
  inside(folder: string): Promise<readonly { readonly pid: number; readonly command: string }[]>;
}
