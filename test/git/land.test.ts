import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { place } from '../helpers/landing.ts';

test('what was approved is seen as it was, committed since, merged with the base; not with more', async (t) => {
  const { worktree, at, git, commit, root, main } = await place(t);
  writeFileSync(join(worktree, 'open'), 'uncommitted\n');
  const approved = await git.keepWork(worktree, 'refs/pitwall/rounds/app/a/1');
  const standing = async () => git.standing(worktree, await main(), approved);
  const before = await at('status', '--porcelain=v2');
  const count = await at('count-objects');
  const first = await standing();
  assert.deepEqual([first.approved, first.changed, first.branch], [true, ['open'], 'task']);
  assert.equal(await at('count-objects'), count);
  assert.equal(await at('status', '--porcelain=v2'), before);
  await at('add', 'open');
  await at('commit', '-qm', 'open');
  assert.deepEqual([(await standing()).approved, (await standing()).changed], [true, []]);
  await commit(root, 'moved', 'on\n');
  assert.equal((await standing()).approved, true);
  await at('merge', '-q', '--no-edit', 'main');
  assert.equal((await standing()).approved, true);
  writeFileSync(join(worktree, 'open'), 'more\n');
  assert.equal((await standing()).approved, false);
  await at('checkout', '-q', 'open');
  await at('checkout', '-q', '--detach');
  assert.equal((await standing()).branch, null);
});

for (const how of ['merge', 'rebase'] as const) {
  test(`${how}: a branch is brought up to date, and is as before when that conflicts`, async (t) => {
    const { root, worktree, at, git, commit, tip } = await place(t);
    const message = 'Merge it\n';
    const onto = await commit(root, 'moved', 'on\n');
    const update = (to: string) => git.bringUpToDate(worktree, { onto: to, how, message });
    assert.equal(await update(onto), null);
    assert.equal(await at('merge-base', 'HEAD', onto), onto);
    assert.equal(await update(onto), null);
    await at('reset', '-q', '--hard', tip);
    const clash = await commit(root, 'shared', 'main\n');
    const stopped = await update(clash);
    assert.deepEqual(stopped?.files, ['shared']);
    assert.equal(await at('rev-parse', 'HEAD'), tip);
    assert.equal(await at('symbolic-ref', 'HEAD'), 'refs/heads/task');
    assert.equal(await at('status', '--porcelain'), '');
  });

  test(`${how}: what a killed process began is taken back, what somebody else began is not`, async (t) => {
    const { root, worktree, at, git, commit, tip } = await place(t);
    const onto = await commit(root, 'shared', 'main\n');
    await assert.rejects(at(how, onto));
    await git.takeBack(worktree, { from: tip, onto: tip });
    await git.takeBack(worktree, { from: onto, onto });
    const stopped = await at('--no-optional-locks', 'status', '--porcelain');
    assert.notEqual(stopped, '');
    const kept = readFileSync(join(worktree, 'shared'));
    const { atime, mtime } = statSync(join(worktree, 'shared'));
    writeFileSync(join(worktree, 'shared'), 'half resolved\n');
    await git.takeBack(worktree, { from: tip, onto });
    assert.equal(readFileSync(join(worktree, 'shared'), 'utf8'), 'half resolved\n');
    writeFileSync(join(worktree, 'shared'), kept);
    utimesSync(join(worktree, 'shared'), atime, mtime);
    await git.takeBack(worktree, { from: tip, onto });
    await git.takeBack(worktree, { from: tip, onto });
    assert.equal(await at('status', '--porcelain'), '');
    assert.equal(await at('rev-parse', 'task'), tip);
  });
}

test('hooks refuse: the update is taken back, the index is as before, no commit lands', async (t) => {
  const { root, worktree, at, git, commit, tip, hook, main, make, folder } = await place(t);
  writeFileSync(join(worktree, 'open'), 'uncommitted\n');
  writeFileSync(join(worktree, 'shared'), 'staged\n');
  await at('add', 'shared');
  writeFileSync(join(worktree, 'shared'), 'and not\n');
  const before = await at('status', '--porcelain=v2');
  hook('commit-msg', 'echo "no such words" >&2; exit 1');
  assert.match((await git.commitAll(worktree, 'words')) ?? '', /no such words/);
  assert.equal(await at('status', '--porcelain=v2'), before);
  hook('commit-msg', 'exit 3');
  assert.match((await git.commitAll(worktree, 'words')) ?? '', /said nothing/);
  await at('reset', '-q', '--hard');
  await at('clean', '-fdq');
  const onto = await (async () => {
    hook('commit-msg', 'exit 0');
    return commit(root, 'moved', 'on\n');
  })();
  hook('pre-merge-commit', 'echo "not merged" >&2; exit 1');
  const stopped = await git.bringUpToDate(worktree, { onto, how: 'merge', message: 'm' });
  assert.deepEqual(stopped?.files, []);
  assert.match(stopped?.said ?? '', /not merged/);
  assert.equal(await at('rev-parse', 'HEAD'), tip);
  assert.equal(await at('status', '--porcelain'), '');
  assert.equal(await git.bringUpToDate(worktree, { onto, how: 'rebase', message: 'm' }), null);
  await assert.rejects(make('merge'), /not merged/);
  hook('pre-commit', 'echo "not committed" >&2; exit 1');
  await assert.rejects(make('squash'), /not committed/);
  hook('pre-commit', 'echo smuggled > smuggled; git add smuggled');
  await assert.rejects(make('squash'), /changed what would have landed/);
  assert.equal(await main(), onto);
  assert.equal(existsSync(folder), false);
  assert.equal((await at('worktree', 'list')).split('\n').length, 2);
});

test('the commit has the person’s words, identity and settings; odd preferences of merge change nothing', async (t) => {
  const { root, say, make, main, advance, tip } = await place(t);
  for (const [key, value] of [
    ['merge.ff', 'only'],
    ['branch.main.mergeOptions', '--no-commit'],
    ['commit.verbose', 'true'],
    ['merge.log', 'true'],
    ['user.useConfigOnly', 'true'],
  ] as const)
    await say('config', key, value);
  const base = await main();
  const merged = await make('merge');
  assert.equal(await say('log', '-1', '--format=%P', merged), `${base} ${tip}`);
  const squashed = await make('squash', '# not a comment\n\n- body\n');
  assert.equal(await say('log', '-1', '--format=%P|%B', squashed), `${base}|# not a comment\n\n- body\n`);
  assert.equal(await make('rebase'), tip);
  await advance(merged, root);
  assert.equal(await main(), merged);
  assert.equal(await say('status', '--porcelain'), '');
  assert.match(await say('reflog', '-1', 'main'), /Fast-forward/i);
});

test('landing one on top of the other is foreseen, and nothing is written', async (t) => {
  const { box, root, say, git, commit, tip, main } = await place(t);
  const other = join(box.folder, 'other');
  await say('worktree', 'add', '-q', '-b', 'other', other, 'main');
  const clash = await commit(other, 'shared', 'other\n');
  // Gets in the way of what does not land, and so in nobody's.
  const third = join(box.folder, 'third');
  await say('worktree', 'add', '-q', '-b', 'third', third, 'main');
  const free = await commit(third, 'more', 'third\n');
  const two = await commit(other, 'more', 'other\n');
  const objects = await say('count-objects');
  const scratch = join(box.folder, 'scratch');
  await git.scratch(scratch);
  assert.deepEqual(await git.predict(root, scratch, await main(), [tip, clash]), [[], ['shared']]);
  assert.deepEqual(await git.predict(root, scratch, await main(), [clash, tip]), [[], ['shared']]);
  assert.deepEqual(await git.predict(root, scratch, await main(), [tip, two, free]), [[], ['shared'], []]);
  assert.equal(await say('count-objects'), objects);
});

test('a push goes where the person’s settings send it, never by force', async (t) => {
  const { box, root, say, git, commit, hook } = await place(t);
  const far = join(box.folder, 'far.git');
  await assert.rejects(git.push(root, 'main', null), /not set where main is pushed to/);
  await box.git(box.folder, 'clone', '-q', '--bare', root, 'far.git');
  await say('remote', 'add', 'up', far);
  await commit(root, 'moved', 'on\n');
  assert.equal(await git.push(root, 'main', null), 'up');
  assert.equal(await box.git(far, 'rev-parse', 'main'), await say('rev-parse', 'main'));
  await say('commit', '-q', '--amend', '-m', 'other');
  await assert.rejects(git.push(root, 'main', null), /rejected/);
  await say('reset', '-q', '--hard', await box.git(far, 'rev-parse', 'main'));
  await commit(root, 'moved', 'again\n');
  hook('pre-push', 'echo "not today" >&2; exit 1');
  await assert.rejects(git.push(root, 'main', null), /not today/);
});
