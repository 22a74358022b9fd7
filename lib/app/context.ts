/** What every use case is given: the outside, the person's preferences, the presets. */

import type { Preset } from '../core/agents/preset.ts';
import { presets } from '../core/agents/presets.ts';
import type { Preferences } from '../core/settings/preferences.ts';
import { parsePreferences } from '../core/settings/preferences.ts';
import type { Deps } from '../ports.ts';

/** The same for all of one command. */
export interface Context {
  readonly deps: Deps;
  readonly preferences: Preferences;
  readonly presets: ReadonlyMap<string, Preset>;
  /** What is wrong with the preferences, one line each; defaults serve meanwhile. */
  readonly problems: readonly string[];
}

/** Reads the preferences once for this process. */
export async function makeContext(deps: Deps): Promise<Context> {
  const { values, problem } = await deps.preferences.read();
  const { preferences, problems } = parsePreferences(values);
  return {
    deps,
    preferences,
    presets: presets(preferences.agents),
    problems: [
      ...(problem === null ? [] : [problem]),
      ...problems.map((each) => `${deps.preferences.path}: ${each}`),
    ],
  };
}
