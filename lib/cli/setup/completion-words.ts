/**
 * What fits where the cursor stands, read from the commands' own usage and options: words in lower case stand for
 * themselves, words in capitals for names that are looked up. Pure.
 */
import { type Command, commonOptions, type Option } from '../command.ts';

/** A word of a usage in capitals, and what was typed of it. */
export interface Wanted {
  /** `TASK`, `TASK/AGENT`, `PRESET`, … as help has it; what a name may stand for is the caller's to know. */
  readonly kinds: readonly string[];
  /** Words that fit as they are. */
  readonly words: readonly string[];
  /** What each name begins with on the line: `--agent=` where that is typed in one word. */
  readonly prefix: string;
}

const nothing: Wanted = { kinds: [], words: [], prefix: '' };

/** What fits for the last of `typed`, which may be empty; the words before it are whole. */
export function wanted(commands: readonly Command[], typed: readonly string[]): Wanted {
  const last = typed.at(-1) ?? '';
  const line = read(typed.slice(0, -1), commonOptions);
  if (line.pending !== null) return ofOption(line.pending, '');
  const [first, ...rest] = line.rest;
  if (first === undefined)
    return last.startsWith('-')
      ? { ...nothing, words: ['--help', '--version', '--socket'] }
      : { ...nothing, words: ['help', ...namesOf(commands)] };
  if (first === 'help') return rest.length === 0 ? { ...nothing, words: namesOf(commands) } : nothing;
  const command = commands.find((each) => each.name === first || each.aliases?.includes(first));
  return command === undefined ? nothing : ofCommand(command, rest, last);
}

function namesOf(commands: readonly Command[]): readonly string[] {
  return commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);
}

function ofCommand(command: Command, before: readonly string[], last: string): Wanted {
  const options = { ...command.options, ...commonOptions };
  const { positionals, pending, given, closed } = read(before, options);
  if (pending !== null) return ofOption(pending, '');
  if (last.startsWith('-') && !closed) {
    const [, name = ''] = /^--([^=]+)=/.exec(last) ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (name !== '') return option === undefined ? nothing : ofOption(option, `--${name}=`);
    const left = Object.entries(options).filter(([each, { multiple }]) => multiple || !given.has(each));
    return { ...nothing, words: left.map(([each]) => `--${each}`) };
  }
  const fitting = command.usage
    .map((form) => placesOf(command, form))
    .filter((form) => fits(form, positionals));
  return alternatives(fitting.flatMap((form) => placeAt(form, positionals.length) ?? []));
}

function ofOption(option: Option, prefix: string): Wanted {
  return option.type === 'string' ? { ...alternatives((option.value ?? '').split('|')), prefix } : nothing;
}

function alternatives(words: readonly string[]): Wanted {
  const each = [...new Set(words)];
  const isPlain = (word: string) => /^[a-z][a-z-]*$/.test(word);
  return { ...nothing, words: each.filter(isPlain), kinds: each.filter((word) => !isPlain(word)) };
}

interface Line {
  readonly positionals: readonly string[];
  /** From the first positional on, as typed. */
  readonly rest: readonly string[];
  /** Names of the options that were given. */
  readonly given: ReadonlySet<string>;
  /** The option whose value is to come. */
  readonly pending: Option | null;
  /** Whether `--` has ended the options. */
  readonly closed: boolean;
}

/** Words as `parseArgs` of node:util takes them: `--name value`, `--name=value`, `-n value`, `-nvalue`, `--`. */
function read(words: readonly string[], options: Readonly<Record<string, Option>>): Line {
  const positionals: string[] = [];
  const given = new Set<string>();
  let pending: Option | null = null;
  let closed = false;
  let start = words.length;
  for (const [at, word] of words.entries()) {
    if (pending !== null) pending = null;
    else if (!closed && word === '--') closed = true;
    else if (!closed && /^-./.test(word)) {
      const [name, option] = optionOf(word, options) ?? [];
      if (name !== undefined) given.add(name);
      const takesNext = word.startsWith('--') ? !word.includes('=') : word.length === 2;
      if (option?.type === 'string' && takesNext) pending = option;
    } else {
      if (positionals.length === 0) start = at;
      positionals.push(word);
    }
  }
  return { positionals, rest: words.slice(start), given, pending, closed };
}

function optionOf(word: string, options: Readonly<Record<string, Option>>) {
  const long = /^--([^=]*)/.exec(word)?.[1];
  const short = /^-([a-z])/.exec(word)?.[1];
  return Object.entries(options).find(([name, option]) =>
    short === undefined ? name === long : option.short === short,
  );
}

/** The places of one form of a usage, each with what may stand there: `config set KEY VALUE`, `jump [next|TASK[/AGENT]]`. */
function placesOf(command: Command, form: string): readonly (readonly string[])[] {
  const words = form.replaceAll('[/', '/').replace(/[[\]]/g, '').split(' ').slice(1);
  return words.flatMap((word, at) => {
    if (word.startsWith('-')) return [];
    const option = optionOf(words[at - 1] ?? '', command.options);
    return option?.[1].type === 'string' ? [] : [word.split('|')];
  });
}

/** Whether the words typed so far can begin this form: those that stand for themselves are told by it. */
function fits(form: readonly (readonly string[])[], positionals: readonly string[]): boolean {
  return positionals.every((word, at) => {
    const place = placeAt(form, at);
    return place?.some((each) => each === word || !/^[a-z]/.test(each)) ?? false;
  });
}

/** `…` stands for as many of the same as there are. */
function placeAt(form: readonly (readonly string[])[], at: number): readonly string[] | undefined {
  const last = form.at(-1);
  const place = form[at] ?? (last?.some((each) => each.endsWith('…')) ? last : undefined);
  return place?.map((each) => each.replace(/…$/, ''));
}
