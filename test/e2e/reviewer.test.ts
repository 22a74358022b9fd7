import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

/** A repository with settings that are accepted, and a task for each call of `start`. */
async function reviewed(t: TestContext, settings: object, trusted = true) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  mkdirSync(join(root, '.pitwall'));
  writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify(settings));
  await box.git(root, 'add', '.');
  await box.git(root, 'commit', '-q', '-m', 'settings');
  const run = (...args: string[]) => pitwall(box, root, args);
  await run('open', '--no-attach');
  if (trusted) assert.equal((await run('trust', '--yes')).code, 0);
  const start = async (name: string, prompt: string, ...more: string[]) => {
    const words = ['new', '--no-attach', '--agent', 'demo', '--name', name, ...more];
    const made = await run(...words, `${prompt} [no-question]`);
    assert.equal(made.code, 0, made.stderr);
    return made;
  };
  const items = async (name: string) => (await listed(box, root)).docket.filter((item) => item.task === name);
  const item = (name: string, kind = 'review') =>
    until(
      `the ${kind} of ${name}`,
      async () => (await items(name)).find((each) => each.kind === kind),
      60_000,
    );
  const folder = (name: string) => join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', name);
  const events = (name: string, ...types: string[]) =>
    readFileSync(join(folder(name), 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((event) => types.includes(event.type));
  return { box, root, run, start, items, item, folder, events };
}

const paneFormat = '#{@pitwall_role} #{@pitwall_task} #{@pitwall_agent} #{pane_dead}';

const panes = async (box: Sandbox, role: string) =>
  (await box.tmux('list-panes', '-a', '-F', paneFormat))
    .split('\n')
    .filter((line) => line.startsWith(`${role} `));

test('after the checks a reviewer reads in a pane of its own, and its verdict stands on the item', async (t) => {
  const { box, root, run, start, item, items, folder, events } = await reviewed(t, {
    checks: [{ name: 'fine', run: 'true' }],
    reviewer: 'demo',
  });
  await start('good', 'write a line into a.md [sleep 1]', '--accept', 'a.md has a line');
  await until('the reviewer’s pane', async () =>
    (await panes(box, 'agent')).some((line) => line.startsWith('agent good reviewer ')),
  );
  assert.deepEqual(await items('good'), [], 'nothing to look at while it reads');
  const zoomed = () => box.tmux('display-message', '-p', '-t', 'app:good', '#{window_zoomed_flag}');
  assert.equal(await zoomed(), '0', 'the person’s panes stay in view');
  const { summary, verdict } = await item('good');
  assert.match(summary, /^reviewer approves; changed a\.md/);
  assert.equal(verdict?.state, 'approve');
  assert.deepEqual(
    events('good', 'check', 'verdict').map(({ type, state }) => `${type} ${state}`),
    ['check running', 'check passed', 'verdict running', 'verdict approve'],
  );
  await until('its pane to go', async () => (await panes(box, 'agent')).length === 1);
  const asked = readFileSync(join(folder('good'), 'prompt-reviewer.txt'), 'utf8');
  assert.match(
    asked,
    /write a line into a\.md[\s\S]*- a\.md has a line[\s\S]*fine: passed[\s\S]*\+- demo agent: write a line/,
  );
  const shown = JSON.parse((await run('show', 'good', '--json')).stdout);
  assert.equal(shown.task.verdict.summary, 'scripted review: nothing is marked TODO or FIXME');
  assert.deepEqual(shown.acceptance, ['a.md has a line']);
  assert.match((await run('show', 'good')).stdout, /^reviewer +demo approves: scripted review/m);
  assert.equal(
    await box.git(root, 'for-each-ref', 'refs/pitwall/reviewer'),
    '',
    'nothing kept that nobody needs',
  );
});

test('what it wants changed goes back to the author, who may dispute it; the next reading decides', async (t) => {
  const { start, item, events, folder } = await reviewed(t, {
    checks: [{ name: 'fine', run: 'true' }],
    reviewer: 'demo',
  });
  await start('back', 'write a line into a.md [review changes] [review arguable]');
  const { summary, verdict } = await item('back');
  assert.match(summary, /^reviewer approves \(1 disputed\); changed a\.md/);
  assert.deepEqual(
    verdict?.disputed.map(({ reason }) => reason),
    ['the script never makes a line shorter'],
  );
  assert.deepEqual(
    events('back', 'verdict').map(({ state, back }) => [state, back]),
    [
      ['running', false],
      ['changes', true],
      ['running', false],
      ['approve', false],
    ],
  );
  const [told] = events('back', 'held').map(({ text }) => text);
  assert.match(told, /judge each finding, do not obey it blindly/);
  assert.match(told, /^1\. a\.md:1: the script asks for another line here \(high\)$/m);
  assert.match(told, /^2\. a\.md:1: arguable/m);
  const second = readFileSync(join(folder('back'), 'prompt-reviewer.txt'), 'utf8');
  assert.doesNotMatch(second, /judge each finding/, 'nothing of how the author came to it');
});

test('the review shows the verdict, and with t its findings and what the checks printed', async (t) => {
  const { box, root, start, item } = await reviewed(t, {
    checks: [{ name: 'says', run: 'echo all is well here' }],
    reviewer: 'demo',
    reviewRounds: 0,
  });
  await start('look', 'write a line into a.md [review changes]', '--accept', 'a line more');
  await item('look');
  const program = [process.execPath, resolve('bin/pitwall'), 'review', 'look'];
  const window = ['new-window', '-d', '-c', root, '-P', '-F', '#{pane_id}'];
  const pane = await box.tmux(...window, '-e', `PITWALL_SOCKET=${box.socket}`, '--', ...program);
  await box.tmux('resize-window', '-t', pane, '-x', '120', '-y', '40');
  const shows = (text: RegExp) =>
    until(`${text}`, async () => text.test(await box.tmux('capture-pane', '-p', '-t', pane)));
  await shows(/look ◆ first look · 1 file \+1 −0 · .* · reviewer wants changes \(1 finding\)/);
  await box.tmux('send-keys', '-t', pane, 't');
  await shows(
    /Acceptance\s+a line more[\s\S]*Reviewer\s+demo wants changes[\s\S]*1\. a\.md:1: the script asks[\s\S]*Checks\s+run 1: passed\s[\s\S]*all is well here/,
  );
});

test('a verdict on the same files stands, and rounds are limited', async (t) => {
  const { start, item, events, run } = await reviewed(t, { reviewer: 'demo', reviewRounds: 2 });
  await start('same', 'write a line into a.md [review arguable]');
  const first = await item('same');
  assert.match(first.summary, /^reviewer wants changes \(1 finding, 1 disputed\)/);
  assert.deepEqual(
    events('same', 'verdict').map(({ state, back }) => `${state} ${back}`),
    ['running false', 'changes true', 'changes false'],
    'read once: the author changed nothing',
  );
  await start('stuck', 'write a line into b.md [review always]');
  const last = await item('stuck');
  assert.match(last.summary, /^reviewer wants changes \(1 finding\)/);
  assert.equal(last.severity, 'high');
  assert.deepEqual(
    events('stuck', 'verdict').flatMap(({ state, back }) => (state === 'changes' ? [back] : [])),
    [true, true, false],
  );
  // A prompt of the person's begins the count anew.
  assert.equal((await run('send', 'stuck', 'and c.md [no-question]')).code, 0);
  await until('three more readings', () => events('stuck', 'verdict').length === 12, 60_000);
  assert.equal(events('stuck', 'verdict').at(-1).back, false);
});

const misbehaviour = [
  ['[review nonsense]', /^no verdict: its answer is not a JSON object$/],
  ['[review silent]', /^no verdict: it ended its turn without an answer$/],
  ['[review hang]', /^no verdict: it gave no answer within 4 s$/],
  ['[review ask]', /^no verdict: it gave no answer within 4 s; it waited for an answer: May I run/],
  ['[review commit]', /^no verdict: HEAD was \S+ [0-9a-f]+ and is \S+ [0-9a-f]+: nothing was undone$/],
] as const;

for (const [word, action] of misbehaviour)
  test(`a reviewer that misbehaves gives no verdict, and the item says so: ${word}`, async (t) => {
    const { box, start, item, items } = await reviewed(t, { reviewer: 'demo', reviewTimeout: 4 });
    await start('bad', `write a line into a.md ${word}`);
    if (word === '[review ask]')
      await until('its question', async () => (await items('bad'))[0]?.kind === 'question');
    const review = await item('bad');
    assert.match(review.action ?? '', action);
    assert.match(review.summary, /^reviewer no verdict; changed a\.md/);
    assert.equal(review.verdict?.state, 'none');
    await until('its pane to go', async () => (await panes(box, 'agent')).length === 1);
  });

test('files that a reviewer changed are put back, and kept', async (t) => {
  const { box, root, start, item } = await reviewed(t, { reviewer: 'demo' });
  await start('edited', 'write a line into a.md [review edit]');
  const review = await item('edited');
  assert.match(
    review.action ?? '',
    /^no verdict: it changed README\.md, made-by-reviewer\/note\.md, which it was not to; undone, and kept as refs\/pitwall\/reviewer\/app\/edited\/1\/after$/,
  );
  const worktree = `${root}.worktrees/edited`;
  assert.equal(await box.git(worktree, 'status', '--porcelain'), '?? a.md');
  assert.equal(readFileSync(join(worktree, 'README.md'), 'utf8'), '# app\n');
  assert.equal(existsSync(join(worktree, 'made-by-reviewer')), false);
  assert.match(
    await box.git(root, 'show', 'refs/pitwall/reviewer/app/edited/1/after:README.md'),
    /by the reviewer/,
  );
});

test('files that another may have changed meanwhile stay as they are', async (t) => {
  const { box, root, start, item } = await reviewed(t, { reviewer: 'demo' });
  const worktree = `${root}.worktrees/both`;
  await start('both', 'write a line into a.md [sleep 2] [review edit]');
  await until('the worktree', () => existsSync(worktree));
  // A shell of the person's beside the agent.
  await box.tmux('split-window', '-d', '-t', 'app:both', '-c', worktree, 'cat');
  const review = await item('both');
  assert.match(
    review.action ?? '',
    /^no verdict: README\.md, made-by-reviewer\/note\.md changed while it read; left as they are, for the pane with \w+ may have done it$/,
  );
  assert.match(readFileSync(join(worktree, 'README.md'), 'utf8'), /by the reviewer/);
});

test('whoever looks after a reviewer may be killed at any step: it is read once more, and nothing is left', async (t) => {
  const { box, run, start, events, root } = await reviewed(t, { reviewer: 'demo', reviewTimeout: 60 });
  await start('killed', 'write a line into a.md [review hang]');
  for (const reading of [1, 2]) {
    await until(`reading ${reading}`, () => events('killed', 'verdict').length === reading);
    await until('its pane', async () =>
      (await panes(box, 'agent')).some((line) => line.startsWith('agent killed reviewer 0')),
    );
    process.kill(events('killed', 'verdict').at(-1).pid, 'SIGKILL');
    await run('settle');
  }
  await until('the third reading', () => events('killed', 'verdict').length === 3);
  await until('one pane of its own', async () => (await panes(box, 'agent')).length === 2);
  assert.equal((await run('send', 'killed', 'leave it, write into b.md [no-question]')).code, 0);
  await until('the reading to be given up', () =>
    events('killed', 'verdict').some(({ summary }) => summary === 'the task was worked on meanwhile'),
  );
  assert.equal((await run('remove', '--force', 'killed')).code, 0);
  await until('all to go', async () => (await panes(box, 'agent')).length === 0);
  assert.equal(await box.git(root, 'for-each-ref', 'refs/pitwall'), '');
});

test('two tasks that end at once are read each by its own reviewer', async (t) => {
  const { start, item, events } = await reviewed(t, {
    checks: [{ name: 'fine', run: 'true' }],
    reviewer: 'demo',
  });
  await Promise.all([
    start('one', 'write a line into a.md [review changes]'),
    start('two', 'write TODO into b.md'),
  ]);
  const [one, two] = await Promise.all([item('one'), item('two')]);
  assert.match(one.summary, /^reviewer approves/);
  assert.match(two.summary, /^reviewer wants changes/);
  assert.deepEqual(
    two.verdict?.findings.map(({ file }) => file).filter((file) => file !== 'b.md'),
    [],
  );
  for (const name of ['one', 'two']) {
    const runs = events(name, 'verdict').filter(({ state }) => state === 'running');
    assert.deepEqual(
      runs.map((event) => event.run),
      runs.map((_, index) => index + 1),
    );
  }
});

test('a program of the person’s own that is typed to and has no hooks reviews as well', async (t) => {
  const { run, start, item, events } = await reviewed(t, {});
  const script = [
    'echo ready; while read -r line; do case $line in *"Findings are optional."*) break;; esac; done',
    'echo reading; echo \'{"verdict":"unsure","summary":"read by hand"}\' >"$PITWALL_VERDICT"; exec cat',
  ].join('; ');
  const own = JSON.stringify({ command: ['sh', '-c', script] });
  assert.equal((await run('config', 'set', 'agents.mine', own)).code, 0);
  await start('typed', 'write a line into a.md', '--reviewer', 'mine');
  assert.match((await item('typed')).summary, /^reviewer is unsure; changed a\.md/);
  assert.deepEqual(
    events('typed', 'held', 'delivered').map(({ type, agent }) => `${type} ${agent}`),
    ['held reviewer', 'delivered reviewer'],
  );
});

test('a reviewer that the repository names needs trust; the person’s own does not, and none switches it off', async (t) => {
  const { run, start, item, events } = await reviewed(t, { reviewer: 'demo' }, false);
  const made = await start('untrusted', 'write a line into a.md');
  assert.match(made.stderr, /the reviewer of this repository does not read; try: pitwall trust app/);
  assert.equal((await item('untrusted')).verdict, null);
  assert.deepEqual(events('untrusted', 'verdict'), []);
  await start('own', 'write a line into b.md', '--reviewer', 'demo');
  assert.equal((await item('own')).verdict?.state, 'approve');
  assert.match((await run('trust', '--list')).stdout, /reviewer +demo/);
  assert.equal((await run('trust', '--yes')).code, 0);
  await start('off', 'write a line into c.md', '--reviewer', 'none');
  assert.equal((await item('off')).verdict, null);
  for (const [preset, words] of [
    ['shell', /takes no prompt/],
    ['nobody', /there is no agent preset nobody/],
  ] as const) {
    const refused = await run('new', '--no-attach', '--agent', 'demo', '--reviewer', preset, 'x');
    assert.equal(refused.code === 0, false);
    assert.match(refused.stderr, words);
  }
});
