/** Reads what a review shows of a task: its change, the person's notes and where their comments are now. */

import { sinceBase, sinceCommit, sinceLook } from '../../core/change-from.ts';
import { type DiffFile, parseDiff } from '../../core/diff/diff.ts';
import { PitwallError } from '../../core/errors.ts';
import { foldTask, type Round } from '../../core/journal/fold.ts';
import type { Snapshot, Task, TaskRecord } from '../../core/model.ts';
import { type Comment, noNotes, parseNotes, type ReviewNotes } from '../../core/review/review.ts';
import { type Placed, placeDraft, placeSent } from '../../core/review/review-place.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Deps } from '../../ports.ts';
import type { ReviewReading, ReviewSpan } from '../../ui/review-model.ts';
import type { Context } from '../context.ts';
import { type Observed, observe } from '../observe.ts';
import { type FoundTask, findTask, storedTask } from '../projects.ts';
import { aboutTask } from './review-about.ts';

/** What was read, and what tells whether the worktree still holds it. */
export interface ReadChange {
  readonly reading: ReviewReading;
  /** The commit that the change is shown against, and the diff as git printed it. */
  readonly from: string;
  readonly diff: string;
}

/** A diff that was begun before it was known which task is meant. */
export interface AheadDiff {
  readonly project: string;
  readonly task: string;
  readonly diff: ReturnType<Deps['git']['readDiff']>;
}

/** Begins the diff of what `typed` most likely names, while tmux is asked; null where that is not plain. */
export async function diffAhead(
  { deps }: Context,
  typed: string | null,
  here: string | null,
): Promise<AheadDiff | null> {
  const { projects } = await deps.files.load();
  const [only, ...more] = projects
    .flatMap(({ tasks }) => tasks)
    .filter(
      ({ project, name }) =>
        typed === `${project}:${name}` || (typed === name && (here === null || here === project)),
    );
  if (only === undefined || only.record === null || more.length > 0) return null;
  const { project, name, record, events } = only;
  const diff = diffOf(deps, record, foldTask(record.agents, events).rounds.at(-1), null);
  // Who uses it is told of its failure.
  diff.catch(() => undefined);
  return { project, task: name, diff };
}

function diffOf(
  { git }: Deps,
  record: TaskRecord,
  last: Round | undefined,
  span: ReviewSpan | null,
): AheadDiff['diff'] {
  const looked = span !== 'whole' && last !== undefined;
  return git.readDiff(record.worktree, looked ? sinceLook(record, last.commit) : sinceBase(record));
}

/** The task that `typed` names, else the first review on the docket. NoSuchTask, NothingWaits. */
export function reviewedTask({ snapshot }: Observed, typed: string | null, here: string | null): FoundTask {
  return findTask(snapshot, typed ?? nextReview(snapshot), here);
}

function nextReview({ docket }: Snapshot): string {
  const item = docket.find(({ kind }) => kind === 'review');
  if (item) return `${item.project}:${item.task}`;
  throw new PitwallError('NothingWaits', 'no review waits for you', 'pitwall list');
}

/**
 * Reads the change of a task anew. `span` null: since the last look where there was one. `ahead`: what is at hand
 * already of a first reading. TargetGone, NoSuchTask.
 */
export async function readChange(
  context: Context,
  reference: string,
  span: ReviewSpan | null,
  ahead: { readonly observed: Observed; readonly diff: AheadDiff | null } | null = null,
): Promise<ReadChange> {
  const { deps } = context;
  const { snapshot, store } = ahead?.observed ?? (await observe(context, { diffs: 'kept' }));
  const { task } = findTask(snapshot, reference, null);
  const stored = storedTask(store.projects, task.project, task.name);
  const { record } = stored;
  if ((await deps.git.fingerprint(record.worktree)) === null)
    throw new PitwallError(
      'TargetGone',
      `the worktree of ${task.name} is gone`,
      shellQuote(['pitwall', 'show', task.name]),
    );
  const { rounds, conflict } = foldTask(record.agents, stored.events);
  const last = rounds.at(-1);
  const since = span !== 'whole' && last !== undefined;
  const [{ from, text: diff }, notes] = await Promise.all([
    ahead?.diff?.task === task.name && ahead.diff.project === task.project
      ? ahead.diff.diff
      : diffOf(deps, record, last, span),
    readNotes(deps, task.project, task.name),
  ]);
  const files = parseDiff(diff);
  const placed = await placeAll(deps, record.worktree, notes.comments, { from, files, last });
  const reading: ReviewReading = {
    task: task.name,
    round: (last?.round ?? 0) + 1,
    span: since ? 'since' : 'whole',
    against: since ? `round ${last.round}` : task.base,
    files,
    notes,
    placed,
    checks: task.checks,
    working: atWork(task),
    stopped: conflict?.message ?? null,
    overlap: task.overlaps[0] ?? null,
    ...(task.verdict ? { verdict: task.verdict } : {}),
    about: await aboutTask(context, stored, task),
  };
  return { reading, from, diff };
}

function atWork({ agents }: Task): readonly string[] {
  return agents.filter(({ state }) => state === 'working' || state === 'starting').map(({ name }) => name);
}

/** The notes as kept. Damaged ones are set aside beside the file, and none count. */
export async function readNotes({ files }: Deps, project: string, task: string): Promise<ReviewNotes> {
  const kept = await files.readReview(project, task);
  if (kept === null) return noNotes;
  const notes = parseNotes(kept);
  if (notes !== null) return notes;
  await files.writeText(project, task, 'review-damaged.txt', kept);
  return noNotes;
}

/** Comments that were addressed leave with the round after. */
async function placeAll(
  deps: Deps,
  worktree: string,
  comments: readonly Comment[],
  shown: { readonly from: string; readonly files: readonly DiffFile[]; readonly last: Round | undefined },
): Promise<readonly Placed[]> {
  const commits = [...new Set(comments.flatMap(({ commit }) => commit ?? []))];
  const diffs = await Promise.all(
    commits.map(async (commit): Promise<readonly [string, readonly DiffFile[]]> => {
      if (commit === shown.from) return [commit, shown.files];
      return [commit, parseDiff((await deps.git.readDiff(worktree, sinceCommit(commit))).text)];
    }),
  );
  const since = new Map(diffs);
  return comments
    .map((comment) =>
      comment.commit === null
        ? placeDraft(comment, shown.files)
        : placeSent(comment, since.get(comment.commit) ?? [], shown.files),
    )
    .filter(
      ({ comment, addressed }) =>
        !addressed || comment.round === null || comment.round >= (shown.last?.round ?? 0),
    );
}
