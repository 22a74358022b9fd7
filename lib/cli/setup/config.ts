import { PitwallError } from '../../core/errors.ts';
import { getPath, parseValue } from '../../core/settings/settings-path.ts';
import { type Call, type Command, jsonOption } from '../command.ts';

/** `pitwall config`: shows settings with their defaults; exit code 1 when some of them are wrong. */
export const command: Command = {
  name: 'config',
  summary: 'show, check and change your preferences',
  usage: ['config [get KEY]', 'config set KEY VALUE', 'config unset KEY', 'config path'],
  options: { ...jsonOption },
  examples: ['pitwall config', 'pitwall config set agent demo', 'pitwall config set sidebar.width 36'],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const store = context.deps.preferences;
  const [verb = 'get', key, ...rest] = call.positionals;
  for (const problem of context.problems) call.say(`pitwall: ${problem}`);
  if (verb === 'path') call.out(store.path);
  else if (verb === 'get') {
    const value = key === undefined ? context.preferences : getPath(context.preferences, key);
    call.out(JSON.stringify(value, null, call.json ? 0 : 2));
  } else if (verb === 'set' && key !== undefined && rest.length === 1)
    await store.set(key, parseValue(rest[0] ?? ''));
  else if (verb === 'unset' && key !== undefined && rest.length === 0) await store.unset(key);
  else throw new PitwallError('Usage', misuse(verb, key, call.positionals), 'pitwall config --help');
  return context.problems.length > 0 && verb === 'get' ? 1 : 0;
}

function misuse(verb: string, key: string | undefined, words: readonly string[]): string {
  if (verb === 'set' && key === undefined) return 'config set needs a key and a value';
  if (verb === 'set' && words.length === 2) return `config set needs a value for ${key}`;
  if (verb === 'set') return 'config set takes one value: quote one with blanks';
  if (verb === 'unset') return key === undefined ? 'config unset needs a key' : 'config unset takes one key';
  return `config does not know “${words.join(' ')}”`;
}
