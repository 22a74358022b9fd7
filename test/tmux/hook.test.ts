import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  program = hook,
): Promise<{ code: number; out: string }> {
  return new Promise((done) => {
    const child = execFile(program, [...args], { env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

const events = (folder: string) => parseJournal(readFileSync(join(folder, 'journal.jsonl'), 'utf8'));
const option = (box: Sandbox, name: string) => box.tmux('display-message', '-p', `#{@pitwall_${name}}`);
const stateOf = (box: Sandbox, pane: string) =>
  box.tmux('display-message', '-p', '-t', pane, '#{@pitwall_state}');

/** The hook tells tmux in the background, and tmux has the docket computed there. */
const becomes = (box: Sandbox, name: string, value: string) =>
  until(`${name} ${value}`, async () => (await option(box, name)) === value);
const isIn = (box: Sandbox, pane: string, state: string) =>
  until(`${pane} ${state}`, async () => (await stateOf(box, pane)) === state);

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
  await becomes(box, 'docket', `${second.pane} ${first.pane} `);
  assert.equal(await option(box, 'next'), second.pane);
  assert.equal(await option(box, 'count'), '2');
  assert.equal(await stateOf(box, first.pane), 'done');
  await call(second.env, ['working']);
  await becomes(box, 'docket', `${first.pane} `);
});

test('what finished is held back while another agent of its task works, then shown once', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [first, second] = await desk(box, 2, () => 'same');
  assert.ok(first && second);
  await call(second.env, ['working']);
  await isIn(box, second.pane, 'working');
  // Something was published before, so that it is seen to be taken back.
  await box.tmux('set-option', '-s', '@pitwall_docket', `${first.pane} `);
  await call(first.env, ['done']);
  await isIn(box, first.pane, 'done');
  await becomes(box, 'docket', '');
  assert.equal(await option(box, 'count'), '0');
  await call(second.env, ['done']);
  await becomes(box, 'docket', `${first.pane} `);
});

test('twenty at once agree on the docket', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const agents = await desk(box, 20);
  await Promise.all(
    agents.map((agent, index) => call(agent.env, [index % 2 === 0 ? 'waiting' : 'failed', 'x'])),
  );
  const docket = await until('all of them', async () => {
    const panes = (await option(box, 'docket')).trim().split(' ');
    return panes.length === 20 ? panes : null;
  });
  const questions = new Set(agents.filter((_, index) => index % 2 === 0).map((agent) => agent.pane));
  assert.deepEqual(
    docket.map((pane) => questions.has(pane)),
    Array.from({ length: 20 }, (_, index) => index < 10),
  );
  // One that listed earlier may publish later; it looks again at once.
  await until('their count', async () => (await option(box, 'count')) === '20');
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
  // What is told after it is told: then what was told before was told in vain.
  await call(agent.env, ['working']);
  await isIn(box, agent.pane, 'working');
  assert.equal(await stateOf(box, other.pane), 'starting');
  await box.tmux('kill-server');
  assert.deepEqual(await call(agent.env, ['done']), { code: 0, out: '' });
  assert.equal(events(agent.folder).events.length, 3);
});

/** Ends the agent's program by TERM and tells the hook so, as tmux does. */
async function end(box: Sandbox, agent: { readonly pane: string; readonly env: Record<string, string> }) {
  await box.tmux('set-option', '-p', '-t', agent.pane, 'remain-on-exit', 'on');
  const told = (format: string) => box.tmux('display-message', '-p', '-t', agent.pane, format);
  process.kill(Number(await told('#{pane_pid}')), 'SIGTERM');
  await until('it to be dead', async () => {
    await box.tmux('run-shell', '-b', 'true');
    return (await told('#{pane_dead}#{pane_dead_signal}#{pane_dead_status}')).length > 1;
  });
  await call(agent.env, ['--died', agent.pane]);
  return { state: await told('#{@pitwall_state}'), count: await told('#{@pitwall_count}') };
}

test('a program that the person stopped has not failed; one that was started again since may', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [stopped, all, again, quoted] = await desk(box, 4);
  assert.ok(stopped && all && again && quoted);
  const at = '2026-11-21T12:00:00.000Z';
  const launched = (agent: string) => ({ at, type: 'launched', agent, prompt: 'none', resumed: false });
  const journal = (agent: { readonly folder: string }, ...lines: readonly object[]) =>
    writeFileSync(
      join(agent.folder, 'journal.jsonl'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  journal(stopped, launched('a0'), { at, type: 'stopped', agent: 'a0' }, launched('a00'));
  await box.tmux('set-option', '-p', '-t', stopped.pane, '@pitwall_kind', '0');
  await box.tmux('set-option', '-s', '@pitwall_count', '1');
  await box.tmux('set-option', '-s', '@pitwall_docket', `${stopped.pane} `);
  assert.deepEqual(await end(box, stopped), { state: 'exited', count: '0' });
  journal(all, launched('a1'), { at, type: 'stopped', agent: null });
  assert.deepEqual(await end(box, all), { state: 'exited', count: '0' });
  journal(quoted, launched('a3'), {
    ...{ at, type: 'hook', agent: 'a3', state: 'working', payload: null, payloadFile: null },
    message: '"type":"stopped","agent":"a3"',
  });
  assert.deepEqual(await end(box, quoted), { state: 'failed', count: '1' });
  journal(again, launched('a2'), { at, type: 'stopped', agent: 'a2' }, launched('a2'));
  assert.deepEqual(await end(box, again), { state: 'failed', count: '2' });
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

test('a tmux that hangs holds neither the line in the journal nor the agent back', async (t) => {
  const box = await sandbox();
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  const server = Number(await box.tmux('display-message', '-p', '#{pid}'));
  t.after(async () => {
    process.kill(server, 'SIGCONT');
    await box.dispose();
  });
  process.kill(server, 'SIGSTOP');
  assert.deepEqual(await call(agent.env, ['waiting', 'May I?']), { code: 0, out: '' });
  const [event] = events(agent.folder).events;
  assert.equal(event?.type === 'hook' && event.state, 'waiting');
  process.kill(server, 'SIGCONT');
  await becomes(box, 'docket', `${agent.pane} `);
});

test('the docket is computed after the hook has returned, and nothing of it is shown', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  // The job's program waits for a file, and prints; its path is one that has to be quoted at every step.
  const folder = join(box.folder, "it's #(a) $b ; é");
  mkdirSync(folder);
  const slow = join(folder, 'pitwall-hook');
  const go = join(box.folder, 'go');
  writeFileSync(
    slow,
    `#!/bin/sh\nif [ "$1" = --docket ]; then until [ -e ${go} ]; do sleep 0.05; done; echo shown; fi\n${readFileSync(hook, 'utf8')}`,
  );
  chmodSync(slow, 0o755);
  assert.equal((await call(agent.env, ['waiting'], null, slow)).code, 0);
  await isIn(box, agent.pane, 'waiting');
  assert.equal(await option(box, 'docket'), '');
  writeFileSync(go, '');
  await becomes(box, 'docket', `${agent.pane} `);
  assert.doesNotMatch(await box.tmux('capture-pane', '-p', '-t', 's:'), /shown/);
});

test('a state repeated at once is not told again; one that was set otherwise is, once what was told is forgotten', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent, other] = await desk(box, 2);
  assert.ok(agent && other);
  const told = join(agent.folder, '.told-a0');
  await call(agent.env, ['working']);
  await isIn(box, agent.pane, 'working');
  await box.tmux('set-option', '-p', '-t', agent.pane, '@pitwall_state', 'unknown');
  await call(agent.env, ['working']);
  // A later call of another agent has gone through: this one's would have, too.
  await call(other.env, ['waiting']);
  await becomes(box, 'docket', `${other.pane} `);
  assert.equal(await stateOf(box, agent.pane), 'unknown');
  rmSync(told);
  await call(agent.env, ['working']);
  await isIn(box, agent.pane, 'working');
  await box.tmux('set-option', '-p', '-t', agent.pane, '@pitwall_state', 'unknown');
  const [, seconds = ''] = readFileSync(told, 'utf8').split(' ');
  writeFileSync(told, readFileSync(told, 'utf8').replace(seconds, String(Number(seconds) - 5)));
  await call(agent.env, ['working']);
  await isIn(box, agent.pane, 'working');
  assert.equal(events(agent.folder).events.length, 4);
});

test('a call to tmux that a later one overtook is put right', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  await call(agent.env, ['waiting']);
  await becomes(box, 'docket', `${agent.pane} `);
  // As a late `working` leaves it.
  await box.tmux('set-option', '-p', '-t', agent.pane, '@pitwall_state', 'working');
  await call(agent.env, ['--docket', agent.pane]);
  assert.equal(await stateOf(box, agent.pane), 'waiting');
  assert.equal(await option(box, 'docket'), `${agent.pane} `);
});

test('an event has its name, and may tell no state', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  await call(agent.env, ['--event', 'PermissionRequest', 'waiting', 'May I?'], '{"a":1}');
  await isIn(box, agent.pane, 'waiting');
  await call(agent.env, ['--event', 'SessionStart', '-'], '{"id":2}');
  await call(agent.env, ['-', 'a note']);
  for (const name of ['', 'a b', 'x'.repeat(65), '"', '$(touch hacked)'])
    assert.deepEqual(await call(agent.env, ['--event', name, '-']), { code: 0, out: '' });
  assert.equal((await call(agent.env, ['--event', 'Stop'])).code, 2);
  assert.equal((await call(agent.env, ['--event'])).code, 2);
  const found = events(agent.folder).events.map((event) =>
    event.type === 'hook' ? [event.event, event.state, event.message, event.payload] : [],
  );
  assert.deepEqual(found, [
    ['PermissionRequest', 'waiting', 'May I?', '{"a":1}'],
    ['SessionStart', null, null, '{"id":2}'],
    [null, null, 'a note', null],
    ...Array.from({ length: 5 }, () => [null, null, null, null]),
  ]);
  assert.equal(await stateOf(box, agent.pane), 'waiting');
});

test('what came on an input that stays open is kept', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  const child = spawn(hook, ['-'], { env: agent.env, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.write('{"a":\n "é"}\n');
  await new Promise((done) => child.on('exit', done));
  child.stdin.destroy();
  const [event] = events(agent.folder).events;
  assert.equal(event?.type === 'hook' && event.payload, '{"a":\n "é"}');
});

test('what cannot be written, a pane that is gone and a missing tmux are borne in silence', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  const silent = { code: 0, out: '' };
  const tools = join(box.folder, 'tools');
  mkdirSync(tools);
  for (const name of ['date', 'awk', 'dd', 'sleep'])
    writeFileSync(join(tools, name), `#!/bin/sh\nPATH='${agent.env.PATH}' exec ${name} "$@"\n`, {
      mode: 0o755,
    });
  assert.deepEqual(await call({ ...agent.env, PATH: tools }, ['working'], '{"a":1}'), silent);
  assert.deepEqual(await call({ ...agent.env, PATH: '/nowhere' }, ['working'], '{"a":1}'), silent);
  assert.deepEqual(await call({ ...agent.env, TMUX_PANE: '%99' }, ['done'], '{"a":1}'), silent);
  assert.deepEqual(await call({ ...agent.env, TMUX_PANE: '' }, ['done']), silent);
  assert.equal(events(agent.folder).skipped, 0);
  // A folder where the file should be refuses even root.
  for (const name of ['journal.jsonl', '.told-a0', 'payloads']) {
    rmSync(join(agent.folder, name), { recursive: true, force: true });
    if (name === 'payloads') writeFileSync(join(agent.folder, name), '');
    else mkdirSync(join(agent.folder, name));
  }
  assert.deepEqual(
    await call({ ...agent.env, HOME: '/nowhere' }, ['waiting', 'x'], 'x'.repeat(5000)),
    silent,
  );
  await isIn(box, agent.pane, 'waiting');
});

test('the last words of a program count even when its end came before they reached tmux', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const [agent] = await desk(box, 1);
  assert.ok(agent);
  await box.tmux('set-option', '-p', '-t', agent.pane, 'remain-on-exit', 'on');
  await call(agent.env, ['done', 'all of it']);
  await isIn(box, agent.pane, 'done');
  await box.tmux('respawn-pane', '-k', '-t', agent.pane, 'exit 1');
  await until('it to be dead', async () => {
    await box.tmux('run-shell', '-b', 'true');
    return (await box.tmux('display-message', '-p', '-t', agent.pane, '#{pane_dead_status}')) === '1';
  });
  await box.tmux('set-option', '-p', '-t', agent.pane, '@pitwall_state', 'working');
  await call(agent.env, ['--died', agent.pane]);
  assert.equal(await stateOf(box, agent.pane), 'exited');
  assert.equal(await option(box, 'docket'), `${agent.pane} `);
  assert.ok(!existsSync(join(agent.folder, '.told-a0')));
  // What comes late from a program that has ended sets no state.
  await call(agent.env, ['working']);
  await call(agent.env, ['--docket', agent.pane]);
  assert.equal(await stateOf(box, agent.pane), 'exited');
});
