/** Other machines by a real sshd: what waits there, what is missing there, and what becomes of a wrong answer. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pitwall } from '../helpers/program.ts';
import { type Sandbox, until } from '../helpers/sandbox.ts';
import { machines, withoutSshd } from '../helpers/sshd.ts';

const skip = withoutSshd;
const newTask = ['new', '--no-attach', '--agent', 'demo', '--name'];

/** A project `app` with a task that asks, on that machine. */
async function asking(box: Sandbox, task: string): Promise<void> {
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  await pitwall(box, root, [...newTask, task, 'edit docs/a.md']);
  await until('a question', async () =>
    /question/.test((await pitwall(box, root, ['list', '--docket'])).stdout),
  );
}

interface Item {
  readonly host: string | null;
  readonly project: string;
  readonly task: string;
  readonly pane: string | null;
}

interface Listed {
  readonly docket: readonly Item[];
  readonly projects: readonly { readonly host: string | null; readonly name: string }[];
  readonly hosts: readonly { readonly name: string; readonly ok: boolean; readonly problem: string | null }[];
}

test('list --all merges the dockets of all hosts; one that is off is a line, and --host asks one', {
  skip,
}, async (t) => {
  const { near: box, far, forget } = await machines(t, ['box', 'attic']);
  const run = (...args: string[]) => pitwall(box, box.folder, args);
  await asking(box, 'here');
  for (const [index, machine] of far.entries()) await asking(machine, `there-${index + 1}`);
  for (const name of ['box', 'attic']) assert.equal((await run('hosts', 'add', name)).code, 0);
  assert.match((await run('hosts')).stdout, /^attic {2}attic\nbox {4}box$/m);
  const json = await run('list', '--all', '--json');
  assert.equal(json.stderr, '');
  const { docket, projects, hosts } = JSON.parse(json.stdout) as Listed;
  assert.deepEqual(
    docket.map(({ host, task, pane }) => [host, task, pane === null]),
    [
      [null, 'here', false],
      ['box', 'there-1', true],
      ['attic', 'there-2', true],
    ],
    'the oldest question first, and no pane of another server',
  );
  assert.deepEqual(
    projects.map(({ host, name }) => [host, name]),
    [
      [null, 'app'],
      ['attic', 'app'],
      ['box', 'app'],
    ],
  );
  assert.deepEqual(
    hosts.map(({ name, ok }) => [name, ok]),
    [
      ['attic', true],
      ['box', true],
    ],
  );
  assert.match((await run('list', '--all', '--docket')).stdout, /box:app:there-1/);
  const one = await run('list', '--host', 'box');
  assert.match(one.stdout, /box:app:there-1/);
  assert.doesNotMatch(one.stdout, /here\/|there-2/);
  const folder = statSync(join(box.folder, 'run', 'pitwall'));
  assert.equal(folder.mode & 0o777, 0o700);
  await far[0]?.stop();
  forget();
  const off = await run('list', '--all');
  assert.equal(off.code, 0);
  assert.match(off.stdout, /attic:app:there-2/);
  assert.match(off.stderr, /^pitwall: box cannot be reached: .*Connection refused; try: ssh box$/m);
  for (const more of [[], ['--docket']]) {
    const alone = await run('list', '--host', 'box', ...more);
    assert.deepEqual([alone.code, alone.stdout], [1, '']);
    assert.match(alone.stderr, /^pitwall: box cannot be reached: .*\n$/);
  }
  assert.match((await run('list', '--host', 'box', '--host', 'attic')).stdout, /attic:app:there-2/);
  assert.equal(JSON.parse((await run('list', '--host', 'box', '--json')).stdout).hosts[0].ok, false);
});

test('a connection of the person’s own is taken instead of ours', { skip }, async (t) => {
  const { near: box } = await machines(t, ['box']);
  const run = (...args: string[]) => pitwall(box, box.folder, args);
  const socket = join(box.folder, 'own');
  const config = join(box.folder, 'ssh_config');
  const own = `Host box\n ControlMaster auto\n ControlPersist 5\n ControlPath ${socket}\n`;
  writeFileSync(config, `${own}${readFileSync(config, 'utf8')}`);
  await run('hosts', 'add', 'box');
  assert.equal((await run('list', '--all')).stderr, '');
  assert.ok(statSync(socket).isSocket());
  assert.doesNotMatch(readFileSync(join(box.folder, 'calls'), 'utf8'), / -S /);
  execFileSync(join(box.folder, 'bin', 'ssh'), ['-O', 'exit', 'box'], { stdio: 'ignore' });
});

test('without --all no host is asked', { skip }, async (t) => {
  const { near: box } = await machines(t, ['box']);
  const run = (...args: string[]) => pitwall(box, box.folder, args);
  await run('hosts', 'add', 'box');
  await run('list');
  await run('list', '--docket', '--json');
  await run('list', '--all', '--local');
  assert.throws(() => readFileSync(join(box.folder, 'calls')), /ENOENT/);
  await run('list', '--all');
  assert.match(readFileSync(join(box.folder, 'calls'), 'utf8'), / -- box /);
});

test('what is missing there is said: pitwall, a shell that speaks, an answer in time, an answer of ours', {
  skip,
}, async (t) => {
  const { near: box, far } = await machines(t, ['box'], { pitwall: false });
  const [machine] = far;
  assert.ok(machine);
  const run = (...args: string[]) => pitwall(box, box.folder, args);
  await run('hosts', 'add', 'box', '--timeout', '3');
  const missing = await run('list', '--host', 'box');
  assert.match(
    missing.stderr,
    /^pitwall: box has no pitwall on its PATH; try: pitwall hosts add box box --command/m,
  );
  const there = join(machine.folder, 'bin', 'pitwall');
  const answers = async (script: string) => {
    writeFileSync(there, `#!/bin/sh\n${script}\n`);
    chmodSync(there, 0o700);
    return run('list', '--host', 'box', '--json');
  };
  const problem = (ran: { readonly stdout: string }) => (JSON.parse(ran.stdout) as Listed).hosts[0]?.problem;
  assert.match(problem(await answers('echo "[1]"')) ?? '', /^box: what it answers is no list/);
  const begun = Date.now();
  assert.equal(problem(await answers('exec sleep 60')), 'box did not answer within 3 s');
  assert.ok(Date.now() - begun < 10_000);
  assert.equal(problem(await answers('yes')), 'box answers with more than 4 MiB');
  const error = `{"error":{"code":"ToolMissing","message":"no \\u001b[31mtmux","hint":"apt install tmux"}}`;
  assert.equal(problem(await answers(`echo '${error}' >&2; exit 1`)), 'box: no tmux');
  assert.match(problem(await answers('echo oops >&2; exit 3')) ?? '', /^pitwall on box exited with 3: oops$/);
  const item = {
    ...{
      project: 'app',
      task: 'a',
      agent: null,
      kind: 'question',
      severity: 'normal',
      priority: 0,
      pane: '%1',
    },
    ...{ summary: 'rm\u001b]0;x\u0007 -rf\r\n\u009b2J', action: null, since: '2026-01-01T00:00:00Z' },
  };
  const hostile = {
    version: 1,
    projects: [],
    docket: [item, { ...item, task: '-x' }, { ...item, kind: 'k' }],
  };
  const shown = await answers(`cat <<'E'\n${JSON.stringify(hostile)}\nE`);
  const { docket } = JSON.parse(shown.stdout) as { docket: (Item & { summary: string })[] };
  assert.deepEqual(
    docket.map(({ task, pane, summary }) => [task, pane, summary]),
    [['a', null, 'rm -rf 2J']],
  );
});

test('chatter of a login shell, a PATH set there, and words that are no shell’s', { skip }, async (t) => {
  const { near: box, far } = await machines(t, ['box'], { pitwall: false });
  const [machine] = far;
  assert.ok(machine);
  const run = (...args: string[]) => pitwall(box, box.folder, args);
  const hidden = join(machine.folder, 'a b');
  await machine.repository('a b');
  symlinkSync(resolve('bin/pitwall'), join(hidden, 'pitwall'));
  writeFileSync(join(machine.env.HOME ?? '', '.bashrc'), 'echo hello from bashrc\n');
  writeFileSync(join(machine.env.HOME ?? '', '.profile'), `PATH="$PATH:${hidden}"; export PATH\n`);
  await run('hosts', 'add', 'box');
  assert.equal((await run('list', '--host', 'box')).stderr, '');
  await run('hosts', 'remove', 'box');
  await run('hosts', 'add', 'box', '--command', join(hidden, 'pitwall'));
  assert.equal((await run('list', '--host', 'box')).stderr, '');
});

test('hosts: what is kept, what is refused, what check finds', { skip }, async (t) => {
  const { near: box, far, forget } = await machines(t, ['box']);
  const run = (...args: string[]) => pitwall(box, box.folder, args);
  for (const wrong of ['-oProxyCommand=touch x', 'me@-oProxyCommand=x', 'a b', 'x;y', '$(x)']) {
    const ran = await run('hosts', 'add', '--', wrong);
    assert.equal(ran.code, 2, `${wrong}: ${ran.stderr}`);
  }
  assert.equal((await run('hosts', 'add', 'A b', 'box')).code, 2);
  assert.equal((await run('hosts', 'add', 'me@box.example.org', '--mosh')).code, 0);
  assert.match((await run('hosts', 'add', 'box', 'other')).stderr, /box is me@box\.example\.org already/);
  const shown = JSON.parse((await run('hosts', '--json')).stdout);
  assert.deepEqual(shown.hosts, [
    { name: 'box', destination: 'me@box.example.org', mosh: true, command: ['pitwall'], timeout: 5 },
  ]);
  assert.match(
    (await run('hosts', 'remove', 'bxo')).stderr,
    /there is no host bxo \(box\?\)\ntry: pitwall hosts/,
  );
  await run('hosts', 'remove', 'box');
  await run('hosts', 'add', 'box', '--timeout', '20');
  const good = await run('hosts', 'check', 'box');
  assert.match(good.stdout, /^ok {4}box {8}ssh {10}answers in \d+ ms$/m);
  assert.match(good.stdout, /^ok {4}box {8}tmux/m);
  await far[0]?.stop();
  forget();
  const bad = await run('hosts', 'check');
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /^wrong box {8}ssh {10}box cannot be reached/m);
});
