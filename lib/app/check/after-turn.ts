/** What follows a finished turn before the person looks: the project's checks, then an independent reviewer. */

import { checkLines } from '../../core/check/verdict-text.ts';
import { wantedReviewer } from '../../core/state/snapshot.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { publish } from '../publish.ts';
import { readTrust } from '../trust.ts';
import { type CheckOutcome, runChecks } from './check.ts';
import { readTurn } from './reviewer.ts';

/** Runs what the person accepted or asked for; errors as `runChecks` has them. */
export async function afterTurn(
  context: Context,
  typed: string,
  here: string | null,
  print: (line: string) => void,
): Promise<CheckOutcome> {
  const { snapshot, store } = await observe(context, { diffs: 'kept' });
  const { task, project } = findTask(snapshot, typed, here);
  const { settings, accepted } = await readTrust(context, project);
  const { record } = storedTask(store.projects, task.project, task.name);
  const preset = wantedReviewer(record, accepted ? settings.reviewer : null);
  const none = preset !== null && (!accepted || settings.checks.length === 0);
  const outcome = none ? unchecked(task) : await runChecks(context, typed, here, 'turn', print);
  if (outcome.state === 'passed' && preset !== null) {
    const again = settings.checks.map(({ name }) => ({ name, ok: true, seconds: 0 }));
    const checks = outcome.checks.length > 0 || none ? outcome.checks : again;
    const { projects } = await context.deps.files.load();
    const wish = { preset, rounds: settings.reviewRounds, timeout: settings.reviewTimeout };
    const stored = storedTask(projects, task.project, task.name);
    await readTurn(context, stored, wish, checkLines(checks, outcome.message), print);
    await publish(context, await observe(context, { diffs: 'fresh' }));
  }
  return outcome;
}

function unchecked({ project, name }: { readonly project: string; readonly name: string }): CheckOutcome {
  return { project, task: name, state: 'passed', checks: [], message: 'there are no checks', log: null };
}
