import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { look } from '../helpers/review.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

/** A task of the demo agent that has finished and waits for a look. */
async function finished(t: TestContext) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const run = (...args: string[]) => pitwall(box, root, args);
  const made = await run(
    'new',
    '--no-attach',
    '--agent',
    'demo',
    '--name',
    'a',
    'edit docs/a.md [no-question]',
  );
  assert.equal(made.code, 0, made.stderr);
  const task = async () => (await listed(box, root)).projects[0]?.tasks[0];
  const kinds = async () => (await listed(box, root)).docket.map(({ kind }) => kind);
  await until('a review', async () => (await kinds()).includes('review'));
  const { worktree = '' } = (await task()) ?? {};
  return { box, root, run, task, kinds, worktree };
}

test('what is approved leaves the docket, until somebody works on', async (t) => {
  const { box, root, run, kinds, worktree } = await finished(t);
  const approved = await run('approve', 'a', '--json');
  assert.equal(approved.code, 0, approved.stderr);
  const { commit, round } = JSON.parse(approved.stdout);
  assert.equal(round, 1);
  assert.equal(
    await box.git(root, 'show', `${commit}:docs/a.md`),
    readFileSync(join(worktree, 'docs/a.md'), 'utf8').trimEnd(),
  );
  assert.deepEqual(await kinds(), []);
  assert.equal(await box.tmux('show-options', '-sv', '@pitwall_count'), '0');
  assert.equal(JSON.parse((await run('list', '--json')).stdout).projects[0].tasks[0].approved, true);
  assert.equal((await run('send', 'a', 'edit docs/b.md [no-question]')).code, 0);
  await until('another review', async () => (await kinds()).includes('review'));
  assert.equal(JSON.parse((await run('list', '--json')).stdout).projects[0].tasks[0].approved, false);
});

test('what is returned reaches the agent, and the next look shows only what is new', async (t) => {
  const { run, kinds, worktree } = await finished(t);
  assert.match((await run('diff', 'a', '--since-review')).stderr, /a was not reviewed yet/);
  const returned = await run('return', 'a', '-m', 'edit docs/b.md [no-question]');
  assert.equal(returned.code, 0, returned.stderr);
  await until('the change', async () => existsSync(join(worktree, 'docs/b.md')));
  await until('another review', async () => (await kinds()).includes('review'));
  const since = JSON.parse((await run('diff', 'a', '--since-review', '--json')).stdout);
  const whole = JSON.parse((await run('diff', 'a', '--json')).stdout);
  const told = (files: readonly { readonly status: string; readonly path: string }[]) =>
    files.map(({ status, path }) => `${status} ${path}`);
  assert.deepEqual(told(since.files), ['M docs/a.md', 'A docs/b.md']);
  assert.deepEqual(told(whole.files), ['A docs/a.md', 'A docs/b.md']);
});

test('a return to an agent that is gone is held', async (t) => {
  const { run } = await finished(t);
  assert.equal((await run('stop', 'a')).code, 0);
  const returned = await run('return', 'a', '-m', 'edit docs/b.md [no-question]');
  assert.equal(returned.code, 0, returned.stderr);
  assert.match(returned.stderr, /held for a\/demo/);
});

test('what is held for an agent keeps its task from being approved, unless that is forced', async (t) => {
  const { box, root, run } = await finished(t);
  const approved = async () => JSON.parse((await run('list', '--json')).stdout).projects[0].tasks[0].approved;
  assert.equal((await run('stop', 'a')).code, 0);
  assert.equal((await run('return', 'a', '-m', 'edit docs/b.md too\n[no-question]')).code, 0);
  const refused = await run('approve', 'a');
  assert.equal(refused.code, 1);
  assert.equal(
    refused.stderr,
    'pitwall: a has a prompt that demo has not got yet (edit docs/b.md too [no-question])\n' +
      'try: pitwall start a\n',
  );
  const screen = await look(box, root, 100, 30, {}, ['a']);
  await screen.shows('nothing changed since');
  await screen.type('a');
  await screen.shows('a prompt that demo has not got yet');
  await screen.type('q');
  assert.equal(await approved(), false);
  const forced = await run('approve', 'a', '--force');
  assert.equal(forced.code, 0, forced.stderr);
  assert.match(forced.stderr, /still held for a\/demo: edit docs\/b.md too/);
  assert.equal(await approved(), true);
});

test('comments that were not sent keep their task from being approved, unless that is forced', async (t) => {
  const { box, root, run } = await finished(t);
  const screen = await look(box, root, 100, 30);
  await screen.shows('docs/a.md');
  await screen.type('c');
  await screen.type('-l', 'say more');
  await screen.type('Enter');
  await screen.shows('you  say more');
  await screen.type('q');
  const notes = join(box.folder, 'state', 'pitwall', 'app', 'a', 'review.json');
  await until('the comment', () => existsSync(notes) && readFileSync(notes, 'utf8').includes('say more'));
  const refused = await run('approve', 'a');
  assert.equal(
    refused.stderr,
    'pitwall: a has 1 comment that was not sent (say more)\ntry: pitwall review a\n',
  );
  assert.equal((await run('approve', 'a', '--force')).code, 0);
  const { stderr } = await run('return', 'a', '-m', 'also b [no-question]');
  assert.match(stderr, /^pitwall: 1 comment of the review did not go along; try: pitwall review a$/m);
});

test('what is dropped is gone from everywhere and can be brought back', async (t) => {
  const { box, root, run, worktree } = await finished(t);
  writeFileSync(join(worktree, 'by hand'), 'mine\n');
  assert.match((await run('drop', 'a')).stderr, /try: pitwall drop a --yes/);
  const dropped = await run('drop', 'a', '--yes', '--json');
  assert.equal(dropped.code, 0, dropped.stderr);
  const { kept } = JSON.parse(dropped.stdout);
  assert.equal(existsSync(worktree), false);
  assert.deepEqual((await listed(box, root)).projects[0]?.tasks, []);
  assert.equal(await box.git(root, 'show', `${kept}:by hand`), 'mine');
  assert.equal(await box.git(root, 'for-each-ref', 'refs/pitwall/rounds'), '');
});
