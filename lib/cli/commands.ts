/** Which module holds which command; each is loaded when it is called. */
import type { Command } from './command.ts';

const modules: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  open: () => import('./open.ts'),
  attach: () => import('./attach.ts'),
  new: () => import('./new.ts'),
  list: () => import('./list.ts'),
  show: () => import('./show.ts'),
  send: () => import('./send.ts'),
  answer: () => import('./answer.ts'),
  fork: () => import('./fork.ts'),
  jump: () => import('./jump.ts'),
  diff: () => import('./diff.ts'),
  review: () => import('./review.ts'),
  overlap: () => import('./overlap.ts'),
  log: () => import('./log.ts'),
  approve: () => import('./approve.ts'),
  return: () => import('./return.ts'),
  land: () => import('./land.ts'),
  drop: () => import('./drop.ts'),
  stop: () => import('./stop.ts'),
  start: () => import('./start.ts'),
  remove: () => import('./remove.ts'),
  restore: () => import('./restore.ts'),
  autostart: () => import('./autostart.ts'),
  hosts: () => import('./hosts.ts'),
  sidebar: () => import('./sidebar.ts'),
  popup: () => import('./popup.ts'),
  layouts: () => import('./layouts.ts'),
  agents: () => import('./agents.ts'),
  check: () => import('./check.ts'),
  trust: () => import('./trust.ts'),
  config: () => import('./config.ts'),
  keys: () => import('./keys.ts'),
  doctor: () => import('./doctor.ts'),
  completion: () => import('./completion.ts'),
  settle: () => import('./settle.ts'),
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
