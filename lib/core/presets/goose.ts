/**
 * goose (from its documentation, not measured). It takes hooks from plugins in the person's HOME. Its matchers are
 * regular expressions: a rule without one is for all.
 * https://github.com/block/goose/blob/main/documentation/docs/guides/context-engineering/hooks.md
 */

import { jsonFile, ownFile } from '../agents/installed-file.ts';
import { byConversation, type HookedEvent, matchedHooks } from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset, Surroundings } from '../agents/preset.ts';
import { gooseReading } from './goose-reading.ts';

const events: readonly HookedEvent[] = [
  { event: 'SessionStart', state: '-' },
  { event: 'UserPromptSubmit', state: 'working' },
  { event: 'PreToolUse', state: 'working' },
  { event: 'PostToolUse', state: 'working' },
  { event: 'PostToolUseFailure', state: 'working' },
  { event: 'Stop', state: 'done' },
  { event: 'SessionEnd', state: '-' },
];

/** The conversation has a name of ours; prompts are pasted. */
export const goose: Preset = {
  name: 'goose',
  title: 'goose',
  detect: {
    program: 'goose',
    places: ['.local/bin/goose'],
    versionArgv: ['--version'],
    install: 'curl -fsSL https://github.com/block/goose/releases/download/stable/download_cli.sh | bash',
  },
  variables: ['GOOSE_*', 'OPENAI_*', 'ANTHROPIC_*', 'GOOGLE_*', 'OLLAMA_*', 'DATABRICKS_*', 'AWS_*'],
  ...byConversation(
    run,
    (id) => ['--resume', isUuid(id) ? '--name' : '--session-id', id],
    (id) => ['--name', id],
  ),
  prompt: 'paste',
  conversation: 'chosen',
  hooks: 'none',
  installs: plugin,
  reading: gooseReading,
  // A mode of its environment: GOOSE_MODE=auto.
  skipPermissions: null,
  model: 'GOOSE_MODEL',
  trust: 'none',
};

/** The conversation's name is an id of ours until a hook has told goose's own (`20251108_1`). */
function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id);
}

function run(context: LaunchContext, conversation: readonly string[]): Launch {
  return {
    argv: [context.program, 'session', ...conversation, ...context.args],
    env: context.model === null ? {} : { GOOSE_MODEL: context.model },
  };
}

function plugin({ home }: Surroundings) {
  const folder = `${home}/.agents/plugins/pitwall`;
  const manifest = { name: 'pitwall', version: '1.0.0', description: 'Tells pitwall what goose is doing.' };
  return [
    ownFile(`${folder}/plugin.json`, jsonFile(manifest), manifest.description),
    // Seconds.
    ownFile(`${folder}/hooks/hooks.json`, jsonFile({ hooks: matchedHooks(events, 5) }), 'PITWALL_HOOK'),
  ];
}
