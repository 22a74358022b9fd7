/** Commands that come from a repository: they run only after the person has accepted exactly these. */
import { instant, isObject, list, matching, plain, readFields, shaped, text } from '../fields.ts';

/** One command, and what a repository wants it for: `setup 1`, `check test`, `reviewer`, `layout dev: server`. */
export interface RepositoryCommand {
  readonly what: string;
  /** The text for `sh -c`, the preset of a reviewer, or an argv quoted for a shell. */
  readonly run: string;
}

/** What the person accepted, and when (ISO 8601, UTC). */
export interface Trust {
  readonly commands: readonly RepositoryCommand[];
  readonly accepted: string;
}

/** The commands as one text: the same text, the same commands. */
export function commandsKey(commands: readonly RepositoryCommand[]): string {
  return JSON.stringify(commands.map(({ what, run }) => [what, run]));
}

/** Whether exactly `commands` were accepted; nothing to run needs no acceptance. */
export function isAccepted(commands: readonly RepositoryCommand[], trust: Trust | null): boolean {
  return commands.length === 0 || (trust !== null && commandsKey(trust.commands) === commandsKey(commands));
}

/** One line of what the person is shown. */
export interface TrustLine extends RepositoryCommand {
  /** Against what was accepted before; `new` for all when nothing was. */
  readonly change: 'same' | 'new' | 'gone';
}

/** The commands with what changed since they were accepted; those that are gone stand last. */
export function trustLines(
  commands: readonly RepositoryCommand[],
  trust: Trust | null,
): readonly TrustLine[] {
  const before = new Set((trust?.commands ?? []).map((each) => commandsKey([each])));
  const now = new Set(commands.map((each) => commandsKey([each])));
  return [
    ...commands.map((each) => ({
      ...each,
      change: before.has(commandsKey([each])) ? ('same' as const) : ('new' as const),
    })),
    ...(trust?.commands ?? [])
      .filter((each) => !now.has(commandsKey([each])))
      .map((each) => ({ ...each, change: 'gone' as const })),
  ];
}

/** A command as a terminal can show it whole: what would move the cursor or hide other text is spelled out. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (each) => {
    if (each === '\n') return '\\n';
    if (each === '\t') return '\\t';
    return `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** A trust.json: what was accepted, and the hash that vouches for its being as it was written. */
export interface KeptTrust extends Trust {
  /** SHA-256 of `commandsKey`, in hex. */
  readonly hash: string;
}

/** The content of a trust.json, or null: what cannot be read accepts nothing. */
export function parseTrust(json: string): KeptTrust | null {
  let value: unknown = null;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!isObject(value) || value.version !== 1) return null;
  const read = readFields<KeptTrust>(
    {
      hash: matching(/^[0-9a-f]{64}$/),
      accepted: instant,
      commands: list(shaped<RepositoryCommand>({ what: plain(1000), run: text(1_000_000) }), 10_000),
    },
    value,
  );
  return read.ok ? read.fields : null;
}
