/** A program that has the person's terminal until it ends. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PitwallError } from '../core/errors.ts';
import type { Environment } from './git-run.ts';

/**
 * Answers the exit code, 128 + n for the signal n. What the person types goes to the program alone: ^C ends it, not us,
 * so that we can clear up after it. ToolMissing when it cannot be started.
 */
export function foreground(
  argv: readonly string[],
  options: { readonly cwd?: string; readonly env?: Environment },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, { ...options, stdio: 'inherit' });
    const typed = () => undefined;
    const told = (signal: NodeJS.Signals) => child.kill(signal);
    const quiet = () => {
      for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.off(signal, typed);
      for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, told);
    };
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, typed);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, told);
    child.on('error', (error) => {
      quiet();
      reject(new PitwallError('ToolMissing', `${program} cannot be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      quiet();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
