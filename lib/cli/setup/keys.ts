import { prepareServer } from '../../app/desk/server.ts';
import { chooseKeys, keyTable } from '../../core/tmux/keys.ts';
import { type Call, type Command, flag, jsonOption, noArguments } from '../command.ts';

/** `pitwall keys`: the keys as the preferences have them; sets them in tmux only with --install. */
export const command: Command = {
  name: 'keys',
  summary: 'pitwall’s keys in tmux, in the sidebar and in a review',
  usage: ['keys [--install]'],
  options: { install: { type: 'boolean', words: 'put them on the running server now' }, ...jsonOption },
  examples: ['pitwall keys', 'pitwall keys --json'],
  run,
};

async function run(call: Call): Promise<number> {
  noArguments(call, 'keys');
  const context = await call.context();
  const { prefix, ...preferred } = context.preferences.keys;
  if (flag(call, 'install')) {
    const problem = await prepareServer(context);
    if (problem !== null) call.say(`pitwall: ${problem}`);
    return problem === null ? 0 : 1;
  }
  const { keys, problems } = chooseKeys(preferred);
  for (const problem of problems) call.say(`pitwall: ${problem}`);
  const rows = keyTable.flatMap(({ id, key: shipped, words, scope }) => {
    const key = scope === 'tmux' && keys.has(id) ? (keys.get(id) ?? null) : shipped;
    return key === null ? [] : [{ id, key, words, scope }];
  });
  if (call.json) call.out(JSON.stringify({ version: 1, prefix, keys: rows }));
  else {
    call.out(`in tmux: prefix ${prefix}, then`);
    call.out(
      rows
        .filter((row) => row.scope === 'tmux')
        .map(keyLine)
        .join('\n'),
    );
    for (const [scope, title] of [
      ['sidebar', 'in the sidebar'],
      ['review', 'in a review'],
    ] as const) {
      const own = rows.filter((row) => row.scope === scope).map(keyLine);
      call.out(`\n${title}\n${own.join('\n')}`);
    }
  }
  return 0;
}

function keyLine({ key, words }: { readonly key: string; readonly words: string }): string {
  return `  ${key.padEnd(8)} ${words}`;
}
