import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, desk, end, events, isIn, option, stateOf } from '../helpers/hook.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

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
