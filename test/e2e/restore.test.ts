import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import {
  conversations,
  desk,
  killServer,
  programs,
  quiet,
  recorded,
  settled,
  stands,
  stateOf,
  windows,
} from '../helpers/lost-desk.ts';
import { listed, newTask, pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('twelve tasks in five layouts come back as they stood after tmux was killed', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 12);
  // Each in words of its own: those that say the same are one entry.
  const tasks = Array.from({ length: 12 }, (_, index) => `t${index}`);
  const waiting = async () => (await listed(box, root)).docket.flatMap(({ task, also }) => [task, ...also]);
  await until('all are done', async () => (await waiting()).length === 12, 60_000);
  for (const name of tasks) writeFileSync(join(stateOf(box), 'app', name, 'report.md'), `did ${name}\n`);
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
  assert.equal((await listed(box, root)).docket.length, 12, 'the docket is back');
});

test('a conversation that does not go on is begun anew, once, and said so; a stopped agent stays stopped', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const late = ['sh', '-c', 'seq 90; printf late; sleep 2; exit 3', '{conversationId}'];
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

test('why a conversation did not go on is told whole, however narrow its pane is', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 0);
  await box.tmux('resize-window', '-t', '=app:', '-x', '100', '-y', '30');
  const made = await pitwall(box, root, [
    ...newTask,
    '--agent',
    'demo',
    '--layout',
    'pair',
    '--name',
    'two',
    quiet,
  ]);
  assert.equal(made.code, 0, made.stderr);
  await until(
    'both have conversations',
    async () => ((await conversations(box, root))?.[0]?.[1] ?? []).length === 2,
  );
  const [task] = (await listed(box, root)).projects[0]?.tasks ?? [];
  const lost = task?.agents.map(({ name, conversationId }) => [name, conversationId] as const) ?? [];
  await killServer(box);
  for (const [, id] of lost) rmSync(join(stateOf(box), 'app', 'two', 'demo', `${id}.jsonl`));
  const ran = await pitwall(box, root, ['restore']);
  assert.equal(ran.code, 0, ran.stderr);
  const { docket, projects } = await listed(box, root);
  for (const [name, id] of lost) {
    const why = `its conversation did not go on (exited with 1: demo-agent: there is no conversation ${id})`;
    assert.ok(ran.stdout.includes(`${name} began anew: ${why}`), ran.stdout);
    assert.ok(ran.stdout.includes(`try: pitwall send app:two/${name} …\n`), ran.stdout);
    const item = docket.find((each) => each.agent === name);
    assert.equal(item?.summary, `${name} began a new conversation: ${why}`);
    assert.equal(item.action, `pitwall send two/${name} … (its task: pitwall show two)`);
    const pane = projects[0]?.tasks[0]?.agents.find((agent) => agent.name === name)?.pane ?? '';
    const shown = await box.tmux('capture-pane', '-p', '-J', '-S', '-', '-t', pane);
    const notice = [
      `pitwall: ${name} began a new conversation.`,
      'The old one did not go on (exited with 1):',
      `demo-agent: there is no conversation ${id}`,
      `It knows nothing of its task; try: pitwall send two/${name} …`,
    ];
    assert.ok(shown.replaceAll(/ +$/gm, '').includes(notice.join('\n')), shown);
  }
});

test('a session has its own name again once it is free; a name that the person gave stays', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await desk(box, 1);
  const names = () => box.tmux('list-sessions', '-F', '#{session_name}');
  const lose = async () => {
    await recorded(box, 1);
    await killServer(box);
  };
  const restore = async () => {
    const ran = await pitwall(box, root, ['restore']);
    assert.equal(ran.code, 0, ran.stderr);
  };
  for (const time of ['first', 'again']) {
    await lose();
    await box.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'app', 'cat');
    await restore();
    assert.equal(await names(), 'app\napp-2', time);
  }
  await lose();
  await restore();
  assert.equal(await names(), 'app');
  await box.tmux('rename-session', '-t', '=app', 'work-2');
  await lose();
  await restore();
  assert.equal(await names(), 'work-2');
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
