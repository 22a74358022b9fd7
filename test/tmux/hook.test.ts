import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parseJournal } from '../../lib/core/journal-parse.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const hook = resolve('bin/pitwall-hook');

/** Some panes of agents, each its own task unless told otherwise. */
async function desk(box: Sandbox, count: number, task = (index: number) => `t${index}`) {
  await box.tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    '200',
    '-y',
    '200',
    '-s',
    's',
    'sleep',
    '1000',
  );
  const agents: { readonly pane: string; readonly env: Record<string, string>; readonly folder: string }[] =
    [];
  for (let index = 0; index < count; index += 1) {
    const pane = await box.tmux('new-window', '-d', '-P', '-F', '#{pane_id}', '-t', 's:', 'sleep', '1000');
    const folder = join(box.folder, `task ${index}`);
    mkdirSync(folder, { recursive: true });
    const options = {
      project: 'app',
      task: task(index),
      agent: `a${index}`,
      role: 'agent',
      state: 'starting',
      order: '5000',
      dir: folder,
    };
    for (const [name, value] of Object.entries(options))
      await box.tmux('set-option', '-p', '-t', pane, `@pitwall_${name}`, value);
    agents.push({
      pane,
      folder,
      env: {
        ...box.env,
        TMUX_PANE: pane,
        PITWALL_TASK: task(index),
        PITWALL_PROJECT: 'app',
        PITWALL_AGENT: `a${index}`,
        PITWALL_TASK_DIR: folder,
      },
    });
  }
  return agents;
}

function call(
  env: Record<string, string>,
  args: readonly string[],
  input: string | null = null,
): Promise<{ code: number; out: string }> {
  return new Promise((done) => {
    const child = execFile(hook, [...args], { env }, (error, stdout) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

const events = (folder: string) => parseJournal(readFileSync(join(folder, 'journal.jsonl'), 'utf8'));
const option = (box: Sandbox, name: string) => box.tmux('show-options', '-sv', `@pitwall_${name}`);

test('a report is one line in the journal, a state of the pane and a place on the docket', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [first, second] = await desk(box, 2);
  assert.ok(first && second);
  assert.deepEqual(await call(first.env, ['done', 'all "good" \\ here']), { code: 0, out: '' });
  await call(second.env, ['waiting', 'May I?\nReally?'], '{"tool":"Bash"}');
  const [event] = events(second.folder).events;
  assert.equal(event?.type === 'hook' && event.state, 'waiting');
  assert.equal(event?.type === 'hook' && event.payload, '{"tool":"Bash"}');
  const [done] = events(first.folder).events;
  assert.equal(done?.type === 'hook' && done.message, 'all "good" \\ here');
  assert.equal(await option(box, 'docket'), `${second.pane} ${first.pane} `);
  assert.equal(await option(box, 'next'), second.pane);
  assert.equal(await option(box, 'count'), '2');
  assert.equal(await box.tmux('display-message', '-p', '-t', first.pane, '#{@pitwall_state}'), 'done');
  await call(second.env, ['working']);
  assert.equal(await option(box, 'docket'), `${first.pane} `);
});

test('what finished is held back while another agent of its task works, then shown once', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [first, second] = await desk(box, 2, () => 'same');
  assert.ok(first && second);
  await call(second.env, ['working']);
  await call(first.env, ['done']);
  assert.equal(await option(box, 'count').catch(() => '0'), '0');
  await call(second.env, ['done']);
  assert.equal(await option(box, 'docket'), `${first.pane} `);
});

test('twenty at once agree on the docket', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const agents = await desk(box, 20);
  await Promise.all(
    agents.map((agent, index) => call(agent.env, [index % 2 === 0 ? 'waiting' : 'failed', 'x'])),
  );
  const docket = (await option(box, 'docket')).trim().split(' ');
  assert.equal(docket.length, 20);
  const questions = new Set(agents.filter((_, index) => index % 2 === 0).map((agent) => agent.pane));
  assert.deepEqual(
    docket.map((pane) => questions.has(pane)),
    Array.from({ length: 20 }, (_, index) => index < 10),
  );
  assert.equal(await option(box, 'count'), '20');
});

test('hostile payloads and messages stay text', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  const hostile = [
    'not json',
    '{"a":"\u001b[31m\u0007"}',
    '"},"type":"created"',
    'a\nb\r\nc\t',
    '#(touch hacked) $(touch hacked) `touch hacked`',
    '\u0000\u0001',
    'é 修 🙂',
  ];
  for (const text of hostile)
    assert.equal((await call(agent.env, ['working', text.replaceAll('\u0000', '')], text)).code, 0);
  assert.equal((await call(agent.env, ['working'], `{"big":"${'x'.repeat(5 << 20)}"}`)).code, 0);
  const { events: found, skipped } = events(agent.folder);
  assert.equal(skipped, 0);
  assert.equal(found.length, hostile.length + 1);
  assert.ok(found.every((event) => event.type === 'hook' && event.agent === 'a0'));
  const last = found.at(-1);
  assert.equal(last?.type === 'hook' && last.payload, null);
  assert.ok(last?.type === 'hook' && last.payloadFile !== null);
  assert.equal(readFileSync(join(agent.folder, last.payloadFile)).length, 262_144);
  const lines = readFileSync(join(agent.folder, 'journal.jsonl'), 'utf8').split('\n');
  assert.ok(lines.every((line) => line.length < 8192));
});

test('an input that stays open and silent does not hold the report back', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  const child = spawn(hook, ['waiting', 'well?'], { env: agent.env, stdio: ['pipe', 'ignore', 'ignore'] });
  await new Promise((done) => child.on('exit', done));
  child.stdin.destroy();
  const [event] = events(agent.folder).events;
  assert.equal(event?.type === 'hook' && event.message, 'well?');
});

test('wrong usage is 2; no task folder, no tmux and a foreign pane are borne in silence', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent, other] = await desk(box, 2);
  assert.ok(agent && other);
  assert.equal((await call(agent.env, ['idle'])).code, 2);
  assert.equal((await call({ ...agent.env, PITWALL_TASK_DIR: join(box.folder, 'gone') }, ['done'])).code, 0);
  assert.equal((await call({ ...agent.env, TMUX_PANE: other.pane }, ['done'])).code, 0);
  assert.equal(await box.tmux('display-message', '-p', '-t', other.pane, '#{@pitwall_state}'), 'starting');
  await box.tmux('kill-server');
  assert.equal((await call(agent.env, ['done'])).code, 0);
  assert.equal(events(agent.folder).events.length, 2);
});

test('a program that has ended is told by tmux’s hook', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  await box.tmux('set-option', '-p', '-t', agent.pane, 'remain-on-exit', 'on');
  writeFileSync(join(agent.folder, 'journal.jsonl'), '');
  await box.tmux('respawn-pane', '-k', '-t', agent.pane, 'exit 3');
  await until('it to be dead', async () => {
    // tmux may know that a program has ended and not yet how, until another child of its own ends.
    await box.tmux('run-shell', '-b', 'true');
    return (await box.tmux('display-message', '-p', '-t', agent.pane, '#{pane_dead_status}')) === '3';
  });
  await call(agent.env, ['--died', agent.pane]);
  const [event] = events(agent.folder).events;
  assert.deepEqual(event && { ...event, at: '' }, {
    at: '',
    type: 'exited',
    agent: 'a0',
    status: 3,
    signal: null,
  });
  assert.equal(await box.tmux('display-message', '-p', '-t', agent.pane, '#{@pitwall_state}'), 'failed');
});
