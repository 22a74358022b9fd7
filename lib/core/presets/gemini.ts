/**
 * Gemini CLI (measured: 0.61.0). It takes hooks from the person's settings, from an extension, or from system files
 * that only root may own: so ours are an extension, which leaves the person's settings alone.
 * https://geminicli.com/docs/hooks, https://geminicli.com/docs/extensions
 */

import { jsonFile, ownFile } from '../agents/installed-file.ts';
import {
  agentArgv,
  byConversation,
  type HookedEvent,
  matchedHooks,
  promptAsOption,
  readJson,
} from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset, Surroundings } from '../agents/preset.ts';
import { isObject } from '../fields.ts';
import { geminiReading } from './gemini-reading.ts';

const events: readonly HookedEvent[] = [
  { event: 'SessionStart', state: '-' },
  { event: 'BeforeAgent', state: 'working' },
  { event: 'BeforeTool', state: 'working', matcher: '.*' },
  { event: 'Notification', state: 'waiting', matcher: 'ToolPermission' },
  { event: 'AfterTool', state: 'working', matcher: '.*' },
  { event: 'AfterAgent', state: 'done' },
  { event: 'SessionEnd', state: '-' },
];

/** The conversation’s id is ours; a prompt for a resumed one is pasted. */
export const gemini: Preset = {
  name: 'gemini',
  title: 'Gemini CLI',
  detect: {
    program: 'gemini',
    versionArgv: ['--version'],
    install: 'npm install -g @google/gemini-cli',
  },
  variables: ['GEMINI_*', 'GOOGLE_*', 'CODE_ASSIST_ENDPOINT'],
  reads: (where) => [trustPath(where), projectsPath(where)],
  ...byConversation(
    run,
    (id) => ['--resume', id],
    (id) => ['--session-id', id],
  ),
  transcript,
  prompt: 'argument',
  promptOnResume: 'paste',
  conversation: 'chosen',
  hooks: 'none',
  installs: extension,
  reading: geminiReading,
  skipPermissions: ['--yolo'],
  model: '--model',
  trust: 'environment',
};

function run(context: LaunchContext, conversation: readonly string[]): Launch {
  const trusted = trustsFolder(context.texts.get(trustPath(context)) ?? '', context.root);
  return {
    argv: agentArgv(context, conversation, promptAsOption(context, '--prompt-interactive')),
    env: trusted ? { GEMINI_CLI_TRUST_WORKSPACE: 'true' } : {},
  };
}

/** A conversation whose first prompt was never answered is deleted at the next start: then there is none. */
function transcript({ conversationId, worktree, home, env, texts }: LaunchContext) {
  const known = readJson(texts.get(projectsPath({ home, env })) ?? '');
  const slugs = isObject(known) && isObject(known.projects) ? known.projects : {};
  const slug = slugs[worktree];
  if (conversationId === null || typeof slug !== 'string' || /[/\0]/.test(slug)) return null;
  const ending = `-${conversationId.slice(0, 8)}.jsonl`;
  return { folder: `${home}/.gemini/tmp/${slug}/chats`, ending, sure: true };
}

/** `{"projects": {"/folder": "name below ~/.gemini/tmp"}}` */
function projectsPath({ home }: Surroundings): string {
  return `${home}/.gemini/projects.json`;
}

function extension({ home }: Surroundings) {
  const folder = `${home}/.gemini/extensions/pitwall`;
  const manifest = {
    name: 'pitwall',
    version: '1.0.0',
    description: 'Tells pitwall what Gemini CLI is doing.',
  };
  return [
    ownFile(`${folder}/gemini-extension.json`, jsonFile(manifest), manifest.description),
    ownFile(`${folder}/hooks/hooks.json`, jsonFile({ hooks: hooks() }), 'PITWALL_HOOK'),
  ];
}

/** It shows the names of hooks while they run. */
function hooks() {
  // Milliseconds.
  return matchedHooks(events, 5000, { name: 'pitwall' });
}

/**
 * Whether trustedFolders.json (`{"/a": "TRUST_FOLDER" | "TRUST_PARENT" | "DO_NOT_TRUST"}`) says that the person
 * trusts a folder: the rule for the deepest folder around it counts.
 */
export function trustsFolder(trustedFolders: string, folder: string): boolean {
  const rules = readJson(trustedFolders);
  if (!isObject(rules)) return false;
  let deepest = { length: -1, trusted: false };
  for (const [path, rule] of Object.entries(rules)) {
    const covers =
      rule === 'TRUST_PARENT' ? path.replace(/\/[^/]*\/?$/, '') || '/' : path.replace(/(.)\/$/, '$1');
    const inside = folder === covers || folder.startsWith(covers === '/' ? '/' : `${covers}/`);
    if (inside && covers.length >= deepest.length)
      deepest = { length: covers.length, trusted: rule === 'TRUST_FOLDER' || rule === 'TRUST_PARENT' };
  }
  return deepest.trusted;
}

function trustPath({ home, env }: Surroundings): string {
  return env.GEMINI_CLI_TRUSTED_FOLDERS_PATH || `${home}/.gemini/trustedFolders.json`;
}
