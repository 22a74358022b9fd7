import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parseWindowRecord } from '../../lib/core/window-record.ts';
import { listed, pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const layouts = ['solo', 'pair', 'test', 'bench', 'review'] as const;
const quiet = 'edit docs/a.md [no-question]';
const stateOf = (box: Sandbox) => join(box.env.XDG_STATE_HOME ?? '', 'pitwall');

async function desk(box: Sandbox, tasks: number, prompt: string | null = quiet): Promise<string> {
  const root = await box.repository();
  // A session of the person's own, which keeps its windows to itself.
  await box.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', '-x', '300', '-y', '90', 'cat');
  const opened = await pitwall(box, root, ['open', '--no-attach']);
  assert.equal(opened.code, 0, opened.stderr);
  for (let number = 0; number < tasks; number += 1) {
    const words = ['--name', `t${number}`, '--layout', layouts[number % layouts.length] ?? 'solo'];
    const made = await pitwall(box, root, [
      'new',
      '--no-attach',
      '--agent',
      'demo',
      ...words,
      ...(prompt ? [prompt] : []),
    ]);
    assert.equal(made.code, 0, made.stderr);
    assert.equal(existsSync(join(stateOf(box), 'app', `t${number}`, 'window')), true, 'on record at once');
  }
  await until('every agent has its conversation', async () => {
    const told = await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role}');
    const agents = told.split('\n').filter((role) => role === 'agent').length;
    const kept =
      tasks === 0 ? [] : readdirSync(join(stateOf(box), 'app'), { recursive: true, encoding: 'utf8' });
    return kept.filter((path) => /\/demo\/[^/]+\.jsonl$/.test(path)).length === agents;
  });
  return root;
}

/** How many tasks wait: those that say the same are one entry. */
async function waiting(box: Sandbox, root: string): Promise<number> {
  const { docket } = await listed(box, root);
  return docket.reduce((sum, { also }) => sum + 1 + also.length, 0);
}

const format = [
  '#{session_name} #{window_index} #{window_name} #{window_zoomed_flag} #{window_width}x#{window_height}',
  '#{window_layout}',
  '#{?#{==:#{@pitwall_role},sidebar},slot,#{@pitwall_role}} #{@pitwall_task}/#{@pitwall_agent} #{@pitwall_runs} #{?#{==:#{@pitwall_role},sidebar},,#{pane_current_path}}',
].join(' | ');

/** Sessions of ours, window by window and pane by pane, without what differs from server to server: ids. */
async function stands(box: Sandbox): Promise<readonly string[]> {
  const said = await box.tmux('list-panes', '-a', '-f', '#{!=:#{session_name},mine}', '-F', format);
  return said
    .split('\n')
    .map((line) => line.replace(/[0-9a-f]{4},(?=\d+x)/, '').replace(/(\d+x\d+,\d+,\d+),\d+/g, '$1'));
}

/** A program that has just been started may not tell its folder yet. */
async function settled(box: Sandbox): Promise<void> {
  await until('folders', async () => !/agent .* $/m.test((await stands(box)).join('\n')));
}

/** argv of the agents' programs, from the system's own table: `TASK: argv`. */
async function programs(box: Sandbox): Promise<readonly string[]> {
  const said = await box.tmux(
    'list-panes',
    '-a',
    '-f',
    '#{==:#{@pitwall_role},agent}',
    '-F',
    '#{pane_pid} #{@pitwall_task}/#{@pitwall_agent}',
  );
  return said.split('\n').map((line) => {
    const [pid = '', name = ''] = line.split(' ');
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(1, -1);
    return `${name}: ${argv
      .filter((word) => !word.includes('no-question') && word !== '--')
      .join(' ')
      .replace('--conversation', '--resume')}`;
  });
}

const conversations = async (box: Sandbox, root: string) =>
  (await listed(box, root)).projects[0]?.tasks.map((task) => [
    task.name,
    task.agents.map((agent) => agent.conversationId),
  ]);

async function killServer(box: Sandbox): Promise<void> {
  const pid = Number(await box.tmux('display-message', '-p', '#{pid}'));
  process.kill(pid, 'SIGKILL');
  await until('the server is gone', () => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
}

/** Until the records on disk are those of the windows that stand. */
async function recorded(box: Sandbox, tasks: number): Promise<void> {
  await until(
    'nothing is due',
    async () => (await box.tmux('show-options', '-sqv', '@pitwall_recording')) === '',
  );
  await until('the records', async () => {
    const said = await box.tmux(
      'list-windows',
      '-a',
      '-F',
      '#{window_index} #{window_zoomed_flag} #{window_layout}',
    );
    const records = readdirSync(join(stateOf(box), 'app'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('/window'))
      .map((path) => parseWindowRecord(readFileSync(join(stateOf(box), 'app', path), 'utf8')));
    const fits = records.filter((each) =>
      said.includes(`${each?.index} ${each?.zoomed ? 1 : 0} ${each?.layout}`),
    );
    return fits.length === tasks;
  });
}

test('twelve tasks in five layouts come back as they stood after tmux was killed', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 12);
  await until('all are done', async () => (await waiting(box, root)) === 12, 60_000);
  const window = async (task: string) =>
    (
      await box.tmux(
        'list-panes',
        '-a',
        '-f',
        `#{==:#{@pitwall_task},${task}}`,
        '-F',
        '#{window_id} #{pane_id}',
      )
    )
      .split('\n')[0]
      ?.split(' ') ?? [];
  const folder = join(box.folder, 'my notes #(x)');
  mkdirSync(folder);
  const [one = '', pane = ''] = await window('t1');
  await box.tmux(
    'split-window',
    '-d',
    '-v',
    '-c',
    join(box.folder, 'my notes ##(x)'),
    '-t',
    pane,
    '--',
    '/bin/sh',
    '-i',
  );
  await box.tmux('resize-pane', '-t', pane, '-x', '77');
  const [three = '', fourth = ''] = await window('t3');
  await box.tmux('resize-pane', '-Z', '-t', fourth, ';', 'rename-window', '-t', three, 'mine');
  const [five = ''] = await window('t5');
  await box.tmux('move-window', '-s', five, '-t', 'app:40', ';', 'swap-window', '-d', '-s', one, '-t', three);
  await box.tmux(
    'select-layout',
    '-t',
    one,
    'main-vertical',
    ';',
    'select-layout',
    '-t',
    one,
    '-o',
    ';',
    'resize-pane',
    '-t',
    pane,
    '-x',
    '70',
  );
  await box.tmux('select-window', '-t', three, ';', 'select-window', '-t', one);
  await recorded(box, 12);
  const before = [await stands(box), await programs(box), await conversations(box, root)] as const;
  assert.equal(
    before[0].some((line) => line.includes('my notes #(x)')),
    true,
  );
  await killServer(box);
  const restored = await pitwall(box, root, ['restore', '--json']);
  assert.equal(restored.code, 0, restored.stderr + restored.stdout);
  await settled(box);
  assert.deepEqual(await stands(box), before[0]);
  assert.deepEqual(await programs(box), before[1]);
  assert.deepEqual(await conversations(box, root), before[2]);
  const again = await pitwall(box, root, ['restore', '--json']);
  assert.equal(again.code, 0);
  assert.deepEqual(JSON.parse(again.stdout).restored[0].steps, []);
  assert.deepEqual(await programs(box), before[1], 'repeating starts nothing');
  assert.equal(await waiting(box, root), 12, 'the docket is back');
});

/** How many programs run for each conversation, over the whole system. */
async function running(box: Sandbox, root: string): Promise<readonly number[]> {
  const ids = (await conversations(box, root))?.flatMap(([, each]) => each) ?? [];
  const argvs = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((argv) => argv.includes('demo-agent.cjs'));
  return ids.map((id) => argvs.filter((argv) => argv.includes(`${id}`)).length);
}

/** Starts a restore and kills it with SIGKILL once `due` says so. */
async function killed(box: Sandbox, root: string, due: () => Promise<boolean>): Promise<void> {
  const child = spawn(process.execPath, [resolve('bin/pitwall'), 'restore'], {
    cwd: root,
    env: { ...box.env, PITWALL_DEMO_PACE: '10' },
    stdio: 'ignore',
  });
  const exited = new Promise((done) => child.on('exit', done));
  await Promise.race([until('the moment', due), exited]);
  child.kill('SIGKILL');
  await exited;
}

const windows = async (box: Sandbox) => {
  try {
    return (await box.tmux('list-windows', '-a', '-F', '#{window_name} #{?@pitwall_making,half,}')).split(
      '\n',
    );
  } catch {
    return [];
  }
};

test('a restore killed at any step is finished by the next, and nothing runs twice', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 6, null);
  await recorded(box, 6);
  const before = [await stands(box), await programs(box)] as const;
  const launched = (count: number) => async () => {
    const all = readdirSync(join(stateOf(box), 'app'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('journal.jsonl'))
      .map((path) => readFileSync(join(stateOf(box), 'app', path), 'utf8'))
      .join('');
    return all.split('"resumed":true').length - 1 >= count;
  };
  await killServer(box);
  await killed(box, root, async () => true);
  await killed(box, root, async () => (await windows(box)).some((each) => each.startsWith('project')));
  await killed(box, root, async () => (await windows(box)).some((each) => each.startsWith('t')));
  await killed(box, root, launched(1));
  await killed(box, root, launched(5));
  await killed(box, root, launched(9));
  // What a kill between the two chains of a window leaves.
  await box.tmux('kill-window', '-t', '=app:t2');
  const half = await box.tmux(
    'new-window',
    '-d',
    '-t',
    'app:3',
    '-n',
    't2',
    '-P',
    '-F',
    '#{window_id}',
    'cat',
  );
  await box.tmux('set-option', '-w', '-t', half, '@pitwall_making', '1');
  const restored = await pitwall(box, root, ['restore']);
  assert.equal(restored.code, 0, restored.stderr + restored.stdout);
  await settled(box);
  assert.deepEqual(await stands(box), before[0]);
  assert.deepEqual(await programs(box), before[1]);
  assert.deepEqual(new Set(await running(box, root)), new Set([1]));
});

test('two restores and an open at once start nothing twice; decoys are neither taken nor ended', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 4, null);
  await recorded(box, 4);
  const ids = await conversations(box, root);
  await killServer(box);
  const decoy = ['-n', 't0', '-c', `${root}.worktrees/t0`, '-P', '-F', '#{pane_id}', '/bin/sh'];
  const first = await box.tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-s',
    'app',
    '-x',
    '90',
    '-y',
    '20',
    ...decoy,
  );
  const second = await box.tmux('new-window', '-d', '-t', 'app:', ...decoy);
  const plan = await pitwall(box, root, ['restore', '--dry-run']);
  assert.equal(plan.code, 0);
  assert.match(plan.stdout, /^session app$/m);
  assert.match(
    plan.stdout,
    new RegExp(`^window t0 at 1, 2 panes at 200×50: demo resumes ${ids?.[0]?.[1]?.[0]}$`, 'm'),
  );
  assert.equal((await windows(box)).length, 2, 'a dry run makes nothing');
  const ran = await Promise.all([
    pitwall(box, root, ['restore']),
    pitwall(box, root, ['restore', '--all']),
    pitwall(box, root, ['open', '--no-attach']),
  ]);
  for (const each of ran) assert.equal(each.code, 0, each.stderr);
  assert.deepEqual(new Set(await running(box, root)), new Set([1]));
  assert.deepEqual(await conversations(box, root), ids);
  const sessions = (await box.tmux('list-sessions', '-F', '#{session_name} #{session_windows}')).split('\n');
  assert.deepEqual(sessions, ['app 2', 'app-2 5']);
  const decoys = await box.tmux(
    'list-panes',
    '-s',
    '-t',
    '=app:',
    '-F',
    '#{pane_id} #{pane_current_command} #{pane_dead}',
  );
  assert.deepEqual(decoys.split('\n'), [`${first} sh 0`, `${second} sh 0`]);
});

test('a missing worktree is told with its cure, the rest comes back, a torn journal line does no harm', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 3, null);
  await recorded(box, 3);
  await killServer(box);
  rmSync(`${root}.worktrees/t0`, { recursive: true });
  rmSync(`${root}.worktrees/t1`, { recursive: true });
  await box.git(root, 'worktree', 'prune');
  await box.git(root, 'worktree', 'add', '-q', join(box.folder, 'elsewhere'), 't1');
  appendFileSync(
    join(stateOf(box), 'app', 't2', 'journal.jsonl'),
    '{"at":"2026-01-01T00:00:00Z","type":"stopp',
  );
  writeFileSync(join(stateOf(box), 'app', 't2', 'window'), 'pitwall-window 1\nwindow\t3\t20');
  const ran = await pitwall(box, root, ['restore']);
  assert.equal(ran.code, 1);
  assert.match(ran.stdout, /^back {6}app:t2 {2}demo resumed, demo-2 resumed$/m, ran.stderr);
  assert.match(ran.stdout, /^not back {2}app:t0 {2}its worktree .*t0 is missing$/m);
  assert.match(ran.stdout, /app:t1 {2}.* its branch t1 is checked out in .*elsewhere/);
  const cure = /try: (git .* worktree add .*), or pitwall remove app:t0/.exec(ran.stdout)?.[1] ?? '';
  await box.git(root, ...cure.split(' ').slice(1));
  const again = await pitwall(box, root, ['restore', '--json']);
  assert.equal(again.code, 1, 't1 is still not back');
  assert.deepEqual(JSON.parse(again.stdout).restored[0].windows, ['t0']);
  const docket = (await listed(box, root)).docket;
  const failed = docket.filter((item) => item.kind === 'failure').map((item) => item.task);
  assert.deepEqual(new Set(failed), new Set(['t1']));
  assert.equal(
    docket.some((item) => item.action?.startsWith('pitwall restore app ') === true),
    true,
  );
});

test('a conversation that does not go on is begun anew, once, and said so; a stopped agent stays stopped', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const late = ['sh', '-c', 'echo late; sleep 2; exit 3', '{conversationId}'];
  const config = join(box.env.XDG_CONFIG_HOME ?? '', 'pitwall');
  mkdirSync(config, { recursive: true });
  const agents = { late: { command: ['sh', '-c', 'echo new; exec cat', '{conversationId}'], resume: late } };
  writeFileSync(join(config, 'config.json'), JSON.stringify({ agents }));
  const root = await desk(box, 2);
  const made = await pitwall(box, root, ['new', '--no-attach', '--agent', 'late', '--name', 'late']);
  assert.equal(made.code, 0, made.stderr);
  assert.equal((await pitwall(box, root, ['stop', 't1/demo'])).code, 0);
  await recorded(box, 3);
  const [before] = (await listed(box, root)).projects[0]?.tasks[0]?.agents ?? [];
  await killServer(box);
  rmSync(join(stateOf(box), 'app', 't0', 'demo', `${before?.conversationId}.jsonl`));
  const ran = await pitwall(box, root, ['restore']);
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.match(
    ran.stdout,
    /app:t0 {2}demo began anew: .*exited with 1: demo-agent: there is no conversation/,
  );
  const tasks = async () => (await listed(box, root)).projects[0]?.tasks ?? [];
  const [t0, t1] = await tasks();
  assert.notEqual(t0?.agents[0]?.conversationId, before?.conversationId);
  assert.deepEqual(
    t1?.agents.map((agent) => [agent.name, agent.pid !== null]),
    [
      ['demo', false],
      ['demo-2', true],
    ],
  );
  const screen = await box.tmux('capture-pane', '-p', '-S', '-', '-t', t0?.agents[0]?.pane ?? '');
  assert.match(screen, /pitwall: demo began a new conversation/);
  assert.match(
    await box.tmux('capture-pane', '-p', '-t', t1?.agents[0]?.pane ?? ''),
    /t1\/demo was stopped; try: pitwall start/,
  );
  const failures = async () => (await listed(box, root)).docket.filter((item) => item.kind === 'failure');
  const both = await until('the second, which ended later', async () => {
    const items = await failures();
    return items.length === 2 && items.some((item) => item.summary.startsWith('late ')) ? items : null;
  });
  assert.deepEqual(both.map((item) => item.task).sort(), ['late', 't0']);
  assert.match(
    both.map((item) => item.summary).join(),
    /late began a new conversation: .*exited with 3: late/,
  );
  await until('it runs', async () => (await tasks()).find((task) => task.name === 'late')?.agents[0]?.pid);
  const sent = await pitwall(box, root, ['send', 't0', quiet]);
  assert.equal(sent.code, 0, sent.stderr);
  await until('its failure is settled', async () => (await failures()).every((item) => item.task !== 't0'));
  assert.equal((await pitwall(box, root, ['start', 't1/demo'])).code, 0);
  assert.equal((await tasks())[1]?.agents[0]?.pid !== null, true);
});

test('what was at work comes back idle and says so; --continue lets it go on', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 0);
  for (const name of ['one', 'two'])
    await pitwall(box, root, [
      'new',
      '--no-attach',
      '--agent',
      'demo',
      '--name',
      name,
      'edit docs/a.md [sleep 600]',
    ]);
  const kinds = async () => (await listed(box, root)).docket.map((item) => `${item.kind} ${item.task}`);
  await until('both are at work', async () =>
    (await listed(box, root)).projects[0]?.tasks.every((task) => task.state === 'working'),
  );
  await recorded(box, 2);
  await box.tmux('kill-server');
  assert.equal((await pitwall(box, root, ['restore'])).code, 0);
  await until('both failures', async () => (await kinds()).join() === 'failure one,failure two');
  assert.match((await listed(box, root)).docket[0]?.summary ?? '', /was interrupted while at work/);
  const one = await pitwall(box, root, ['start', '--continue', 'one']);
  assert.match(one.stderr, /told one\/demo to go on/);
  await until('one goes on', async () => !(await kinds()).includes('failure one'));
  assert.equal((await kinds()).includes('failure two'), true);
  const all = await pitwall(box, root, ['restore', '--continue']);
  assert.match(all.stdout, /told app:two\/demo to go on/);
  await until('two goes on', async () => !(await kinds()).includes('failure two'));
});

test('open asks on a terminal before it brings back, and tells of other projects', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 1, null);
  const other = await box.repository('other');
  await pitwall(box, other, ['open', '--no-attach']);
  await pitwall(box, other, ['new', '--no-attach', '--agent', 'demo', '--name', 'far']);
  await killServer(box);
  const outer = (...words: string[]) => box.tmux('-L', 'terminal', '-f', '/dev/null', ...words);
  const argv = [process.execPath, resolve('bin/pitwall'), 'open', '--no-attach'];
  await outer('new-session', '-d', '-x', '150', '-y', '30', '-c', root, '--', 'env', '-u', 'TMUX', ...argv);
  await outer('set-option', '-g', 'remain-on-exit', 'on');
  const screen = async () => (await outer('capture-pane', '-p', '-t', ':')).replace(/\n/g, ' ');
  await until('the question', async () =>
    /1 window is missing in app \(t0\)\. Bring back now\?/.test(await screen()),
  );
  await outer('send-keys', 'n', 'Enter');
  await until('the other project', async () => (await screen()).includes('windows of other are missing too'));
  await until('the session', async () => (await windows(box)).some((each) => each.startsWith('project')));
  assert.equal(
    (await windows(box)).some((each) => each.startsWith('t0')),
    false,
  );
  const all = await pitwall(box, box.folder, ['restore', '--all', '--json']);
  assert.equal(all.code, 0, all.stderr);
  const names = JSON.parse(all.stdout).restored.map((each: { windows: string[] }) => each.windows);
  assert.deepEqual(names, [['t0'], ['far']]);
});
