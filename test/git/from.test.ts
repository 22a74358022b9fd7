import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { sinceBase, sinceLook } from '../../lib/core/change-from.ts';
import { sandbox } from '../helpers/sandbox.ts';

const lines = (...changed: readonly number[]) =>
  Array.from({ length: 20 }, (_, at) => `line ${at}${changed.includes(at) ? ' changed' : ''}\n`).join('');

/** A task's worktree with a change of its own, and a main that went on since. */
async function begun(t: TestContext) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const write = (folder: string, name: string, text: string) => writeFileSync(join(folder, name), text);
  const commit = async (folder: string, name: string, text: string) => {
    write(folder, name, text);
    await box.git(folder, 'add', '--all');
    await box.git(folder, 'commit', '-qm', name);
  };
  await commit(root, 'shared', lines());
  const baseCommit = (await box.git(root, 'rev-parse', 'HEAD')).trim();
  const worktree = `${root}.worktrees/own`;
  await box.git(root, 'worktree', 'add', '-qb', 'own', worktree);
  await commit(worktree, 'mine', 'mine\n');
  await commit(root, 'theirs', 'theirs\n');
  await commit(root, 'shared', lines(2));
  const record = { base: 'main', baseCommit, branch: 'own' };
  const git = createGit({ env: box.env });
  const names = async (since: Parameters<typeof git.changedFiles>[1]) =>
    (await git.changedFiles(worktree, since)).map(({ path }) => path).join(' ');
  return { box, root, worktree, git, record, write, commit, names };
}

test('what the base brought is not the task’s change, merged in, rebased on or taken as it is', async (t) => {
  const { box, root, worktree, git, record, write, names } = await begun(t);
  assert.equal(await names(sinceBase(record)), 'mine');
  await box.git(worktree, 'merge', '-q', '--no-commit', '--no-ff', 'main');
  assert.equal(await names(sinceBase(record)), 'mine', 'while the merge is under way');
  await box.git(worktree, 'merge', '--abort');
  await box.git(worktree, 'merge', '-q', '--no-edit', 'main');
  assert.equal(await names(sinceBase(record)), 'mine');
  assert.deepEqual(await git.diffStat(worktree, sinceBase(record)), {
    files: 1,
    insertions: 1,
    deletions: 0,
  });
  await box.git(worktree, 'reset', '-q', '--hard', 'HEAD^');
  await box.git(worktree, 'rebase', '-q', 'main');
  assert.equal(await names(sinceBase(record)), 'mine');
  await box.git(worktree, 'reset', '-q', '--hard', 'main');
  write(worktree, 'later', 'later\n');
  assert.equal(await names(sinceBase(record)), 'later');
  await box.git(root, 'reset', '-q', '--hard', 'main~3');
  await box.git(root, 'commit', '-q', '--allow-empty', '-m', 'another history');
  assert.equal(
    await names(sinceBase(record)),
    'later shared theirs',
    'a base that was set back takes nothing along',
  );
});

test('since a look the base’s part is left out, and how a conflict with it was solved is shown', async (t) => {
  const { box, worktree, git, record, write, commit, names } = await begun(t);
  await commit(worktree, 'shared', lines(2, 12).replace('line 2 changed', 'line 2 mine'));
  write(worktree, 'loose', 'loose\n');
  const look = await git.keepWork(worktree, 'refs/pitwall/rounds/app/own/1');
  assert.equal(await names(sinceLook(record, look)), '');
  await box.git(worktree, 'add', 'loose');
  await box.git(worktree, 'commit', '-qm', 'loose');
  await box.git(worktree, 'merge', '-q', '--no-commit', 'main').catch(() => undefined);
  await commit(worktree, 'shared', lines(2, 12).replace('line 2 changed', 'line 2 of both'));
  assert.equal(await names(sinceLook(record, look)), 'shared');
  const { text } = await git.readDiff(worktree, sinceLook(record, look));
  assert.match(text, /^\+line 2 of both$/m);
  assert.doesNotMatch(text, /line 12/);
  write(worktree, 'new', 'new\n');
  assert.equal(await names(sinceLook(record, look)), 'new shared');
});

test('a task on the base’s own branch has all of it as its own', async (t) => {
  const { root, git, record, write } = await begun(t);
  write(root, 'here', 'here\n');
  const since = sinceBase({ ...record, branch: 'main' });
  const files = await git.changedFiles(root, since);
  assert.deepEqual(
    files.map(({ path }) => path),
    ['here', 'shared', 'theirs'],
  );
});
