/** The three outcomes of a review: approve, return, drop. Each keeps the state it is about under a ref of ours. */
import { PitwallError } from '../../core/errors.ts';
import { foldTask, type HeldPrompt } from '../../core/journal/fold.ts';
import type { Task, TaskRecord } from '../../core/model.ts';
import { judgeApproval } from '../../core/review/approval.ts';
import { unsent } from '../../core/review/review.ts';
import { droppedRef, roundRef } from '../../core/review/rounds.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import { type Sent, sendPrompt } from '../agents/send.ts';
import type { Context } from '../context.ts';
import { removeTask } from '../land/remove.ts';
import { observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { publish } from '../publish.ts';
import { readNotes } from './review-read.ts';

/** A decision as the journal has it. */
export interface Outcome {
  readonly project: string;
  readonly task: string;
  /** The commit that keeps what was decided about. */
  readonly commit: string;
  /** Counted from 1. */
  readonly round: number;
}

/** How a person approves. */
export interface ApproveOptions {
  /** Also when prompts are held for an agent or comments were not sent. */
  readonly force: boolean;
}

/**
 * Approves what the worktree holds now; `held` are the prompts that were passed over. WorktreeBusy while an agent of it
 * is at work, NotDelivered when words of the person's wait, TargetGone without worktree.
 */
export async function approveTask(
  context: Context,
  typed: string,
  here: string | null,
  { force }: ApproveOptions,
): Promise<Outcome & { readonly held: readonly HeldPrompt[] }> {
  let held: readonly HeldPrompt[] = [];
  const outcome = await decided(context, typed, here, 'approved', async (again) => {
    const { project, name } = again.task;
    held = again.held;
    const comments = unsent(await readNotes(context.deps, project, name));
    const refusal = judgeApproval(again.task, { held, comments }, force);
    if (refusal !== null) throw refusal;
  });
  await publish(context, await observe(context, { diffs: 'kept' }));
  return { ...outcome, held };
}

/** Sends the person's words to the task's agent as one prompt; held when the agent is not ready or gone. */
export async function returnTask(
  context: Context,
  typed: string,
  text: string,
  here: string | null,
): Promise<Outcome & { readonly sent: Sent }> {
  if (text.trim() === '') throw new PitwallError('Usage', 'return needs a message', 'pitwall return --help');
  const outcome = await decided(context, typed, here, 'returned', async () => undefined);
  return { ...outcome, sent: await sendPrompt(context, typed, text, here) };
}

/** Removes the task with all its work, which stays under a ref: files that git ignores do not. */
export async function dropTask(
  context: Context,
  typed: string,
  here: string | null,
  narrate: (line: string) => void,
): Promise<{
  readonly project: string;
  readonly task: string;
  readonly kept: string | null;
  readonly bringBack: string | null;
}> {
  const { deps } = context;
  const { task, record, root } = await found(context, typed, here);
  const stamp = new Date(deps.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  const ref = droppedRef(task.project, task.name, stamp);
  const there = (await deps.git.fingerprint(record.worktree)) !== null;
  if (there) await deps.git.keepWork(record.worktree, ref);
  await removeTask(context, typed, here, { force: true, dryRun: false }, narrate);
  return {
    project: task.project,
    task: task.name,
    kept: there ? ref : null,
    bringBack: there ? shellQuote(['git', '-C', root, 'branch', record.branch, ref]) : null,
  };
}

async function decided(
  context: Context,
  typed: string,
  here: string | null,
  outcome: 'approved' | 'returned',
  allow: (found: Found) => Promise<void>,
): Promise<Outcome> {
  const { deps } = context;
  const { task, record } = await found(context, typed, here);
  const { project, name } = task;
  if ((await deps.git.fingerprint(record.worktree)) === null)
    throw new PitwallError(
      'TargetGone',
      `the worktree of ${name} is gone`,
      shellQuote(['pitwall', 'show', name]),
    );
  return deps.files.locked(`project:${project}`, async () => {
    // Judged under the lock: an agent may have begun a turn, or another decision may have been made.
    const again = await found(context, `${project}:${name}`, null);
    await allow(again);
    const round = again.round + 1;
    const commit = await deps.git.keepWork(record.worktree, roundRef(project, name, round));
    await deps.files.append(project, name, { type: 'decided', outcome, round, commit });
    return { project, task: name, commit, round };
  });
}

interface Found {
  readonly task: Task;
  readonly record: TaskRecord;
  readonly root: string;
  readonly round: number;
  readonly held: readonly HeldPrompt[];
}

async function found(context: Context, typed: string, here: string | null): Promise<Found> {
  const { snapshot, store } = await observe(context, { diffs: 'kept' });
  const { task, project } = findTask(snapshot, typed, here);
  const { record, events } = storedTask(store.projects, task.project, task.name);
  const { rounds, held } = foldTask(record.agents, events);
  return { task, record, root: project.root, round: rounds.at(-1)?.round ?? 0, held };
}
