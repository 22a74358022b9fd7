/** The known project of the folder a command is given in, found without starting git. */

import { projectName } from '../core/names.ts';
import type { Call } from './command.ts';
import { text } from './command.ts';

/** Its name, by `--project`, PITWALL_PROJECT or the folder; null when the folder is in none that is known. */
export async function hereProject(call: Call): Promise<string | null> {
  const named = text(call, 'project');
  if (named !== null) return projectName(named);
  const { projects } = await call.deps.files.load();
  const cwd = `${call.deps.cwd}/`;
  const found = projects.find(
    (project) =>
      cwd.startsWith(`${project.record.root}/`) ||
      project.tasks.some((task) => task.record !== null && cwd.startsWith(`${task.record.worktree}/`)),
  );
  return found?.record.name ?? null;
}
