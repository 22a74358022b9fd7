/** Help texts, made from the commands' own data. */
import { type Command, commonOptions, type Option } from './command.ts';

/** The help of all commands: one line each. */
export function overview(commands: readonly Command[]): string {
  const shown = commands.filter((command) => command.hidden !== true);
  const width = Math.max(...shown.map((command) => command.name.length));
  return [
    'pitwall: coding agents side by side in tmux; one list of what waits for you',
    '',
    'usage: pitwall [COMMAND] [OPTIONS]      without a command: pitwall open',
    '',
    ...shown.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'pitwall COMMAND --help tells more; pitwall --version',
  ].join('\n');
}

/** The help of one command, with examples. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...commonOptions });
  const names = options.map(([name, option]) => optionName(name, option));
  const width = Math.max(...names.map((name) => name.length));
  return [
    `pitwall ${command.name}: ${command.summary}`,
    '',
    ...command.usage.map((line, index) => `${index === 0 ? 'usage:' : '      '} pitwall ${line}`),
    '',
    ...options.map(([, option], index) => `  ${(names[index] ?? '').padEnd(width)}  ${option.words}`),
    '',
    'examples:',
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n');
}

function optionName(name: string, option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`;
}
