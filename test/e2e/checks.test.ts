import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const inWorktree = 'test "$(basename "$PWD")" = "$PITWALL_TASK"';

/** A repository whose checks are accepted. */
async function checked(t: TestContext, checks: readonly object[], more: object = {}) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  mkdirSync(join(root, '.pitwall'));
  writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify({ checks, ...more }));
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'settings');
  const run = (...args: string[]) => pitwall(box, root, args);
  await run('open', '--no-attach');
  assert.equal((await run('trust', '--yes')).code, 0);
  const start = async (name: string, prompt: string) => {
    const made = await run(
      'new',
      '--no-attach',
      '--agent',
      'demo',
      '--name',
      name,
      `${prompt} [no-question]`,
    );
    assert.equal(made.code, 0, made.stderr);
  };
  const state = () => listed(box, root);
  const task = async (name: string) => (await state()).projects[0]?.tasks.find((each) => each.name === name);
  const items = async (name: string) => (await state()).docket.filter((item) => item.task === name);
  const folder = (name: string) => join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', name);
  const events = (name: string) =>
    readFileSync(join(folder(name), 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((event) => event.type === 'check');
  return { box, root, run, start, task, items, folder, events };
}

const checkPanes = async (box: Sandbox) =>
  (await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role} #{@pitwall_task} #{pane_dead}'))
    .split('\n')
    .filter((line) => line.startsWith('check '));

test('a turn that ends with a change is checked in a pane, and only then is there something to review', async (t) => {
  const { box, root, run, start, task, items, folder, events } = await checked(t, [
    { name: 'place', run: inWorktree },
    { name: 'slow', run: 'while ! test -e ../go; do sleep 0.05; done; echo all is well' },
  ]);
  await start('good', 'write a line into a.md');
  await until('the checks to run', async () => (await task('good'))?.checks === 'running');
  assert.equal((await task('good'))?.state, 'done');
  assert.deepEqual(await items('good'), [], 'nothing to look at yet');
  assert.match((await run('list')).stdout, /^◆ done +good .* checks running /m);
  // Another agent's report makes the hook put the docket in order by itself.
  await start('other', 'explain it [report-only]');
  await until('the other report', async () => (await items('other')).length > 0);
  assert.equal(await box.tmux('show-options', '-sv', '@pitwall_count'), '1');
  assert.deepEqual(await checkPanes(box), ['check good 0']);
  writeFileSync(`${root}.worktrees/go`, '');
  await until('the checks to pass', async () => (await task('good'))?.checks === 'passed');
  assert.deepEqual(
    (await items('good')).map((item) => item.kind),
    ['review'],
  );
  await until('the pane to go', async () => (await checkPanes(box)).length === 0);
  assert.match(
    readFileSync(join(folder('good'), 'output', 'checks-1.txt'), 'utf8'),
    /^── check place: test.*\n── check place passed.*\n── check slow: .*\nall is well\n── check slow passed/,
  );
  assert.deepEqual(
    events('good').map((event) => event.state),
    ['running', 'passed'],
  );
  // Settling again finds nothing to do.
  await pitwall(box, root, ['settle']);
  assert.equal(events('good').length, 2);
});

test('a turn that changed nothing is a report, without any check', async (t) => {
  const { start, items, events, task } = await checked(t, [{ name: 'never', run: 'false' }]);
  await start('words', 'explain it [report-only]');
  await until('the report', async () => (await items('words'))[0]?.kind === 'report');
  assert.deepEqual(events('words'), []);
  assert.equal((await task('words'))?.checks, 'none');
});

test('a failure goes back to the agent, which mends it', async (t) => {
  const { start, items, events, folder, box } = await checked(t, [
    { name: 'has-b', run: 'test -e b.md || { echo "please add b.md [no-question]"; exit 3; }' },
  ]);
  await start('mend', 'write a line into a.md');
  await until('the review', async () => (await items('mend'))[0]?.kind === 'review', 40_000);
  assert.deepEqual(
    events('mend').map(({ state, check, back }) => [state, check, back]),
    [
      ['running', null, false],
      ['failed', 'has-b', true],
      ['running', null, false],
      ['passed', null, false],
    ],
  );
  const journal = readFileSync(join(folder('mend'), 'journal.jsonl'), 'utf8');
  assert.match(
    journal,
    /"prompt":"check-[^"]*","text":"The check “has-b” failed after your turn: .*exited with 3 \(attempt 1 of 3\)/,
  );
  await until('the pane to go', async () => (await checkPanes(box)).length === 0);
});

test('what keeps failing becomes a failure for the person, who may send a prompt and try again', async (t) => {
  const { root, start, run, items, events, task, box } = await checked(
    t,
    [
      { name: 'fine', run: 'true' },
      { name: 'go', run: 'test -e ../go || { echo "no go [no-question]"; exit 1; }' },
    ],
    { checkAttempts: 1 },
  );
  await start('stuck', 'write a line into a.md');
  const failure = await until(
    'the failure',
    async () => (await items('stuck')).find((item) => item.kind === 'failure'),
    40_000,
  );
  assert.match(failure.summary, /^check go failed: exited with 1/);
  assert.equal((await items('stuck')).length, 1, 'no review beside it');
  assert.equal((await task('stuck'))?.checks, 'failed');
  assert.deepEqual(
    events('stuck')
      .filter(({ state }) => state === 'failed')
      .map(({ back }) => back),
    [true, false],
  );
  assert.deepEqual(
    await until('one dead pane', async () =>
      (await checkPanes(box)).join() === 'check stuck 1' ? ['ok'] : null,
    ),
    ['ok'],
  );
  writeFileSync(`${root}.worktrees/go`, '');
  assert.equal((await run('send', 'stuck', 'once more, into c.md [no-question]')).code, 0);
  await until('the review', async () => (await items('stuck'))[0]?.kind === 'review', 40_000);
});

test('check in the foreground tells by its exit code, and two at once run once', async (t) => {
  const { root, run, start, items, events, task } = await checked(t, [
    { name: 'turns', run: 'while ! test -e ../go; do sleep 0.05; done; test ! -e ../bad || exit 4' },
  ]);
  await start('hand', 'write a line into a.md');
  await until('the checks to run', async () => (await task('hand'))?.checks === 'running');
  const second = await run('check', 'hand', '--json');
  assert.equal(second.code, 1);
  assert.equal(JSON.parse(second.stderr).error.code, 'Locked');
  await Promise.all([run('settle'), run('settle'), run('settle')]);
  assert.equal(events('hand').length, 1);
  writeFileSync(`${root}.worktrees/go`, '');
  await until('the review', async () => (await items('hand'))[0]?.kind === 'review');
  const passed = await run('check', 'hand', '--json');
  assert.equal(passed.code, 0, passed.stderr);
  const { state, checks, log } = JSON.parse(passed.stdout);
  assert.deepEqual([state, checks.length, checks[0].ok, existsSync(log)], ['passed', 1, true, true]);
  writeFileSync(`${root}.worktrees/bad`, '');
  const failed = await run('check', 'hand');
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /0 of 1 checks passed; check turns failed: exited with 4; see/);
  assert.equal((await items('hand'))[0]?.kind, 'failure');
  assert.equal(events('hand').at(-1).back, false, 'a person’s own check goes to no agent');
  await run('trust', '--revoke');
  assert.match((await run('check', 'hand')).stderr, /the checks of app are not accepted yet/);
});

test('a change while checks run makes their result stale; checks that change the worktree themselves fail', async (t) => {
  const { root, start, events, items } = await checked(t, [
    { name: 'wait', run: 'touch ../began; while ! test -e ../go; do sleep 0.05; done' },
  ]);
  await start('edited', 'write a line into a.md');
  await until('the checks to run', () => existsSync(`${root}.worktrees/began`));
  writeFileSync(`${root}.worktrees/edited/by-hand.md`, 'x');
  writeFileSync(`${root}.worktrees/go`, '');
  await until('the review', async () => (await items('edited'))[0]?.kind === 'review');
  assert.deepEqual(
    events('edited').map((event) => event.state),
    ['running', 'stale', 'running', 'passed'],
  );
  const other = await checked(t, [{ name: 'litters', run: 'date +%s%N >made-$$' }]);
  await other.start('litter', 'write a line into a.md');
  const failure = await until('the failure', async () =>
    (await other.items('litter')).find(({ kind }) => kind === 'failure'),
  );
  assert.match(failure.summary, /the worktree changed while its checks ran/);
  assert.deepEqual(
    other.events('litter').map((event) => event.state),
    ['running', 'stale', 'running', 'failed'],
  );
});

test('checks that take too long are ended with all they started', async (t) => {
  const { root, run, items, start, task } = await checked(
    t,
    [{ name: 'long', run: 'sleep 98765 & wait', timeout: 1 }],
    { checkAttempts: 0 },
  );
  await start('late', 'write a line into a.md');
  await until('the failure', async () => (await items('late'))[0]?.kind === 'failure');
  assert.match((await items('late'))[0]?.summary ?? '', /took longer than 1 s/);
  assert.doesNotMatch(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }), /sleep 98765/);
  assert.equal((await task('late'))?.state, 'done');
  assert.equal((await run('remove', '--force', 'late')).code, 0);
  assert.equal(existsSync(`${root}.worktrees/late`), false);
});

test('checks whose pane was closed run again with the next settling, also without a window', async (t) => {
  const { box, root, run, start, items, events, task } = await checked(t, [
    { name: 'wait', run: 'touch ../began-$$; while ! test -e ../go; do sleep 0.05; done' },
  ]);
  await start('cut', 'write a line into a.md');
  await until('the checks to run', async () => (await task('cut'))?.checks === 'running');
  const pane = await box.tmux('list-panes', '-a', '-f', '#{==:#{@pitwall_role},check}', '-F', '#{pane_id}');
  await box.tmux('kill-pane', '-t', pane);
  await until('them to be over', async () => (await task('cut'))?.checks === 'none');
  assert.deepEqual(await items('cut'), []);
  await box.tmux('kill-window', '-t', (await task('cut'))?.window ?? '');
  writeFileSync(`${root}.worktrees/go`, '');
  assert.equal((await run('settle')).code, 0);
  await until('the review', async () => (await items('cut'))[0]?.kind === 'review');
  // The settling that tmux starts for the closed pane may have begun them once more before the window went.
  const states = events('cut').map((event) => event.state);
  assert.match(states.join(' '), /^running running (running )?passed$/);
});
