import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

/** A repository with settings, and pitwall called in it. */
async function repository(t: TestContext, settings: object) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  mkdirSync(join(root, '.pitwall'));
  const change = async (values: object) => {
    writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify(values));
    await box.git(root, 'add', '.');
    await box.git(root, 'commit', '-q', '-m', 'settings');
  };
  await change(settings);
  const run = (...args: string[]) => pitwall(box, root, args);
  const tasks = async () => (await listed(box, root)).projects[0]?.tasks ?? [];
  return { box, root, change, run, tasks };
}

const fresh = ['new', '--no-attach', '--agent', 'shell', '--name'];

test('commands of a repository run once they were accepted, and a changed one asks again', async (t) => {
  const { box, root, change, run } = await repository(t, {
    setup: ['echo ready >made'],
    checks: [{ name: 'test', run: 'npm test' }],
  });
  const before = await run(...fresh, 'first');
  assert.equal(before.code, 0, before.stderr);
  assert.match(
    before.stderr,
    /setup commands of this repository were not run, checks .*; try: pitwall trust app/,
  );
  assert.equal(existsSync(`${root}.worktrees/first/made`), false);
  const unasked = await run('trust');
  assert.equal(unasked.code, 1);
  assert.match(
    unasked.stdout,
    /^app: not accepted\n {2}setup 1 +echo ready >made\n {2}check test +npm test\n$/,
  );
  assert.match(
    unasked.stderr,
    /^pitwall: the commands of app are not accepted.*\ntry: pitwall trust app --yes\n$/,
  );
  const json = JSON.parse((await run('trust', '--json')).stderr);
  assert.equal(json.error.code, 'NotTrusted');
  assert.deepEqual(json.error.detail.commands, ['echo ready >made', 'npm test']);
  assert.equal((await run('trust', '--yes')).code, 0);
  assert.match((await run('trust', '--list')).stdout, /^app: accepted 20/);
  const made = await run(...fresh, 'second');
  assert.equal(made.code, 0, made.stderr);
  assert.equal(readFileSync(`${root}.worktrees/second/made`, 'utf8'), 'ready\n');
  await change({ setup: ['echo changed >made'], checks: [{ name: 'test', run: 'npm test' }] });
  const changed = await run('trust', 'app', '--list');
  assert.match(
    changed.stdout,
    /^app: changed since .*\n\+ setup 1 +echo changed >made\n {2}check test +npm test\n- setup 1 +echo ready >made\n$/,
  );
  assert.match((await run(...fresh, 'third')).stderr, /were not run/);
  assert.equal(existsSync(`${root}.worktrees/third/made`), false);
  await run('trust', '--yes');
  assert.equal((await run('trust', '--revoke')).code, 0);
  assert.match((await run('trust', '--list')).stdout, /^app: not accepted/);
  assert.equal((await run('trust', '--list', '--yes')).code, 2);
  assert.equal(await box.git(root, 'status', '--porcelain'), '');
});

test('a person is asked on a terminal; in a task nobody is', async (t) => {
  const { box, root, run, tasks } = await repository(t, { setup: ['true'] });
  const inTask = await pitwall(box, root, ['trust', '--yes'], { env: { PITWALL_TASK: 'x' } });
  assert.equal(inTask.code, 1);
  assert.match(inTask.stderr, /not accepted inside a task/);
  await run(...fresh, 'self');
  const pane = (await tasks())[0]?.agents[0]?.pane ?? '';
  const out = join(box.folder, 'out');
  const trust = `${process.execPath} ${process.cwd()}/bin/pitwall trust app`;
  await box.tmux(
    'send-keys',
    '-t',
    pane,
    `env -u PITWALL_TASK ${trust} --yes >${out} 2>&1; echo $? >>${out}`,
    'Enter',
  );
  await until('its answer', () => existsSync(out) && /\n1\n$/.test(readFileSync(out, 'utf8')));
  assert.match(readFileSync(out, 'utf8'), /not accepted inside a task/);
  const window = await box.tmux(
    'new-window',
    '-P',
    '-F',
    '#{window_id}',
    '-t',
    'app:',
    '-c',
    root,
    '--',
    'sh',
  );
  const terminal = await attach(box, 'app', 100, 20);
  await box.tmux('select-window', '-t', window);
  for (const [answer, verdict] of [
    ['n', 'nothing is accepted'],
    ['y', 'app: accepted'],
  ] as const) {
    await terminal.keys(trust, 'Enter');
    await until('the question', async () => /y\/N\] *$/m.test((await terminal.screen()).trimEnd()));
    await terminal.keys(answer, 'Enter');
    await until(verdict, async () => (await terminal.screen()).includes(verdict));
  }
  assert.equal(JSON.parse((await run('trust', '--list', '--json')).stdout).accepted, true);
});

test('a setup that fails is shown on the task, its agents wait, and start tries again', async (t) => {
  const { box, root, run, tasks } = await repository(t, {
    setup: [
      'echo one; echo task $PITWALL_TASK in $PWD',
      'test -e ../go || { echo no go >&2; exit 3; }',
      { run: 'sleep 60', timeout: 1 },
    ],
  });
  await run('trust', '--yes');
  const made = await run(...fresh, 'slow', 'do it');
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /setup “test -e .*” exited with 3; see .*setup\.txt.*try: pitwall start slow/);
  const [task] = await tasks();
  assert.match(task?.problem ?? '', /exited with 3/);
  assert.equal(task?.state, 'exited');
  assert.equal(task?.window, null);
  const output = join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', 'slow', 'output', 'setup.txt');
  assert.match(
    readFileSync(output, 'utf8'),
    /^\$ echo one.*\none\ntask slow in .*\/slow\n\$ test.*\nno go\nsetup .* exited with 3\n$/,
  );
  assert.deepEqual(
    (await listed(box, root)).docket.map((item) => item.kind),
    ['failure'],
  );
  writeFileSync(`${root}.worktrees/go`, '');
  const late = await run('start', 'slow');
  assert.equal(late.code, 1);
  assert.match(late.stderr, /took longer than 1 s/);
  writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify({ setup: ['true'] }));
  assert.match((await run('start', 'slow')).stderr, /are not accepted yet\ntry: pitwall trust app/);
  await run('trust', '--yes');
  const started = await run('start', 'slow');
  assert.equal(started.code, 0, started.stderr);
  const [now] = await tasks();
  assert.equal(now?.problem, null);
  assert.notEqual(now?.agents[0]?.pid ?? null, null);
});

test('a layout of the repository that runs programs needs to be accepted', async (t) => {
  const { box, root, run } = await repository(t, {});
  mkdirSync(join(root, '.pitwall', 'layouts'));
  const panes = { split: 'rows', children: [{}, { name: 'web', runs: { command: ['sleep', '1000'] } }] };
  writeFileSync(join(root, '.pitwall', 'layouts', 'dev.json'), JSON.stringify({ name: 'dev', panes }));
  const refused = await run(...fresh, 'a', '--layout', 'dev');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /wants to run: sleep 1000\ntry: pitwall trust\n$/);
  assert.match((await run('trust', '--yes')).stdout, /layout dev: web +sleep 1000/);
  const made = await run(...fresh, 'a', '--layout', 'dev');
  assert.equal(made.code, 0, made.stderr);
  assert.match(await box.tmux('list-panes', '-a', '-F', '#{pane_current_command}'), /^sleep$/m);
});
