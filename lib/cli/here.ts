/** The known project of the folder a command is given in, found without starting git. */

import { projectName } from '../core/names.ts';
import type { Store } from '../ports.ts';
import type { Call } from './command.ts';
import { text } from './command.ts';

/** Its name, by `--project` or the folder; null when the folder is in none that is known. `read`: the store, when at hand. */
export async function hereProject(call: Call, read?: Store): Promise<string | null> {
  const named = text(call, 'project');
  if (named !== null) return projectName(named);
  const { projects } = read ?? (await call.deps.files.load());
  const cwd = `${call.deps.cwd}/`;
  const found = projects.find(
    (project) =>
      cwd.startsWith(`${project.record.root}/`) ||
      project.tasks.some((task) => task.record !== null && cwd.startsWith(`${task.record.worktree}/`)),
  );
  return found?.record.name ?? null;
}
