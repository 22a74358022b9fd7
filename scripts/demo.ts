/**
 * The main job, with no key and no configuration: a temporary clone of this repository, a real tmux on a socket of its
 * own, three tasks of the scripted demo agent in different layouts. On a terminal it attaches; off one it prints what
 * the sidebar and a window show, jumps once and answers one question. It leaves nothing behind.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { removeFolder } from './remove-folder.ts';
import { terminalArgv } from './terminal.ts';
import { requireTools } from './tools.ts';

const exec = promisify(execFile);
requireTools();
if (!existsSync('dist/pitwall.cjs')) execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pitwall-demo-')));
const root = join(folder, 'app');
const pitwallPath = resolve('bin/pitwall');
const socket = 'demo';
const env: NodeJS.ProcessEnv = {
  ...process.env,
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_CACHE_HOME: join(folder, 'cache'),
  TMUX_TMPDIR: join(folder, 'tmux'),
  PITWALL_SOCKET: socket,
  PITWALL_STATE_DIR: '',
  PITWALL_CONFIG_DIR: '',
  SHELL: '/bin/sh',
};
delete env.TMUX;
delete env.TMUX_PANE;
const interactive = process.stdout.isTTY === true && process.stdin.isTTY === true;

let cleaned = false;
process.on('exit', clean);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
await demo();

async function demo(): Promise<void> {
  mkdirSync(join(folder, 'tmux'), { mode: 0o700 });
  await repository();
  console.log(
    'pitwall demo: the agents are scripted, no model is asked; everything is in a temporary clone\n',
  );
  await pitwall('open', '--no-attach');
  await pitwall(
    'new',
    '--no-attach',
    '--agent',
    'demo',
    '--name',
    'fix-login',
    'fix the login redirect in docs/login.md',
  );
  await pitwall(
    'new',
    '--no-attach',
    '--agent',
    'demo',
    '--layout',
    'pair',
    '--name',
    'add-search',
    'add a search to docs/search.md [no-question]',
  );
  await pitwall(
    'new',
    '--no-attach',
    '--agent',
    'demo',
    '--layout',
    'test',
    '--name',
    'why-is-ci-slow',
    'why is CI slow? [no-question] [report-only]',
  );
  console.log('three tasks are at work; waiting until the docket has its items …');
  await until('three items on the docket', async () => (await docket()).length >= 3);
  if (interactive) attach();
  else await show();
}

function attach(): void {
  console.log('attaching: prefix g n jumps to the next item, prefix d leaves the demo');
  spawnSync(process.execPath, [pitwallPath, 'jump'], { cwd: root, env, stdio: 'inherit' });
}

/** Off a terminal: a second tmux plays the terminal, so that what is printed is what a person would see. */
async function show(): Promise<void> {
  const terminal = ['-L', 'terminal', '-f', '/dev/null'];
  await tmux([...terminal, ...terminalArgv(socket, 'app', 120, 34)]);
  await until('an attached client', async () => (await tmux(['-L', socket, 'list-clients'])) !== '');
  const screen = async () => tmux(['-u', ...terminal, 'capture-pane', '-p']);
  await pitwall('jump', 'next');
  await until(
    'the sidebar beside the question',
    async () => /waiting/.test(await screen()) && /yes\/no|May I/.test(await screen()),
  );
  console.log(`\nthe first item of the docket, after one jump:\n\n${await screen()}`);
  console.log(await pitwall('answer', 'fix-login', 'yes'));
  await until('the answered task to finish', async () =>
    (await docket()).some((item) => item.task === 'fix-login' && item.kind === 'review'),
  );
  await until('the sidebar without the question', async () => !/\? fix-login/.test(await screen()));
  console.log(`\nthe same window after the answer:\n\n${await screen()}`);
  console.log(await pitwall('list'));
}

/** A clone of this repository; a fresh one with a README where this is no repository (an unpacked archive). */
async function repository(): Promise<void> {
  try {
    await exec('git', ['clone', '-q', '--no-hardlinks', process.cwd(), root], { env });
  } catch {
    mkdirSync(root, { recursive: true });
    await exec('git', ['init', '-q', '-b', 'main'], { cwd: root, env });
  }
  const identity = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.invalid'];
  const head = spawnSync('git', ['rev-parse', '--verify', 'HEAD'], { cwd: root, env });
  if (head.status !== 0)
    await exec('git', [...identity, 'commit', '-q', '--allow-empty', '-m', 'start'], { cwd: root, env });
}

async function docket(): Promise<readonly { readonly task: string; readonly kind: string }[]> {
  return JSON.parse(await pitwall('list', '--json')).docket;
}

async function pitwall(...args: string[]): Promise<string> {
  const { stdout } = await exec(process.execPath, [pitwallPath, ...args], { cwd: root, env });
  return stdout.trimEnd();
}

async function tmux(args: readonly string[]): Promise<string> {
  const { stdout } = await exec('tmux', [...args], { cwd: folder, env });
  return stdout.trimEnd();
}

async function until(what: string, probe: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await probe())) {
    if (Date.now() > end) throw new Error(`waited a minute in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

function clean(): void {
  if (cleaned) return;
  cleaned = true;
  for (const name of [socket, 'terminal'])
    spawnSync('tmux', ['-L', name, 'kill-server'], { env, stdio: 'ignore' });
  removeFolder(folder);
}
