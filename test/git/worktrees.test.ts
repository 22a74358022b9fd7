import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../lib/adapters/git.ts';
import { PitwallError } from '../../lib/core/errors.ts';
import { desk, refusal } from '../helpers/repository.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

test('adding: a new branch without tracking, an old one, one that is taken; nothing stays of a failure', async (t) => {
  const { box, root, git } = await desk(t);
  await box.git(root, 'update-ref', 'refs/remotes/origin/far', 'HEAD');
  const add = (path: string, branch: string, create: boolean, start = 'main') =>
    git.addWorktree(root, { path: join(box.folder, 'ws', path), branch, create, start });
  await add('#(a) é"', '#(b)-é', true, 'origin/far');
  assert.equal(await box.git(join(box.folder, 'ws', '#(a) é"'), 'branch', '--show-current'), '#(b)-é');
  assert.equal(await box.git(root, 'config', '--default', 'none', 'branch.#(b)-é.remote'), 'none');
  await assert.rejects(add('two', '#(b)-é', false), refusal('BranchInUse', /#\(a\) é"/));
  await assert.rejects(add('two', '#(b)-é', true), refusal('NameTaken', /#\(b\)-é/));
  await assert.rejects(add('two', 'far', false), refusal('BranchUnknown', /far/));
  await assert.rejects(add('two', 'new', true, 'nowhere'), refusal('BranchUnknown', /nowhere/));
  await assert.rejects(add('two', 'main/x', true), refusal('NameTaken', /main/));
  mkdirSync(join(box.folder, 'ws', 'full'));
  writeFileSync(join(box.folder, 'ws', 'full', 'mine'), 'x');
  await assert.rejects(add('full', 'new', true), refusal('NameTaken', /full/));
  const hooks = join(root, '.git', 'hooks');
  mkdirSync(hooks, { recursive: true });
  writeFileSync(join(hooks, 'post-checkout'), '#!/bin/sh\necho no >&2\nexit 3\n');
  chmodSync(join(hooks, 'post-checkout'), 0o755);
  await assert.rejects(add('three', 'new', true), refusal('CommandFailed', /no/));
  assert.equal(existsSync(join(box.folder, 'ws', 'three')), false);
  assert.deepEqual((await box.git(root, 'branch', '--format=%(refname:short)')).split('\n'), [
    '#(b)-é',
    'main',
  ]);
  assert.equal((await git.worktrees(root)).length, 2);
  assert.ok(existsSync(join(box.folder, 'ws', 'full', 'mine')), 'what was there stays');
});

test('a failing start leaves a branch alone that was there before', async (t) => {
  const { box, root, git } = await desk(t);
  await box.git(root, 'branch', 'theirs');
  mkdirSync(join(box.folder, 'w'));
  writeFileSync(join(box.folder, 'w', 'x'), 'x');
  const add = git.addWorktree(root, {
    path: join(box.folder, 'w'),
    branch: 'theirs',
    create: true,
    start: 'main',
  });
  await assert.rejects(add, refusal('NameTaken'));
  assert.notEqual(await git.resolve(root, 'refs/heads/theirs'), null);
});

test('twelve at once, each a git of its own', async (t) => {
  const { box, root, git } = await desk(t);
  const make = (n: number) => ({
    path: join(box.folder, `w${n}`),
    branch: `b${n}`,
    create: true,
    start: 'main',
  });
  await Promise.all(Array.from({ length: 12 }, (_, n) => git.addWorktree(root, make(n))));
  assert.equal((await git.worktrees(root)).length, 13);
});

test('the lock of another git is waited for; one that stays is named, and nothing is left', async (t) => {
  const { box, root, git } = await desk(t);
  const make = (name: string) => ({
    path: join(box.folder, name),
    branch: name,
    create: true,
    start: 'main',
  });
  const heads = join(root, '.git', 'refs', 'heads');
  for (const name of ['soon', 'never']) writeFileSync(join(heads, `${name}.lock`), '');
  const soon = git.addWorktree(root, make('soon'));
  setTimeout(() => rmSync(join(heads, 'soon.lock')), 600);
  await Promise.all([
    soon,
    assert.rejects(
      git.addWorktree(root, make('never')),
      refusal('Locked', /never\.lock keeps git out/, /^rm .*never\.lock$/),
    ),
  ]);
  rmSync(join(heads, 'never.lock'));
  const tries = join(box.folder, 'tries');
  mkdirSync(join(root, '.git', 'hooks'), { recursive: true });
  const hook = (most: number) =>
    writeFileSync(
      join(root, '.git', 'hooks', 'post-checkout'),
      `#!/bin/sh\necho x >>${tries}\n[ $(wc -l <${tries}) -gt ${most} ] && exit 0\n` +
        'echo "error: could not lock config file .git/config: File exists" >&2\nexit 255\n',
      { mode: 0o755 },
    );
  hook(2);
  await git.addWorktree(root, make('third'));
  hook(99);
  await assert.rejects(
    git.addWorktree(root, make('none')),
    refusal('Locked', /\/\.git\/config\.lock keeps/, /^rm \/.*config\.lock$/),
  );
  const paths = (await git.worktrees(root)).map((each) => each.path);
  assert.deepEqual(paths, [root, join(box.folder, 'soon'), join(box.folder, 'third')]);
  assert.deepEqual(await box.git(root, 'branch', '--format=%(refname:short)'), 'main\nsoon\nthird');
  assert.equal(existsSync(join(box.folder, 'none')), false);
});

test('removing: gone ones one by one, locked and dirty ones refused, never the main worktree', async (t) => {
  const { box, root, git } = await desk(t);
  const [one, two] = [join(box.folder, 'one'), join(box.folder, 'two')];
  for (const path of [one, two])
    await git.addWorktree(root, { path, branch: path.slice(-3), create: true, start: 'main' });
  for (const path of [one, two]) await box.git(box.folder, 'worktree', 'list').catch(() => path);
  const { renameSync } = await import('node:fs');
  renameSync(one, `${one}-away`);
  renameSync(two, `${two}-away`);
  await git.removeWorktree(root, one, false);
  assert.deepEqual(
    (await git.worktrees(root)).map((each) => each.path),
    [root, two],
    'only the one asked for',
  );
  renameSync(`${two}-away`, two);
  writeFileSync(join(two, 'new'), 'x');
  await assert.rejects(git.removeWorktree(root, two, false), refusal('DirtyWorktree', /two/));
  await box.git(root, 'worktree', 'lock', two);
  await assert.rejects(git.removeWorktree(root, two, false), refusal('WorktreeBusy', /locked/, /unlock/));
  await assert.rejects(git.removeWorktree(root, root, true), refusal('Protected', /main worktree/));
  await assert.rejects(git.removeWorktree(root, `${one}-away`, true), refusal('Protected', /one-away/));
  await git.removeWorktree(root, two, true);
  await git.removeWorktree(root, two, true);
  assert.equal(existsSync(two), false);
});

test('deleting a branch: only where it points, never one in use or the default, and its settings go too', async (t) => {
  const { box, root, git } = await desk(t);
  const tip = await box.git(root, 'rev-parse', 'HEAD');
  await box.git(root, 'branch', 'old');
  await box.git(root, 'config', 'branch.old.description', 'x');
  await box.git(root, 'commit', '-q', '--allow-empty', '-m', 'more');
  const newer = await box.git(root, 'rev-parse', 'HEAD');
  await assert.rejects(git.deleteBranch(root, 'old', newer), refusal('UnmergedWork', /old/));
  await git.deleteBranch(root, 'old', tip);
  await git.deleteBranch(root, 'old', tip);
  assert.equal(await git.resolve(root, 'refs/heads/old'), null);
  assert.equal(await box.git(root, 'config', '--default', 'none', 'branch.old.description'), 'none');
  await assert.rejects(git.deleteBranch(root, 'main', null), refusal('Protected', /main/));
  await box.git(root, 'update-ref', 'refs/remotes/origin/trunk', tip);
  await box.git(root, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
  await box.git(root, 'branch', 'trunk', tip);
  await assert.rejects(git.deleteBranch(root, 'trunk', null), refusal('Protected', /trunk/));
  await git.addWorktree(root, { path: join(box.folder, 'w'), branch: 'held', create: true, start: 'main' });
  await assert.rejects(git.deleteBranch(root, 'held', null), refusal('BranchInUse', /held/));
});

/** What a shell makes of a hint that was pasted into it. */
const pasted = (box: Sandbox, hint: string) =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${hint}`], { env: box.env, encoding: 'utf8' })
    .trimEnd()
    .split('\n');

test('hints can be pasted whatever the names in them are', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository("it's $(touch x); app");
  const git = createGit({ env: box.env });
  const path = `${root} "w"`;
  const branch = "a'b;c";
  const hintOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => assert.fail('it worked'),
      (error: unknown) => (error instanceof PitwallError ? (error.hint ?? '') : assert.fail(String(error))),
    );
  await git.addWorktree(root, { path, branch, create: true, start: 'main' });
  const again = { path: `${path}2`, branch, create: false, start: branch };
  assert.deepEqual(pasted(box, await hintOf(git.addWorktree(root, again))), [
    ...['git', '-C', path, 'switch', 'OTHER'],
  ]);
  await box.git(root, 'worktree', 'lock', path);
  const unlock = await hintOf(git.removeWorktree(root, path, false));
  execFileSync('sh', ['-c', unlock], { env: box.env });
  writeFileSync(join(path, 'new'), 'x');
  assert.deepEqual(pasted(box, await hintOf(git.removeWorktree(root, path, false))), [
    'git',
    '-C',
    path,
    'status',
  ]);
  const bare = `${root}.git`;
  await box.git(root, 'clone', '-q', '--bare', '.', bare);
  assert.deepEqual(pasted(box, await hintOf(git.root(bare))), ['git', 'clone', bare, 'FOLDER']);
  assert.equal(existsSync(join(box.folder, 'x')), false);
});
