/** An sshd of our own on loopback, and an ssh that knows nothing but such: for tests and benchmarks. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** sshd by its whole path, as it wants to be called; it is on no ordinary PATH. Null where we know of none. */
export const sshdProgram =
  ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find(isProgram) ?? null;

export interface Sshd {
  readonly port: number;
  /** Stops what listens; resolves when it has ended. What is connected stays. */
  stop(): Promise<void>;
}

/** Makes a key pair without a passphrase. */
export function makeKey(path: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path], { stdio: 'ignore' });
}

/**
 * An sshd that lets in whoever has `key`, with that environment (HOME included) for all it starts; it listens when this
 * resolves. `folder` gets its files. `pitwall`: the program found under that name there; null: none.
 */
export async function startSshd(options: {
  readonly folder: string;
  readonly key: string;
  readonly env: Environment;
  readonly pitwall: string | null;
}): Promise<Sshd> {
  const { folder, key, pitwall } = options;
  const port = await freePort();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  if (pitwall !== null) symlinkSync(pitwall, join(bin, 'pitwall'));
  makeKey(join(folder, 'host'));
  const PATH = [bin, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter);
  const set = Object.entries({ ...options.env, PATH }).map(([name, value]) => `"${name}=${value ?? ''}"`);
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${key}.pub`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    `SetEnv ${set.join(' ')}`,
  ];
  writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
  // Debian's service makes this folder before it starts one.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(sshdProgram ?? 'sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Server listening')) resolve();
    });
    child.on('exit', () => reject(new Error(`sshd ended: ${said}`)));
  });
  return {
    port,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/**
 * Writes `ssh` into `bin`: the system's, with those hosts as the person's configuration. It notes in `folder`/calls what
 * it is called with. ssh takes its configuration from the HOME of the user database, which is not ours to touch.
 */
export function writeSsh(options: {
  readonly folder: string;
  readonly bin: string;
  readonly key: string;
  readonly ports: Readonly<Record<string, number>>;
}): void {
  const { folder, bin, key, ports } = options;
  const hosts = Object.entries(ports).flatMap(([name, port]) => [
    `Host ${name}`,
    ' HostName 127.0.0.1',
    ` Port ${port}`,
  ]);
  const all = [`IdentityFile ${key}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${join(folder, 'known')}`];
  const config = [...hosts, 'Host *', ...all, 'StrictHostKeyChecking accept-new'];
  writeFileSync(join(folder, 'ssh_config'), `${config.join('\n')}\n`);
  const ssh = execFileSync('which', ['ssh'], { encoding: 'utf8' }).trim();
  const script = `echo "$@" >>'${folder}/calls'\nexec ${ssh} -F '${folder}/ssh_config' "$@"`;
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'ssh'), 0o700);
}

/** Ends the connections that ssh keeps through sockets in that runtime folder. */
export function endKept(runtime: string): void {
  const script = 'for s in "$0"/pitwall/*; do [ -S "$s" ] && ssh -S "$s" -O exit x; done 2>/dev/null; :';
  execFileSync('sh', ['-c', script, runtime], { stdio: 'ignore' });
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
