/** tmux over its command line: one invocation a question, one a plan. The hot path, so nothing but node:child_process. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { commandFailed, oneLine, PitwallError } from '../core/errors.ts';
import { cleanPaste, commandsText } from '../core/tmux-text.ts';
import type { Tmux, TmuxCommand } from '../ports.ts';
import { noServer, parseView, viewCommands } from './tmux-view.ts';

/** Where tmux is and how it is asked. */
export interface TmuxOptions {
  /** The socket's name (`-L`), or null for tmux's default. */
  readonly socket: string | null;
  /** The whole environment tmux is run with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder that stays: a server keeps the folder it was started in. `/` serves when it is missing. */
  readonly stableDir: string;
  /** Milliseconds after which a tmux that does not answer is given up; default 10,000. */
  readonly timeout?: number;
}

/** argv of one invocation longer than this (bytes) goes by `source-file -`: tmux takes about 16 KB. */
const argvLimit = 12_000;
/** Waits between attempts while a server goes down (ms). */
const retryWaits: readonly number[] = [20, 40, 80, 160, 320, 640];
const installHint = 'apt install tmux, dnf install tmux or brew install tmux';

interface Answer {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One way of asking: argv after `tmux -u -L socket`, what goes to stdin, and additions to the environment. */
type Ask = (
  args: readonly string[],
  stdin?: string,
  environment?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** tmux on one socket; nothing is started and nothing asked before the first call. */
export function createTmux(options: TmuxOptions): Tmux {
  const argv = ['tmux', '-u', ...(options.socket === null ? [] : ['-L', options.socket])];
  const ask = asker(options, argv);
  const run = (commands: readonly TmuxCommand[]): Promise<readonly string[]> => runOnce(ask, argv, commands);
  let pasted = 0;
  return {
    socket: options.socket,
    argv,
    run,
    async view() {
      for (const wait of [...retryWaits.slice(0, 3), null]) {
        try {
          return parseView(await run(viewCommands));
        } catch (error) {
          if (!(error instanceof PitwallError) || error.code !== 'ServerGone') throw error;
          if (error.detail.running === 0) return noServer;
          if (wait === null) throw error;
          await pause(wait);
        }
      }
      return noServer;
    },
    async runStarting(commands, environment) {
      for (const wait of [...retryWaits, null]) {
        try {
          return await runOnce(ask, argv, commands, environment);
        } catch (error) {
          if (wait === null || !(error instanceof PitwallError) || error.code !== 'ServerGone') throw error;
          await pause(wait);
        }
      }
      return [];
    },
    paste: (pane, text) =>
      paste(run, ask, argv, pane, cleanPaste(text), `pitwall-${process.pid}-${++pasted}`),
    async key(pane, key) {
      const typed = typedKeys[key] ?? (key.length === 1 ? key : null);
      const buffer = `pitwall-${process.pid}-${++pasted}`;
      const commands = typed === null ? [['send-keys', '-t', pane, key]] : pasteCommands(pane, buffer, typed);
      return (await run([whileAlive(pane, [['copy-mode', '-q', '-t', pane], ...commands])]))[0] === 'sent';
    },
    async capture(pane) {
      return run([['capture-pane', '-p', '-t', pane]]);
    },
    version: () => version(ask),
  };
}

async function runOnce(
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

function asker(options: TmuxOptions, argv: readonly string[]): Ask {
  const [program = 'tmux', ...always] = argv;
  const timeout = options.timeout ?? 10_000;
  return (args, stdin, environment) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...always, ...args], {
        cwd: existsSync(options.stableDir) ? options.stableDir : '/',
        env: { ...options.env, ...environment },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(stuck(options.socket, timeout));
      }, timeout);
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      // tmux may end before it read everything; its exit tells what happened.
      child.stdin.on('error', (error: Error) => err.push(Buffer.from(`${error.message}\n`)));
      child.stdin.end(stdin);
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
function failure(argv: readonly string[], answer: Answer): PitwallError {
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
    return new PitwallError('ServerGone', 'the tmux server ended', 'pitwall restore', detail);
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
  return new PitwallError('ToolMissing', 'tmux is not installed (or not on PATH)', installHint);
}

async function version(ask: Ask): Promise<string> {
  const answer = await ask(['-V']);
  const said = answer.stdout.trim().replace(/^tmux /, '');
  if (answer.exit !== 0 || said === '') throw failure(['tmux', '-V'], answer);
  if (tooOld(said))
    throw new PitwallError('ToolTooOld', `tmux ${said} is too old: 3.2 or newer is needed`, installHint);
  return said;
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

/** Keys as the bytes a terminal sends: pasted, since `send-keys` leaks to its siblings under `synchronize-panes`. */
const typedKeys: Readonly<Record<string, string>> = {
  Enter: '\r',
  Escape: '\u001b',
  Tab: '\t',
  Space: ' ',
  'C-c': '\u0003',
  'C-d': '\u0004',
};

function pasteCommands(pane: string, buffer: string, text: string): TmuxCommand[] {
  return [
    ['set-buffer', '-b', buffer, '--', text],
    ['paste-buffer', '-d', '-r', '-b', buffer, '-t', pane],
  ];
}

/** Runs the commands and prints `sent` when the pane lives: pasting into a dead pane ends the whole server. */
function whileAlive(
  pane: string,
  commands: readonly TmuxCommand[],
  otherwise: readonly TmuxCommand[] = [],
): TmuxCommand {
  return [
    'if-shell',
    '-F',
    '-t',
    pane,
    `#{&&:#{==:#{pane_id},${pane}},#{==:#{pane_dead},0}}`,
    commandsText([...commands, ['display-message', '-p', 'sent']]),
    commandsText([...otherwise, ['display-message', '-p', 'gone']]),
  ];
}

async function paste(
  run: Tmux['run'],
  ask: Ask,
  argv: readonly string[],
  pane: string,
  text: string,
  buffer: string,
): Promise<boolean> {
  if (text !== '') {
    const paste = whileAlive(
      pane,
      [
        ['copy-mode', '-q', '-t', pane],
        ['paste-buffer', '-d', '-p', '-r', '-b', buffer, '-t', pane],
      ],
      [['delete-buffer', '-b', buffer]],
    );
    const answer = await ask(['load-buffer', '-b', buffer, '-', ';', ...paste], text);
    if (answer.exit !== 0) throw failure([...argv, 'load-buffer'], answer);
    if (answer.stdout.trim() !== 'sent') return false;
  }
  if (!(await quiet(run, pane))) return false;
  const enter = [['copy-mode', '-q', '-t', pane], ...pasteCommands(pane, `${buffer}-enter`, '\r')];
  return (await run([whileAlive(pane, enter)]))[0] === 'sent';
}

/**
 * Waits till the pane shows the same for 150 ms, at most 3 s (a spinner never rests): an Enter that arrives in the
 * same read as the end of a paste is taken for a part of it. False when the pane went away.
 */
async function quiet(run: Tmux['run'], pane: string): Promise<boolean> {
  let shown: string | null = null;
  let same = 0;
  for (let waited = 0; waited < 3000 && same < 3; waited += 50) {
    await pause(50);
    const now: string | null = await run([
      ['capture-pane', '-p', '-t', pane],
      ['display-message', '-p', '-t', pane, '#{cursor_x},#{cursor_y},#{history_size}'],
    ]).then(
      (lines) => lines.join('\n'),
      (error: unknown) => {
        if (error instanceof PitwallError && (error.code === 'TargetGone' || error.code === 'ServerGone'))
          return null;
        throw error;
      },
    );
    if (now === null) return false;
    same = now === shown ? same + 1 : 0;
    shown = now;
  }
  return true;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
