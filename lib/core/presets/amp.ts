/**
 * Amp (from its documentation, not measured). It takes events from a plugin in the person's HOME; it asks nothing by
 * itself. https://ampcode.com/manual/plugin-api
 */

import { ownFile } from '../agents/installed-file.ts';
import { byConversation } from '../agents/launch-words.ts';
import type { Launch, LaunchContext, Preset, Surroundings } from '../agents/preset.ts';
import { ampReading } from './amp-reading.ts';
import { pluginText } from './plugin-text.ts';

/** Resumed by the thread’s id that its plugin told; read from its output without the plugin. */
export const amp: Preset = {
  name: 'amp',
  title: 'Amp',
  detect: {
    program: 'amp',
    places: ['.amp/bin/amp', '.local/bin/amp'],
    versionArgv: ['--version'],
    install: 'npm install -g @sourcegraph/amp',
  },
  variables: ['AMP_*'],
  ...byConversation(run, (id) => ['threads', 'continue', id]),
  prompt: 'paste',
  conversation: 'reported',
  hooks: 'none',
  installs: ({ home, env }: Surroundings) => [
    ownFile(`${env.XDG_CONFIG_HOME || `${home}/.config`}/amp/plugins/pitwall.ts`, plugin, 'PITWALL_HOOK'),
  ],
  reading: ampReading,
  skipPermissions: null,
  model: null,
  trust: 'none',
};

function run(context: LaunchContext, words: readonly string[]): Launch {
  return { argv: [context.program, ...words, ...context.args], env: {} };
}

const plugin =
  pluginText(`// Placed by “pitwall agents install amp”, taken away by “pitwall agents uninstall amp”.
// Tells pitwall what Amp is doing; does nothing outside of a task of pitwall's.
const { spawn } = await import('node:child_process');

const limit = 5000;

function tell(hook, event, state, payload) {
  return new Promise((done) => {
    const child = spawn(hook, ['--event', event, state], { stdio: ['pipe', 'ignore', 'ignore'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), limit);
    const end = () => {
      clearTimeout(timer);
      done();
    };
    child.on('error', end);
    child.on('close', end);
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(JSON.stringify(payload));
  });
}

@export default function pitwall(amp) {
  const hook = process.env.PITWALL_HOOK;
  if (!hook) return;
  const on = (name, state) =>
    amp.on(name, async (event, context) => {
      const thread = (event && event.thread) || (context && context.thread) || {};
      const status = event && event.status;
      const told = name === 'agent.end' && status === 'error' ? 'failed' : state;
      await tell(hook, name, told, { hook_event_name: name, session_id: thread.id, status });
    });
  on('session.start', '-');
  on('agent.start', 'working');
  on('agent.end', 'done');
}
`);
