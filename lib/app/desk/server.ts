/** What pitwall puts on a tmux server: hook entries at our own index, the key we were given, our options. */
import {
  boundOption,
  chooseKeys,
  keyBindings,
  prefixBinding,
  takenKey,
  unbindOthers,
} from '../../core/tmux/keys.ts';
import { serverHooks } from '../../core/tmux/server-hooks.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';

/** Puts hooks, options and keys in place; safe to repeat. Answers what stands in the way of a key and what helps. */
export async function prepareServer(context: Context): Promise<string | null> {
  const { deps, preferences } = context;
  const command = (name: string) => ownCommand(context, name);
  const { prefix, ...preferred } = preferences.keys;
  const { keys, problems } = chooseKeys(preferred);
  const [bound = '', ...listed] = await deps.tmux.run([
    ['display-message', '-p', `#{${boundOption}}`],
    ['list-keys', '-T', 'prefix'],
  ]);
  const taken = takenKey(listed, prefix);
  await deps.tmux.run([
    // Where the reporting pane is, in the task's worktree, it would stand in the way of the worktree's removal.
    ['set-option', '-s', '@pitwall_settle', `cd / && ${command('settle')}`],
    ...serverHooks({
      hook: deps.shipped.hook,
      record: deps.shipped.record,
      sidebarWidth: preferences.sidebar.width,
      minColumns: preferences.sidebar.minColumns,
      prefixKey: taken === null ? prefix : null,
    }),
    ...keyBindings({
      keys,
      bound: bound.split(' ').filter(Boolean),
      minColumns: preferences.sidebar.minColumns,
      commands: {
        sidebar: command('sidebar'),
        popup: command('popup'),
        new: newTaskCommand(context),
        review: reviewCommand(context, null),
        keys: paged(command('keys')),
      },
    }),
    ...unbindOthers(listed, prefix),
    ...(taken === null ? [prefixBinding(prefix)] : []),
  ]);
  return taken === null
    ? (problems[0] ?? null)
    : `key ${prefix} under the prefix is taken (${taken}); try: pitwall config set keys.prefix KEY`;
}

/** Shell command for a popup: its lines in less, or until Enter where there is none. */
function paged(command: string): string {
  return `${command} | { LESS= less 2>/dev/null || { cat; printf 'press Enter '; read -r _ </dev/tty; }; }`;
}

/** Lets a process of tmux's deliver held prompts once their agents are ready; this command need not wait. */
export async function settleLater(context: Context): Promise<void> {
  await context.deps.tmux.run([['run-shell', '-b', '#{@pitwall_settle} --wait']]);
}

/** Shell command for a popup: asks for a prompt and makes the task; what went wrong stays readable. */
export function newTaskCommand(context: Context): string {
  return `${ownCommand(context, 'new')} --no-attach || [ $? -eq 130 ] || { echo; printf 'press Enter '; read -r _; }`;
}

/** Shell command for a popup: reviews a task, or the next one that waits; what went wrong stays readable. */
export function reviewCommand(context: Context, task: string | null): string {
  const command = ownCommand(context, 'review', '--message', ...(task === null ? [] : ['--', task]));
  return `${command} || { printf 'press Enter '; read -r _; }`;
}

function ownCommand(context: Context, ...words: readonly string[]): string {
  return shellQuote(['env', ...stateVariables(context), ...ownArgv(context), ...words]);
}

function ownArgv({ deps }: Context): readonly string[] {
  const socket = deps.tmux.socket === null ? [] : ['--socket', deps.tmux.socket];
  return [deps.shipped.node, deps.shipped.pitwall, ...socket];
}

/** A process that tmux starts has the server's environment: where our files are must be told. */
export function stateVariables(context: Context): readonly string[] {
  const { env } = context.deps;
  const names = [
    'PITWALL_STATE_DIR',
    'PITWALL_CONFIG_DIR',
    'XDG_STATE_HOME',
    'XDG_CONFIG_HOME',
    'HOME',
    'PATH',
    'NO_COLOR',
    'LANG',
    'LC_ALL',
    'LC_CTYPE',
    // For ssh to other hosts: its keys, and where its connection is kept.
    'SSH_AUTH_SOCK',
    'XDG_RUNTIME_DIR',
  ];
  return names.flatMap((name) => (env[name] === undefined ? [] : [`${name}=${env[name]}`]));
}
