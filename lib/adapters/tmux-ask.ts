/** One tmux process a question or plan: its argv, its answer, and what went wrong in words of ours. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { commandFailed, oneLine, PitwallError } from '../core/errors.ts';
import { commandsText } from '../core/tmux/tmux-text.ts';
import type { TmuxCommand } from '../ports.ts';
import { installCommand } from './install-command.ts';

/** Where tmux is and how it is asked. */
export interface TmuxOptions {
  /** The socket's name (`-L`), or null for tmux's default. */
  readonly socket: string | null;
  /** The whole environment tmux is run with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder that stays: a server keeps the folder it was started in. `/` serves when it is missing. */
  readonly stableDir: string;
  /** argv to put before a tmux that may start a server; default none. */
  readonly starter?: () => Promise<readonly string[]>;
  /** Milliseconds after which a tmux that does not answer is given up; default 10,000. */
  readonly timeout?: number;
}

/** argv of one invocation longer than this (bytes) goes by `source-file -`: tmux takes about 16 KB. */
const argvLimit = 12_000;

/** What one tmux process left. */
export interface Answer {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One way of asking: argv after `tmux -u -L socket`, what goes to stdin, and additions to the environment. */
export type Ask = (
  args: readonly string[],
  stdin?: string,
  environment?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** All commands in one invocation; answers the lines printed. Errors as in `failure`. */
export async function runOnce(
  ask: Ask,
  argv: readonly string[],
  commands: readonly TmuxCommand[],
  environment?: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  if (commands.length === 0) return [];
  const args = commands.flatMap((command, index) => [
    ...(index === 0 ? [] : [';']),
    ...unaliased(command).map(escapeEnd),
  ]);
  const long = args.reduce((bytes, word) => bytes + Buffer.byteLength(word) + 1, 0) > argvLimit;
  const start = environment === undefined ? [] : ['start-server', ';'];
  const answer = long
    ? await ask([...start, 'source-file', '-'], `${commandsText(commands.map(unaliased))}\n`, environment)
    : await ask(args, undefined, environment);
  // A command of source-file that fails may leave exit 0 behind when it was started in a chain.
  if (answer.exit !== 0 || (long && answer.stderr !== '')) throw failure([...argv, ...args], answer);
  const text = answer.stdout.replace(/\n$/, '');
  return text === '' && answer.stdout.length < 2 ? (answer.stdout === '' ? [] : ['']) : text.split('\n');
}

/**
 * The person's `command-alias` may give one of tmux's own names another meaning; it is looked up by the whole name, so
 * we call every command by an abbreviation, which tmux takes as long as it is unambiguous.
 */
function unaliased([name = '', ...words]: TmuxCommand): TmuxCommand {
  return [name.length > 6 ? name.slice(0, -1) : name, ...words];
}

/** tmux takes a word that ends in `;` for the end of a command. */
function escapeEnd(word: string): string {
  return word.endsWith(';') ? `${word.slice(0, -1)}\\;` : word;
}

/** Asks by one process each; rejects only when tmux cannot be started or does not answer in time. */
export function asker(options: TmuxOptions, argv: readonly string[]): Ask {
  const [program = 'tmux', ...always] = argv;
  const timeout = options.timeout ?? 10_000;
  return (args, stdin, environment) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...always, ...args], {
        cwd: existsSync(options.stableDir) ? options.stableDir : '/',
        env: { ...options.env, ...environment },
        stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(stuck(options.socket, timeout));
      }, timeout);
      child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
      // tmux may end before it read everything; its exit tells what happened.
      child.stdin?.on('error', (error: Error) => err.push(Buffer.from(`${error.message}\n`)));
      child.stdin?.end(stdin);
      child.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        reject(error.code === 'ENOENT' || error.code === 'EACCES' ? missing() : error);
      });
      child.on('close', (exit) => {
        clearTimeout(timer);
        resolve({ exit, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
      });
    });
}

/** What went wrong, from the words of tmux 3.2 to 3.6 (client.c, cmd-find.c). */
export function failure(argv: readonly string[], answer: Answer): PitwallError {
  const said = answer.stderr.trim() || answer.stdout.trim();
  const detail = { argv, exit: answer.exit, stderr: said.slice(-2000) };
  if (
    /no server running on|error connecting to .* \((No such file or directory|Connection refused)\)/.test(
      said,
    )
  )
    return new PitwallError('ServerGone', 'there is no tmux server', 'pitwall open', {
      ...detail,
      running: 0,
    });
  if (/server exited|lost server|no current (target|session|client)/.test(said))
    return new PitwallError('ServerGone', 'the tmux server ended', 'pitwall open', detail);
  if (
    /error connecting to|error creating|couldn't create directory|has unsafe permissions|access not allowed/.test(
      said,
    )
  )
    return new PitwallError(
      'CannotConnect',
      `tmux cannot be reached: ${oneLine(said)}`,
      'pitwall doctor',
      detail,
    );
  const target = /(?:can't find|no such) (pane|window|session|client):? ?(.*)/.exec(said);
  if (target !== null) {
    const [, kind = '', name = ''] = target;
    return new PitwallError('TargetGone', `tmux has no ${kind} ${oneLine(name)}`.trim(), null, {
      ...detail,
      target: name,
    });
  }
  return commandFailed(argv, answer.exit, said);
}

function stuck(socket: string | null, timeout: number): PitwallError {
  const name = socket === null ? '' : ` on socket ${socket}`;
  return new PitwallError(
    'CannotConnect',
    `tmux${name} did not answer within ${timeout / 1000} s`,
    'pitwall doctor',
  );
}

function missing(): PitwallError {
  return new PitwallError('ToolMissing', 'tmux is not installed (or not on PATH)', installCommand('tmux'));
}

/** What `tmux -V` says; ToolTooOld below 3.2, ToolMissing without tmux. */
export async function version(ask: Ask): Promise<string> {
  const answer = await ask(['-V']);
  const said = answer.stdout.trim().replace(/^tmux /, '');
  if (answer.exit !== 0 || said === '') throw failure(['tmux', '-V'], answer);
  checkVersion(said);
  return said;
}

/** ToolTooOld below 3.2, the first with the formats and commands we use. */
export function checkVersion(said: string): void {
  if (tooOld(said))
    throw new PitwallError(
      'ToolTooOld',
      `tmux ${said} is too old: 3.2 or newer is needed`,
      installCommand('tmux'),
    );
}

/**
 * Whether a version as `tmux -V` tells it ("3.1c", "next-3.6", "openbsd-7.4", "master") is below 3.2. OpenBSD's is
 * numbered by the system: 7.0 was the first with 3.2's features. What cannot be read is taken to be new.
 */
export function tooOld(said: string): boolean {
  const found = /^(openbsd-|next-)?(\d+)\.(\d+)/.exec(said);
  if (found === null) return false;
  const number = Number(found[2]) * 100 + Number(found[3]);
  return number < (found[1] === 'openbsd-' ? 700 : 302);
}
