/** What is known of a task that is to land, read anew at every step. */
import { PitwallError } from '../../core/errors.ts';
import { type FoldedTask, foldTask } from '../../core/journal/fold.ts';
import { parseReport } from '../../core/journal/report.ts';
import { notApproved, type Strategy } from '../../core/land/land.ts';
import type { LandedTask } from '../../core/land/land-text.ts';
import { authors, type TaskRecord } from '../../core/model.ts';
import { landingRef } from '../../core/review/rounds.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { findTask, projectSettings, storedTask } from '../projects.ts';
import type { Place } from './land-outcome.ts';

/** Runs the project's accepted checks in a task's worktree: null when all passed, else what failed in a line. */
export type CheckTask = (context: Context, place: Place) => Promise<string | null>;

/** How the person wants to land. */
export interface LandOptions {
  /** null: the project's own. */
  readonly strategy: Strategy | null;
  readonly dryRun: boolean;
  /** Commit what is not committed; null as the project has it set. */
  readonly commit: boolean | null;
  /** The message of that commit, and of a squash that takes it in; null: made from the task. */
  readonly message: string | null;
  readonly push: boolean;
  /** Open a pull request instead of moving the base. */
  readonly request: boolean;
  readonly keep: boolean;
  /** What is run once a task is up to date and before it lands; null where nothing can be run. */
  readonly check: CheckTask | null;
}

/** What is known of a task about to land, read anew at every step. */
export interface Candidate {
  readonly root: string;
  /** The project's folder of state. */
  readonly folder: string;
  readonly record: TaskRecord;
  readonly folded: FoldedTask;
  /** The commit that keeps what was approved. */
  readonly approved: string;
  readonly text: LandedTask;
  readonly report: string | null;
  readonly strategy: Strategy;
  readonly commits: boolean;
}

/** Reads the task anew. Refuses one that is not approved or at work. */
export async function candidateOf(
  context: Context,
  { project, task: name }: Place,
  options: LandOptions,
): Promise<Candidate> {
  const { snapshot, store } = await observe(context, { diffs: 'kept' });
  const { task, project: its } = findTask(snapshot, `${project}:${name}`, null);
  const { record, events, report } = storedTask(store.projects, project, name);
  const folded = foldTask(record.agents, events);
  if (folded.approved === null) throw notApproved(name);
  const busy = authors(task.agents).filter(
    (agent) => agent.state === 'working' || agent.state === 'starting',
  );
  if (busy.length > 0)
    throw new PitwallError(
      'WorktreeBusy',
      `${name} is not finished: ${busy.map((agent) => agent.name).join(', ')} at work`,
      shellQuote(['pitwall', 'jump', name]),
    );
  const { settings } = await projectSettings(context, its.root);
  return {
    root: its.root,
    folder: store.projects.find((each) => each.record.name === project)?.folder ?? '',
    record,
    folded,
    approved: folded.approved.commit,
    text: {
      name,
      branch: record.branch,
      prompt: record.prompt,
      summary: report === null ? null : parseReport(report.text).summary,
    },
    report: report?.text ?? null,
    strategy: options.strategy ?? settings.land.strategy,
    commits: options.commit ?? settings.land.commit,
  };
}

/** Whether the base has all of the task: under its own commits, as the commit that was to land, or as content. */
export async function hasLanded(
  context: Context,
  place: Place,
  { root }: Candidate,
  base: string,
  standing: { readonly head: string; readonly tree: string; readonly changed: readonly string[] },
): Promise<string | null> {
  const { git } = context.deps;
  const commit = await git.resolve(root, landingRef(place.project, place.task));
  if (
    commit !== null &&
    (await git.isIn(root, commit, base)) &&
    (await git.treeOf(root, commit)) === standing.tree
  )
    return commit;
  if (standing.changed.length > 0) return null;
  if (await git.isIn(root, standing.head, base)) return standing.head;
  return (await git.treeOf(root, base)) === standing.tree ? base : null;
}

/** What the journal says of a task whose worktree is gone: removing it after it landed was interrupted. */
export async function removalBegun(
  context: Context,
  { record, folded }: Candidate,
): Promise<FoldedTask['landed']> {
  return (await context.deps.git.fingerprint(record.worktree)) === null ? folded.landed : null;
}
