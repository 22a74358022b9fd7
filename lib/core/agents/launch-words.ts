/** Words of an argv that presets have in common, and the command by which an agent's hooks reach ours. */
import type { Launch, LaunchContext, Preset } from './preset.ts';
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
export function modelWords(context: LaunchContext): readonly string[] {
  return context.model === null ? [] : ['--model', context.model];
}

/** The argv most agents take: the program, words of ours, the model, the person's own words, the prompt. */
export function agentArgv(
  context: LaunchContext,
  words: readonly string[],
  prompt: readonly string[] = [],
): readonly string[] {
  return [context.program, ...words, ...modelWords(context), ...context.args, ...prompt];
}

/**
 * How an agent is started and resumed whose conversations have an id: `run` with the words that `resume` has for the
 * id, or `start` for a new conversation where we choose its id. Nothing can be resumed without an id.
 */
export function byConversation(
  run: (context: LaunchContext, words: readonly string[]) => Launch,
  resume: (id: string) => readonly string[],
  start: (id: string) => readonly string[] = () => [],
): Pick<Preset, 'launch' | 'resume'> {
  return {
    launch: (context) => run(context, context.conversationId === null ? [] : start(context.conversationId)),
    resume: (context) =>
      context.conversationId === null ? null : run(context, resume(context.conversationId)),
  };
}

/** An absolute path as one name, as some agents call the folder of a worktree's conversations. */
export function dashed(path: string): string {
  return path.replace(/[^a-zA-Z0-9]/g, '-');
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
