/**
 * ssh, with the person's own configuration. Where that keeps no connection of its own (ControlPath), one is kept through
 * a socket of ours. ssh itself keeps it, and ends it a minute after its last use: ssh_config(5), ControlPersist.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { PitwallError } from '../core/errors.ts';
import { farQuote } from '../core/hosts/far-command.ts';
import { destinationPattern } from '../core/settings/setting-values.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import type { FarRun, Remote } from '../ports.ts';
import { codeOf } from './owner.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Bytes of an answer; one with more is cut and counts as none. */
const mostAnswer = 4 << 20;
const mostComplaint = 8 << 10;

/** Milliseconds for the last words of an ssh that ended: a proxy it left behind holds its standard error open. */
const lastWords = 50;

/** Milliseconds for questions that need no connection. */
const localPatience = 3000;

/** Nothing is asked or forwarded, and what the person's configuration starts there does not take the command's place. */
const unattended = [
  'BatchMode=yes',
  'ConnectionAttempts=1',
  'ClearAllForwardings=yes',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
  'RequestTTY=no',
];

/** A connection that no longer answers is given up after 10 s instead of hanging. */
const lively = ['ServerAliveInterval=5', 'ServerAliveCountMax=2'];

/** The port of other machines. The person’s ssh configuration counts; a kept connection is ours alone. */
export function createRemote({ env }: { readonly env: Environment }): Remote {
  const environment = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  return {
    run: (destination, command, timeout) => runFar(environment, destination, command, timeout),
    async terminal(destination, argv, timeout) {
      const kept = await keptConnection(environment, destination);
      const options = [...kept.options, ...lively, ...kept.terse, within(timeout), 'RemoteCommand=none'];
      return ['ssh', '-t', ...kept.socket, ...asOptions(options), '--', destination, farQuote(argv)];
    },
    async mosh(destination, argv, timeout) {
      const kept = await keptConnection(environment, destination);
      const options = [...kept.options, within(timeout), 'RemoteCommand=none'];
      const ssh = ['ssh', ...kept.socket, ...asOptions(options)];
      return ['mosh', `--ssh=${shellQuote(ssh)}`, '--', destination, ...argv];
    },
  };
}

async function runFar(
  env: NodeJS.ProcessEnv,
  destination: string,
  command: string,
  timeout: number,
): Promise<FarRun> {
  const begun = Date.now();
  const kept = await keptConnection(env, destination);
  const options = asOptions([...kept.options, ...unattended, ...lively, within(timeout)]);
  const argv = ['-T', ...kept.socket, ...options, '--', destination, command];
  const ran = await runOnce(env, argv, timeout - (Date.now() - begun), mostAnswer);
  // A kept connection that hangs would make every later call hang too.
  if (ran.cut === 'time' && kept.socket.length > 0) void forget(env, kept.socket, destination);
  return ran;
}

function asOptions(options: readonly string[]): readonly string[] {
  return options.flatMap((option) => ['-o', option]);
}

/** From the first packet to the end of the key exchange: ssh_config(5), ConnectTimeout. */
function within(timeout: number): string {
  return `ConnectTimeout=${Math.max(1, Math.ceil(timeout / 1000))}`;
}

interface Kept {
  readonly socket: readonly string[];
  readonly options: readonly string[];
  /** For a terminal: that a connection was closed is no news behind what the program there said last. */
  readonly terse: readonly string[];
}

/** How to keep the connection: nothing of ours where the person's configuration says how, or no folder is fit for it. */
async function keptConnection(env: NodeJS.ProcessEnv, destination: string): Promise<Kept> {
  if (!destinationPattern.test(destination))
    throw new PitwallError('Usage', `“${destination}” is nothing that ssh could connect to`, 'pitwall hosts');
  const { exit, stdout } = await runOnce(env, ['-G', '--', destination], localPatience, mostAnswer);
  // Errors are told all the same. A level that the person chose is theirs.
  const terse = /^loglevel info$/im.test(stdout) ? ['LogLevel=ERROR'] : [];
  const none: Kept = { socket: [], options: [], terse };
  if (exit === 0 && /^controlpath (?!none$)/m.test(stdout)) return none;
  const folder = socketFolder(env);
  if (folder === null) return none;
  // What else decides where a connection leads stands in the answer: a change of the configuration is another socket.
  const name = createHash('sha256').update(`${destination}\n${stdout}`).digest('hex').slice(0, 16);
  return {
    socket: ['-S', join(folder, name).replaceAll('%', '%%')],
    options: ['ControlMaster=auto', 'ControlPersist=60'],
    terse,
  };
}

/** Bytes: a socket's path may have 104, and ssh puts 17 and our name behind it. */
const longestFolder = 104 - 17 - 18;

/** A folder with a short path that is the person's alone; null when there is none: then no connection is kept. */
function socketFolder({ XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): string | null {
  const uid = process.getuid?.() ?? 0;
  const own = XDG_RUNTIME_DIR?.startsWith('/') ? join(XDG_RUNTIME_DIR, 'pitwall') : null;
  const folder = own !== null && Buffer.byteLength(own) <= longestFolder ? own : `/tmp/pitwall-${uid}`;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') return codeOf(error) === null ? rethrown(error) : null;
  }
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0 ? folder : null;
}

function rethrown(error: unknown): never {
  throw error;
}

/** Nobody takes that connection any more; what is attached through it stays. */
async function forget(env: NodeJS.ProcessEnv, socket: readonly string[], destination: string): Promise<void> {
  await runOnce(env, [...socket, '-O', 'stop', '--', destination], localPatience, mostComplaint);
}

/** Runs ssh until it ends, is over its time or has printed more than `most` bytes. */
function runOnce(
  env: NodeJS.ProcessEnv,
  argv: readonly string[],
  timeout: number,
  most: number,
): Promise<FarRun> {
  return new Promise((resolve, reject) => {
    // Standard input stays open as long as the answer is waited for: what runs there sees by it when to end.
    const child = spawn('ssh', argv, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => child.stdin.destroy());
    let cut: FarRun['cut'] = 'no';
    const end = (why: FarRun['cut']) => {
      cut = why;
      child.kill('SIGKILL');
    };
    const stdout = collect(child.stdout, most, () => end('size'));
    const stderr = collect(child.stderr, mostComplaint, () => undefined);
    const timer = setTimeout(() => end('time'), Math.max(1, timeout));
    const done = (exit: number | null) => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ exit, stdout: stdout(), stderr: stderr(), cut });
    };
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new PitwallError('ToolMissing', `ssh cannot be started: ${error.message}`));
    });
    child.on('exit', (exit) => {
      const late = setTimeout(() => done(exit), cut === 'no' ? lastWords : 0);
      child.on('close', () => {
        clearTimeout(late);
        done(exit);
      });
    });
  });
}

/** Reads a stream to its end; what is beyond `most` bytes is dropped from its beginning and told once. */
function collect(stream: Readable, most: number, tooMuch: () => void): () => string {
  let kept: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    kept.push(chunk);
    size += chunk.length;
    if (size <= most) return;
    kept = [Buffer.concat(kept).subarray(-most)];
    size = most;
    tooMuch();
  });
  return () => Buffer.concat(kept).toString('utf8');
}
