/** The project's checks, run once more for a task that is about to land. */
import { isPitwallError } from '../../core/errors.ts';
import { runChecks } from '../check/check.ts';
import type { Context } from '../context.ts';
import { currentProject, projectSettings } from '../projects.ts';
import type { Place } from './land-outcome.ts';

/** Null when all passed or there are none, else what did not, in a line. NotTrusted where they are not accepted. */
export async function checkAgain(context: Context, { project, task }: Place): Promise<string | null> {
  const { root } = await currentProject(context, project);
  const { settings } = await projectSettings(context, root);
  if (settings.checks.length === 0) return null;
  try {
    const { state, message } = await runChecks(context, `${project}:${task}`, null, 'hand', () => undefined);
    return state === 'passed' ? null : message;
  } catch (error) {
    if (!isPitwallError(error, 'Locked')) throw error;
    return error.message;
  }
}
