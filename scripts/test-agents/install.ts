/** Gets an agent from the npm registry into a folder of its own; nothing is installed globally. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Player } from './agents.ts';

const exec = promisify(execFile);

/** Milliseconds for an installation and for a program to say its version. */
const patience = 300_000;

export interface Installed {
  /** The folder of the agent's program. */
  readonly programs: string;
  /** As the program tells it. */
  readonly version: string;
}

/** Where agents are kept between runs: `pitwall-test-agents` in the cache of the person who runs this. */
export function keptFolder(): string {
  const cache = process.env.XDG_CACHE_HOME;
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'pitwall-test-agents');
}

/** The agent in `folder`, got if it is not there yet or when `fresh`. Throws with npm's words when it cannot be had. */
export async function install(player: Player, folder: string, fresh: boolean): Promise<Installed> {
  const prefix = join(folder, player.name);
  const home = join(prefix, 'home');
  mkdirSync(home, { recursive: true });
  const programs = join(prefix, 'node_modules', '.bin');
  const env = {
    ...process.env,
    HOME: home,
    PATH: [programs, process.env.PATH ?? ''].join(delimiter),
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_prefix: join(prefix, 'global'),
    DISABLE_AUTOUPDATER: '1',
  };
  if (fresh || !has(join(prefix, 'installed'))) {
    writeFileSync(join(prefix, 'package.json'), '{"private":true}\n');
    const words = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', prefix];
    await exec('npm', [...words, `${player.package}@latest`], { cwd: prefix, env, timeout: patience });
    writeFileSync(join(prefix, 'installed'), `${player.package}\n`);
  }
  const { stdout } = await exec(join(programs, player.name), ['--version'], {
    cwd: prefix,
    env,
    timeout: 60_000,
  });
  return { programs, version: /\d+\.\d+\.\d+\S*?(?=[.\s,]*$|\s)/m.exec(stdout)?.[0] ?? stdout.trim() };
}

function has(path: string): boolean {
  try {
    return readFileSync(path, 'utf8') !== '';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
