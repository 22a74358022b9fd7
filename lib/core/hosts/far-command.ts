/** Commands for another machine's shell, and what the answer begins with. */
import { PitwallError } from '../errors.ts';

/**
 * argv as one line that every login shell reads as these words: sh, bash, zsh, fish and csh. ssh hands a command to that
 * shell as text (ssh(1)), so this is all that stands between a word and its being run. A word in single quotes holds
 * neither quote, nor backslash (fish reads it there), nor `!` (csh reads it there): those stand outside, escaped.
 * Usage for control characters, which no quoting brings through all of them.
 */
export function farQuote(argv: readonly string[]): string {
  return argv.map(farWord).join(' ');
}

function farWord(word: string): string {
  if (/\p{Cc}/u.test(word))
    throw new PitwallError(
      'Usage',
      `“${word}” cannot be sent to another machine: it holds control characters`,
    );
  if (/^[A-Za-z0-9_/.@%+,:-]+$/.test(word)) return word;
  const pieces = word.split(/(['\\!])/).filter((piece) => piece !== '');
  return pieces.length === 0
    ? "''"
    : pieces.map((piece) => (/^['\\!]$/.test(piece) ? `\\${piece}` : `'${piece}'`)).join('');
}

/**
 * Finds pitwall ("$1") as the person's own login shell would: a command over ssh has the bare PATH of no login at all,
 * where what a version manager of Node puts there is missing. On one line: csh takes no line feed in quotes.
 */
const find = [
  'have() { command -v "$1" >/dev/null 2>&1 && command -v node >/dev/null 2>&1; }',
  'have "$1" || { p=$("$SHELL" -lic env </dev/null 2>/dev/null | sed -n "s/^PATH=//p" | tail -n 1)',
  'if [ -n "$p" ]; then PATH=$p; export PATH; fi; }',
].join('; ');

const gone = 'command -v "$1" >/dev/null 2>&1';

/** The line after which the answer of pitwall itself begins: what stands before it is the shell's own chatter. */
const mark = 'pitwall-far-side';

/**
 * Ends what runs there when nobody waits for it any more: then its standard input, which is to stay open, ends. As
 * another descriptor, since a shell gives what it runs in the background none of its own.
 */
const leash = 'exec 3<&0; { cat <&3; kill $$; } >/dev/null 2>&1 & exec 3<&-;';

/**
 * The command that runs pitwall there and prints its answer behind a mark. To be run with an open standard input that
 * nothing is written to.
 */
export function farAnswer(argv: readonly string[]): string {
  const script = `${leash} ${find}; ${gone} || { echo ${mark} missing; exit 127; }; echo ${mark} here; exec "$@" </dev/null`;
  return farQuote(['sh', '-c', script, 'pitwall', ...argv]);
}

/** argv that runs pitwall there on a terminal; what is missing is said on it. `host`: as the person calls it. */
export function farTerminal(argv: readonly string[], host: string): readonly string[] {
  const say = (text: string) => `echo ${quoted(text)} >&2`;
  const lacks = `${say(`pitwall: ${host} has no pitwall on its PATH`)}; ${say(`try: pitwall hosts check ${host}`)}`;
  const script = `${find}; ${gone} || { ${lacks}; exit 127; }; exec "$@"`;
  return ['sh', '-c', script, 'pitwall', ...argv];
}

/** A word inside a script for sh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What a machine printed, taken apart. `silent`: the mark never came. */
export type FarPrinted =
  | { readonly kind: 'here'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'silent' };

/** Reads what `farAnswer` printed. */
export function readPrinted(stdout: string): FarPrinted {
  const found = new RegExp(`^${mark} (here|missing)\\r?$`, 'm').exec(stdout);
  if (found === null) return { kind: 'silent' };
  if (found[1] === 'missing') return { kind: 'missing' };
  return { kind: 'here', text: stdout.slice(found.index + found[0].length) };
}
