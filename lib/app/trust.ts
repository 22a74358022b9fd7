/** Which commands of a repository the person has accepted, and accepting them. */
import { PitwallError } from '../core/errors.ts';
import type { ProjectRecord } from '../core/model.ts';
import type { ProjectSettings } from '../core/settings/project-settings.ts';
import { repositoryCommands } from '../core/settings/repository-commands.ts';
import { isAccepted, type RepositoryCommand, type Trust } from '../core/settings/trust.ts';
import type { Context } from './context.ts';
import { repositoryLayouts } from './layouts.ts';
import { projectSettings } from './projects.ts';

/** What a repository wants to run, beside what was accepted. */
export interface TrustState {
  /** All that the repository wants to run now. */
  readonly commands: readonly RepositoryCommand[];
  readonly trust: Trust | null;
  readonly accepted: boolean;
  /** The settings the commands stand in: run what is in these, not what is read again. */
  readonly settings: ProjectSettings;
  /** What is wrong in the settings, one line each. */
  readonly problems: readonly string[];
}

/** One reading of the settings, of the repository's layouts that run commands, and of what was accepted. */
export async function readTrust(
  context: Context,
  project: Pick<ProjectRecord, 'name' | 'root'>,
): Promise<TrustState> {
  const { settings, problems } = await projectSettings(context, project.root);
  const layouts = (await repositoryLayouts(context, project.root)).flatMap((entry) =>
    entry.runsCommands && entry.layout !== null ? [entry.layout] : [],
  );
  const commands = repositoryCommands(settings, layouts);
  const trust = await context.deps.files.readTrust(project.name);
  return { commands, trust, accepted: isAccepted(commands, trust), settings, problems };
}

/** The refusal of commands that nobody accepted. */
export function notAccepted(project: string, what: string): PitwallError {
  return new PitwallError(
    'NotTrusted',
    `${what} of ${project} are not accepted yet`,
    `pitwall trust ${project}`,
  );
}

/** NotTrusted inside a task: what an agent may run is not for an agent to decide. */
export async function refuseInTask(context: Context): Promise<void> {
  const { env, tmux, processes, files } = context.deps;
  const hint = 'pitwall trust, in a window of your own';
  const refusal = new PitwallError('NotTrusted', 'commands are not accepted inside a task', hint);
  if (env.PITWALL_TASK) throw refusal;
  const panes = (await tmux.view()).panes.filter((pane) => pane.task !== null && !pane.dead);
  if (panes.length === 0) return;
  // An agent may clear its environment; where it runs stays as it is.
  const inside = await processes.descendants(panes.map((pane) => pane.pid));
  if (inside.includes(files.self.pid)) throw refusal;
}
