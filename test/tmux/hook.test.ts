import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { becomes, call, desk, events, hook, isIn, option, stateOf } from '../helpers/hook.ts';
import { sandbox } from '../helpers/sandbox.ts';

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
