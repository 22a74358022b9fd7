/** Ways out of tmux to the person: their terminal, their desktop, a program of theirs. */
import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Notifier } from '../ports.ts';

/** Milliseconds a program is given; more than that and it is ended. */
const patience = 10_000;

/** Nothing here rejects for what the other side does: a notification that cannot be shown is not worth a failure. */
export function createNotifier(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform;
}): Notifier {
  const { env, platform = process.platform } = options;
  const run = (argv: readonly string[], input: string) => runOnce(argv, input, env);
  return {
    async terminal(tty, bytes) {
      return writeTo(tty, bytes);
    },
    run,
    desktop(title, text) {
      if (platform !== 'darwin') return run(['notify-send', '--app-name=pitwall', '--', title, text], '');
      // The texts go as arguments, never into the script.
      const script =
        'on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run';
      return run(['osascript', '-e', script, title, text], '');
    },
  };
}

/** In one write, and only to a terminal of our own user; never waits for one that is stopped. */
function writeTo(tty: string, bytes: string): boolean {
  if (!tty.startsWith('/dev/')) return false;
  let file: number | null = null;
  try {
    file = openSync(tty, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    if (!isatty(file) || fstatSync(file).uid !== process.getuid?.()) return false;
    return writeSync(file, bytes) > 0;
  } catch (error) {
    // The client went, or its terminal takes nothing now.
    if (error instanceof Error && 'syscall' in error) return false;
    throw error;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function runOnce(
  argv: readonly string[],
  input: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...env }, stdio: ['pipe', 'ignore', 'ignore'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    const end = (shown: boolean) => {
      clearTimeout(timer);
      resolve(shown);
    };
    child.on('error', () => end(false));
    child.on('close', (code) => end(code === 0));
    // It need not read what it is given.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(input);
  });
}
