/** Which module holds which command; each is loaded when it is called. */
import type { Command } from './command.ts';

const modules: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  open: () => import('./desk/open.ts'),
  attach: () => import('./desk/attach.ts'),
  new: () => import('./task/new.ts'),
  list: () => import('./desk/list.ts'),
  show: () => import('./task/show.ts'),
  send: () => import('./task/send.ts'),
  answer: () => import('./task/answer.ts'),
  fork: () => import('./task/fork.ts'),
  jump: () => import('./desk/jump.ts'),
  diff: () => import('./review/diff.ts'),
  review: () => import('./review/review.ts'),
  overlap: () => import('./review/overlap.ts'),
  log: () => import('./task/log.ts'),
  approve: () => import('./review/approve.ts'),
  return: () => import('./review/return.ts'),
  land: () => import('./review/land.ts'),
  drop: () => import('./review/drop.ts'),
  stop: () => import('./task/stop.ts'),
  start: () => import('./task/start.ts'),
  remove: () => import('./task/remove.ts'),
  restore: () => import('./desk/restore.ts'),
  autostart: () => import('./setup/autostart.ts'),
  hosts: () => import('./desk/hosts.ts'),
  sidebar: () => import('./desk/sidebar.ts'),
  popup: () => import('./desk/popup.ts'),
  layouts: () => import('./setup/layouts.ts'),
  agents: () => import('./setup/agents.ts'),
  check: () => import('./review/check.ts'),
  trust: () => import('./setup/trust.ts'),
  config: () => import('./setup/config.ts'),
  keys: () => import('./setup/keys.ts'),
  doctor: () => import('./setup/doctor.ts'),
  completion: () => import('./setup/completion.ts'),
  settle: () => import('./desk/settle.ts'),
};

const aliases: Readonly<Record<string, string>> = { ls: 'list', rm: 'remove' };

/** The command of that name or alias, or null. */
export async function findCommand(name: string): Promise<Command | null> {
  const load = Object.hasOwn(modules, aliases[name] ?? name) ? modules[aliases[name] ?? name] : undefined;
  return load === undefined ? null : (await load()).command;
}

/** Every command, in the order of the help. */
export async function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(modules).map(async (load) => (await load()).command));
}

/** Names and aliases of all commands, hidden ones too. */
export const commandNames: readonly string[] = [...Object.keys(modules), ...Object.keys(aliases)];
