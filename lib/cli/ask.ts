/** One question on the terminal, answered by a line. */
import { createInterface } from 'node:readline/promises';
import { PitwallError } from '../core/errors.ts';

/** Milliseconds in which the rest of a key that begins with Escape arrives: an arrow is not to be taken for it. */
const restOfKey = 100;

/** The answer; Interrupted for Escape, ^C and the end of input: without an answer there is nothing to go on with. */
export async function askOnTerminal(question: string): Promise<string> {
  const { stdin: input, stderr: output } = process;
  const lines = createInterface({ input, output, escapeCodeTimeout: restOfKey });
  const onKey = (_: unknown, key: { readonly name?: string }): void => {
    if (key.name === 'escape') lines.close();
  };
  input.on('keypress', onKey);
  const ended = new Promise<never>((_, reject) => {
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      output.write('\n');
      reject(new PitwallError('Interrupted', 'no answer was given'));
    });
  });
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    input.off('keypress', onKey);
    lines.removeAllListeners('close').close();
  }
}
