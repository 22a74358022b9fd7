/**
 * Codex CLI (measured: 0.169.0). All by `-c`, which is merged with the person's configuration and writes nothing. A
 * hook it has not been told to trust opens a review dialog at the start, so the hash it would keep is passed along.
 * Its `notify` is left alone: it would take the place of the person's own.
 */

import {
  byConversation,
  type HookedEvent,
  hookCommand,
  modelWords,
  promptAfterDashes,
} from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset, Surroundings } from '../agents/preset.ts';
import { codexReading } from './codex-reading.ts';

const events: readonly HookedEvent[] = [
  { event: 'SessionStart', state: '-' },
  { event: 'UserPromptSubmit', state: 'working' },
  { event: 'PreToolUse', state: 'working' },
  { event: 'PermissionRequest', state: 'waiting' },
  { event: 'PostToolUse', state: 'working' },
  { event: 'Stop', state: 'done' },
  { event: 'Interrupt', state: 'done' },
  { event: 'SessionEnd', state: '-' },
];

/** Seconds. More is cut down for some events before hashing, and the hash would not fit. */
const timeout = 3;

/**
 * Its id is known once a hook has told it: resumed by that alone. Trust is passed on for the worktree only where the
 * main worktree has it.
 */
export const codex: Preset = {
  name: 'codex',
  title: 'Codex CLI',
  detect: {
    program: 'codex',
    versionArgv: ['--version'],
    install: 'npm install -g @openai/codex',
  },
  variables: ['OPENAI_*', 'CODEX_*', 'AZURE_OPENAI_*'],
  reads: (where) => [configPath(where)],
  ...byConversation(run, (id) => ['resume', id]),
  prompt: 'argument',
  conversation: 'reported',
  hooks: 'events',
  reading: codexReading,
  skipPermissions: ['--dangerously-bypass-approvals-and-sandbox'],
  model: '--model',
  trust: 'argument',
};

function run(context: LaunchContext, resume: readonly string[]): Launch {
  const config = context.texts.get(configPath(context)) ?? '';
  const trusted = trustsFolder(config, context.root)
    ? ['-c', `projects={${toml(context.root)}={trust_level="trusted"}}`]
    : [];
  const [command = '', ...id] = resume;
  return {
    argv: [
      context.program,
      ...(command === '' ? [] : [command]),
      // Its dialog at the start would keep the prompt waiting.
      '-c',
      'check_for_update_on_startup=false',
      ...hookWords(context.sha256),
      ...trusted,
      '--no-daemon',
      ...modelWords(context),
      ...context.args,
      ...(id.length > 0 || context.hasPrompt ? ['--'] : []),
      ...id,
      ...promptAfterDashes(context).slice(1),
    ],
    env: {},
  };
}

function hookWords(sha256: LaunchContext['sha256']): readonly string[] {
  const hooks = events.flatMap(({ event, state }) => {
    const command = toml(hookCommand(event, state));
    return ['-c', `hooks.${event}=[{hooks=[{type="command",command=${command},timeout=${timeout}}]}]`];
  });
  const states = events.map(({ event, state }) => {
    const key = `/<session-flags>/config.toml:${snakeCase(event)}:0:0`;
    return `${toml(key)}={trusted_hash=${toml(trustedHash(event, hookCommand(event, state), sha256))}}`;
  });
  return [...hooks, '-c', `hooks.state={${states.join(',')}}`];
}

/** The hash codex keeps of a hook it trusts: of its JSON with sorted keys, without blanks. */
export function trustedHash(event: string, command: string, sha256: LaunchContext['sha256']): string {
  const hook = { async: false, command, timeout, type: 'command' };
  return `sha256:${sha256(JSON.stringify({ event_name: snakeCase(event), hooks: [hook] }))}`;
}

/** Whether `[projects."PATH"]` in a config.toml says that the person trusts that folder. */
export function trustsFolder(config: string, folder: string): boolean {
  const heads = [`[projects.${toml(folder)}]`, `[projects.'${folder}']`];
  const lines = config.split('\n').map((line) => line.trim());
  const start = lines.findIndex((line) => heads.includes(line));
  if (start < 0) return false;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('['));
  const table = end < 0 ? rest : rest.slice(0, end);
  return table.some((line) => /^trust_level\s*=\s*["']trusted["']/.test(line));
}

function configPath({ home, env }: Surroundings): string {
  return `${env.CODEX_HOME || `${home}/.codex`}/config.toml`;
}

/** A TOML basic string: JSON's escapes are among its own, but DEL must be escaped too. */
function toml(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

function snakeCase(event: string): string {
  return event.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase();
}
