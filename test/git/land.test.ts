import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { judgeBase } from '../../lib/core/land.ts';
import { sandbox } from '../helpers/sandbox.ts';

/** A repository with the branch `task` in a worktree of its own, one commit ahead of `main`. */
async function place(t: TestContext) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const worktree = join(box.folder, 'task');
  const say = (...args: string[]) => box.git(root, ...args);
  const at = (...args: string[]) => box.git(worktree, ...args);
  await say('worktree', 'add', '-q', '-b', 'task', worktree);
  const commit = async (folder: string, name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    await box.git(folder, 'add', '-A');
    await box.git(folder, 'commit', '-qm', `${name}: ${text.trim()}`);
    return box.git(folder, 'rev-parse', 'HEAD');
  };
  const tip = await commit(worktree, 'shared', 'task\n');
  const git = createGit({ env: box.env });
  const hook = (name: string, script: string) =>
    writeFileSync(join(root, '.git', 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const main = () => say('rev-parse', 'main');
  const folder = join(box.folder, 'landing', 'worktree');
  const make = async (strategy: 'merge' | 'squash' | 'rebase', message = 'Land it\n') =>
    git.landingCommit(root, {
      folder,
      base: await main(),
      tip: await at('rev-parse', 'HEAD'),
      strategy,
      message,
    });
  const advance = async (to: string, holder: string | null) =>
    git.advance(root, { branch: 'main', holder, from: await main(), to, reason: 'test' });
  return { box, root, worktree, say, at, commit, tip, git, hook, main, make, advance, folder };
}

test('a base that is nowhere, in the main worktree, in another one, followed here, or no branch', async (t) => {
  const { box, root, worktree, say, git, commit, tip } = await place(t);
  const holders = async (base: string) => (await git.landingBase(root, base)).holders.map(({ path }) => path);
  assert.deepEqual(await holders('main'), [root]);
  assert.deepEqual(await holders('task'), [worktree]);
  await say('checkout', '-q', '--detach');
  assert.deepEqual(await holders('main'), []);
  const verdict = async (base: string) => {
    const told = await git.landingBase(root, base);
    return judgeBase(base, told, root);
  };
  assert.equal(await verdict('main'), null);
  assert.equal((await verdict('nowhere'))?.code, 'BaseUnknown');
  assert.match((await verdict(await say('rev-parse', 'HEAD')))?.message ?? '', /is not a branch/);
  await box.git(box.folder, 'clone', '-q', '--bare', root, 'far.git');
  await say('remote', 'add', 'up/x', join(box.folder, 'far.git'));
  await say('fetch', '-q', 'up/x');
  assert.match((await verdict('up/x/main'))?.message ?? '', /main here follows nothing, not up\/x\/main/);
  assert.equal(await say('branch', '-q', '--set-upstream-to=up/x/main', 'main'), '');
  const told = await git.landingBase(root, 'up/x/main');
  assert.deepEqual([told.branch, told.remote, judgeBase('up/x/main', told, root)], ['main', 'up/x', null]);
  const fetched = await say('rev-parse', 'main');
  await say('checkout', '-q', 'main');
  const ahead = await commit(root, 'mine', 'not pushed\n');
  assert.equal((await git.landingBase(root, 'up/x/main')).commit, ahead);
  await say('update-ref', 'refs/remotes/up/x/main', tip);
  assert.match((await verdict('up/x/main'))?.message ?? '', /main and up\/x\/main have diverged/);
  await say('reset', '-q', '--hard', fetched);
  const behind = await git.landingBase(root, 'up/x/main');
  assert.deepEqual([behind.commit, behind.from, behind.diverged], [tip, fetched, false]);
  await say('checkout', '-q', '--detach');
  await say('branch', '-q', '-D', 'main');
  const gone = await verdict('up/x/main');
  assert.match(gone?.message ?? '', /there is no branch main here that follows up\/x\/main/);
  assert.match(gone?.hint ?? '', /branch --track main up\/x\/main$/);
});

test('a base that is dirty, hidden from status, or in the middle of something is refused', async (t) => {
  const { root, say, git, commit } = await place(t);
  const code = async () => judgeBase('main', await git.landingBase(root, 'main'), root)?.code ?? null;
  writeFileSync(join(root, 'untracked'), '');
  assert.equal(await code(), null);
  writeFileSync(join(root, 'README.md'), 'mine\n');
  assert.equal(await code(), 'DirtyWorktree');
  await say('update-index', '--assume-unchanged', 'README.md');
  assert.equal(await code(), 'DirtyWorktree');
  await say('update-index', '--no-assume-unchanged', 'README.md');
  await say('checkout', '-q', 'README.md');
  await commit(root, 'shared', 'main\n');
  await assert.rejects(say('merge', '-q', 'task'));
  assert.equal(await code(), 'WorktreeBusy');
  await say('merge', '--abort');
  await say('branch', 'other', 'task');
  await assert.rejects(say('rebase', '-q', 'other'));
  // HEAD is detached while it is rebased: the branch is held all the same.
  assert.equal(await code(), 'WorktreeBusy');
  await say('rebase', '--abort');
  assert.equal(await code(), null);
});

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
  await assert.rejects(git.commitAll(worktree, 'words'), /no such words/);
  assert.equal(await at('status', '--porcelain=v2'), before);
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

test('the base moves where it is checked out nowhere, and nothing else does', async (t) => {
  const { say, make, main, advance, git, root } = await place(t);
  await say('checkout', '-q', '--detach');
  const made = await make('squash');
  const before = await main();
  await advance(made, null);
  assert.equal(await main(), made);
  assert.equal(await say('rev-parse', 'HEAD'), before);
  const stale = { branch: 'main', holder: null, from: before, to: before.replace(/^./, '0'), reason: 'r' };
  await assert.rejects(
    git.advance(root, { ...stale, to: await say('rev-parse', 'task') }),
    /main did not move/,
  );
  assert.equal(await main(), made);
});

test('files in the way, ignored ones too, keep the base where it is', async (t) => {
  const { root, worktree, say, commit, make, main, advance } = await place(t);
  mkdirSync(join(worktree, 'dir'));
  await commit(worktree, 'dir/file', 'task\n');
  const made = await make('squash');
  const before = await main();
  writeFileSync(join(root, '.git', 'info', 'exclude'), 'shared\ndir\n');
  const refused = async () => {
    await assert.rejects(advance(made, root), /has files of its own|did not move/);
    assert.equal(await main(), before);
  };
  writeFileSync(join(root, 'shared'), 'mine\n');
  await refused();
  await say('clean', '-fdxq');
  writeFileSync(join(root, 'dir'), 'mine\n');
  await refused();
  await say('clean', '-fdxq');
  mkdirSync(join(root, 'shared'));
  writeFileSync(join(root, 'shared', 'secret'), 'mine\n');
  await refused();
  await say('clean', '-fdxq');
  await advance(made, root);
  assert.equal(await main(), made);
});

test('a file that becomes a folder and a folder that becomes a file do not stand in their own way', async (t) => {
  const { root, worktree, at, say, commit, make, main, advance } = await place(t);
  for (const folder of [root, worktree]) {
    mkdirSync(join(folder, 'dir'));
    await commit(folder, 'dir/file', 'same\n');
  }
  await at('merge', '-q', '--no-edit', 'main');
  await at('rm', '-rq', 'dir', 'README.md');
  writeFileSync(join(worktree, 'dir'), 'a file\n');
  mkdirSync(join(worktree, 'README.md'));
  await commit(worktree, 'README.md/file', 'a folder\n');
  const made = await make('squash');
  await advance(made, root);
  assert.equal(await main(), made);
  assert.equal(await say('status', '--porcelain'), '');
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
