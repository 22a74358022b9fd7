import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../lib/app/context.ts';
import { branchAhead } from '../../lib/app/new/new-record.ts';
import type { Wish } from '../../lib/app/new/new-steps.ts';

/** A git whose base moves with every question, and a clock that is set by hand. */
function asked(base: () => Promise<string>) {
  const clock = { time: 1000 };
  const branches: string[] = [];
  const git = {
    defaultBase: async () => ({ ref: 'main', commit: await base() }),
    branch: async (_root: string, name: string) => {
      branches.push(name);
      return { valid: true, local: false, remote: null, clash: null };
    },
  };
  const deps = { git, clock: { now: () => clock.time } };
  const context = { deps, preferences: { branchPrefix: '' } } as unknown as Context;
  const options = { name: 'login', prompt: null, branch: null, base: null };
  const wish = { project: { name: 'app', root: '/app' }, options, base: null, request: null };
  return { clock, branches, branchOf: branchAhead(context, wish as unknown as Wish) };
}

test('a branch that was asked for ahead serves while it is fresh and the name holds', async () => {
  let moves = 0;
  const base = async () => `c${moves++}`;
  const soon = asked(base);
  soon.clock.time += 100;
  assert.equal((await soon.branchOf('login')).baseCommit, 'c0');
  assert.deepEqual(soon.branches, ['login']);
  const late = asked(base);
  late.clock.time += 101;
  assert.equal((await late.branchOf('login')).baseCommit, 'c2', 'the lock was waited for');
  const back = asked(base);
  back.clock.time -= 101;
  assert.equal((await back.branchOf('login')).baseCommit, 'c4', 'the clock was set back');
  const taken = asked(base);
  assert.equal((await taken.branchOf('login-2')).name, 'login-2');
  assert.deepEqual(taken.branches, ['login', 'login-2']);
});

test('what kept the branch from being found is told when it is wanted', async () => {
  const { branchOf } = asked(() => Promise.reject(new Error('no base')));
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(branchOf('login'), /no base/);
});
