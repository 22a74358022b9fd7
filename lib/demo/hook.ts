/** Tells pitwall the agent's state through the hook that the pane's environment names. */
import type { HookState } from '../core/journal/journal.ts';
import { runChild } from './children.ts';
import { cut, plain } from './text.ts';

/** Reports a state and waits until it is written (5 s at most); answers what went wrong in words, or null. */
export type Report = (state: HookState, event: string, message?: string) => Promise<string | null>;

/** The hook of this pane; without `PITWALL_HOOK` nobody is told and nothing is wrong. */
export function hookOf(env: Readonly<Record<string, string | undefined>>, conversation: string): Report {
  const program = env.PITWALL_HOOK;
  if (!program) return () => Promise.resolve(null);
  return async (state, event, message) => {
    const argv = [program, state, ...(message === undefined ? [] : [cut(plain(message), 300)])];
    const input = `${JSON.stringify({ session_id: conversation, event })}\n`;
    const { exit, timedOut, problem } = await runChild(argv, { input, capture: false, timeout: 5000 });
    if (problem !== null) return `the hook could not be started: ${problem}`;
    if (timedOut) return 'the hook did not end within 5 s';
    return exit === 0 ? null : `the hook ended with ${exit ?? 'a signal'}`;
  };
}
