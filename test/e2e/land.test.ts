import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commit, landDesk, outcomes, type Told } from '../helpers/land-desk.ts';
import { pitwall } from '../helpers/program.ts';

test('merge, squash and rebase each land on a base that moved on; the task is gone afterwards', async (t) => {
  const { box, root, git, task, land, worktree } = await landDesk(t);
  for (const [strategy, added] of [
    ['merge', 3],
    ['squash', 1],
    ['rebase', 1],
  ] as const) {
    await task(strategy, { [strategy]: 'new\n' });
    await commit(box, root, { moved: `${strategy}\n` });
    const before = (await git('rev-parse', 'main')).trim();
    const told = await land(strategy, '--strategy', strategy);
    assert.deepEqual(told.tasks[0]?.error, null);
    assert.equal(told.code, 0, told.stderr);
    assert.deepEqual(outcomes(told), [`${strategy} landed`]);
    assert.equal(told.tasks[0]?.removed, true, told.stderr);
    assert.equal((await git('rev-parse', 'main')).trim(), told.tasks[0]?.commit);
    assert.equal(await git('rev-list', '--count', `${before}..main`), String(added));
    assert.equal(await git('rev-parse', 'main^'), before);
    assert.equal(readFileSync(join(root, strategy), 'utf8'), 'new\n');
    assert.equal(await git('status', '--porcelain'), '');
    assert.equal(existsSync(worktree(strategy)), false);
    assert.equal(await git('branch', '--list', strategy), '');
    assert.match(await git('log', '-1', '--format=%an %cn', 'main'), /^Test Test$/);
  }
  assert.equal(await git('for-each-ref', 'refs/pitwall'), '');
  assert.equal((await git('worktree', 'list')).split('\n').length, 1);
});

test('two tasks land one on top of the other, by priority; a conflict stops only its own', async (t) => {
  const { box, root, git, task, land, run, worktree, docket } = await landDesk(t, {
    land: { strategy: 'squash' },
  });
  await task('first', { shared: 'first\n' });
  await task('second', { other: 'second\n' });
  await task('clash', { shared: 'clash\n' });
  await task('urgent', { urgent: 'now\n' }, ['--priority', '5']);
  const main = await git('rev-parse', 'main');
  const foreseen = await land('--dry-run');
  assert.equal(foreseen.code, 1);
  assert.deepEqual(outcomes(foreseen), [
    'urgent would-land',
    'first would-land',
    'second would-land',
    'clash conflict',
  ]);
  assert.deepEqual(foreseen.tasks[3]?.files, ['shared']);
  assert.equal(await git('rev-parse', 'main'), main);
  const tip = await git('rev-parse', 'clash');
  const told = await land();
  assert.equal(told.code, 1);
  assert.deepEqual(outcomes(told), ['urgent landed', 'first landed', 'second landed', 'clash conflict']);
  assert.deepEqual(told.tasks[3]?.files, ['shared']);
  assert.equal(await git('rev-list', '--count', `${main}..main`), '3');
  assert.equal(await git('rev-parse', 'clash'), tip);
  assert.equal(await box.git(worktree('clash'), 'status', '--porcelain'), '');
  assert.deepEqual(await docket(), ['conflict clash']);
  assert.equal(readFileSync(join(root, 'shared'), 'utf8'), 'first\n');
  const hint = told.tasks[3]?.error?.hint;
  assert.equal(hint, 'pitwall land --hand-over clash');
  const handed = await run('land', '--hand-over', 'clash', '--json');
  assert.equal(handed.code, 0, handed.stderr);
  assert.deepEqual(await docket(), []);
  const { held, journal } = JSON.parse((await run('show', 'clash', '--json')).stdout);
  assert.match(JSON.stringify([held, journal]), /conflicts in:\\n- shared/);
  assert.match((await run('land', '--hand-over', 'clash')).stderr, /nothing kept clash from landing/);
});

test('what changed since it was approved, is not committed or not approved does not land', async (t) => {
  const { box, git, run, task, land, worktree, approve } = await landDesk(t);
  await task('a', { a: 'a\n' });
  const main = await git('rev-parse', 'main');
  const refusal = async (...args: string[]) => {
    const told = await land('a', ...args);
    assert.deepEqual([told.code, ...outcomes(told)], [1, 'a refused']);
    assert.equal(await git('rev-parse', 'main'), main);
    return told.tasks[0]?.error;
  };
  writeFileSync(join(worktree('a'), 'more'), 'more\n');
  assert.match((await refusal('--commit'))?.message ?? '', /a has changed since it was approved/);
  await approve('a');
  const open = await refusal();
  assert.match(open?.message ?? '', /1 file that is not committed \(more\)/);
  assert.equal(open?.hint, 'pitwall land a --commit');
  assert.match((await refusal('--dry-run'))?.message ?? '', /not committed/);
  assert.equal((await run('return', 'a', '-m', 'again')).code, 0);
  assert.equal((await refusal())?.hint, 'pitwall approve a');
  assert.deepEqual(outcomes(await land()), []);
  assert.match((await run('land', '--project', 'other')).stderr, /there is no project other/);
  const elsewhere = await pitwall(box, box.folder, ['land', 'app:a', '--dry-run', '--json']);
  assert.match(elsewhere.stdout, /a is not approved/);
  assert.equal((await run('approve', 'a', '--force')).code, 0);
  const told = await land('a', '--commit', '-m', 'More of it', '--keep', '--strategy', 'rebase');
  assert.deepEqual([told.tasks[0]?.error, told.tasks[0]?.removed], [null, false]);
  assert.equal(await git('log', '-1', '--format=%s', 'main'), 'More of it');
  assert.equal(await box.git(worktree('a'), 'status', '--porcelain'), '');
  const again = await land();
  assert.deepEqual([again.code, ...outcomes(again)], [0, 'a nothing']);
  assert.equal(existsSync(worktree('a')), false);
});

test('land.commit commits with a message made from the task', async (t) => {
  const { git, task, land, worktree, approve, run } = await landDesk(t, {
    land: { commit: true, strategy: 'merge' },
  });
  await task('a', { a: 'a\n' });
  writeFileSync(join(worktree('a'), 'open'), 'open\n');
  await approve('a');
  assert.match((await run('land', '-m', 'x')).stderr, /-m is the message for --commit/);
  assert.deepEqual((await land()).tasks[0]?.error, null);
  assert.equal(await git('log', '-1', '--format=%s', 'main^2'), 'a');
  assert.equal(await git('log', '-1', '--format=%s', 'main'), "Merge branch 'a' into main");
});

test('a squash has the message given for the commit that it takes in', async (t) => {
  const { git, task, land, worktree, approve } = await landDesk(t);
  await task('a', { a: 'a\n' });
  writeFileSync(join(worktree('a'), 'open'), 'open\n');
  await approve('a');
  const told = await land('a', '--strategy', 'squash', '--commit', '-m', 'My words\n\nand why\n');
  assert.deepEqual(told.tasks[0]?.error, null);
  assert.equal(await git('log', '-1', '--format=%B', 'main'), 'My words\n\nand why\n');
});

test('a dirty base is left alone; nowhere or in another worktree it lands without touching the main one', async (t) => {
  const { box, root, git, task, land } = await landDesk(t);
  await task('a', { a: 'a\n' });
  await task('b', { b: 'b\n' });
  const main = await git('rev-parse', 'main');
  writeFileSync(join(root, 'README.md'), 'mine\n');
  const told = await land('a');
  assert.deepEqual(outcomes(told), ['a refused']);
  assert.match(told.tasks[0]?.error?.message ?? '', /has files that are not committed \(README.md\)/);
  assert.equal(await git('rev-parse', 'main'), main);
  await git('checkout', '-q', '--detach');
  assert.deepEqual(outcomes(await land('a')), ['a landed']);
  assert.equal(await git('rev-parse', 'HEAD'), main);
  assert.equal(readFileSync(join(root, 'README.md'), 'utf8'), 'mine\n');
  const other = join(box.folder, 'other');
  await git('worktree', 'add', '-q', other, 'main');
  const landed = await land('b');
  assert.deepEqual(landed.tasks[0]?.error, null);
  assert.equal(readFileSync(join(other, 'b'), 'utf8'), 'b\n');
  assert.equal(await box.git(other, 'status', '--porcelain'), '');
  assert.equal(existsSync(join(root, 'b')), false);
  assert.equal(readFileSync(join(root, 'README.md'), 'utf8'), 'mine\n');
});

test('a base of a remote lands in the branch that follows it; push and pull request only when asked', async (t) => {
  const { box, root, git, task, run, worktree } = await landDesk(t);
  const far = join(box.folder, 'far.git');
  await box.git(box.folder, 'clone', '-q', '--bare', root, 'far.git');
  await git('remote', 'add', 'origin', far);
  await git('fetch', '-q', 'origin');
  const base = ['--base', 'origin/main'];
  await task('a', { a: 'a\n' }, base);
  await task('b', { b: 'b\n' }, base);
  const gh = join(box.folder, 'gh');
  writeFileSync(
    gh,
    `#!/bin/sh\nfor word; do echo "$word"; done > "${gh}.said"\necho https://example.invalid/pull/7\n`,
    {
      mode: 0o755,
    },
  );
  const env = { PATH: `${box.folder}:${box.env.PATH}` };
  const land = async (...args: string[]) => {
    const ran = await pitwall(box, root, ['land', '--json', ...args], { env });
    return JSON.parse(ran.stdout) as Told;
  };
  const refused = await land('a');
  assert.match(refused.tasks[0]?.error?.message ?? '', /branch main here follows nothing, not origin\/main/);
  const requested = await land('b', '--pr');
  assert.deepEqual(
    [requested.tasks[0]?.error, requested.tasks[0]?.url],
    [null, 'https://example.invalid/pull/7'],
  );
  assert.deepEqual(readFileSync(`${gh}.said`, 'utf8').split('\n').slice(0, 6), [
    'pr',
    'create',
    '--base',
    'main',
    '--head',
    'b',
  ]);
  assert.equal(await box.git(far, 'rev-parse', 'b'), await git('rev-parse', 'b'));
  assert.equal(existsSync(worktree('b')), true);
  await git('branch', '-q', '--set-upstream-to=origin/main', 'main');
  // What others pushed and was fetched does not become part of the task's commit.
  const theirs = join(box.folder, 'theirs');
  await box.git(box.folder, 'clone', '-q', 'far.git', theirs);
  await commit(box, theirs, { theirs: 'theirs\n' });
  await box.git(theirs, 'push', '-q', 'origin', 'main');
  await git('fetch', '-q', 'origin');
  const told = await land('a', '--strategy', 'squash', '--push');
  assert.deepEqual([told.tasks[0]?.error, told.tasks[0]?.removed], [null, true]);
  assert.deepEqual(told.pushes[0]?.error, null);
  assert.equal(await git('rev-parse', 'main^'), await box.git(theirs, 'rev-parse', 'main'));
  assert.equal(await git('show', '--format=', '--name-only', 'main'), 'a');
  assert.equal(await box.git(far, 'rev-parse', 'main'), await git('rev-parse', 'main'));
  await git('remote', 'set-url', 'origin', join(box.folder, 'gone.git'));
  const unpushed = await land('b', '--push');
  assert.deepEqual(outcomes(unpushed), ['b landed']);
  assert.match(unpushed.pushes[0]?.error?.message ?? '', /git push of main to origin failed/);
  assert.equal((await run('land', 'b')).code, 1);
});
