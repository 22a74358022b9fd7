/** Where one agent is played through: a HOME, a repository and a tmux server of its own, and pitwall as a person runs it. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { removeFolder } from '../remove-folder.ts';
import type { Files, Player } from './agents.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An agent of a task as `list --json` shows it, with its task's name. */
export interface Shown {
  readonly task: string;
  readonly name: string;
  readonly pane: string | null;
  readonly pid: number | null;
  readonly state: string;
  readonly conversationId: string | null;
  readonly message: string | null;
  readonly why: string;
  readonly since: string;
  readonly worktree: string;
}

export interface Stage {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs pitwall in the repository; never throws for an exit code. */
  pitwall(args: readonly string[], input?: string): Promise<Ran>;
  /** As `pitwall`, and throws with what it said when it fails. */
  done(args: readonly string[], input?: string): Promise<string>;
  tmux(...args: string[]): Promise<string>;
  /** The first agent of a task now. */
  agent(task: string): Promise<Shown>;
  /** The events of a task's journal. */
  journal(task: string): readonly Readonly<Record<string, unknown>>[];
  /** What a task's agent shows on its screen. */
  screen(task: string): Promise<string>;
  /** Stops every task and removes the folder. Throws when a program went on running; then it was killed. */
  clean(): Promise<void>;
}

const socket = 'agents';
const project = 'app';

/** A stage for a player whose program is in `programs`; `prepared`: its HOME is that of somebody who uses it. */
export async function openStage(
  player: Player,
  {
    programs,
    url,
    prepared,
  }: { readonly programs: string; readonly url: string; readonly prepared: boolean },
): Promise<Stage> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pitwall-agents-')));
  const root = join(folder, project);
  const grounds = { home: join(folder, 'home'), config: join(folder, 'config'), root, url };
  const env = { ...environment(folder, programs), ...player.variables(grounds) };
  const files: Files = prepared ? player.files : (player.newcomer ?? (() => ({})));
  const stage = stageIn(folder, root, env);
  mkdirSync(root);
  await start('git', ['init', '-q', '-b', 'main'], root, env);
  writeFileSync(join(root, 'README.md'), '# app\n');
  await start('git', ['add', '.'], root, env);
  await start('git', ['commit', '-q', '-m', 'start'], root, env);
  for (const [path, text] of Object.entries(files(grounds))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (player.installs && prepared) await stage.done(['agents', 'install', player.name, '--yes']);
  return stage;
}

function stageIn(folder: string, root: string, env: Readonly<Record<string, string>>): Stage {
  const launcher = resolve('bin/pitwall');
  const pitwall: Stage['pitwall'] = (args, input) =>
    start(process.execPath, [launcher, ...args], root, env, input);
  const done: Stage['done'] = async (args, input) => {
    const ran = await pitwall(args, input);
    if (ran.code !== 0) throw new Error(`pitwall ${args[0]}: ${ran.stderr.trim() || ran.stdout.trim()}`);
    return ran.stdout;
  };
  const tmux: Stage['tmux'] = async (...args) =>
    (await start('tmux', ['-u', '-L', socket, ...args], folder, env)).stdout.trimEnd();
  const agent: Stage['agent'] = async (task) => {
    const { projects } = JSON.parse(await done(['list', '--json']));
    const found = projects[0]?.tasks.find((each: { name: string }) => each.name === task);
    if (!found) throw new Error(`there is no task ${task}`);
    return { ...found.agents[0], task, worktree: found.worktree };
  };
  return {
    folder,
    env,
    pitwall,
    done,
    tmux,
    agent,
    journal: (task) =>
      readFileSync(join(folder, 'state', 'pitwall', project, task, 'journal.jsonl'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    async screen(task) {
      const { pane } = await agent(task);
      return pane === null ? '' : tmux('capture-pane', '-p', '-t', pane);
    },
    async clean() {
      // Not all of them end when their terminal goes.
      const listed = await pitwall(['list', '--json']);
      const tasks = listed.code === 0 ? (JSON.parse(listed.stdout).projects[0]?.tasks ?? []) : [];
      for (const { name } of tasks) await pitwall(['stop', name]);
      spawnSync('tmux', ['-L', socket, 'kill-server'], { env, stdio: 'ignore' });
      removeFolder(folder);
    },
  };
}

/** Nothing of the person's own but PATH; what an agent would install globally goes into the stage. */
function environment(folder: string, programs: string): Record<string, string> {
  const path = (process.env.PATH ?? '/usr/bin:/bin')
    .split(delimiter)
    .filter((each) => !each.includes('node_modules') && !each.includes('node-gyp-bin'));
  for (const name of ['home', 'config', 'state', 'cache', 'data', 'tmux', 'tmp'])
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  return {
    PATH: [programs, ...path].join(delimiter),
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_DATA_HOME: join(folder, 'data'),
    TMUX_TMPDIR: join(folder, 'tmux'),
    TMPDIR: join(folder, 'tmp'),
    npm_config_prefix: join(folder, 'npm'),
    npm_config_update_notifier: 'false',
    NO_PROXY: '127.0.0.1,localhost',
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
}

function start(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<Ran> {
  return new Promise((done) => {
    const options = { cwd, env, maxBuffer: 64 << 20, timeout: 120_000 };
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, stdout, stderr });
    });
    // A program that reads no input may have ended before it is given any.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(input);
  });
}
