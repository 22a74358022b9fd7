/**
 * The shape of an agent preset: how a kind of agent is found, launched, prompted, read and resumed. Each preset is
 * one file of data and small pure functions in presets/; the registry is presets.ts.
 */

import type { Reading } from './reading.ts';

export type { Reading } from './reading.ts';

/**
 * What stands for the prompt in an argv until the moment of the launch: a whole element, or the value of a long option
 * (`--prompt={prompt}`), which is safe for prompts that start with `-`.
 */
export const promptMark = '{prompt}';

/** Whether a word of an argv stands for the prompt, or holds it as a long option's value. */
export function standsForPrompt(word: string): boolean {
  return word === promptMark || (word.startsWith('--') && word.endsWith(`=${promptMark}`));
}

/** What a preset may use to make an argv. */
export interface LaunchContext {
  readonly conversationId: string | null;
  readonly hasPrompt: boolean;
  readonly task: string;
  readonly worktree: string;
  readonly programs: ShippedPrograms;
  /** The agent's program: its name, or its absolute path where it is found but not on PATH. */
  readonly program: string;
  /** The project's main worktree. */
  readonly root: string;
  /** Absolute path of the folder for this agent's `files`, inside the task's folder. */
  readonly folder: string;
  /** The model asked for, or null for the agent's own choice. */
  readonly model: string | null;
  /** Further arguments of the person's; they stand before the prompt. */
  readonly args: readonly string[];
  /** Files outside the worktree that it is asked to write: its report, or its answer. A `*` stands for any name. */
  readonly writes?: readonly string[];
  readonly home: string;
  /** The person's environment: hostile only as far as they are. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The texts of those files the preset named in `reads` that exist, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** SHA-256 of a text's UTF-8, in lower-case hexadecimal digits. */
  readonly sha256: (text: string) => string;
}

/** Where a preset may look before a launch. */
export type Surroundings = Pick<LaunchContext, 'home' | 'env'>;

/** Absolute paths of what ships with pitwall. */
export interface ShippedPrograms {
  readonly node: string;
  readonly demo: string;
  /** The person's shell. */
  readonly shell: string;
}

/** How a program is started. */
export interface Launch {
  /** argv; `{prompt}`, as an element or as a long option's value, is replaced when the program starts. */
  readonly argv: readonly string[];
  /** Environment for this agent besides ours. */
  readonly env: Readonly<Record<string, string>>;
  /** Written (0600) into `LaunchContext.folder` before the program starts. */
  readonly files?: readonly LaunchFile[];
}

/** A file of ours for one run: its path inside the agent's folder, and its text. */
export interface LaunchFile {
  readonly path: string;
  readonly text: string;
}

/** Where an agent keeps a conversation: a file in `folder` whose name ends in `ending`. */
export interface Transcript {
  readonly folder: string;
  readonly ending: string;
  /** Whether there is certainly no conversation when there is no such file. */
  readonly sure: boolean;
}

/** A file in the person's HOME that an agent must find there to report its states. */
export interface InstalledFile {
  /** Absolute path. */
  readonly path: string;
  /** `own`: all of it is ours; `shared`: the person's entries stand in it too. */
  readonly kind: 'own' | 'shared';
  /** The text with our entries, from the text as it is (null: no file). FileDamaged when it cannot be understood. */
  readonly added: (text: string | null) => string;
  /** The text without our entries; null when nothing but ours was in it. FileDamaged as above. */
  readonly removed: (text: string) => string | null;
}

/** One kind of agent. */
export interface Preset {
  readonly name: string;
  /** What it is, for a person: shown by `pitwall agents`. */
  readonly title: string;
  /** How it is found: the program on PATH (null: ships with pitwall or the system) and how to get it. */
  readonly detect: {
    readonly program: string | null;
    /** Where its installer may have put it, relative to HOME; for those who reach it by a shell's alias. */
    readonly places?: readonly string[];
    /** Arguments that make it print its version; none when it is not to be asked. */
    readonly versionArgv: readonly string[];
    /** A command that gets it, or null. */
    readonly install: string | null;
  };
  /** Names of the person's variables it is given besides those for all panes; a `*` at the end stands for any rest. */
  readonly variables?: readonly string[];
  /** Files of the person's that its launch depends on, absolute; only ever read. */
  readonly reads?: (where: Surroundings) => readonly string[];
  readonly launch: (context: LaunchContext) => Launch;
  /** argv to continue a conversation; null when the preset cannot, or not without an id. */
  readonly resume: (context: LaunchContext) => Launch | null;
  /** Where the conversation is kept, whose presence says that it can be continued; null when that is not known. */
  readonly transcript?: (context: LaunchContext) => Transcript | null;
  /** `argument`: the prompt travels in argv; `paste`: typed once the agent is ready; `none`: takes no prompt. */
  readonly prompt: 'argument' | 'paste' | 'none';
  /** As `prompt`, when a conversation is continued; the same when left out. */
  readonly promptOnResume?: 'paste';
  /** Who chooses the conversation's id: we, or the agent (told by a hook); `folder`: the agent keeps one by folder. */
  readonly conversation: 'chosen' | 'reported' | 'folder' | 'none';
  /**
   * `events`: the agent reports its states by our hook; `none`: it is read from its output. An agent that reports
   * only with `installs` in place is `none` too: what it reports comes first all the same.
   */
  readonly hooks: 'events' | 'none';
  /** What `pitwall agents install` puts into the person's HOME, for an agent that takes hooks only from there. */
  readonly installs?: (where: Surroundings) => readonly InstalledFile[];
  readonly reading: Reading;
  /** Arguments that skip permission questions, or null when it asks none or has no such mode. */
  readonly skipPermissions: readonly string[] | null;
  /** The option or environment variable that chooses a model; without one no model can be asked for. */
  readonly model?: string | null;
  /**
   * How a worktree is trusted beforehand when the person trusts the main worktree in that agent: `none` where it does
   * not ask, `inherited` where it looks at the main worktree itself, `asks` where there is no way of its own.
   */
  readonly trust: 'none' | 'inherited' | 'argument' | 'environment' | 'asks';
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
