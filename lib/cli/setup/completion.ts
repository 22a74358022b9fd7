import { listLayouts } from '../../app/layouts.ts';
import { PitwallError } from '../../core/errors.ts';
import { preferenceKeys } from '../../core/settings/settings-path.ts';
import { type Call, type Command, flag } from '../command.ts';
import { projectAround } from '../here.ts';
import { wanted } from './completion-words.ts';

/** `pitwall completion`: a script for a shell; the words it completes come from the commands as they are now. */
export const command: Command = {
  name: 'completion',
  summary: 'print the completion script of a shell',
  usage: ['completion bash|zsh|fish'],
  options: {
    words: { type: 'boolean', words: 'print what fits after the given words (used by the scripts)' },
  },
  examples: [
    'source <(pitwall completion bash)',
    'pitwall completion fish > ~/.config/fish/completions/pitwall.fish',
  ],
  run,
};

/**
 * Each asks for the words with all that is typed before the cursor. bash ends words at `=` and `:` too: there the line
 * is taken apart anew, and what stands before such a sign is not typed again. `:files` means the shell's own names of
 * files.
 */
const scripts: Readonly<Record<string, string>> = {
  bash: `_pitwall() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() cur typed word
  read -r -a words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  cur=\${words[\${#words[@]}-1]}
  typed=\${cur%"\${cur##*[:=]}"}
  COMPREPLY=()
  while IFS= read -r word; do
    [[ $word != :files && $word == "$cur"* ]] && COMPREPLY+=("\${word#"$typed"}")
  done < <(pitwall completion --words -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _pitwall pitwall`,
  zsh: `#compdef pitwall
_pitwall() {
  local -a found
  found=("\${(@f)$(pitwall completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $found[1] == :files ]]; then _files; else compadd -a found; fi
}
compdef _pitwall pitwall`,
  fish: `function __pitwall_words
  set -l before (commandline -opc)
  set -l found (pitwall completion --words -- $before[2..] (commandline -ct) 2>/dev/null)
  if test "$found" = :files
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c pitwall -f -a '(__pitwall_words)'`,
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

/** What fits where the cursor stands; the shell filters by what is typed. A name that had to be quoted is left out. */
async function wordsFor(call: Call): Promise<readonly string[]> {
  const commands = (await call.commands()).filter((command) => command.hidden !== true);
  const { words, kinds, prefix } = wanted(commands, call.positionals);
  const named: string[] = [];
  for (const kind of kinds) named.push(...(await (namesOf[kind]?.(call) ?? [])));
  return [...words, ...named]
    .filter((word) => /^[\p{L}\p{N}@%+:,._/-]+$/u.test(word))
    .map((word) => prefix + word);
}

/** What words in capitals stand for, in usages and options. Others are the person's to invent. */
const namesOf: Readonly<Record<string, (call: Call) => Promise<readonly string[]>>> = {
  TASK: async (call) => (await tasks(call)).map(({ name }) => name),
  'TASK/AGENT': async (call) => {
    const inTask = call.positionals.at(-1)?.includes('/');
    return (await tasks(call)).flatMap(({ name, agents }) => [
      name,
      ...(inTask || agents.length > 1 ? agents.map((agent) => `${name}/${agent}`) : []),
    ]);
  },
  PROJECT: async (call) => (await call.deps.files.load()).projects.map(({ record }) => record.name),
  PRESET: async (call) => [...(await call.context()).presets.keys()],
  LAYOUT: async (call) => {
    const { projects } = await call.deps.files.load();
    const here = await projectAround(call);
    const root = projects.find(({ record }) => record.name === here)?.record.root ?? null;
    return [...new Set((await listLayouts(await call.context(), root)).map(({ name }) => name))];
  },
  KEY: async () => preferenceKeys(),
  HOST: hosts,
  'HOST:': async (call) => (await hosts(call)).map((name) => `${name}:`),
  'HOST:PROJECT': async (call) => [
    ...(await call.deps.files.load()).projects.map(({ record }) => record.name),
    ...(await hosts(call)).map((name) => `${name}:`),
  ],
  FILE: async () => [':files'],
  PATH: async () => [':files'],
};

async function hosts(call: Call): Promise<readonly string[]> {
  return Object.keys((await call.context()).preferences.hosts);
}

async function tasks(call: Call) {
  const { projects } = await call.deps.files.load();
  const here = await projectAround(call);
  return projects.flatMap(({ record, tasks }) =>
    tasks.map((task) => ({
      name: record.name === here ? task.name : `${record.name}:${task.name}`,
      agents: task.record?.agents.map((agent) => agent.name) ?? [],
    })),
  );
}
