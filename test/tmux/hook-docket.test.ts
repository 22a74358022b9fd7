import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { becomes, call, desk, events, hook, isIn, option, stateOf } from '../helpers/hook.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

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
