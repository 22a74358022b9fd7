/**
 * Qwen Code (measured: 0.24.4). Its system defaults come from a file that an environment variable names; hooks of all
 * its settings files are joined, so the person's keep running. Defaults that the machine's owner has set stay in ours.
 */

import {
  agentArgv,
  byConversation,
  dashed,
  type HookedEvent,
  matchedHooks,
  promptAsOption,
  readJson,
} from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset, Surroundings } from '../agents/preset.ts';
import { isObject } from '../fields.ts';
import { qwenReading } from './qwen-reading.ts';

/** `idle_prompt` comes at every return to idle: also after a denial and an interruption, which nothing else tells. */
const events: readonly HookedEvent[] = [
  { event: 'SessionStart', state: '-' },
  { event: 'UserPromptSubmit', state: 'working' },
  { event: 'PermissionRequest', state: 'waiting', matcher: '*' },
  { event: 'PreToolUse', state: 'working', matcher: '*' },
  { event: 'PostToolUse', state: 'working', matcher: '*' },
  { event: 'PostToolUseFailure', state: 'working', matcher: '*' },
  { event: 'Notification', state: 'waiting', matcher: 'permission_prompt' },
  { event: 'Notification', state: 'done', matcher: 'idle_prompt' },
  { event: 'Stop', state: 'done' },
  { event: 'StopFailure', state: 'failed' },
  { event: 'SessionEnd', state: '-' },
];

const settingsFile = 'system-defaults.json';

/**
 * The conversation’s id is ours. Where the machine’s defaults cannot be read they stay as they are, and it has no
 * hooks.
 */
export const qwen: Preset = {
  name: 'qwen',
  title: 'Qwen Code',
  detect: {
    program: 'qwen',
    versionArgv: ['--version'],
    install: 'npm install -g @qwen-code/qwen-code',
  },
  variables: ['QWEN_*', 'OPENAI_*', 'DASHSCOPE_*', 'ANTHROPIC_*', 'GEMINI_*', 'GOOGLE_*'],
  reads: defaultsPaths,
  ...byConversation(
    run,
    (id) => ['--resume', id],
    (id) => ['--session-id', id],
  ),
  transcript: ({ conversationId, worktree, home }) => ({
    folder: `${home}/.qwen/projects/${dashed(worktree)}/chats`,
    ending: `${conversationId}.jsonl`,
    sure: false,
  }),
  prompt: 'argument',
  conversation: 'chosen',
  hooks: 'events',
  reading: qwenReading,
  skipPermissions: ['--yolo'],
  model: '--model',
  trust: 'none',
};

function run(context: LaunchContext, conversation: readonly string[]): Launch {
  const settings = withHooks(context);
  return {
    argv: agentArgv(context, conversation, promptAsOption(context, '--prompt-interactive')),
    env: settings === null ? {} : { QWEN_CODE_SYSTEM_DEFAULTS_PATH: `${context.folder}/${settingsFile}` },
    files: settings === null ? [] : [{ path: settingsFile, text: settings }],
  };
}

/** The machine's defaults with our hooks beside theirs; null when they cannot be read, for theirs come first. */
function withHooks(context: LaunchContext): string | null {
  const found = defaultsPaths(context).flatMap((path) => context.texts.get(path) ?? [])[0];
  const defaults = found === undefined ? {} : readJson(found);
  if (!isObject(defaults)) return null;
  const theirs = defaults.hooks === undefined ? {} : defaults.hooks;
  if (!isObject(theirs)) return null;
  const hooks: Record<string, unknown> = { ...theirs };
  // Milliseconds.
  for (const [event, ours] of Object.entries(matchedHooks(events, 5000))) {
    const before = theirs[event];
    hooks[event] = [...(Array.isArray(before) ? before : []), ...ours];
  }
  return `${JSON.stringify({ ...defaults, hooks }, null, 2)}\n`;
}

function defaultsPaths({ env }: Surroundings): readonly string[] {
  const named = env.QWEN_CODE_SYSTEM_DEFAULTS_PATH;
  if (named) return [named];
  const settings = env.QWEN_CODE_SYSTEM_SETTINGS_PATH;
  if (settings) return [settings.replace(/[^/]*$/, settingsFile)];
  return [`/etc/qwen-code/${settingsFile}`, `/Library/Application Support/QwenCode/${settingsFile}`];
}
