/** Where the figures are taken: a folder, a repository, a copy of the build and tmux servers of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { removeFolder } from '../remove-folder.ts';

/** What `list --json` promises, as far as figures need it. */
export interface Listed {
  readonly projects: readonly {
    readonly session: string;
    readonly tasks: readonly {
      readonly name: string;
      readonly branch: string;
      readonly worktree: string;
      readonly window: string;
      readonly state: string;
      readonly agents: readonly { readonly name: string; readonly pane: string }[];
      readonly diff: object | null;
    }[];
  }[];
  readonly docket: readonly { readonly task: string }[];
}

/** One tmux server with one project on it, and a second server that plays the terminal. */
export interface Stage {
  readonly folder: string;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly hook: string;
  /** argv of pitwall without its arguments. */
  readonly pitwall: readonly [string, string];
  run(...args: string[]): string;
  list(): Listed;
  tmux(...args: string[]): string;
  /** Runs tmux on the server that plays the terminal. */
  terminal(...args: string[]): string;
  taskFolder(task: string): string;
  /** Starts `count` tasks of the demo agent and resolves when every one of them is done. */
  work(count: number): Promise<void>;
  /** Ends every process of it and removes its folder. Safe to repeat. */
  clean(): void;
}

const project = 'app';
/** The socket’s name of its tmux server. */
export const socket = 'bench';
const preferences = {
  agents: {
    silent: { command: ['sh', '-c', 'exec cat', 'silent', '{prompt}'], prompt: 'argument' },
    ready: { command: ['sh', '-c', 'echo ready; exec cat', 'ready', '{prompt}'], prompt: 'argument' },
    noisy: { command: ['yes', 'a line that an agent prints without pause', '{prompt}'], prompt: 'argument' },
  },
};

/** A stage with an open project and no task. Throws when a program of it fails. */
export function openStage(options: { readonly sidebar: boolean }): Stage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pitwall-bench-')));
  const root = join(folder, project);
  const env = environment(folder);
  // A copy, so that a build made meanwhile does not pull the program away.
  const shipped = join(folder, 'package');
  for (const name of ['bin', 'dist', 'layouts', 'package.json'])
    cpSync(name, join(shipped, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(shipped, 'node_modules'));
  const pitwall = [process.execPath, join(shipped, 'bin', 'pitwall')] as const;
  const say = (argv: readonly string[], cwd: string) => {
    const [program = '', ...args] = argv;
    return execFileSync(program, args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  };
  const run = (...args: string[]) => say([...pitwall, ...args], root);
  const tmux = (...args: string[]) => say(['tmux', '-u', '-L', socket, ...args], folder);
  const terminal = (...args: string[]) =>
    say(['tmux', '-u', '-L', 'terminal', '-f', '/dev/null', ...args], folder);
  const list = () => JSON.parse(run('list', '--json')) as Listed;
  writeFileSync(
    join(folder, 'config', 'pitwall', 'config.json'),
    JSON.stringify({ ...preferences, sidebar: { on: options.sidebar } }),
  );
  makeRepository(root, say);
  run('open', '--no-attach');
  return {
    folder,
    root,
    env,
    hook: join(shipped, 'bin', 'pitwall-hook'),
    pitwall,
    run,
    list,
    tmux,
    terminal,
    taskFolder: (task) => join(folder, 'state', 'pitwall', project, task),
    async work(count) {
      for (let number = 1; number <= count; number += 1)
        run('new', '--no-attach', '--agent', 'demo', '--name', nameOf(number), promptOf(number));
      await until(`${count} tasks done`, () => {
        const tasks = list().projects[0]?.tasks ?? [];
        return tasks.filter((task) => task.state === 'done' && task.diff !== null).length >= count;
      });
    },
    clean: () => clean(folder, env),
  };
}

/** The name of the number-th task: `task-07`. */
export function nameOf(number: number): string {
  return `task-${String(number).padStart(2, '0')}`;
}

/** Waits until `probe` answers something true; fails after a minute. */
export async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await probe())) {
    if (Date.now() > end) throw new Error(`waited a minute in vain for ${what}`);
    await pause(50);
  }
}

/** Time for what was set in motion to come to rest, in ms. */
export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

function promptOf(number: number): string {
  return `write down step ${number} in docs/step-${number}.md [no-question]`;
}

/** Nothing of the person's own but PATH, and that without the folders a package manager puts in front of it. */
function environment(folder: string): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '/usr/bin:/bin')
    .split(delimiter)
    .filter((each) => !each.includes('node_modules') && !each.includes('node-gyp-bin'));
  for (const name of ['home', 'state', 'tmux', 'config/pitwall'])
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  // Node starts here as it does for the person: certificates or options of theirs cost bare Node the same.
  const node = Object.entries(process.env).filter(([name]) => /^NODE_(?!V8_COVERAGE)/.test(name));
  return {
    ...Object.fromEntries(node),
    PATH: path.join(delimiter),
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    TMUX_TMPDIR: join(folder, 'tmux'),
    TMPDIR: folder,
    PITWALL_SOCKET: socket,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    SHELL: '/bin/sh',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Bench',
    GIT_AUTHOR_EMAIL: 'bench@example.invalid',
    GIT_COMMITTER_NAME: 'Bench',
    GIT_COMMITTER_EMAIL: 'bench@example.invalid',
  };
}

/** A hundred small files: enough to be a repository, little enough not to hide our own share in git's. */
function makeRepository(root: string, say: (argv: readonly string[], cwd: string) => string): void {
  mkdirSync(join(root, 'src'), { recursive: true });
  for (let file = 0; file < 100; file += 1)
    writeFileSync(join(root, 'src', `part-${file}.txt`), `part ${file}\n`.repeat(40));
  say(['git', 'init', '-q', '-b', 'main'], root);
  say(['git', 'add', '.'], root);
  say(['git', 'commit', '-q', '-m', 'start'], root);
}

function clean(folder: string, env: NodeJS.ProcessEnv): void {
  for (const name of [socket, 'terminal'])
    spawnSync('tmux', ['-L', name, 'kill-server'], { env, stdio: 'ignore' });
  removeFolder(folder);
}
