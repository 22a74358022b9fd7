import type { Preset } from '../agents/preset.ts';
import { commonQuestion } from '../agents/preset.ts';

/** The person's own shell as an agent: they start in it what they like. */
export const shell: Preset = {
  name: 'shell',
  title: 'your own shell',
  detect: { program: null, versionArgv: [], install: null },
  launch: (context) => ({ argv: [context.programs.shell, ...context.args], env: {} }),
  resume: (context) => ({ argv: [context.programs.shell, ...context.args], env: {} }),
  prompt: 'none',
  conversation: 'none',
  hooks: 'none',
  reading: { quietMs: 3000, asks: commonQuestion },
  skipPermissions: null,
  trust: 'none',
};
