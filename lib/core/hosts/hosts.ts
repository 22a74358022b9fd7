/** Other machines: their names, what ssh calls them, and places on them as a person types them. */
import { PitwallError } from '../errors.ts';
import { nearNames, taskName } from '../names.ts';
import type { Preferences } from '../settings/preferences.ts';
import { destinationPattern } from '../settings/setting-values.ts';

/** Another machine on which pitwall runs. */
export interface Host {
  readonly name: string;
  /** What ssh takes: a name of its configuration, or `me@box.example.org`. */
  readonly destination: string;
  /** Whether `attach` goes by mosh. */
  readonly mosh: boolean;
  /** argv of pitwall there. */
  readonly command: readonly string[];
  /** Milliseconds within which it must answer. */
  readonly timeout: number;
}

const usual = { mosh: false, command: ['pitwall'], timeout: 5000 } as const;

/** The person's hosts, by name. */
export function hostsOf({ hosts }: Preferences): readonly Host[] {
  return Object.entries(hosts)
    .map(([name, { destination, mosh, command, timeout }]) => ({
      name,
      destination,
      mosh: mosh ?? usual.mosh,
      command: command ?? usual.command,
      timeout: timeout === undefined ? usual.timeout : timeout * 1000,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The hosts of these names, all when there are none; NoSuchHost. */
export function namedHosts(preferences: Preferences, names: readonly string[]): readonly Host[] {
  const known = hostsOf(preferences);
  if (names.length === 0) return known;
  return [...new Set(names)].map(
    (name) => known.find((each) => each.name === name) ?? noSuchHost(name, known),
  );
}

function noSuchHost(name: string, known: readonly Host[]): never {
  const names = known.map((each) => each.name);
  const near = nearNames(name, names);
  const meant = near.length > 0 ? ` (${near.join(', ')}?)` : '';
  throw new PitwallError('NoSuchHost', `there is no host ${name}${meant}`, 'pitwall hosts', { names });
}

/** A host as a person types it: a name of theirs, else what ssh itself knows. Usage for what is neither. */
export function hostFor(preferences: Preferences, typed: string): Host {
  const known = hostsOf(preferences).find((each) => each.name === typed);
  return known ?? { ...usual, name: typed, destination: destinationOf(typed) };
}

/** The text, if ssh can be given it as a destination, else Usage. */
export function destinationOf(typed: string): string {
  if (destinationPattern.test(typed)) return typed;
  throw new PitwallError(
    'Usage',
    `“${typed}” is nothing that ssh could connect to: a name of your ssh configuration, or me@box`,
    'pitwall hosts --help',
  );
}

/** A host's name made of its destination: `box` of `me@box.example.org`. Usage when nothing of a name is in it. */
export function hostNameFor(destination: string): string {
  const address = destination.replace(/^ssh:\/\//, '').replace(/^.*@/, '');
  const name = /^[\d.:[\]%]+$/.test(address) ? taskName(address) : taskName(address.split(/[.:]/)[0] ?? '');
  if (name !== '') return name;
  throw new PitwallError(
    'Usage',
    `“${destination}” gives no name for the host`,
    'pitwall hosts add NAME DESTINATION',
  );
}

/** `PROJECT`, `HOST:PROJECT` or `HOST:` as typed after `attach`. A host may hold colons, a project cannot. */
export function parsePlace(typed: string): { readonly host: string | null; readonly project: string | null } {
  const at = typed.lastIndexOf(':');
  const project = taskName(typed.slice(at + 1));
  const rest = typed.slice(at + 1).trim();
  if (project === '' && rest !== '')
    throw new PitwallError('Usage', `“${typed}” names no project`, 'pitwall list --all');
  if (at === 0 || (at < 0 && project === ''))
    throw new PitwallError('Usage', `“${typed}” names no project`, 'pitwall attach --help');
  return { host: at < 0 ? null : typed.slice(0, at), project: project === '' ? null : project };
}
