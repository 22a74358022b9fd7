/** A task that goes on with a pull request; `gh` is played by a script. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox } from '../helpers/sandbox.ts';

/** A repository with a remote that has a pull request, and what `gh` says of it. */
async function requested(t: TestContext, told: Readonly<Record<string, unknown>> = {}) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const hub = join(box.folder, 'hub', 'acme', 'app.git');
  mkdirSync(hub, { recursive: true });
  await box.git(hub, 'init', '-q', '--bare', '-b', 'main');
  await box.git(root, 'remote', 'add', 'fork', join(box.folder, 'elsewhere.git'));
  await box.git(root, 'remote', 'add', 'upstream', hub);
  await box.git(root, 'push', '-q', 'upstream', 'main');
  writeFileSync(join(root, 'asked.txt'), 'asked\n');
  await box.git(root, 'switch', '-q', '-c', 'aside');
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'asked');
  const commit = await box.git(root, 'rev-parse', 'HEAD');
  await box.git(root, 'push', '-q', 'upstream', 'HEAD:refs/pull/7/head');
  await box.git(root, 'switch', '-q', 'main');
  await box.git(root, 'branch', '-D', 'aside');
  await box.git(root, 'fetch', '-q', 'upstream');
  const answer = {
    ...{
      number: 7,
      title: 'Ask \u001b[31mmore',
      headRefName: 'fix/login',
      headRefOid: commit,
      baseRefName: 'main',
    },
    ...{ isCrossRepository: false, url: 'https://github.com/Acme/app/pull/7', ...told },
  };
  const programs = join(box.folder, 'programs');
  mkdirSync(programs);
  writeFileSync(join(box.folder, 'answer.json'), JSON.stringify(answer));
  const script = `#!/bin/sh\n[ "$3" = 7 ] || { echo "no pull request $3" >&2; exit 1; }\ncat '${box.folder}/answer.json'\n`;
  writeFileSync(join(programs, 'gh'), script, { mode: 0o755 });
  const env = { PATH: `${programs}:${box.env.PATH}` };
  const make = (...args: readonly string[]) =>
    pitwall(box, root, ['new', '--no-attach', '--agent', 'shell', ...args], { env });
  return { box, root, commit, make };
}

test('new --pr fetches it from its repository and goes on with its branch', async (t) => {
  const { box, root, commit, make } = await requested(t);
  const dry = await make('--pr', '7', '--dry-run');
  assert.match(dry.stdout, /new branch fix\/login/, dry.stderr);
  await assert.rejects(box.git(root, 'rev-parse', '--verify', 'refs/heads/fix/login'));
  const made = await make('--pr', '7');
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /pull request 7: Ask +\[31mmore/);
  const task = (await listed(box, root)).projects[0]?.tasks[0];
  assert.deepEqual([task?.name, task?.branch, task?.diff?.files], ['fix-login', 'fix/login', 1]);
  assert.equal(await box.git(task?.worktree ?? root, 'rev-parse', 'HEAD'), commit);
  assert.deepEqual(
    await box.git(root, 'for-each-ref', '--format=%(refname)', 'refs/pull', 'refs/pitwall'),
    '',
  );
});

test('a branch here that is another is not taken for it; --branch names another', async (t) => {
  const { box, root, commit, make } = await requested(t);
  await box.git(root, 'branch', 'fix/login');
  const refused = await make('--pr', '7');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /fix\/login is at another commit than the pull request/);
  const named = await make('--pr', '7', '--branch', 'mine', 'go on');
  assert.equal(named.code, 0, named.stderr);
  assert.equal(await box.git(root, 'rev-parse', 'mine'), commit);
});

test("a fork's main is not ours; what gh cannot tell is said", async (t) => {
  const { box, root, commit, make } = await requested(t, { headRefName: 'main', isCrossRepository: true });
  const made = await make('--pr', '7');
  assert.equal(made.code, 0, made.stderr);
  assert.equal(await box.git(root, 'rev-parse', 'pr-7'), commit);
  const none = await make('--pr', '8');
  assert.match(none.stderr, /gh did not tell of pull request 8: no pull request 8\ntry: gh pr view 8/);
  assert.equal((await make('--pr', 'seven')).code, 2);
});

test('an answer that is none makes nothing', async (t) => {
  const { box, root, make } = await requested(t, { headRefOid: '--upload-pack=x' });
  assert.match((await make('--pr', '7')).stderr, /gh did not tell of pull request 7/);
  assert.deepEqual((await listed(box, root)).projects[0]?.tasks ?? [], []);
});
