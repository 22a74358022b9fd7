import { byConversation } from '../agents/launch-words.ts';
import type { LaunchContext, Preset } from '../agents/preset.ts';
import { promptMark } from '../agents/preset.ts';

/** The scripted demo agent that ships with pitwall: no model, no key. */
export const demo: Preset = {
  name: 'demo',
  title: 'scripted demo agent, no model (ships with pitwall)',
  detect: { program: null, versionArgv: [], install: null },
  ...byConversation(
    run,
    (id) => ['--resume', id],
    (id) => ['--conversation', id],
  ),
  transcript: ({ conversationId, folder }) =>
    conversationId === null
      ? null
      : {
          folder: folder.replace(/\/agents\/[^/]*$/, '/demo'),
          ending: `${conversationId}.jsonl`,
          sure: false,
        },
  prompt: 'argument',
  conversation: 'chosen',
  hooks: 'events',
  reading: { quietMs: 3000, asks: null },
  skipPermissions: null,
  trust: 'none',
};

function run(context: LaunchContext, options: readonly string[]) {
  const { node, demo: program } = context.programs;
  return {
    argv: [node, program, ...options, ...context.args, ...(context.hasPrompt ? ['--', promptMark] : [])],
    env: {},
  };
}
