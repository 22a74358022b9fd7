/** Words of an argv that presets have in common, and the command by which an agent's hooks reach ours. */
import type { LaunchContext } from './preset.ts';
import { promptMark } from './preset.ts';

/** `-`: the event is kept, the state stays. */
export type ToldState = 'working' | 'waiting' | 'done' | 'failed' | '-';

/** An agent's event, the state it tells, and a matcher where only some of its kind are meant. */
export interface HookedEvent {
  readonly event: string;
  readonly state: ToldState;
  readonly matcher?: string;
}

/**
 * A command line for agents that hand theirs to a shell, whichever that is. It is the same for every task, for agents
 * ask anew about a command that changed; where the hook is comes from the pane's environment, and outside of a task
 * it does nothing. It prints nothing and always succeeds: agents take output and exit codes for decisions.
 */
export function hookCommand(event: string, state: ToldState): string {
  const words = [event, state];
  if (words.some((word) => !/^[A-Za-z-]+$/.test(word))) throw new Error(`not a plain word in: ${words}`);
  return `sh -c 'test -z "$PITWALL_HOOK" || "$PITWALL_HOOK" "$@" >/dev/null 2>&1 || :' pitwall --event ${event} ${state}`;
}

/** Whether a command line is one that `hookCommand` made, now or in an earlier version. */
export function isHookCommand(command: string): boolean {
  return command.includes('"$PITWALL_HOOK"');
}

/**
 * Hooks in the shape that claude brought into use: `{event: [{matcher, hooks: [{type, command, timeout}]}]}`. The
 * unit of `timeout` is the agent's own; `more` goes into each entry besides.
 */
export function matchedHooks(
  events: readonly HookedEvent[],
  timeout: number,
  more: Readonly<Record<string, string>> = {},
): Record<string, object[]> {
  const hooks: Record<string, object[]> = {};
  for (const { event, state, matcher } of events) {
    const command = { type: 'command', command: hookCommand(event, state), timeout, ...more };
    const entry = { ...(matcher === undefined ? {} : { matcher }), hooks: [command] };
    hooks[event] = [...(hooks[event] ?? []), entry];
  }
  return hooks;
}

/** `--model M`, when one was asked for. */
export function modelWords(context: LaunchContext, option: string): readonly string[] {
  return context.model === null ? [] : [option, context.model];
}

/** The prompt as the last words of an argv, after `--`: it may start with a dash. */
export function promptAfterDashes(context: LaunchContext): readonly string[] {
  return context.hasPrompt ? ['--', promptMark] : [];
}

/** The prompt as the value of a long option, in one element for the same reason. */
export function promptAsOption(context: LaunchContext, option: `--${string}`): readonly string[] {
  return context.hasPrompt ? [`${option}=${promptMark}`] : [];
}

/** The value of a JSON text, or null when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
