import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { landDesk, outcomes } from '../helpers/land-desk.ts';

test('an approved task without a change is over; one whose commit a hook refuses waits', async (t) => {
  const { root, git, task, land, run, approve, worktree, docket } = await landDesk(t);
  assert.equal((await run('new', '--no-attach', '--agent', 'shell', '--name', 'empty')).code, 0);
  assert.equal((await run('stop', 'empty')).code, 0);
  await approve('empty');
  await task('a', { a: 'a\n' });
  const main = await git('rev-parse', 'main');
  writeFileSync(join(root, '.git', 'hooks', 'commit-msg'), '#!/bin/sh\necho "say why" >&2\nexit 1\n', {
    mode: 0o755,
  });
  const told = await land('--strategy', 'squash');
  assert.deepEqual([told.code, ...outcomes(told)], [1, 'empty nothing', 'a conflict']);
  assert.equal(told.tasks[0]?.removed, true);
  assert.match(told.tasks[1]?.error?.message ?? '', /say why/);
  assert.deepEqual(await docket(), ['conflict a']);
  assert.equal(await git('rev-parse', 'main'), main);
  assert.equal(existsSync(worktree('a')), true);
  assert.deepEqual(outcomes(await land('--strategy', 'rebase')), ['a landed']);
  assert.deepEqual(await docket(), []);
});

test('a hook that refuses the commit of what is not committed waits, and can be handed over', async (t) => {
  const { box, root, git, task, land, run, approve, worktree, docket } = await landDesk(t);
  await task('a', { a: 'a\n' });
  writeFileSync(join(worktree('a'), 'open'), 'open\n');
  await approve('a');
  const [main, tip] = [await git('rev-parse', 'main'), await git('rev-parse', 'a')];
  writeFileSync(join(root, '.git', 'hooks', 'pre-commit'), '#!/bin/sh\necho "tabs in open" >&2\nexit 1\n', {
    mode: 0o755,
  });
  const told = await land('a', '--commit', '-m', 'Words');
  assert.deepEqual([told.code, ...outcomes(told)], [1, 'a conflict']);
  assert.match(told.tasks[0]?.error?.message ?? '', /tabs in open/);
  assert.equal(told.tasks[0]?.error?.hint, 'pitwall land --hand-over a');
  assert.deepEqual(await docket(), ['conflict a']);
  assert.equal(await git('rev-parse', 'main'), main);
  assert.equal(await git('rev-parse', 'a'), tip);
  assert.equal(await box.git(worktree('a'), 'status', '--porcelain'), '?? open');
  const handed = await run('land', '--hand-over', 'a', '--json');
  assert.equal(handed.code, 0, handed.stderr);
  assert.match((await run('show', 'a', '--json')).stdout, /did not work: [^"]*tabs in open/);
  assert.deepEqual(await docket(), []);
});
