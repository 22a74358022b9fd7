/** Anything that is not a PitwallError is a bug: shown as one, its stack kept in a file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from './deps.ts';

/** Writes the stack to a log file (0600) and answers what to tell the person. */
export function reportBug(error: unknown, words: readonly string[]): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = error instanceof Error ? error.message : String(error);
  try {
    const folder = join(stateFolder(), '.bugs');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}.log`);
    writeFileSync(file, `pitwall ${words[0] ?? ''}\n${stack}\n`, { mode: 0o600 });
    return `pitwall: this is a bug in pitwall: ${message.split('\n')[0]} (stack in ${file})`;
  } catch (failure) {
    return `pitwall: this is a bug in pitwall (${String(failure)}):\n${stack}`;
  }
}
