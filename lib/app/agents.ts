/** Which presets can be started on this machine. */
import type { Context } from './context.ts';

export interface AgentSight {
  readonly name: string;
  readonly title: string;
  readonly found: boolean;
  readonly path: string | null;
  /** Whether it reports its states itself. */
  readonly hooks: boolean;
  /** Whether a conversation is continued by its id. */
  readonly resume: boolean;
  readonly install: string | null;
}

/** All presets, shipped and the person's own, with what was found of them on PATH. */
export async function listAgents(context: Context): Promise<readonly AgentSight[]> {
  return Promise.all(
    [...context.presets.values()].map(async (preset) => {
      const { program, install } = preset.detect;
      const path = program === null ? null : await context.deps.processes.which(program);
      return {
        name: preset.name,
        title: preset.title,
        found: program === null || path !== null,
        path,
        hooks: preset.hooks === 'events',
        resume: preset.conversation !== 'none',
        install,
      };
    }),
  );
}
