/** The shape of a command: what help, completion and the docs are made from, and what runs. */
import type { Context } from '../app/context.ts';
import { PitwallError } from '../core/errors.ts';
import type { Deps } from '../ports.ts';

/** One option: how it is parsed, and what help says of it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** What stands for the value in help, and what completion offers: `N`, `FILE`, `merge|squash`. */
  readonly value?: string;
  readonly words: string;
}

/** One command. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** One line a form, without `pitwall`. Completion reads it: words in lower case stand for themselves, `TASK` for a task. */
  readonly usage: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly string[];
  /** Not shown in help: called by pitwall itself. */
  readonly hidden?: boolean;
  /**
   * It has the terminal for itself: when its run is over the process ends at once, whatever git or a library's timer is
   * still at, so that no key goes to a program that is not seen any more.
   */
  readonly leaves?: boolean;
  readonly run: (call: Call) => Promise<number>;
}

/** One invocation of a command. */
export interface Call {
  readonly deps: Deps;
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly json: boolean;
  context(): Promise<Context>;
  /** The answer, to stdout, with a newline. */
  out(text: string): void;
  /** Narration, to stderr, with a newline. */
  say(text: string): void;
  /** All of standard input as text. */
  stdin(): Promise<string>;
  /** Asks on the terminal; Usage off a terminal, Interrupted when it is left. */
  ask(question: string): Promise<string>;
  /** Every command there is: for completion. */
  commands(): Promise<readonly Command[]>;
  readonly interactive: boolean;
  readonly color: boolean;
}

/** Options that every command takes. */
export const commonOptions: Readonly<Record<string, Option>> = {
  help: { type: 'boolean', short: 'h', words: 'show this help' },
  socket: { type: 'string', value: 'NAME', words: 'the tmux server (tmux -L); also PITWALL_SOCKET' },
};

/** For commands that answer in JSON too. */
export const jsonOption: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', words: 'print JSON' },
};

/** For commands that act on a project. */
export const projectOption: Readonly<Record<string, Option>> = {
  project: { type: 'string', value: 'PROJECT', words: 'the project, when not that of this folder' },
};

/** The value of a text option, or null. */
export function text(call: Call, name: string): string | null {
  const value = call.values[name];
  return typeof value === 'string' ? value : null;
}

/** Whether an option without a value was given. */
export function flag(call: Call, name: string): boolean {
  return call.values[name] === true;
}

/** The values of an option that may be repeated, in the order given. */
export function list(call: Call, name: string): readonly string[] {
  const value = call.values[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** A whole number between the bounds; Usage otherwise. */
export function number(call: Call, name: string, least: number, most: number): number | null {
  const typed = text(call, name);
  if (typed === null) return null;
  const value = Number(typed);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new PitwallError('Usage', `--${name} takes a whole number from ${least} to ${most}, not ${typed}`);
}

/** Usage when a command that takes no arguments is given one. */
export function noArguments(call: Call, command: string): void {
  const [surplus] = call.positionals;
  if (surplus === undefined) return;
  throw new PitwallError(
    'Usage',
    `${command} takes no arguments, not ${surplus}`,
    `pitwall ${command} --help`,
  );
}

/** The only positional; Usage when it is missing or there are more. */
export function onlyTask(call: Call, command: string): string {
  const [task, ...more] = call.positionals;
  if (task !== undefined && more.length === 0) return task;
  throw new PitwallError(
    'Usage',
    task === undefined ? `${command} needs a task` : `${command} takes one task`,
    `pitwall ${command} --help`,
  );
}
