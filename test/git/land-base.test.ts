import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgeBase } from '../../lib/core/land/land.ts';
import { place } from '../helpers/landing.ts';

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
