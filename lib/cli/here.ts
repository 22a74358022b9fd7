/** The known project of the folder a command is given in, found without starting git. */

import { isPitwallError } from '../core/errors.ts';
import { namesProject, projectName } from '../core/names.ts';
import type { Store } from '../ports.ts';
import type { Call } from './command.ts';
import { text } from './command.ts';

/**
 * Its name, by `--project` or the folder; null when the folder is in none that is known. `read`: the store, when at hand.
 * Where the folder is gone nobody can tell what a bare name means: TargetGone, unless each of `tasks` names its project.
 */
export async function hereProject(
  call: Call,
  read?: Store,
  tasks: readonly string[] = call.positionals.slice(0, 1),
): Promise<string | null> {
  const named = text(call, 'project');
  if (named !== null) return projectName(named);
  const cwd = folderHere(call, tasks.length > 0 && tasks.every(namesProject));
  if (cwd === null) return null;
  const { projects } = read ?? (await call.deps.files.load());
  const found = projects.find(
    (project) =>
      cwd.startsWith(`${project.record.root}/`) ||
      project.tasks.some((task) => task.record !== null && cwd.startsWith(`${task.record.worktree}/`)),
  );
  return found?.record.name ?? null;
}

/** The same for what only offers names: null, too, where the folder is gone. */
export async function projectAround(call: Call): Promise<string | null> {
  try {
    return await hereProject(call);
  } catch (error) {
    if (isPitwallError(error, 'TargetGone')) return null;
    throw error;
  }
}

/** The folder, with a slash at its end; null for one that is gone where it does not matter (`spared`), else TargetGone. */
function folderHere(call: Call, spared: boolean): string | null {
  try {
    return `${call.deps.cwd()}/`;
  } catch (error) {
    if (spared && isPitwallError(error, 'TargetGone')) return null;
    throw error;
  }
}
