import { PitwallError } from '../core/errors.ts';
import { type Call, type Command, flag } from './command.ts';
import { hereProject } from './here.ts';

/** `pitwall completion`: a script for a shell; the words it completes come from the commands as they are now. */
export const command: Command = {
  name: 'completion',
  summary: 'print the completion script of a shell',
  usage: ['completion bash|zsh|fish'],
  completes: ['bash', 'zsh', 'fish'],
  options: {
    words: { type: 'boolean', words: 'print what fits after the given words (used by the scripts)' },
  },
  examples: [
    'source <(pitwall completion bash)',
    'pitwall completion fish > ~/.config/fish/completions/pitwall.fish',
  ],
  run,
};

const scripts: Readonly<Record<string, string>> = {
  bash: `_pitwall() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(pitwall completion --words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _pitwall pitwall`,
  zsh: `#compdef pitwall
_pitwall() {
  local -a found
  found=("\${(@f)$(pitwall completion --words -- "\${words[@]:1:$((CURRENT-1))}" 2>/dev/null)}")
  compadd -a found
}
compdef _pitwall pitwall`,
  fish: `complete -c pitwall -f -a '(pitwall completion --words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
};

async function run(call: Call): Promise<number> {
  if (flag(call, 'words')) {
    call.out((await wordsFor(call)).join('\n'));
    return 0;
  }
  const [shell = '', ...more] = call.positionals;
  const script = Object.hasOwn(scripts, shell) && more.length === 0 ? scripts[shell] : undefined;
  if (script === undefined)
    throw new PitwallError('Usage', 'completion knows bash, zsh and fish', 'pitwall completion --help');
  call.out(script);
  return 0;
}

/** What fits where the cursor stands: commands, options, task names; the shell filters by what is typed. */
async function wordsFor(call: Call): Promise<readonly string[]> {
  const commands = (await call.commands()).filter((command) => command.hidden !== true);
  const [name, ...rest] = call.positionals;
  if (rest.length === 0) return commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);
  const command = commands.find((each) => each.name === name || each.aliases?.includes(name ?? ''));
  if (!command) return [];
  const typed = rest.at(-1) ?? '';
  if (typed.startsWith('-')) return Object.keys(command.options).map((option) => `--${option}`);
  if (Array.isArray(command.completes)) return command.completes;
  if (command.completes !== 'task') return [];
  const { projects } = await call.deps.files.load();
  const here = await hereProject(call);
  return projects.flatMap((project) =>
    project.tasks.map((task) =>
      project.record.name === here ? task.name : `${project.record.name}:${task.name}`,
    ),
  );
}
