/** The states of agents that live in real panes: screens, titles and files of their own against what hooks told. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { createTmux } from '../../lib/adapters/tmux.ts';
import type { Context } from '../../lib/app/context.ts';
import { observe } from '../../lib/app/observe.ts';
import { demo } from '../../lib/core/presets/demo.ts';
import { parsePreferences } from '../../lib/core/settings/preferences.ts';
import { makeDeps } from '../../lib/deps.ts';
import type { NewEvent } from '../../lib/ports.ts';
import { projectRecord, taskRecord } from '../fixtures/records.ts';
import { readings } from '../helpers/agents.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const screens = join(import.meta.dirname, '../fixtures/agents');

/** One task whose one agent runs in a pane, with a clock that the test moves. */
async function desk(box: Sandbox, preset: string) {
  let now = Date.now();
  const base = makeDeps(box.socket);
  const runs: string[][] = [];
  const tmux = createTmux({ socket: box.socket, env: box.env, stableDir: '/' });
  const context: Context = {
    deps: {
      ...base,
      tmux: {
        ...tmux,
        run: (commands) => {
          runs.push(commands.map(([name = '']) => name));
          return tmux.run(commands);
        },
      },
      files: createFiles({ stateDir: join(box.folder, 'state', 'pitwall'), now: () => now }),
      clock: { ...base.clock, now: () => now },
      env: box.env,
      home: box.env.HOME ?? '',
    },
    preferences: parsePreferences({}).preferences,
    presets: new Map(Object.entries(readings).map(([name, reading]) => [name, { ...demo, name, reading }])),
    problems: [],
  };
  const { files } = context.deps;
  const agent = { name: 'a', preset, role: 'implementer', conversationId: 'u1' };
  await files.saveProject(projectRecord());
  await files.createTask({ ...taskRecord('t'), worktree: '/repos/app', agents: [agent] });
  const tell = (event: NewEvent) => files.append('app', 't', event);
  const options = ['@pitwall_role agent', '@pitwall_project app', '@pitwall_task t', '@pitwall_agent a'];
  await box.tmux('new-session', '-d', '-x', '110', '-y', '44', '--', 'sh');
  for (const option of options) await box.tmux('set-option', '-p', ...option.split(' '));
  await tell({ type: 'ready' });
  await tell({ type: 'launched', agent: 'a', prompt: 'argument', resumed: false });
  return {
    runs,
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
    hook: (event: string, payload: object = {}) =>
      tell({
        type: 'hook',
        agent: 'a',
        event,
        state: null,
        message: null,
        payload: JSON.stringify({ session_id: 'u1', ...payload }),
        payloadFile: null,
      }),
    /** Draws a recorded screen in the pane. */
    async draw(screen: string) {
      await box.tmux('respawn-pane', '-k', `cat '${screens}/${screen}.txt'; exec sleep 600`);
      const lines = readFileSync(`${screens}/${screen}.txt`, 'utf8').trim().split('\n');
      const last = lines.at(-1)?.trim().slice(0, 20) ?? '';
      await until(`${screen} is drawn`, async () => (await box.tmux('capture-pane', '-p')).includes(last));
    },
    async title(title: string) {
      await box.tmux('select-pane', '-T', title);
    },
    async agent() {
      const observed = await observe(context, { diffs: 'kept' });
      const seen = observed.snapshot.projects[0]?.tasks[0]?.agents[0];
      assert.ok(seen);
      return seen;
    },
    idle: () => box.tmux('display-message', '-p', '#{@pitwall_idle}'),
  };
}

test('a start that is blocked by a dialog waits, and is left alone until it is silent', async () => {
  await using box = await sandbox();
  const task = await desk(box, 'claude');
  await task.draw('claude/trust');
  task.pass(1000);
  assert.equal((await task.agent()).state, 'starting');
  assert.deepEqual(task.runs, [], 'no screen was looked at');
  task.pass(2000);
  const blocked = await task.agent();
  assert.deepEqual(
    [blocked.state, blocked.message],
    ['waiting', 'blocked at start-up: whether to trust this folder'],
  );
  assert.deepEqual(task.runs, [['display-message', 'capture-pane']]);
});

test('a denial that no hook tells is seen on the screen', async () => {
  await using box = await sandbox();
  const task = await desk(box, 'claude');
  await task.draw('claude/permission');
  await task.hook('UserPromptSubmit');
  await task.hook('PermissionRequest', { tool_name: 'Bash', tool_input: { command: 'make' } });
  task.pass(5000);
  const asking = await task.agent();
  assert.deepEqual([asking.state, asking.message], ['waiting', 'Bash: make']);
  await task.draw('claude/denied');
  const denied = await task.agent();
  assert.deepEqual([denied.state, denied.message], ['done', 'ended without an answer to: Bash: make']);
});

test("Claude Code's session file: interrupted, and a file of another process is not believed", async () => {
  await using box = await sandbox();
  const task = await desk(box, 'claude');
  const pid = Number(await box.tmux('display-message', '-p', '#{pane_pid}'));
  const folder = join(box.env.HOME ?? '', '.claude', 'sessions');
  mkdirSync(folder, { recursive: true });
  const ticks = () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  };
  const procStart = process.platform === 'linux' ? ticks() : undefined;
  const write = (more: object) =>
    writeFileSync(join(folder, `${pid}.json`), JSON.stringify({ pid, sessionId: 'u2', procStart, ...more }));
  await task.hook('UserPromptSubmit');
  task.pass(3000);
  write({ status: 'idle', statusUpdatedAt: task.now() });
  assert.equal((await task.agent()).state, 'working', 'debounced');
  task.pass(1600);
  const idle = await task.agent();
  assert.deepEqual([idle.state, idle.conversationId], ['done', 'u2']);
  if (procStart === undefined) return;
  write({ status: 'idle', statusUpdatedAt: task.now(), procStart: '1' });
  assert.equal((await task.agent()).state, 'working');
});

test('since when a title says idle is kept in tmux, for whoever looks next', async () => {
  await using box = await sandbox();
  const task = await desk(box, 'gemini');
  await task.title('✦  Working… (app)');
  await task.hook('BeforeAgent');
  task.pass(3000);
  assert.equal((await task.agent()).state, 'working');
  assert.equal(await task.idle(), '');
  await task.title('◇  Ready (app)');
  assert.equal((await task.agent()).state, 'working');
  assert.equal(await task.idle(), String(task.now()));
  task.pass(1000);
  assert.equal((await task.agent()).state, 'working');
  task.pass(1000);
  assert.equal((await task.agent()).state, 'done');
  await task.title('✦  Working… (app)');
  assert.equal((await task.agent()).state, 'working');
  assert.equal(await task.idle(), '');
  await task.title('✋  Action Required (app)');
  assert.equal((await task.agent()).state, 'waiting');
});

test('an agent that is finished costs no look at its screen', async () => {
  await using box = await sandbox();
  const task = await desk(box, 'codex');
  await task.title('app');
  await task.hook('UserPromptSubmit');
  await task.hook('Stop', { last_assistant_message: 'All done. More.' });
  task.pass(60_000);
  const done = await task.agent();
  assert.deepEqual([done.state, done.message], ['done', 'All done. More.']);
  assert.deepEqual(task.runs, []);
});
