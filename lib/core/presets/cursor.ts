/**
 * Cursor CLI (from its documentation, not measured). It takes hooks from hooks.json alone, where the person's stand
 * too; an event name it does not know may void the whole file, so only those long known are used. What it asks has no
 * event. https://cursor.com/docs/agent/hooks
 */

import { cursorHooks } from '../agents/cursor-hooks.ts';
import { agentArgv, byConversation, type HookedEvent, promptAfterDashes } from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset } from '../agents/preset.ts';
import { cursorReading } from './cursor-reading.ts';

const events: readonly HookedEvent[] = [
  { event: 'beforeSubmitPrompt', state: 'working' },
  { event: 'preToolUse', state: 'working' },
  { event: 'postToolUse', state: 'working' },
  { event: 'stop', state: 'done' },
];

/** Without its hooks in HOME it is read from its screen, and its conversation cannot be resumed. */
export const cursor: Preset = {
  name: 'cursor',
  title: 'Cursor CLI',
  detect: {
    // `agent`, its newer name, may be any program's.
    program: 'cursor-agent',
    places: ['.local/bin/cursor-agent'],
    versionArgv: ['--version'],
    install: 'curl https://cursor.com/install -fsS | bash',
  },
  variables: ['CURSOR_*'],
  ...byConversation(run, (id) => [`--resume=${id}`]),
  prompt: 'argument',
  conversation: 'reported',
  hooks: 'none',
  installs: ({ home }) => [cursorHooks(`${home}/.cursor/hooks.json`, events)],
  reading: cursorReading,
  skipPermissions: ['--force'],
  model: '--model',
  trust: 'asks',
};

function run(context: LaunchContext, conversation: readonly string[]): Launch {
  return { argv: agentArgv(context, conversation, promptAfterDashes(context)), env: {} };
}
