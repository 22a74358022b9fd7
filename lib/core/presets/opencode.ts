/**
 * opencode (measured: 1.18.33). A plugin that an environment variable names beside the person's own configuration.
 * https://opencode.ai/docs/plugins
 */

import { agentArgv, byConversation, promptAsOption, readJson } from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset } from '../agents/preset.ts';
import { isObject } from '../fields.ts';
import { opencodePlugin } from './opencode-plugin.ts';
import { opencodeReading } from './opencode-reading.ts';

const pluginFile = 'pitwall-plugin.js';

/** Its plugin reports every state and the conversation’s id; a prompt for a resumed one is pasted. */
export const opencode: Preset = {
  name: 'opencode',
  title: 'opencode',
  detect: {
    program: 'opencode',
    places: ['.opencode/bin/opencode'],
    versionArgv: ['--version'],
    install: 'npm install -g opencode-ai',
  },
  variables: ['OPENCODE_*', 'AWS_*', 'GOOGLE_*', 'ANTHROPIC_*', 'OPENAI_*'],
  ...byConversation(run, (id) => [`--session=${id}`]),
  prompt: 'argument',
  // `--prompt` has no effect together with `--session`.
  promptOnResume: 'paste',
  conversation: 'reported',
  hooks: 'events',
  reading: opencodeReading,
  skipPermissions: ['--auto'],
  model: '--model',
  trust: 'none',
};

function run(context: LaunchContext, conversation: readonly string[]): Launch {
  return {
    argv: agentArgv(context, conversation, promptAsOption(context, '--prompt')),
    env: { OPENCODE_CONFIG_CONTENT: withPlugin(context) },
    files: [{ path: pluginFile, text: opencodePlugin }],
  };
}

/** The person's own content of that variable with our plugin beside theirs; theirs alone when it is not JSON. */
function withPlugin(context: LaunchContext): string {
  const theirs = context.env.OPENCODE_CONFIG_CONTENT;
  const config = theirs ? readJson(theirs) : {};
  if (!isObject(config)) return theirs ?? '';
  const plugins = Array.isArray(config.plugin) ? config.plugin : [];
  return JSON.stringify({ ...config, plugin: [...plugins, fileUrl(`${context.folder}/${pluginFile}`)] });
}

/** As node's pathToFileURL has it, for absolute POSIX paths. */
function fileUrl(path: string): string {
  return `file://${path.split('/').map(encodeURIComponent).join('/')}`;
}
