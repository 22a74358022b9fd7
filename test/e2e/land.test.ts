import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox } from '../helpers/sandbox.ts';

interface Told {
  readonly tasks: readonly {
    readonly task: string;
    readonly outcome: string;
    readonly base: string | null;
    readonly commit: string | null;
    readonly files: readonly string[];
    readonly url: string | null;
    readonly removed: boolean;
    readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
  }[];
  readonly pushes: readonly {
    readonly branch: string;
    readonly error: { readonly message: string } | null;
  }[];
}

async function place(t: TestContext, settings: object | null = null) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const git = (...args: string[]) => box.git(root, ...args);
  if (settings !== null) {
    mkdirSync(join(root, '.pitwall'));
    writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify(settings));
    await git('add', '.');
    await git('commit', '-qm', 'settings');
  }
  const run = (...args: string[]) => pitwall(box, root, args);
  const worktree = (name: string) => `${root}.worktrees/${name}`;
  const approve = async (name: string) => {
    const ran = await run('approve', name);
    assert.equal(ran.code, 0, ran.stderr);
  };
  /** A task that changed these files, committed and approved. */
  const task = async (
    name: string,
    files: Readonly<Record<string, string>>,
    options: readonly string[] = [],
  ) => {
    const made = await run('new', '--no-attach', '--agent', 'demo', '--name', name, ...options);
    assert.equal(made.code, 0, made.stderr);
    assert.equal((await run('stop', name)).code, 0);
    await commit(box, worktree(name), files);
    await approve(name);
  };
  const land = async (...args: string[]) => {
    const ran = await run('land', '--json', ...args);
    assert.ok(ran.stdout.startsWith('{'), ran.stderr);
    return { ...(JSON.parse(ran.stdout) as Told), code: ran.code, stderr: ran.stderr };
  };
  const docket = async () =>
    (await listed(box, root)).docket.map(({ kind, task: name }) => `${kind} ${name}`);
  return { box, root, git, run, task, land, worktree, approve, docket };
}

async function commit(box: Sandbox, folder: string, files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  await box.git(folder, 'add', '-A');
  await box.git(folder, 'commit', '-qm', `change ${Object.keys(files).join(' ')}`);
}

function outcomes({ tasks }: Told) {
  return tasks.map(({ task, outcome }) => `${task} ${outcome}`);
}

test('merge, squash and rebase each land on a base that moved on; the task is gone afterwards', async (t) => {
  const { box, root, git, task, land, worktree } = await place(t);
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
  const { box, root, git, task, land, run, worktree, docket } = await place(t, {
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
