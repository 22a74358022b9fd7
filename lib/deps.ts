/** The one place that puts adapters into ports. Cheap ones are made at once, the rest when first used. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFiles } from './adapters/files.ts';
import { fingerprint } from './adapters/git-folder.ts';
import { codeOf } from './adapters/owner.ts';
import { createPreferences } from './adapters/preferences.ts';
import { createTmux } from './adapters/tmux.ts';
import { PitwallError } from './core/errors.ts';
import { lazyPort } from './lazy-port.ts';
import type { Deps } from './ports.ts';

/** The state folder: PITWALL_STATE_DIR, else under XDG_STATE_HOME. */
export function stateFolder(): string {
  const { PITWALL_STATE_DIR, XDG_STATE_HOME } = process.env;
  return PITWALL_STATE_DIR || join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'pitwall');
}

function configFolder(): string {
  const { PITWALL_CONFIG_DIR, XDG_CONFIG_HOME } = process.env;
  return PITWALL_CONFIG_DIR || join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'pitwall');
}

/** The folder that holds bin/, dist/ and layouts/, for the build and for sources alike. */
function home(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (folder !== dirname(folder) && !folder.endsWith('/dist') && !folder.endsWith('/lib'))
    folder = dirname(folder);
  return dirname(folder);
}

/** The version in package.json. */
export function version(): string {
  const parsed: unknown = JSON.parse(readFileSync(join(home(), 'package.json'), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed
    ? String(parsed.version)
    : 'unknown';
}

/** Asked only when a server may have to be started. */
async function startupStarter(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return (await import('./adapters/startup-files.ts')).serverStarter(env);
}

/** The folder of this process; null when it was removed, as a worktree under a person's shell may be. */
function ownFolder(): string | null {
  try {
    return process.cwd();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    // Libraries, and the programs we start, take it for granted that there is one.
    process.chdir('/');
    return null;
  }
}

function folderGone(env: NodeJS.ProcessEnv): never {
  const name = env.PWD ? ` (${env.PWD})` : '';
  throw new PitwallError('TargetGone', `the folder you are in is gone${name}`, 'cd');
}

/** Everything outside. `socket` as typed, else PITWALL_SOCKET, else the preference, else tmux's own choice. */
export function makeDeps(typed: string | null): Deps {
  const { env } = process;
  const stateDir = stateFolder();
  const configDir = configFolder();
  const folder = home();
  const cwd = ownFolder();
  const preferences = createPreferences({ configDir });
  const socket = typed ?? env.PITWALL_SOCKET ?? preferences.socket();
  const quietMs = 3000;
  return {
    tmux: createTmux({
      socket: socket || null,
      env,
      stableDir: homedir(),
      starter: () => startupStarter(env),
    }),
    git: lazyPort(async () => (await import('./adapters/git.ts')).createGit({ env }), {
      fingerprint: async (worktree) => fingerprint(worktree),
    }),
    files: createFiles({ stateDir }),
    folder: lazyPort(async () => (await import('./adapters/folder.ts')).createFolder()),
    homeFiles: lazyPort(async () => (await import('./adapters/home-files.ts')).createHomeFiles()),
    agentFiles: lazyPort(async () => (await import('./adapters/agent-files.ts')).createAgentFiles()),
    clock: { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    preferences,
    processes: lazyPort(async () => (await import('./adapters/process.ts')).createProcesses({ env })),
    remote: lazyPort(async () => (await import('./adapters/ssh.ts')).createRemote({ env })),
    notifier: async () => (await import('./adapters/notifier.ts')).createNotifier({ env }),
    startup: lazyPort(async () => (await import('./adapters/startup-files.ts')).createStartupFiles()),
    watcher: async () => (await import('./adapters/watch.ts')).createWatcher({ stateDir, quietMs }),
    screen: async () => (await import('./adapters/screen.ts')).createScreen({ env }),
    syntax: lazyPort(async () => (await import('./adapters/syntax.ts')).createSyntax()),
    browser: lazyPort(async () => (await import('./adapters/browser.ts')).createBrowser({ env })),
    nodeVersion: process.versions.node,
    env,
    cwd: () => cwd ?? folderGone(env),
    configDir,
    terminal: process.stdout.isTTY ? { columns: process.stdout.columns, rows: process.stdout.rows } : null,
    home: homedir(),
    // The global one loads its library when it is called, and so does this.
    uuid: () => crypto.randomUUID(),
    sha256: (text) => process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex'),
    shipped: {
      node: process.execPath,
      pitwall: join(folder, 'bin', 'pitwall'),
      hook: join(folder, 'bin', 'pitwall-hook'),
      record: join(folder, 'bin', 'pitwall-record'),
      launch: join(folder, 'bin', 'pitwall-launch'),
      output: join(folder, 'bin', 'pitwall-output'),
      look: join(folder, 'bin', 'pitwall-look'),
      demo: join(folder, 'dist', 'demo-agent.cjs'),
      layouts: join(folder, 'layouts'),
    },
  };
}
