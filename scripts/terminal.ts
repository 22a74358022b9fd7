/** A person's terminal, played by a second tmux server: a client of the first is attached in its only pane. */

/**
 * The arguments with which tmux, on a socket of its own, becomes a terminal of `columns` by `rows` cells that shows
 * `session` of the server on `socket`. It has no status line, no prefix key and no time for escape sequences: what is
 * shown and typed is the attached client's alone.
 */
export function terminalArgv(
  socket: string,
  session: string,
  columns: number,
  rows: number,
): readonly string[] {
  const set = (option: string, value: string) => ['set-option', '-g', option, value, ';'];
  const size = ['-x', String(columns), '-y', String(rows)];
  const client = ['env', '-u', 'TMUX', '-u', 'TMUX_PANE', 'tmux', '-u', '-L', socket];
  return [
    ...['start-server', ';', ...set('status', 'off'), ...set('prefix', 'None'), ...set('escape-time', '0')],
    ...['new-session', '-d', '-s', 'terminal', ...size, '--', ...client, 'attach-session', '-t', session],
  ];
}
