/** `pitwall attach`: here, on another machine by a real sshd, and there from inside tmux. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';
import { machines, withoutSshd } from '../helpers/sshd.ts';

const skip = withoutSshd;
const newTask = ['new', '--no-attach', '--agent', 'demo', '--name'];
const clients = (box: Sandbox) => box.tmux('list-clients', '-F', '#{session_name}:#{window_name}');

/** A terminal of that size in which a shell of the person's own waits; `env` adds to its environment. */
async function terminal(
  box: Sandbox,
  columns: number,
  rows: number,
  env: Readonly<Record<string, string>> = {},
) {
  const outer = (...args: string[]) => box.tmux('-L', 'person', '-f', '/dev/null', ...args);
  const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const shell = ['env', '-u', 'TMUX', '-u', 'TMUX_PANE', ...given, 'PS1=ready> ', 'sh', '-i'];
  await outer('new-session', '-d', '-x', String(columns), '-y', String(rows), ...shell);
  await outer('set-option', '-g', 'status', 'off');
  await outer('set-option', '-g', 'prefix', 'None');
  const screen = () => outer('capture-pane', '-p');
  await until('a shell', async () => (await screen()).includes('ready>'));
  return {
    screen,
    keys: (...keys: string[]) => outer('send-keys', '--', ...keys),
    run: (...args: string[]) =>
      outer(
        'send-keys',
        `${process.execPath} ${resolve('bin/pitwall')} ${args.join(' ')}; echo rc $?`,
        'Enter',
      ),
  };
}

async function withTasks(box: Sandbox, ...tasks: string[]): Promise<string> {
  const root = await box.repository();
  await pitwall(box, root, ['open', '--no-attach']);
  // Keys that arrive together are a paste to tmux: a person is never so fast.
  await box.tmux('set-option', '-g', 'assume-paste-time', '0');
  for (const task of tasks) await pitwall(box, root, [...newTask, task, 'edit docs/a.md']);
  await until('their questions', async () => {
    const { stdout } = await pitwall(box, root, ['list', '--docket']);
    return stdout.split('question').length === tasks.length + 1;
  });
  return root;
}

test('attach goes to the project used last, to one by name, to a task', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await withTasks(box, 'one', 'two');
  const other = await box.repository('other');
  await pitwall(box, other, ['open', '--no-attach']);
  const person = await terminal(box, 100, 30);
  await person.run('attach', 'app');
  await until('app', async () => (await clients(box)).startsWith('app:'));
  await person.keys('C-b', 'd');
  await until('detached', async () => /rc 0/.test(await person.screen()));
  await person.run('attach');
  await until('app again', async () => (await clients(box)).startsWith('app:'));
  await person.keys('C-b', 'd');
  await until('detached', async () => (await clients(box)) === '');
  await person.run('attach', '--task', 'two', 'app');
  await until('the task', async () => (await clients(box)) === 'app:two');
  const wrong = await pitwall(box, root, ['attach', 'ap']);
  assert.match(wrong.stderr, /^pitwall: there is no project ap \(app\?\)\ntry: pitwall list --all/);
  assert.equal((await pitwall(box, root, ['attach', 'app', 'b'])).code, 2);
  assert.equal((await pitwall(box, root, ['attach', '-oProxyCommand=x:app'])).code, 2);
  assert.equal((await pitwall(box, root, ['attach', '--', '-oProxyCommand=x:app'])).code, 2);
});

test('attach HOST:PROJECT on a terminal that is not known there, and no UTF-8 there', { skip }, async (t) => {
  const { near, far } = await machines(t, ['box'], { env: { LANG: 'C' } });
  const [box] = far;
  assert.ok(box);
  await withTasks(box, 'one');
  const person = await terminal(near, 60, 20, { TERM: 'xterm-nonesuch' });
  await person.run('attach', 'box:app');
  await until('it is attached there', async () => (await clients(box)).startsWith('app:'));
  assert.equal(await box.tmux('list-clients', '-F', '#{client_termname} #{client_utf8}'), 'xterm-256color 0');
  await person.keys('C-b', 'g', 'n');
  await until('the task', async () => (await clients(box)) === 'app:one');
  await until('its question', async () => /edit docs\/a\.md/.test(await person.screen()));
  await person.keys('C-b', 'd');
  await until('back', async () => /rc 0/.test(await person.screen()));
  await person.run('attach', 'box:nothing');
  await until('a refusal', async () =>
    /there is no project nothing\ntry: .*\nrc 1/.test(await person.screen()),
  );
  await person.run('attach', 'nowhere.invalid:app');
  await until('another', async () => /resolve hostname/.test(await person.screen()));
  const inOurs = /there is no connection to nowhere\.invalid;[^:]*\ntry: ssh nowhere\.invalid true\nrc 1/;
  await until('in our words too', async () => inOurs.test(await person.screen()));
  assert.match((await pitwall(near, near.folder, ['attach', 'box:app'])).stderr, /not a terminal/);
});

test('a machine that does not answer is given up within its time', { skip }, async (t) => {
  const { near } = await machines(t, []);
  const open = new Set<Socket>();
  const mute = createServer((socket) => void open.add(socket.on('error', () => undefined)));
  await once(mute.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    for (const socket of open) socket.destroy();
    mute.close();
  });
  const address = mute.address();
  assert.ok(address !== null && typeof address === 'object');
  const config = join(near.folder, 'ssh_config');
  const host = `Host mute\n HostName 127.0.0.1\n Port ${address.port}\n`;
  writeFileSync(config, `${host}${readFileSync(config, 'utf8')}`);
  await pitwall(near, near.folder, ['hosts', 'add', 'mute', '--timeout', '2']);
  const person = await terminal(near, 100, 20);
  const begun = Date.now();
  await person.run('attach', 'mute:');
  await until('it is said', async () =>
    /pitwall: there is no connection to mute; .*\ntry: ssh mute true\nrc 1/.test(await person.screen()),
  );
  assert.ok(Date.now() - begun < 12_000);
  const checked = await pitwall(near, near.folder, ['hosts', 'check', 'mute']);
  assert.match(checked.stdout, /^wrong mute .* mute did not answer within 2 s\n +try: ssh mute true$/m);
});

test('what is missing there is said on the terminal', { skip }, async (t) => {
  const { near } = await machines(t, ['box'], { pitwall: false });
  const person = await terminal(near, 100, 20);
  await person.run('attach', 'box:app');
  const text = await until('the reason', async () => {
    const screen = await person.screen();
    return /rc \d/.test(screen) ? screen : null;
  });
  assert.match(text, /pitwall: box has no pitwall on its PATH\ntry: pitwall hosts check box\n(.*\n)*rc 1/);
});

test('mosh, when asked: it is given argv, and our ssh for its beginning', { skip }, async (t) => {
  const { near } = await machines(t, ['box']);
  const person = await terminal(near, 100, 20);
  await person.run('attach', '--mosh', 'box:app');
  await until('there is none', async () => /mosh is not installed/.test(await person.screen()));
  const mosh = join(near.folder, 'bin', 'mosh');
  writeFileSync(mosh, `#!/bin/sh\nprintf '%s\\n' "$@" >${near.folder}/moshed\n`);
  chmodSync(mosh, 0o700);
  await pitwall(near, near.folder, ['hosts', 'add', 'box', '--mosh']);
  await person.run('attach', 'box:app');
  const words = (await until('mosh', () => readFileSync(join(near.folder, 'moshed'), 'utf8'))).split('\n');
  assert.match(words[0] ?? '', /^--ssh=ssh -S \/.* -o 'ControlMaster=auto'/);
  assert.deepEqual(words.slice(1, 5), ['--', 'box', 'sh', '-c']);
  assert.deepEqual(words.slice(-5, -1), ['pitwall', 'attach', '--', 'app']);
});

test('inside tmux: a session of its own, the prefix is the far side’s, one key leads back', {
  skip,
}, async (t) => {
  const { near, far } = await machines(t, ['box']);
  const [box] = far;
  assert.ok(box);
  await withTasks(box, 'one', 'two');
  const root = await withTasks(near, 'here');
  const person = await terminal(near, 120, 30);
  await person.run('attach', '--task', 'here', 'app');
  await until('at home', async () => (await clients(near)) === 'app:here');
  const home = await near.tmux('list-clients', '-F', '#{pane_id}');
  const env = {
    TMUX: await near.tmux('display-message', '-p', '#{socket_path},#{pid},0'),
    TMUX_PANE: home,
  };
  const attach = (...args: string[]) => pitwall(near, root, ['attach', ...args], { env });
  assert.equal((await attach('box:app')).stderr, '');
  await until('away', async () => (await clients(near)).startsWith('box-app:'));
  await until('attached there', async () => (await clients(box)).startsWith('app:'));
  await until('the way back', async () => / box:app +F12: back *$/m.test(await person.screen()));
  await person.keys('C-b', 'g', 'n');
  await until('the far prefix', async () => (await clients(box)) === 'app:one');
  await person.keys('F12');
  await until('home again', async () => (await clients(near)) === 'app:here');
  assert.equal(await near.tmux('list-clients', '-F', '#{pane_id}'), home);
  await attach('--task', 'two', 'box:app');
  await until('away again', async () => (await clients(near)).startsWith('box-app:'));
  await until('at that task', async () => (await clients(box)) === 'app:two');
  assert.equal(
    await near.tmux('list-sessions', '-F', '#{session_name}'),
    'app\nbox-app',
    'one session a place',
  );
  assert.equal(await near.tmux('show-options', '-gv', 'prefix'), 'C-b', 'the person’s own prefix stays');
  await person.keys('C-b', 'd');
  await until(
    'its session ends with it',
    async () => (await near.tmux('list-sessions')).split('\n').length === 1,
  );
  await until('back home', async () => (await clients(near)).startsWith('app:'));
  assert.doesNotMatch(await near.tmux('list-keys'), /pitwall-away/);
  await far[0]?.stop();
});

test('a connection that breaks leaves the window, and Enter attaches again', { skip }, async (t) => {
  const { near, far } = await machines(t, ['box']);
  const [box] = far;
  assert.ok(box);
  await withTasks(box, 'one');
  const root = await withTasks(near, 'here');
  const person = await terminal(near, 100, 30);
  await person.run('attach', 'app');
  await until('at home', async () => (await clients(near)).startsWith('app:'));
  const env = {
    TMUX: await near.tmux('display-message', '-p', '#{socket_path},#{pid},0'),
    TMUX_PANE: await near.tmux('list-clients', '-F', '#{pane_id}'),
  };
  await pitwall(near, root, ['attach', 'box:app'], { env });
  await until('attached there', async () => (await clients(box)).startsWith('app:'));
  const pid = await box.tmux('list-clients', '-F', '#{client_pid}');
  process.kill(Number(pid), 'SIGKILL');
  await until('it is told', async () => /Enter attaches again/.test(await person.screen()));
  await person.keys('Enter');
  await until('attached again', async () => (await clients(box)).startsWith('app:'));
});
