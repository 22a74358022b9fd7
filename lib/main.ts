/** argv to exit code: finds the command, loads only that, shows errors. */
import { isatty } from 'node:tty';
import { parseArgs } from 'node:util';
import type { Context } from './app/context.ts';
import { type Call, type Command, commonOptions } from './cli/command.ts';
import { allCommands, commandNames, findCommand } from './cli/commands.ts';
import { errorText, exitCode, usageMessage } from './cli/errors.ts';
import { isPitwallError, PitwallError } from './core/errors.ts';
import { nearNames } from './core/names.ts';
import { makeDeps, version } from './deps.ts';

/** Milliseconds in which a process whose command is over may end by itself. */
const lingering = 5000;

/** Runs the command of this process's argv and sets its exit code. */
export function start(): void {
  process.on('SIGINT', () => process.exit(130));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
    // All is done; what a library left open must not keep an unseen process alive.
    setTimeout(() => process.exit(code), lingering).unref();
  });
}

async function main(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  try {
    return await dispatch(words, json);
  } catch (error) {
    const usage = usageMessage(error);
    const known = usage === null ? error : new PitwallError('Usage', usage, await helpFor(words));
    if (isPitwallError(known)) {
      console.error(errorText(known, json));
      return exitCode(known);
    }
    const { reportBug } = await import('./bug.ts');
    console.error(reportBug(error, words));
    return 1;
  }
}

/** The command that shows what could have been meant. */
async function helpFor(words: readonly string[]): Promise<string> {
  const [, [first = '']] = leadingOptions(words);
  return (await findCommand(first)) === null ? 'pitwall --help' : `pitwall ${first} --help`;
}

async function dispatch(words: readonly string[], json: boolean): Promise<number> {
  const [common, rest] = leadingOptions(words);
  const first = rest[0];
  if (first === '--version') {
    console.log(version());
    return 0;
  }
  if (first === '--help' || first === '-h' || first === 'help') return showHelp(rest[1]);
  const named = first === undefined ? null : await findCommand(first);
  if (named) return runCommand(named, [...common, ...rest.slice(1)], json);
  if (first === undefined || first.startsWith('-') || /[/.~]/.test(first)) {
    const open = await findCommand('open');
    if (open) return runCommand(open, [...common, ...rest], json);
  }
  const near = nearNames(first ?? '', commandNames);
  const meant = near.length > 0 ? ` (${near.join(', ')}?)` : '';
  throw new PitwallError('Usage', `there is no command ${first}${meant}`, 'pitwall --help');
}

/** `--socket NAME` may stand before the command. */
function leadingOptions(words: readonly string[]): readonly [readonly string[], readonly string[]] {
  if (words[0] === '--socket') return [words.slice(0, 2), words.slice(2)];
  return words[0]?.startsWith('--socket=') ? [words.slice(0, 1), words.slice(1)] : [[], words];
}

async function showHelp(name: string | undefined): Promise<number> {
  const { commandHelp, overview } = await import('./cli/help.ts');
  const command = name === undefined ? null : await findCommand(name);
  console.log(command ? commandHelp(command) : overview(await allCommands()));
  return 0;
}

async function runCommand(command: Command, words: readonly string[], json: boolean): Promise<number> {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...commonOptions }).map(([name, option]) => [
      name,
      {
        type: option.type,
        multiple: option.multiple === true,
        ...(option.short ? { short: option.short } : {}),
      },
    ]),
  );
  const { values, positionals } = parseArgs({
    args: [...words],
    options,
    allowPositionals: true,
    strict: true,
  });
  if (values.help === true) return showHelp(command.name);
  const deps = makeDeps(typeof values.socket === 'string' ? values.socket : null);
  let context: Promise<Context> | null = null;
  // Not `process.stdin.isTTY`: making the stream costs a command that reads nothing.
  const interactive = isatty(0) && isatty(1);
  const call: Call = {
    deps,
    positionals,
    values,
    json,
    interactive,
    commands: allCommands,
    color: isatty(1) && !process.env.NO_COLOR,
    context: () => {
      context ??= import('./app/context.ts').then(({ makeContext }) => makeContext(deps));
      return context;
    },
    out: (line) => process.stdout.write(`${line}\n`),
    say: (line) => process.stderr.write(`${line}\n`),
    stdin: async () => (await import('node:stream/consumers')).text(process.stdin),
    ask: async (question) => {
      if (!interactive)
        throw new PitwallError(
          'Usage',
          `${command.name} cannot ask off a terminal`,
          `pitwall ${command.name} --help`,
        );
      return (await import('./cli/ask.ts')).askOnTerminal(question);
    },
  };
  const code = await command.run(call);
  if (command.leaves) process.exit(code);
  return code;
}
