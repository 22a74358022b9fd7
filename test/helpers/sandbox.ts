/**
 * A place of its own for one test: folder, HOME, XDG folders, tmux socket. `dispose` ends the server and removes all.
 * Use `await using box = await sandbox()` or `t.after(() => box.dispose())`.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeFolder } from '../../scripts/remove-folder.ts';

const exec = promisify(execFile);

export interface Sandbox {
  /** Absolute real path of the folder that goes with the sandbox. */
  readonly folder: string;
  readonly socket: string;
  /** The whole environment for programs under test: nothing of the person's own but PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs tmux on the sandbox's socket; answers stdout without its last newline. */
  tmux(...args: string[]): Promise<string>;
  /** Runs git with an identity and no configuration of the person's. */
  git(cwd: string, ...args: string[]): Promise<string>;
  /** A repository with one commit (README.md) on `main`; answers its path. */
  repository(name?: string): Promise<string>;
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function sandbox(): Promise<Sandbox> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'pitwall-test-')));
  const socket = 's';
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    TMUX_TMPDIR: join(folder, 'tmux'),
    // Where a killed program leaves what it was at.
    TMPDIR: join(folder, 'tmp'),
    PITWALL_SOCKET: socket,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    SHELL: '/bin/sh',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.invalid',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.invalid',
  };
  for (const key of ['HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'TMUX_TMPDIR', 'TMPDIR'])
    await mkdir(env[key] ?? folder, { recursive: true, mode: 0o700 });

  const run = async (program: string, args: string[], cwd: string): Promise<string> => {
    // A tmux that waits for a child whose end it overlooked would wait for ever.
    const { stdout } = await exec(program, args, { cwd, env, maxBuffer: 64 << 20, timeout: 15_000 });
    return stdout.replace(/\n$/, '');
  };
  const git = (cwd: string, ...args: string[]) => run('git', args, cwd);
  const dispose = async (): Promise<void> => {
    for (const name of servers(env.TMUX_TMPDIR ?? folder)) endServer(name, env);
    removeFolder(folder);
  };
  return {
    folder,
    socket,
    env,
    tmux: (...args) => run('tmux', ['-u', '-L', socket, ...args], folder),
    git,
    async repository(name = 'app') {
      const root = join(folder, name);
      await mkdir(root, { recursive: true });
      await git(root, 'init', '-q', '-b', 'main');
      await exec('sh', ['-c', 'echo "# app" > README.md'], { cwd: root });
      await git(root, 'add', '.');
      await git(root, 'commit', '-q', '-m', 'start');
      return root;
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Waits until `probe` answers something truthy; fails with `what` after `timeout` ms. Never a fixed sleep. */
export async function until<T>(
  what: string,
  probe: () => Promise<T> | T,
  timeout = 20_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + timeout;
  let last: unknown = null;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value as NonNullable<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain: ${what} (last: ${String(last)})`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Names of all sockets made in the sandbox, the terminals' included. */
function servers(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((user) => readdirSync(join(folder, user)));
}

function endServer(socket: string, env: Record<string, string>): void {
  try {
    execFileSync('tmux', ['-L', socket, 'kill-server'], { env, stdio: 'ignore' });
  } catch (error) {
    if (!(error instanceof Error && 'status' in error)) throw error;
  }
}
