/**
 * GitHub Copilot CLI (measured: 1.0.102). Hooks come with a plugin that is named for one run.
 * https://docs.github.com/en/copilot/reference/copilot-cli-reference/cli-hooks-reference
 */

import { jsonFile } from '../agents/installed-file.ts';
import {
  agentArgv,
  byConversation,
  type HookedEvent,
  hookCommand,
  promptAsOption,
} from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset } from '../agents/preset.ts';
import { copilotReading } from './copilot-reading.ts';

/** `permissionRequest` comes before the rules that may allow or deny by themselves: it alone is no question. */
const events: readonly HookedEvent[] = [
  { event: 'sessionStart', state: '-' },
  { event: 'userPromptSubmitted', state: 'working' },
  { event: 'preToolUse', state: 'working' },
  { event: 'permissionRequest', state: '-' },
  { event: 'notification', state: 'waiting', matcher: 'permission_prompt|elicitation_dialog' },
  { event: 'postToolUse', state: 'working' },
  { event: 'postToolUseFailure', state: 'working' },
  { event: 'agentStop', state: 'done' },
  { event: 'errorOccurred', state: 'failed' },
  { event: 'sessionEnd', state: '-' },
];

/** The conversation’s id is ours; the hooks’ plugin lies in the agent’s own folder. */
export const copilot: Preset = {
  name: 'copilot',
  title: 'GitHub Copilot CLI',
  detect: {
    program: 'copilot',
    versionArgv: ['--version'],
    install: 'npm install -g @github/copilot',
  },
  variables: ['COPILOT_*', 'GH_TOKEN', 'GITHUB_TOKEN', 'GH_HOST'],
  ...byConversation(
    run,
    (id) => [`--resume=${id}`],
    (id) => [`--session-id=${id}`],
  ),
  transcript: ({ conversationId, home, env }) => ({
    folder: `${env.COPILOT_HOME || `${home}/.copilot`}/session-state/${conversationId}`,
    ending: 'events.jsonl',
    sure: true,
  }),
  prompt: 'argument',
  conversation: 'chosen',
  hooks: 'events',
  reading: copilotReading,
  skipPermissions: ['--yolo'],
  model: '--model',
  trust: 'inherited',
};

function run(context: LaunchContext, conversation: readonly string[]): Launch {
  const manifest = {
    name: 'pitwall',
    version: '1.0.0',
    description: 'Tells pitwall what Copilot is doing.',
    hooks: 'hooks.json',
  };
  const words = [...conversation, '--plugin-dir', `${context.folder}/plugin`];
  return {
    argv: agentArgv(context, words, promptAsOption(context, '--interactive')),
    env: {},
    files: [
      { path: 'plugin/plugin.json', text: jsonFile(manifest) },
      { path: 'plugin/hooks.json', text: jsonFile({ version: 1, hooks: hooks() }) },
    ],
  };
}

function hooks(): Record<string, object[]> {
  return Object.fromEntries(
    events.map(({ event, state, matcher }) => [
      event,
      [
        {
          type: 'command',
          ...(matcher === undefined ? {} : { matcher }),
          bash: hookCommand(event, state),
          timeoutSec: 5,
        },
      ],
    ]),
  );
}
