/**
 * aider (from its documentation, not measured). `--message` is for one turn only, so prompts are pasted. It has no
 * hooks; its `--notifications-command` does not say whether it asks or is done, and is the person's to set.
 * https://aider.chat/docs/config/options.html
 */

import { agentArgv } from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset } from '../agents/preset.ts';
import { aiderReading } from './aider-reading.ts';

/** Started in the worktree, where it keeps its one conversation; the model by `--model`. */
export const aider: Preset = {
  name: 'aider',
  title: 'aider',
  detect: {
    program: 'aider',
    places: ['.local/bin/aider'],
    versionArgv: ['--version'],
    install: 'python -m pip install aider-install && aider-install',
  },
  variables: ['AIDER_*', 'OPENAI_*', 'ANTHROPIC_*', 'GEMINI_*', 'OLLAMA_*', 'AWS_*', 'AZURE_*'],
  launch: (context) => run(context, []),
  resume: (context) => run(context, ['--restore-chat-history']),
  prompt: 'paste',
  conversation: 'folder',
  hooks: 'none',
  reading: aiderReading,
  skipPermissions: ['--yes-always'],
  model: '--model',
  trust: 'none',
};

function run(context: LaunchContext, restore: readonly string[]): Launch {
  return { argv: agentArgv(context, restore), env: {} };
}
