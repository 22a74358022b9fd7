/** The person's preferences, `config.json`: their schema, their defaults, and how a file of them is read. */
import * as v from 'valibot';
import { defaultPreamble } from '../agents/preamble.ts';
import { argv, destinationPattern, name, orNone, wholeNumber, word } from './setting-values.ts';
import { parseSettings } from './settings.ts';

/** Ways a terminal is told: OSC 9 (iTerm2), OSC 777 (rxvt), OSC 99 (kitty). */
export const terminalWays = ['osc9', 'osc777', 'osc99'] as const;

const flag = (otherwise: boolean) => v.optional(v.boolean('must be true or false'), otherwise);
const key = v.pipe(
  v.string('must be a key as tmux names it'),
  v.regex(/^[^\s\p{Cc}]{1,24}$/u, 'must be a key as tmux names it'),
);

const agent = v.object(
  {
    /** Placeholders {prompt}, {conversationId}, {task} and {worktree} are whole elements. */
    command: argv,
    resume: v.exactOptional(argv),
    prompt: v.exactOptional(v.picklist(['argument', 'paste'], 'must be "argument" or "paste"')),
  },
  'must hold a command',
);

const host = v.object(
  {
    /** As ssh takes it: a name of its configuration, or `me@box`. */
    destination: v.pipe(
      v.string('must be a destination for ssh'),
      v.regex(destinationPattern, 'must be a destination for ssh'),
    ),
    /** Whether `attach` goes by mosh. */
    mosh: v.exactOptional(v.boolean('must be true or false')),
    /** pitwall there, when its own login shell does not find it by that name. */
    command: v.exactOptional(argv),
    /** Seconds within which it must answer. */
    timeout: v.exactOptional(wholeNumber(1, 60)),
  },
  'must hold a destination',
);

/** Our own key table's bindings that may be moved to another key. */
const keys = {
  prefix: v.optional(key, 'g'),
  next: v.exactOptional(key),
  previous: v.exactOptional(key),
  back: v.exactOptional(key),
  sidebar: v.exactOptional(key),
  popup: v.exactOptional(key),
  new: v.exactOptional(key),
  review: v.exactOptional(key),
  keys: v.exactOptional(key),
  /** In the window of another machine's project, where all other keys are its own: back to here. */
  away: v.optional(key, 'F12'),
};

/** `config.json`. Every key has a default; those without one chosen are null or empty. */
export const preferencesSchema = v.object({
  /** Preset of a task's agent when none is named. */
  agent: orNone(name),
  /** Agents of the person's own, by name. */
  agents: v.optional(v.record(name, agent), {}),
  layout: orNone(name),
  /** Goes to an agent with a task's first prompt; empty: nothing. `{report}` is where the report belongs. */
  preamble: v.optional(
    v.pipe(v.string('must be a text'), v.maxLength(20_000, 'must not be so long')),
    defaultPreamble,
  ),
  /** tmux socket (`tmux -L`). */
  socket: orNone(word),
  /** Absolute path that takes the place of `<repository>.worktrees`. */
  worktreeDir: orNone(v.pipe(v.string('must be a path'), v.regex(/^\/[^\0]*$/, 'must be an absolute path'))),
  /** What a new branch's name begins with: `me/`. */
  branchPrefix: v.optional(
    v.pipe(
      v.string('must be a text'),
      v.regex(
        /^(?:[^-\s\p{Cc}~^:?*[\\.][^\s\p{Cc}~^:?*[\\]*)?$/u,
        'must be fit for the beginning of a branch name',
      ),
    ),
    '',
  ),
  limits: v.optional(
    v.object({
      /** Agents at work at once. */
      working: v.optional(wholeNumber(1, 100), 4),
      /** Docket items that wait for the person at once. */
      review: v.optional(wholeNumber(1, 100), 3),
    }),
    {},
  ),
  sidebar: v.optional(
    v.object({
      on: flag(true),
      /** Cells. */
      width: v.optional(wholeNumber(28, 60), 32),
      side: v.optional(v.picklist(['left', 'right'], 'must be "left" or "right"'), 'left'),
      /** Cells of a window below which the sidebar is a strip of one cell. */
      minColumns: v.optional(wholeNumber(40, 1000), 80),
      ascii: flag(false),
      /** Whether it shows what waits on other hosts too, asked again after so many seconds. */
      hosts: flag(false),
      hostsEvery: v.optional(wholeNumber(5, 3600), 15),
    }),
    {},
  ),
  keys: v.optional(v.object(keys), {}),
  notify: v.optional(
    v.object({
      on: flag(true),
      /** A line in tmux's status line. */
      message: flag(true),
      bell: flag(false),
      /** The notification of the terminal that the client sits in. */
      terminal: orNone(v.picklist([...terminalWays], 'must be "osc9", "osc777" or "osc99"')),
      /** notify-send or osascript, on this machine. */
      desktop: flag(false),
      /** Seconds between two notifications; what comes meanwhile is told together. */
      cooldown: v.optional(wholeNumber(0, 3600), 5),
      /** A program of the person's own; is given the item as JSON on standard input. */
      command: orNone(argv),
    }),
    {},
  ),
  /** Commands as git takes them for `core.pager` and the like; null: git's own settings. */
  review: v.optional(v.object({ pager: orNone(word), difftool: orNone(word), editor: orNone(word) }), {}),
  /** Other machines, by name: where `ssh` finds them. */
  hosts: v.optional(v.record(name, host), {}),
  /** What contains agents that skip permissions: a known sandbox, or a wrapper's argv. */
  sandbox: orNone(
    v.union(
      [v.picklist(['bubblewrap', 'docker', 'podman', 'devcontainer']), argv],
      'must be "bubblewrap", "docker", "podman", "devcontainer" or a list of words',
    ),
  ),
});

/** Checked preferences: every key has a value. */
export type Preferences = v.InferOutput<typeof preferencesSchema>;

/** Preferences from what config.json held (null: no file). A wrong key is named and its default counts. */
export function parsePreferences(values: unknown): {
  readonly preferences: Preferences;
  readonly problems: readonly string[];
} {
  const { settings, problems } = parseSettings(preferencesSchema, values);
  return { preferences: settings, problems };
}
