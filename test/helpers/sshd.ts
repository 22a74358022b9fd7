/** Other machines: a real sshd each, on loopback, with keys of its own; every one is a sandbox with its own HOME. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { type Sandbox, sandbox, until } from './sandbox.ts';

/** Where the systems we know keep it: it is on no ordinary PATH, and must be called by its whole path. */
const server = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find(isProgram) ?? null;

/** What a test is given as `skip`: false, or why it cannot run here. */
export const withoutSshd = server === null ? 'there is no sshd here (Debian: openssh-server)' : false;

export interface Machine extends Sandbox {
  /** Stops what listens, as a machine that is off; what is connected stays. */
  stop(): void;
}

/**
 * A sandbox whose ssh knows machines of these names from its own configuration, and nothing else. With `pitwall: false`
 * they have none on their PATH. All of it is taken away when the test ends.
 */
export async function machines(
  t: TestContext,
  names: readonly string[],
  options: { readonly pitwall?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{
  readonly near: Sandbox;
  readonly far: readonly Machine[];
  /** Ends the connections that ssh keeps, as a minute does. */
  forget(): void;
}> {
  const near = await nearSandbox();
  const forget = () => endMasters(near);
  t.after(forget);
  const key = join(near.folder, 'key');
  makeKey(key);
  const far: Machine[] = [];
  const lines: string[] = [];
  for (const name of names) {
    const box = await sandbox();
    const port = await freePort();
    const child = await startServer(box, port, key, { pitwall: true, ...options });
    const stop = () => void child.kill('SIGTERM');
    t.after(async () => {
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
      stop();
      await gone;
      await box.dispose();
    });
    far.push({ ...box, stop });
    lines.push(`Host ${name}`, ' HostName 127.0.0.1', ` Port ${port}`);
  }
  t.after(() => near.dispose());
  const known = join(near.folder, 'known');
  const common = [`IdentityFile ${key}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${known}`];
  const config = [...lines, 'Host *', ...common, 'StrictHostKeyChecking accept-new', ''];
  writeFileSync(join(near.folder, 'ssh_config'), config.join('\n'));
  return { near, far, forget };
}

/** Its `ssh` writes down what it was called with: ssh's own configuration stands in a HOME that is not ours. */
async function nearSandbox(): Promise<Sandbox> {
  const near = await sandbox();
  const bin = join(near.folder, 'bin');
  const run = join(near.folder, 'run');
  for (const folder of [bin, run]) mkdirSync(folder, { mode: 0o700 });
  const ssh = execFileSync('which', ['ssh'], { encoding: 'utf8' }).trim();
  const script = `echo "$@" >>${near.folder}/calls\nexec ${ssh} -F ${near.folder}/ssh_config "$@"`;
  writeFileSync(join(bin, 'ssh'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'ssh'), 0o700);
  Object.assign(near.env, { PATH: [bin, near.env.PATH].join(delimiter), XDG_RUNTIME_DIR: run });
  return near;
}

async function startServer(
  box: Sandbox,
  port: number,
  key: string,
  options: { readonly pitwall: boolean; readonly env?: Readonly<Record<string, string>> },
): Promise<ChildProcess> {
  const at = (name: string) => join(box.folder, name);
  makeKey(at('host'));
  const bin = at('bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  if (options.pitwall) symlinkSync(resolve('bin/pitwall'), join(bin, 'pitwall'));
  const env = {
    ...box.env,
    PATH: [bin, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    PITWALL_DEMO_PACE: '10',
    ...options.env,
  };
  const set = Object.entries(env).map(([name, value]) => `"${name}=${value}"`);
  writeFileSync(
    at('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host')}`,
      `AuthorizedKeysFile ${key}.pub`,
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      `SetEnv ${set.join(' ')}`,
      '',
    ].join('\n'),
  );
  // Debian's service makes this folder before it starts one.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(server ?? 'sshd', ['-D', '-e', '-f', at('sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: box.env.PATH },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until('sshd listens', () => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said}`);
    return said.includes('Server listening');
  });
  return child;
}

/** The connections that ssh keeps for a minute. */
function endMasters(near: Sandbox): void {
  const script = 'for s in "$0"/run/pitwall/*; do [ -S "$s" ] && ssh -S "$s" -O exit x; done 2>/dev/null; :';
  execFileSync('sh', ['-c', script, near.folder], { stdio: 'ignore' });
}

function makeKey(path: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path], { stdio: 'ignore' });
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
