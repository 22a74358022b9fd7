/** What agents do that nobody should: the states of the others and of the rest stay right. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pidRuns } from '../../lib/adapters/owner.ts';
import { fakeClaude } from '../helpers/fake-agent.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const silent = { code: 0, out: '' };

/** A project with the tasks named, each with a fake claude that has its prompt. */
async function desk(t: TestContext, names: readonly string[], more: readonly string[] = []) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const claude = fakeClaude(box);
  const root = await box.repository();
  const make = async (name: string, ...args: readonly string[]) => {
    const words = ['new', '--no-attach', '--agent', 'claude', ...more, ...args, '--name', name, 'do it'];
    const made = await pitwall(box, root, words, { env: claude.env });
    assert.equal(made.code, 0, made.stderr);
    await claude.started(name);
  };
  for (const name of names) await make(name);
  return { box, claude, root, make, agent: (task: string, at = 0) => agentOf(box, root, task, at) };
}

async function agentOf(box: Sandbox, root: string, task: string, at: number) {
  const { projects } = await listed(box, root);
  const agent = projects[0]?.tasks.find(({ name }) => name === task)?.agents[at];
  assert.ok(agent, `${task} has no agent ${at}`);
  return agent as typeof agent & { readonly message: string | null; readonly why: string };
}

test('hostile payloads of hooks: the state is told, one clean line is shown, nothing else changes', async (t) => {
  const { box, claude, root, agent } = await desk(t, ['one', 'two']);
  const other = async () => {
    const { state, conversationId, pane, message } = await agent('two');
    return { state, conversationId, pane, message };
  };
  assert.deepEqual(await claude.hook('two', 'UserPromptSubmit', '{}'), silent);
  const two = await other();
  const own = (await agent('one')).conversationId;
  const payload = (fields: object) => JSON.stringify({ session_id: own, ...fields });
  const tool = (command: string) => payload({ tool_name: 'Bash', tool_input: { command } });
  const hostile: readonly (readonly [string, string, RegExp | null])[] = [
    ['not JSON', 'not { json', null],
    ['an array', '[1,2]', null],
    ['5 MB', tool(`touch ${'x'.repeat(5 << 20)}`), /^Bash: touch x+…$/],
    ['newlines', tool('one\ntwo\r\nthree'), /^Bash: one two three$/],
    ['control sequences', tool('\u001b]0;owned\u0007\u001b[2Jrm\u0000 -rf'), /^Bash: rm ?-rf$/],
    ['what tmux expands', tool('#(touch hacked) #{pane_id}'), /^Bash: #\(touch hacked\) #\{pane_id\}$/],
    ['a transcript outside', `${payload({ transcript_path: '/etc/passwd' })}`, null],
    [
      'a transcript above',
      `${payload({ transcript_path: `${box.env.HOME}/.claude/projects/../../x` })}`,
      null,
    ],
    ['another task’s conversation', JSON.stringify({ session_id: two.conversationId }), null],
  ];
  for (const [what, text, message] of hostile) {
    assert.deepEqual(await claude.hook('one', 'UserPromptSubmit', payload({})), silent);
    assert.deepEqual(await claude.hook('one', 'PermissionRequest', text), silent, what);
    const seen = await agent('one');
    if (what !== 'another task’s conversation') assert.equal(seen.state, 'waiting', `${what}: ${seen.why}`);
    assert.doesNotMatch(seen.message ?? '', /\p{Cc}/u, what);
    if (message) assert.match(seen.message ?? '', message, what);
    assert.equal(seen.conversationId, own, what);
  }
  assert.deepEqual(await other(), two, 'the other task is as it was');
  assert.ok(!existsSync(join(root, 'hacked')));
  const shown = await pitwall(box, root, ['show', 'one']);
  assert.equal(shown.code, 0, shown.stderr);
  assert.doesNotMatch(shown.stdout, /\u001b\]|\u0007/);
  assert.doesNotMatch(shown.stdout, /root:/, 'no file outside is read');
});

test('a hook that runs after its pane is gone is kept and brings nothing back', async (t) => {
  const { box, claude, agent } = await desk(t, ['one', 'two']);
  const { pane } = await agent('one');
  assert.deepEqual(await claude.hook('one', 'UserPromptSubmit', '{}'), silent);
  await box.tmux('kill-pane', '-t', pane ?? '');
  await until('the pane is gone', async () => (await agent('one')).pane === null);
  assert.deepEqual(await claude.hook('one', 'PermissionRequest', '{"tool_name":"Bash"}'), silent);
  assert.equal((await agent('one')).state, 'exited');
  // Its number may be another pane's by then.
  assert.notEqual((await agent('two')).state, 'waiting');
});

test('two agents of one kind in one worktree each tell their own state', async (t) => {
  const { claude, agent, make } = await desk(t, []);
  await make('pair', '--agent', 'claude');
  await claude.started('pair', 'claude-2');
  const ids = [(await agent('pair')).conversationId, (await agent('pair', 1)).conversationId];
  assert.notEqual(ids[0], ids[1]);
  const told = (at: number) =>
    JSON.stringify({ session_id: ids[at], tool_name: 'Bash', tool_input: { command: 'ls' } });
  assert.deepEqual(await claude.hook('pair', 'UserPromptSubmit', told(0)), silent);
  assert.deepEqual(await claude.hook('pair', 'PermissionRequest', told(1), 'claude-2'), silent);
  assert.deepEqual(
    [(await agent('pair')).state, (await agent('pair', 1)).state, (await agent('pair', 1)).message],
    ['working', 'waiting', 'Bash: ls'],
  );
});

test('an agent that splits, renames and rearranges its window keeps its pane, its name and its prompts', async (t) => {
  const { box, claude, root, agent } = await desk(t, ['one']);
  const { pane } = await agent('one');
  const at = pane ?? '';
  assert.deepEqual(await claude.hook('one', 'UserPromptSubmit', '{}'), silent);
  await box.tmux('split-window', '-t', at, 'exec cat');
  await box.tmux('split-window', '-bh', '-t', at, 'exec cat');
  await box.tmux('rename-window', '-t', at, 'mine #(touch hacked)');
  await box.tmux('select-pane', '-t', at, '-T', '✋ Action Required');
  await box.tmux('swap-pane', '-d', '-U', '-t', at);
  await box.tmux('set-option', '-w', '-t', at, 'automatic-rename', 'on');
  assert.deepEqual(await claude.hook('one', 'Stop', '{"last_assistant_message":"Done."}'), silent);
  const seen = await agent('one');
  assert.deepEqual([seen.pane, seen.state, seen.message], [at, 'done', 'Done.']);
  const sending = pitwall(box, root, ['send', 'one', 'go on']);
  await until('the prompt is in its pane', async () =>
    (await box.tmux('capture-pane', '-p', '-t', at)).includes('go on'),
  );
  assert.deepEqual(await claude.hook('one', 'UserPromptSubmit', '{}'), silent);
  assert.equal((await sending).code, 0);
  const others = (await box.tmux('list-panes', '-t', at, '-F', '#{pane_id}'))
    .split('\n')
    .filter((each) => each !== at);
  for (const other of others)
    assert.doesNotMatch(
      await box.tmux('capture-pane', '-p', '-t', other),
      /go on/,
      'no other pane is typed into',
    );
  assert.equal((await pitwall(box, root, ['stop', 'one'])).code, 0);
  assert.equal((await agent('one')).state, 'exited');
});

test('an agent behind a wrapper that stays is read by its own file, and ends with the task', async (t) => {
  const { box, claude, root, agent, make } = await desk(t, []);
  mkdirSync(join(box.env.HOME ?? '', '.claude', 'sessions'), { recursive: true });
  // As `npx claude` and version managers start it: a parent of another pid stands in the pane.
  claude.program([
    'sh -c \'echo $$ >"$PITWALL_TASK_DIR/child"; exec cat\'',
    'echo the wrapper goes on; exec cat',
  ]);
  await make('one');
  const state = join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', 'one');
  await until(
    'its child',
    () => existsSync(join(state, 'child')) && readFileSync(join(state, 'child'), 'utf8') !== '',
  );
  const child = Number(readFileSync(join(state, 'child'), 'utf8'));
  const { conversationId, pid } = await agent('one');
  assert.notEqual(pid, child);
  assert.deepEqual(
    await claude.hook('one', 'UserPromptSubmit', JSON.stringify({ session_id: conversationId })),
    silent,
  );
  const { stdout } = await pitwall(box, root, ['list', '--json']);
  const { worktree } = JSON.parse(stdout).projects[0].tasks[0];
  const told = {
    pid: child,
    sessionId: conversationId,
    cwd: worktree,
    status: 'waiting',
    waitingFor: 'permission prompt',
  };
  const later = Date.now() + 2000;
  writeFileSync(
    join(box.env.HOME ?? '', '.claude', 'sessions', `${child}.json`),
    JSON.stringify({ ...told, statusUpdatedAt: later, updatedAt: later }),
  );
  await until('its file is read', async () => (await agent('one')).state === 'waiting');
  assert.match((await agent('one')).why, /its own file says waiting/);
  assert.equal((await pitwall(box, root, ['stop', 'one'])).code, 0);
  await until('the child is gone too', () => !pidRuns(child));
});

test('a program that is replaced while it runs, and one that ends to start its successor', async (t) => {
  const { claude, box, root, agent } = await desk(t, ['one']);
  const path = join(box.folder, 'programs', 'claude');
  writeFileSync(`${path}.new`, '#!/bin/sh\necho "a new version" >"$PITWALL_TASK_DIR/new"; exec cat\n', {
    mode: 0o755,
  });
  renameSync(`${path}.new`, path);
  assert.deepEqual(await claude.hook('one', 'UserPromptSubmit', '{}'), silent);
  assert.equal((await agent('one')).state, 'working', 'the one that runs goes on');
  await pitwall(box, root, ['stop', 'one']);
  const started = await pitwall(box, root, ['start', 'one'], { env: claude.env });
  assert.equal(started.code, 0, started.stderr);
  await until('the new one runs', () =>
    existsSync(join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', 'one', 'new')),
  );
});

test('no HOME that can be written: what it needs is elsewhere, and where it is not that is said in a line', async (t) => {
  const { box, claude, root } = await desk(t, []);
  const env = { ...claude.env, HOME: '/dev/null/home' };
  const words = ['new', '--no-attach', '--agent', 'claude', '--name', 'one', 'do it'];
  const made = await pitwall(box, root, words, { env });
  assert.equal(made.code, 0, made.stderr);
  await claude.started('one');
  assert.deepEqual(await claude.hook('one', 'PermissionRequest', '{"tool_name":"Bash"}'), silent);
  const shown = await pitwall(box, root, ['list', '--json'], { env });
  assert.equal(JSON.parse(shown.stdout).projects[0].tasks[0].agents[0].state, 'waiting');
  const nowhere = {
    ...env,
    XDG_STATE_HOME: '',
    XDG_CONFIG_HOME: '',
    PITWALL_STATE_DIR: '',
    PITWALL_CONFIG_DIR: '',
  };
  const refused = await pitwall(box, root, ['list'], { env: nowhere });
  assert.doesNotMatch(refused.stderr, /bug|at .*\.ts|node:/);
  assert.ok(refused.stderr.trim().split('\n').length <= 2, refused.stderr);
});

test('doctor TASK: which signal decided; what is unknown is named by doctor alone', async (t) => {
  const { box, claude, root } = await desk(t, ['one']);
  assert.deepEqual(await claude.hook('one', 'PermissionRequest', '{"tool_name":"Bash"}'), silent);
  const text = await pitwall(box, root, ['doctor', 'one']);
  assert.equal(text.code, 0, text.stderr);
  assert.match(
    text.stdout,
    /claude \(claude\) waiting[\s\S]*report +waiting by PermissionRequest[\s\S]*rule +it asks/,
  );
  const why = await pitwall(box, root, ['show', 'one', '--why', '--json']);
  const json = JSON.parse((await pitwall(box, root, ['doctor', 'one/claude', '--json'])).stdout);
  assert.equal(json.why[0].rule, JSON.parse(why.stdout).why[0].rule);
  assert.equal((await pitwall(box, root, ['doctor', 'none'])).code, 1);
  assert.equal((await pitwall(box, root, ['doctor', 'one', 'two'])).code, 2);
});
