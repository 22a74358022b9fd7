/** Landing from a review: what is shown is approved, where it is not yet, and landed as `pitwall land` does. */
import { sinceCommit } from '../../core/change-from.ts';
import { foldTask } from '../../core/journal/fold.ts';
import { parseReport } from '../../core/journal/report.ts';
import { taskMessage } from '../../core/land/land-text.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import { land } from '../land/land.ts';
import { checkAgain } from '../land/land-checks.ts';
import { observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { approveTask } from './outcomes.ts';
import type { Landing } from './review-commands.ts';

/** Rejects with what kept it from landing. `message`: of the commit of what is not committed; null: none is made. */
export async function landReviewed(
  context: Context,
  reference: string,
  message: string | null,
  narrate: (line: string) => void,
): Promise<Landing> {
  const { snapshot, store } = await observe(context, { diffs: 'kept' });
  const { task } = findTask(snapshot, reference, null);
  const { project, name } = task;
  const { record, events, report } = storedTask(store.projects, project, name);
  const last = foldTask(record.agents, events).rounds.at(-1);
  const asApproved =
    task.approved &&
    last !== undefined &&
    (await context.deps.git.readDiff(record.worktree, sinceCommit(last.commit))).text === '';
  if (!asApproved) await approveTask(context, reference, null, { force: false });
  let told = '';
  const { tasks } = await land(
    context,
    [reference],
    null,
    {
      ...{ strategy: null, dryRun: false, push: false, request: false, keep: false, check: checkAgain },
      ...{ commit: message === null ? null : true, message },
    },
    (line) => {
      told = line;
      narrate(line);
    },
  );
  const [landed] = tasks;
  if (landed === undefined) throw new Error('a task that was named was not landed');
  const { error, base, removed, commit } = landed;
  if (error === null)
    return {
      kind: 'landed',
      said: `landed ${name} in ${base} at ${commit?.slice(0, 12)}${removed ? '' : `; ${told}`}`,
    };
  const commitHint = shellQuote(['pitwall', 'land', name, '--commit']);
  if (error.code !== 'DirtyWorktree' || error.hint !== commitHint) throw error;
  const summary = report === null ? null : parseReport(report.text).summary;
  const [subject = ''] = taskMessage({ name, branch: record.branch, prompt: record.prompt, summary }).split(
    '\n',
  );
  return { kind: 'uncommitted', message: subject };
}
