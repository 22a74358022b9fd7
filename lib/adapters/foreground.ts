/** A program that has the person's terminal until it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PitwallError } from '../core/errors.ts';
import type { Environment } from './git-run.ts';

/** Typed into the terminal: the program gets them too, as a member of the same process group. */
const typed: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
/** Sent to us alone. */
const sent: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP'];

/**
 * Answers the exit code, 128 + n for the signal n. What the person types goes to the program alone: ^C ends it, not us,
 * so that the terminal stays its own until it has put it right, and we can clear up after it. ToolMissing when it cannot
 * be started.
 */
export async function foreground(
  argv: readonly string[],
  options: { readonly cwd?: string; readonly env?: Environment },
): Promise<number> {
  let child: ChildProcess | null = null;
  // Before the program starts: it may be typed to at once.
  const giveBack = takeSignals((signal) => {
    if (sent.includes(signal)) child?.kill(signal);
  });
  try {
    return await new Promise((resolve, reject) => {
      const [program = '', ...args] = argv;
      child = spawn(program, args, { ...options, stdio: 'inherit' });
      child.on('error', (error) =>
        reject(new PitwallError('ToolMissing', `${program} cannot be started: ${error.message}`)),
      );
      child.on('close', (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    giveBack();
  }
}

/** Has `listener` alone told of these signals, whoever listened before; answers how to give them back. */
function takeSignals(listener: (signal: NodeJS.Signals) => void): () => void {
  const before = [...typed, ...sent].map((signal) => [signal, process.listeners(signal)] as const);
  for (const [signal, others] of before) {
    // Never without a listener: the signal would end us.
    process.on(signal, listener);
    for (const other of others) process.off(signal, other);
  }
  return () => {
    for (const [signal, others] of before) {
      for (const other of others) process.on(signal, other);
      process.off(signal, listener);
    }
  };
}
