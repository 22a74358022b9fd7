/** A project's settings, `.pitwall/config.json` in the repository, committed by its team. */
import * as v from 'valibot';
import { name, orNone, wholeNumber, word } from './setting-values.ts';
import { type ParsedSettings, parseSettings } from './settings.ts';

/** Seconds a command of the project may take. */
const timeout = v.optional(wholeNumber(1, 86_400), 600);

/** A command line for `sh -c` in the worktree: these come from the repository and run only once trusted. */
const command = v.union(
  [
    v.pipe(
      word,
      v.transform((run) => ({ run, timeout: 600 })),
    ),
    v.object({ run: word, timeout }),
  ],
  'must be a command, or {"run", "timeout"}',
);

/** `.pitwall/config.json`. */
export const projectSettingsSchema = v.object({
  layout: orNone(name),
  agent: orNone(name),
  /** The branch or ref that tasks start from. */
  base: orNone(
    v.pipe(
      v.string('must be a branch or ref'),
      v.regex(/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u, 'must be a branch or ref'),
    ),
  ),
  /** Run one after the other when a worktree has been made. */
  setup: v.optional(v.array(command, 'must be a list of commands'), []),
  /** Must pass before a task's review item appears. */
  checks: v.optional(
    v.array(
      v.object({ name, run: word, timeout }, 'must hold a name and a command to run'),
      'must be a list of checks',
    ),
    [],
  ),
  /** How often a failed check goes back to the agent before it becomes a failure item. */
  checkAttempts: v.optional(wholeNumber(0, 20), 3),
  /** Preset that reads a change before the person does. */
  reviewer: orNone(name),
  /** How often findings of the reviewer go back to the author before the person decides. */
  reviewRounds: v.optional(wholeNumber(0, 20), 2),
  /** Seconds that a reviewer may take. */
  reviewTimeout: v.optional(wholeNumber(1, 86_400), 900),
  /** Ports per task. */
  ports: v.optional(wholeNumber(0, 100), 2),
  land: v.optional(
    v.object({
      strategy: v.optional(
        v.picklist(['merge', 'squash', 'rebase'], 'must be "merge", "squash" or "rebase"'),
        'merge',
      ),
      /** Whether `land` commits what is not committed, with a message made from the task. */
      commit: v.optional(v.boolean('must be true or false'), false),
    }),
    {},
  ),
});

/** Checked settings of a project: every key has a value. */
export type ProjectSettings = v.InferOutput<typeof projectSettingsSchema>;

/** Settings from what the file held ({}: no file). A wrong key is named and its default counts. */
export function parseProjectSettings(values: unknown): ParsedSettings<ProjectSettings> {
  return parseSettings(projectSettingsSchema, values);
}
