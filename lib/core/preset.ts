/**
 * The shape of an agent preset: how a kind of agent is found, launched, prompted, read and resumed. Each preset is
 * one file of data and small pure functions in presets/; the registry is presets.ts.
 */

import type { Reading } from './reading.ts';

export type { Reading } from './reading.ts';

/** The element of an argv that stands for the prompt until the moment of the launch. */
export const promptMark = '{prompt}';

/** What a preset may use to make an argv. */
export interface LaunchContext {
  readonly conversationId: string | null;
  readonly hasPrompt: boolean;
  readonly task: string;
  readonly worktree: string;
  readonly programs: ShippedPrograms;
}

/** Absolute paths of what ships with pitwall. */
export interface ShippedPrograms {
  readonly node: string;
  readonly demo: string;
  /** The person's shell. */
  readonly shell: string;
}

export interface Launch {
  /** argv; an element that is exactly `{prompt}` is replaced by the prompt when the program starts. */
  readonly argv: readonly string[];
  /** Environment for this agent besides ours. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Preset {
  readonly name: string;
  /** What it is, for a person: shown by `pitwall agents`. */
  readonly title: string;
  /** How it is found: the program on PATH (null: ships with pitwall or the system) and how to get it. */
  readonly detect: {
    readonly program: string | null;
    readonly versionArgv: readonly string[];
    readonly install: string | null;
  };
  readonly launch: (context: LaunchContext) => Launch;
  /** argv to continue a conversation; null when the preset cannot, or not without an id. */
  readonly resume: (context: LaunchContext) => Launch | null;
  /** `argument`: the prompt travels in argv; `paste`: typed once the agent is ready; `none`: takes no prompt. */
  readonly prompt: 'argument' | 'paste' | 'none';
  /** Who chooses the conversation's id: we, or the agent (told by a hook), or there is none. */
  readonly conversation: 'chosen' | 'reported' | 'none';
  /** `events`: the agent reports its states by our hook; `none`: it is read from its output. */
  readonly hooks: 'events' | 'none';
  readonly reading: Reading;
  /** Arguments that skip permission questions, or null when it asks none or has no such mode. */
  readonly skipPermissions: readonly string[] | null;
  /** How a folder is trusted beforehand in the agent's own way; `none` where it does not ask. */
  readonly trust: 'none' | 'argument' | 'environment' | 'file';
  /** What is typed to answer what it asks, or null when the preset does not know how. */
  readonly answer: ((reply: string) => string) | null;
}

/** A question at the end of a quiet screen, as most terminal programs put it: `[y/N]`, `(yes/no)`, `password:`. */
export function commonQuestion(lines: readonly string[]): string | null {
  const last =
    lines
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .at(-1) ?? '';
  return /(\[y\/n\]|\(y\/n\)|\(yes\/no\)|password.*:|passphrase.*:|continue\?|proceed\?)\s*[›>:?]?$/i.test(
    last,
  )
    ? last
    : null;
}
