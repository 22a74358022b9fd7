/** Asks other hosts: what waits there, and what is missing there. No answer is trusted, or waited for beyond its time. */
import { PitwallError } from '../../core/errors.ts';
import { farAnswer, readPrinted } from '../../core/hosts/far-command.ts';
import { parseFarError, parseFarList } from '../../core/hosts/far-list.ts';
import type { FarAnswer } from '../../core/hosts/far-merge.ts';
import type { Host } from '../../core/hosts/hosts.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Deps, FarRun } from '../../ports.ts';

/** The lists of some hosts, asked at once; one that fails is an answer too. */
export function askHosts(deps: Pick<Deps, 'remote'>, hosts: readonly Host[]): Promise<readonly FarAnswer[]> {
  return Promise.all(hosts.map((host) => askHost(deps, host)));
}

/** The list of one host. Rejects only for a fault of ours. */
export async function askHost(deps: Pick<Deps, 'remote'>, host: Host): Promise<FarAnswer> {
  const { name } = host;
  try {
    const text = await farText(deps, host, ['list', '--all', '--local', '--json']);
    const snapshot = parseFarList(name, text);
    if (snapshot !== null) return { host: name, snapshot, problem: null, hint: null };
    const problem = `${name}: what it answers is no list of this pitwall’s; its version may be another`;
    return { host: name, snapshot: null, problem, hint: checkHint(host) };
  } catch (error) {
    if (!(error instanceof PitwallError)) throw error;
    return { host: name, snapshot: null, problem: error.message, hint: error.hint };
  }
}

/**
 * What pitwall with these words prints there, when it ends with one of `exits`. CannotConnect, ToolMissing,
 * CommandFailed: each names the host.
 */
export async function farText(
  { remote }: Pick<Deps, 'remote'>,
  host: Host,
  words: readonly string[],
  exits: readonly number[] = [0],
): Promise<string> {
  const ran = await remote.run(host.destination, farAnswer([...host.command, ...words]), host.timeout);
  const printed = readPrinted(ran.stdout);
  if (ran.cut === 'time')
    throw new PitwallError(
      'CannotConnect',
      `${host.name} did not answer within ${host.timeout / 1000} s`,
      checkHint(host),
    );
  if (ran.cut === 'size')
    throw new PitwallError('CommandFailed', `${host.name} answers with more than 4 MiB`, checkHint(host));
  if (printed.kind === 'silent') throw notReached(host, ran);
  if (printed.kind === 'missing')
    throw new PitwallError(
      'ToolMissing',
      `${host.name} has no pitwall on its PATH`,
      shellQuote(['pitwall', 'hosts', 'add', host.name, host.destination, '--command', '/path/to/pitwall']),
    );
  if (ran.exit !== null && exits.includes(ran.exit)) return printed.text;
  throw refused(host, ran);
}

/** There is no connection, or the shell there ended before it came to us. ssh's last line says which. */
function notReached(host: Host, ran: FarRun): PitwallError {
  const said = lastLine(ran.stderr);
  if (ran.exit === 255)
    return new PitwallError(
      'CannotConnect',
      `${host.name} cannot be reached: ${said}`,
      cureOf(host, ran.stderr),
    );
  return new PitwallError('CommandFailed', `${host.name} runs no command over ssh: ${said}`, sshHint(host));
}

function refused(host: Host, ran: FarRun): PitwallError {
  const error = parseFarError(ran.stderr);
  if (error !== null) {
    const hint =
      error.hint === null ? checkHint(host) : shellQuote(['ssh', '-t', host.destination, error.hint]);
    return new PitwallError('CommandFailed', `${host.name}: ${error.message}`, hint);
  }
  if (ran.exit === 127)
    return new PitwallError('ToolMissing', `${host.name} has no node on its PATH`, sshHint(host));
  const ended = ran.exit === null ? 'was ended' : `exited with ${ran.exit}`;
  return new PitwallError(
    'CommandFailed',
    `pitwall on ${host.name} ${ended}: ${lastLine(ran.stderr)}`,
    checkHint(host),
  );
}

/** ssh's own words (ssh(1), 9.x) for what a person mends elsewhere. */
function cureOf(host: Host, stderr: string): string {
  if (/Permission denied/.test(stderr)) return shellQuote(['ssh-copy-id', host.destination]);
  return sshHint(host);
}

function sshHint(host: Host): string {
  return shellQuote(['ssh', host.destination]);
}

/** A command in which ssh itself tells what is wrong with the connection. */
export function sshProbe(host: Host): string {
  return shellQuote(['ssh', host.destination, 'true']);
}

/** The command that tells more of a host. */
export function checkHint(host: Host): string {
  return shellQuote(['pitwall', 'hosts', 'check', host.name]);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) || 'it says nothing';
}
