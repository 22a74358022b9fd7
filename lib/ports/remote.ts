/** Other machines, reached as the person's own ssh reaches them. */

/** How a command there ended. `cut`: it was ended here, because its time was over or it printed too much. */
export interface FarRun {
  /** ssh's own 255 when there was no connection. */
  readonly exit: number | null;
  readonly stdout: string;
  /** Its last 8 KiB. */
  readonly stderr: string;
  readonly cut: 'no' | 'time' | 'size';
}

/** ssh by argv, with the person's configuration. ToolMissing when there is no ssh. */
export interface Remote {
  /**
   * Runs one command line of the far shell to its end without a terminal and without a question, through a connection that
   * is kept for a minute. `timeout` in ms counts from now, the connecting included.
   */
  run(destination: string, command: string, timeout: number): Promise<FarRun>;
  /**
   * argv of an ssh that gives this terminal to a program there, by argv; questions of ssh's own are asked on it. `timeout`
   * in ms is for the connecting alone, not for what is asked.
   */
  terminal(destination: string, argv: readonly string[], timeout: number): Promise<readonly string[]>;
  /** The same by mosh, which asks ssh for its beginning. */
  mosh(destination: string, argv: readonly string[], timeout: number): Promise<readonly string[]>;
}
