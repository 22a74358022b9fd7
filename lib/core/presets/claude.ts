/**
 * Claude Code (measured: 2.1.197, 2.1.329). Hooks: https://code.claude.com/docs/en/hooks. Its settings are merged with
 * the person's own, whose hooks keep running.
 */

import {
  agentArgv,
  byConversation,
  dashed,
  type HookedEvent,
  matchedHooks,
  promptAfterDashes,
} from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset } from '../agents/preset.ts';
import { claudeReading } from './claude-reading.ts';

/** A question of its own (AskUserQuestion) comes as PermissionRequest too. */
const events: readonly HookedEvent[] = [
  { event: 'SessionStart', state: '-' },
  { event: 'UserPromptSubmit', state: 'working' },
  { event: 'PreToolUse', state: 'working', matcher: '*' },
  { event: 'PermissionRequest', state: 'waiting', matcher: '*' },
  { event: 'PostToolUse', state: 'working', matcher: '*' },
  { event: 'PostToolUseFailure', state: 'working', matcher: '*' },
  { event: 'Notification', state: 'waiting', matcher: 'permission_prompt|elicitation_dialog' },
  { event: 'Notification', state: '-', matcher: 'idle_prompt' },
  { event: 'Stop', state: 'done' },
  { event: 'StopFailure', state: 'failed' },
  { event: 'SessionEnd', state: '-' },
];

/** The conversation’s id is ours from the start; hooks travel in `--settings` and no file is written. */
export const claude: Preset = {
  name: 'claude',
  title: 'Claude Code',
  detect: {
    program: 'claude',
    places: ['.local/bin/claude', '.claude/local/claude'],
    versionArgv: ['--version'],
    install: 'npm install -g @anthropic-ai/claude-code',
  },
  variables: [
    'ANTHROPIC_*',
    'CLAUDE_CONFIG_DIR',
    'CLAUDE_CODE_USE_*',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'AWS_*',
    'CLOUD_ML_REGION',
    'GOOGLE_APPLICATION_CREDENTIALS',
  ],
  ...byConversation(
    run,
    (id) => ['--resume', id],
    (id) => ['--session-id', id],
  ),
  // Not sure: it shortens the names of deep folders.
  transcript: ({ conversationId, worktree, home, env }) => ({
    folder: `${env.CLAUDE_CONFIG_DIR || `${home}/.claude`}/projects/${dashed(worktree)}`,
    ending: `${conversationId}.jsonl`,
    sure: false,
  }),
  prompt: 'argument',
  conversation: 'chosen',
  hooks: 'events',
  reading: claudeReading,
  skipPermissions: ['--dangerously-skip-permissions'],
  model: '--model',
  trust: 'inherited',
};

function run(context: LaunchContext, conversation: readonly string[]): Launch {
  // Seconds.
  const settings = JSON.stringify({ hooks: matchedHooks(events, 5), ...allowed(context) });
  const words = [...conversation, '--settings', settings];
  return { argv: agentArgv(context, words, promptAfterDashes(context)), env: {} };
}

/** It would ask for every file outside the worktree. Source of the rules: https://code.claude.com/docs/en/permissions. */
function allowed({ writes = [] }: LaunchContext): object {
  // In a rule `//` begins an absolute path; what would mean more than itself there is asked for.
  const allow = writes.flatMap((path) => (/^\/[\w./@+ *-]+$/.test(path) ? [`Edit(/${path})`] : []));
  return allow.length === 0 ? {} : { permissions: { allow } };
}
