/** A person at a terminal: a client of the sandbox's server, attached inside a pane of a second tmux server. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { terminalArgv } from '../../scripts/terminal.ts';
import { type Sandbox, until } from './sandbox.ts';

const exec = promisify(execFile);

export interface Client {
  /** The client's name on the sandbox's server: its terminal. */
  readonly name: string;
  /** The socket of the server that plays the terminal. */
  readonly socket: string;
  /** Types keys as tmux names them: `client.keys('C-b', 'g', 'n')`. */
  keys(...keys: string[]): Promise<void>;
  /** Types a text as it stands. */
  type(text: string): Promise<void>;
  /** What the terminal shows: a line a row. */
  screen(): Promise<string>;
  /** Changes the terminal's size. */
  resize(columns: number, rows: number): Promise<void>;
  /** The pane the client is in: `%3`. */
  pane(): Promise<string>;
  /** The window the client shows: `@2`. */
  window(): Promise<string>;
  /** Closes the terminal, as a lost connection does. */
  close(): Promise<void>;
}

let clients = 0;

/** Attaches a client to `session` at a size in cells. Close it, or end the sandbox after it, before the test ends. */
export async function attach(box: Sandbox, session: string, columns = 120, rows = 40): Promise<Client> {
  const socket = `terminal-${++clients}`;
  const outer = async (...args: string[]): Promise<string> => {
    const { stdout } = await exec('tmux', ['-u', '-L', socket, '-f', '/dev/null', ...args], { env: box.env });
    return stdout;
  };
  const listed = async (format: string): Promise<string[]> =>
    (await box.tmux('list-clients', '-F', format)).split('\n').filter(Boolean);
  // Keys that arrive within a millisecond of each other are a paste to tmux, not bindings: a person is never so fast.
  await box.tmux('set-option', '-g', 'assume-paste-time', '0');
  const before = await listed('#{client_name}');
  await outer(...terminalArgv(box.socket, session, columns, rows));
  const name = await until('the client is attached', async () =>
    (await listed('#{client_name}')).find((each) => !before.includes(each)),
  );
  const told = async (format: string): Promise<string> =>
    (await listed(`#{client_name} ${format}`))
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1) ?? '';
  const client: Client = {
    name,
    socket,
    async keys(...keys) {
      await outer('send-keys', '--', ...keys);
    },
    async type(text) {
      await outer('send-keys', '-l', '--', text);
    },
    screen: () => outer('capture-pane', '-p'),
    async resize(width, height) {
      await outer('resize-window', '-x', String(width), '-y', String(height));
      await until(
        'the client has its size',
        async () => (await told('#{client_width}x#{client_height}')) === `${width}x${height}`,
      );
    },
    pane: () => told('#{pane_id}'),
    window: () => told('#{window_id}'),
    async close() {
      await outer('kill-server');
    },
  };
  await client.resize(columns, rows);
  return client;
}
