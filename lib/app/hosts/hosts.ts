/** `pitwall hosts`: the person's other machines, kept in their preferences, and what is missing on one. */
import { isPitwallError, PitwallError } from '../../core/errors.ts';
import { parseFindings, readShell, shellQuestion } from '../../core/hosts/far-check.ts';
import { destinationOf, type Host, hostNameFor, hostsOf, namedHosts } from '../../core/hosts/hosts.ts';
import { taskName } from '../../core/names.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../doctor.ts';
import { checkHint, farText, sshProbe } from './far.ts';

/** A machine as the person names it. */
export interface NewHost {
  /** Null: made of the destination. */
  readonly name: string | null;
  readonly destination: string;
  readonly mosh: boolean;
  readonly command: readonly string[] | null;
  /** Seconds. */
  readonly timeout: number | null;
}

/** Keeps a host; one of that name gets what is given. Usage, SettingsInvalid, NameTaken for one that leads elsewhere. */
export async function addHost(context: Context, given: NewHost): Promise<string> {
  const destination = destinationOf(given.destination);
  const name = given.name ?? hostNameFor(destination);
  if (name !== taskName(name))
    throw new PitwallError(
      'Usage',
      `“${name}” is no name for a host: small letters, digits, - and _`,
      shellQuote(['pitwall', 'hosts', 'add', hostNameFor(name), destination]),
    );
  const before = hostsOf(context.preferences).find((each) => each.name === name);
  if (before !== undefined && before.destination !== destination)
    throw new PitwallError(
      'NameTaken',
      `${name} is ${before.destination} already`,
      shellQuote(['pitwall', 'hosts', 'remove', name]),
    );
  await context.deps.preferences.set(`hosts.${name}`, {
    destination,
    ...(given.mosh ? { mosh: true } : {}),
    ...(given.command === null ? {} : { command: given.command }),
    ...(given.timeout === null ? {} : { timeout: given.timeout }),
  });
  return name;
}

/** Forgets hosts; all of them must be known, else NoSuchHost and nothing is changed. */
export async function removeHosts(context: Context, names: readonly string[]): Promise<void> {
  for (const { name } of namedHosts(context.preferences, names))
    await context.deps.preferences.unset(`hosts.${name}`);
}

/** What is there and what is missing on a host, good findings too. Never throws for what is wrong there. */
export async function checkHost(context: Context, host: Host): Promise<readonly Finding[]> {
  const { deps } = context;
  const begun = deps.clock.now();
  try {
    const text = await farText(deps, host, ['doctor', '--json'], [0, 1]);
    const ms = deps.clock.now() - begun;
    const reached: Finding = { about: 'ssh', ok: true, words: `answers in ${ms} ms`, mend: null };
    const findings = parseFindings(text)?.map((each) => ({ ...each, mend: there(host, each.mend) }));
    const said = findings ?? [noFindings(host)];
    return [reached, ...said, ...(await checkShell(context, host))];
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    return [{ about: 'ssh', ok: false, words: error.message, mend: beyondCheck(host, error) }];
  }
}

/** What helps where the check itself cannot tell more. */
function beyondCheck(host: Host, error: PitwallError): string | null {
  if (error.hint !== checkHint(host)) return error.hint;
  if (error.code === 'CannotConnect') return sshProbe(host);
  return there(host, shellQuote([...host.command, 'doctor']));
}

function noFindings(host: Host): Finding {
  const words = `${host.name}: what it answers is nothing of this pitwall’s; its version may be another`;
  return { about: 'pitwall', ok: false, words, mend: there(host, 'pitwall --version') };
}

/** A command that mends something there, as it is typed here. */
function there(host: Host, command: string | null): string | null {
  return command === null ? null : shellQuote(['ssh', '-t', host.destination, command]);
}

/** The terminal and the locale only make it plainer; mosh is needed where it was asked for. */
async function checkShell({ deps }: Context, host: Host): Promise<readonly Finding[]> {
  const terminal = deps.env.TERM || 'xterm-256color';
  const { stdout } = await deps.remote.run(host.destination, shellQuestion(terminal), host.timeout);
  const told = readShell(stdout);
  if (told === null) return [];
  const known = told.knowsTerminal ? 'known' : 'not known there: a plainer one is used';
  const findings: Finding[] = [
    { about: 'terminal', ok: true, words: `${terminal} ${known}`, mend: null },
    { about: 'locale', ok: true, words: told.utf8 ? 'UTF-8' : 'not UTF-8: signs are ASCII', mend: null },
  ];
  if (host.mosh)
    findings.push({
      about: 'mosh',
      ok: told.mosh,
      words: told.mosh ? 'mosh-server is there' : `${host.name} has no mosh-server on its PATH`,
      mend: told.mosh ? null : there(host, 'sudo apt install mosh'),
    });
  return findings;
}
