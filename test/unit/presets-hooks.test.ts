import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hookCommand } from '../../lib/core/agents/launch-words.ts';
import type { Launch } from '../../lib/core/agents/preset.ts';
import { claude } from '../../lib/core/presets/claude.ts';
import { codex, trustedHash } from '../../lib/core/presets/codex.ts';
import { copilot } from '../../lib/core/presets/copilot.ts';
import { opencode } from '../../lib/core/presets/opencode.ts';
import { qwen } from '../../lib/core/presets/qwen.ts';
import { launchContext } from '../fixtures/launches.ts';
import { sandbox } from '../helpers/sandbox.ts';

const after = (launch: Launch, option: string) => launch.argv[launch.argv.indexOf(option) + 1] ?? '';

/** Event and state of each command in hooks of any shape. */
function told(hooks: unknown): readonly string[] {
  const commands = JSON.stringify(hooks).matchAll(/--event (\w+) ([a-z-]+)"/g);
  return [...commands].map(([, event, state]) => `${event} ${state}`);
}

test('a hook’s command line does nothing without PITWALL_HOOK, and never fails or prints', async () => {
  await using box = await sandbox();
  const folder = join(box.folder, `it's "a" $folder`);
  mkdirSync(folder);
  const hook = join(folder, 'hook');
  writeFileSync(hook, '#!/bin/sh\necho "$@" >>"$0.log"; cat >>"$0.log"; echo loud; echo loud >&2; exit 2\n');
  chmodSync(hook, 0o755);
  const command = hookCommand('Stop', 'done');
  const run = (shell: string, env: Record<string, string>) => {
    const ran = spawnSync(shell, ['-c', command], {
      env: { ...box.env, ...env },
      input: '{"a":1}',
      encoding: 'utf8',
    });
    assert.deepEqual([ran.status, ran.stdout, ran.stderr], [0, '', ''], shell);
  };
  run('sh', {});
  run('sh', { PITWALL_HOOK: join(folder, 'gone') });
  for (const shell of ['sh', 'bash']) run(shell, { PITWALL_HOOK: hook });
  assert.equal(readFileSync(`${hook}.log`, 'utf8'), '--event Stop done\n{"a":1}'.repeat(2));
});

test('claude: settings that parse back, one command for each event', () => {
  const settings = JSON.parse(after(claude.launch(launchContext()), '--settings'));
  assert.deepEqual(Object.keys(settings), ['hooks']);
  assert.deepEqual(told(settings), [
    'SessionStart -',
    'UserPromptSubmit working',
    'PreToolUse working',
    'PermissionRequest waiting',
    'PostToolUse working',
    'PostToolUseFailure working',
    'Notification waiting',
    'Notification -',
    'Stop done',
    'StopFailure failed',
    'SessionEnd -',
  ]);
  assert.deepEqual(settings.hooks.PermissionRequest, [
    {
      matcher: '*',
      hooks: [{ type: 'command', command: hookCommand('PermissionRequest', 'waiting'), timeout: 5 }],
    },
  ]);
});

test('the hooks are the same words for every task', () => {
  for (const preset of [claude, codex]) {
    const here = preset.launch(launchContext()).argv;
    const there = preset.launch(
      launchContext({ task: 'other', worktree: '/w', folder: '/f', root: '/r' }),
    ).argv;
    assert.deepEqual(here, there, preset.name);
  }
});

test('codex: each hook comes with the hash it would keep of it', () => {
  const words = codex.launch(launchContext()).argv.filter((_, index, argv) => argv[index - 1] === '-c');
  assert.equal(words[0], 'check_for_update_on_startup=false');
  const command = hookCommand('UserPromptSubmit', 'working');
  const toml = `"${command.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const hook = `hooks.UserPromptSubmit=[{hooks=[{type="command",command=${toml},timeout=3}]}]`;
  assert.ok(words.includes(hook), words.join('\n'));
  const state = words.find((word) => word.startsWith('hooks.state=')) ?? '';
  assert.match(
    state,
    /"\/<session-flags>\/config\.toml:user_prompt_submit:0:0"=\{trusted_hash="sha256:[0-9a-f]{64}"\}/,
  );
  assert.equal(
    state.split('trusted_hash').length - 1,
    words.filter((word) => /^hooks\.[A-Z]/.test(word)).length,
  );
});

test('codex: the hash by the rule, for a known text', () => {
  // printf '%s' '{"event_name":"stop","hooks":[{"async":false,"command":"/abs/hook Stop","timeout":3,"type":"command"}]}' | sha256sum
  const expected = 'sha256:1e14155cf7c10b7dee6b3b50dbc25ed711ef1af141f183e97a16d59cc42dcf97';
  assert.equal(trustedHash('Stop', '/abs/hook Stop', launchContext().sha256), expected);
});

test('copilot: a plugin in the task’s folder', () => {
  const launch = copilot.launch(launchContext());
  assert.equal(after(launch, '--plugin-dir'), `${launchContext().folder}/plugin`);
  const files = new Map((launch.files ?? []).map((file) => [file.path, JSON.parse(file.text)]));
  assert.equal(files.get('plugin/plugin.json').hooks, 'hooks.json');
  const { version, hooks } = files.get('plugin/hooks.json');
  assert.equal(version, 1);
  assert.deepEqual(hooks.agentStop, [
    { type: 'command', bash: hookCommand('agentStop', 'done'), timeoutSec: 5 },
  ]);
  assert.ok(told(hooks).includes('notification waiting') && told(hooks).includes('permissionRequest -'));
});

test('qwen: system defaults of ours beside those of the machine, whose hooks stay', () => {
  const path = '/etc/qwen-code/system-defaults.json';
  const launch = (text: string) => qwen.launch(launchContext({ texts: new Map([[path, text]]) }));
  const theirs = { type: 'command', command: 'theirs' };
  const merged = launch(JSON.stringify({ ui: { a: 1 }, hooks: { Stop: [{ hooks: [theirs] }], Other: [] } }));
  assert.equal(merged.env.QWEN_CODE_SYSTEM_DEFAULTS_PATH, `${launchContext().folder}/system-defaults.json`);
  const settings = JSON.parse(merged.files?.[0]?.text ?? '');
  assert.deepEqual(settings.ui, { a: 1 });
  assert.deepEqual(settings.hooks.Other, []);
  assert.deepEqual(settings.hooks.Stop, [
    { hooks: [theirs] },
    { hooks: [{ type: 'command', command: hookCommand('Stop', 'done'), timeout: 5000 }] },
  ]);
  for (const text of ['{"a":', '[]', '{"hooks":1}']) {
    assert.deepEqual(launch(text).env, {}, 'what cannot be read comes first');
    assert.deepEqual(launch(text).files, []);
  }
  assert.deepEqual(qwen.reads?.({ home: '/h', env: { QWEN_CODE_SYSTEM_DEFAULTS_PATH: '/x' } }), ['/x']);
});

test('opencode: the plugin stands beside the person’s own', () => {
  const config = (env: Record<string, string>) =>
    JSON.parse(opencode.launch(launchContext({ env })).env.OPENCODE_CONFIG_CONTENT ?? '');
  const url = `file:///state/it's%20%22a%22%20task/agents/agent/pitwall-plugin.js`;
  assert.deepEqual(config({}), { plugin: [url] });
  const theirs = JSON.stringify({ model: 'm', plugin: ['theirs'] });
  assert.deepEqual(config({ OPENCODE_CONFIG_CONTENT: theirs }), { model: 'm', plugin: ['theirs', url] });
});

test('opencode: what the plugin tells of a turn, and nothing outside of a task', async () => {
  await using box = await sandbox();
  const plugin = join(box.folder, 'plugin.mjs');
  writeFileSync(plugin, opencode.launch(launchContext()).files?.[0]?.text ?? '');
  const hook = join(box.folder, 'a hook');
  writeFileSync(hook, `#!/bin/sh\nprintf '%s|' "$@" >>"$0.log"; cat >>"$0.payloads"; echo >>"$0.log"\n`, {
    mode: 0o755,
  });
  const play = join(box.folder, 'play.mjs');
  writeFileSync(
    play,
    `import * as plugin from './plugin.mjs';
    const [made] = await Promise.all(Object.values(plugin).map((each) => each({})));
    const events = ${JSON.stringify([
      ['session.created', { info: { id: 'ses_1' } }],
      ['session.status', { sessionID: 'ses_1', status: { type: 'busy' } }],
      ['session.created', { info: { id: 'ses_2', parentID: 'ses_1' } }],
      ['session.status', { sessionID: 'ses_2', status: { type: 'busy' } }],
      ['permission.asked', { sessionID: 'ses_2', permission: 'bash', patterns: ['rm -rf "x"; $(y)'] }],
      ['permission.replied', { sessionID: 'ses_2' }],
      ['session.idle', { sessionID: 'ses_2' }],
      ['question.asked', { sessionID: 'ses_1', questions: [{ question: 'Which?' }] }],
      ['question.rejected', { sessionID: 'ses_1' }],
      ['session.idle', { sessionID: 'ses_1' }],
      ['session.status', { sessionID: 'ses_1', status: { type: 'busy' } }],
      ['session.error', { sessionID: 'ses_1', error: { name: 'APIError', data: { message: 'no' } } }],
      ['session.idle', { sessionID: 'ses_1' }],
      ['session.status', { sessionID: 'ses_1', status: { type: 'busy' } }],
      ['session.error', { sessionID: 'ses_1', error: { name: 'MessageAbortedError' } }],
      ['session.idle', { sessionID: 'ses_1' }],
      ['message.updated', {}],
    ])};
    if (made.event) for (const [type, properties] of events) await made.event({ event: { type, properties } });
    console.log(Object.keys(made).join());`,
  );
  const run = (env: Record<string, string>) =>
    execFileSync(process.execPath, [play], { env: { ...box.env, ...env }, encoding: 'utf8' }).trim();
  assert.equal(run({}), '', 'no handlers');
  assert.equal(run({ PITWALL_HOOK: hook }), 'event');
  const lines = readFileSync(`${hook}.log`, 'utf8').trim().split('\n');
  assert.deepEqual(lines, [
    '--event|session.created|-||',
    '--event|session.status|working||',
    '--event|permission.asked|waiting|bash: rm -rf "x"; $(y)|',
    '--event|permission.replied|working||',
    '--event|question.asked|waiting|Which?|',
    '--event|question.rejected|working||',
    '--event|session.idle|done||',
    '--event|session.status|working||',
    '--event|session.error|failed|no|',
    '--event|session.status|working||',
    '--event|session.error|-||',
    '--event|session.idle|done||',
  ]);
  const payloads = readFileSync(`${hook}.payloads`, 'utf8');
  assert.match(payloads, /"child_session_id":"ses_2"/);
  assert.doesNotMatch(payloads, /"session(_id|ID)":"ses_2"/, 'the conversation is the parent’s');
});
