/** Whether a worktree is after a reading as it was before it, and what is done when it is not. */

import { findPreset } from '../../core/agents/presets.ts';
import { oneLine } from '../../core/errors.ts';
import { authors } from '../../core/model.ts';
import type { Beside } from '../../ports.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import type { Stored } from './check.ts';

/** Milliseconds in which processes of a moment may end. */
const patience = 5000;

/** A worktree before a reading: what it held, and where HEAD was. */
export interface Before {
  /** Under which both moments are kept. */
  readonly ref: string;
  readonly commit: string;
  readonly head: string;
  readonly beside: Beside;
  /** How many events the journal had. */
  readonly events: number;
}

/** Keeps what the worktree holds now, uncommitted and untracked files included. */
export async function keepBefore(context: Context, stored: Stored, ref: string): Promise<Before> {
  const { worktree } = stored.record;
  const commit = await context.deps.git.keepWork(worktree, `${ref}/before`);
  const beside = await context.deps.git.beside(worktree);
  return { ref, commit, head: await headOf(context, stored), beside, events: stored.events.length };
}

/**
 * Null when nothing has changed, else what has, in words. Files that changed are put back when nothing but the reviewer,
 * which must have ended, can have changed them; what they held is kept in any case.
 */
export async function traceOf(context: Context, stored: Stored, before: Before): Promise<string | null> {
  const { git } = context.deps;
  const { worktree } = stored.record;
  const head = await headOf(context, stored);
  const after = await git.keepWork(worktree, `${before.ref}/after`);
  const [was, is] = await Promise.all([git.treeOf(worktree, before.commit), git.treeOf(worktree, after)]);
  if (head !== before.head) return `HEAD was ${before.head} and is ${head}: nothing was undone`;
  const now = await git.beside(worktree);
  const ignored = changedBeside(before.beside, now);
  const staged = before.beside.staged !== now.staged;
  if (was === is && !staged && ignored.length === 0) {
    await git.forgetWork(worktree, before.ref);
    return null;
  }
  const seen = was === is ? [] : await git.changedBetween(worktree, before.commit, after);
  const what = named([...seen, ...ignored], staged);
  const other = await whoElse(context, stored, before);
  if (other !== null) return `${what} changed while it read; left as they are, for ${other} may have done it`;
  if (seen.length > 0) await git.putBack(worktree, before.commit, after);
  const back = await git.putBackBeside(worktree, before.beside, ignored);
  const left = ignored.filter((path) => !back.includes(path));
  const undone = seen.length + back.length > 0 ? '; undone' : '';
  const kept = seen.length > 0 ? `, and kept as ${before.ref}/after` : '';
  const not = left.length > 0 || staged ? `; ${named(left, staged)} left as it is` : '';
  return `it changed ${what}, which it was not to${undone}${kept}${not}`;
}

/** Ignored files that were there and are gone or have another content; new ones are what a build leaves. */
function changedBeside(before: Beside, now: Beside): readonly string[] {
  return [...before.ignored].flatMap(([path, was]) => {
    const is = now.ignored.get(path);
    const same =
      is !== undefined && (is.look === was.look || (is.content && was.content?.equals(is.content)));
    return same ? [] : [path];
  });
}

/** Branch and commit, or the commit alone when HEAD is detached. */
async function headOf({ deps: { git } }: Context, { record }: Stored): Promise<string> {
  const here = (await git.worktrees(record.worktree)).find(({ path }) => path === record.worktree);
  const commit = (await git.resolve(record.worktree, 'HEAD')) ?? '';
  return `${here?.branch ?? 'detached'} ${commit.slice(0, 12)}`;
}

/** Who else can have changed files of the worktree since; null when nobody. */
async function whoElse(context: Context, stored: Stored, before: Before): Promise<string | null> {
  const { snapshot, store, view } = await observe(context, { diffs: 'kept' });
  const { task } = findTask(snapshot, `${stored.project}:${stored.name}`, null);
  const own = authors(task.agents);
  const names = new Set(own.map(({ name }) => name));
  const { events } = storedTask(store.projects, stored.project, stored.name);
  for (const event of events.slice(before.events))
    if ('agent' in event && event.agent !== null && names.has(event.agent)) return event.agent;
  for (const { name, preset, pid, state } of own) {
    if (pid === null) continue;
    if (state !== 'done' || findPreset(context.presets, preset).hooks === 'none') return name;
  }
  const pane = view.panes.find(
    ({ window, role, dead }) => window === task.window && !dead && (role === null || role === 'shell'),
  );
  if (pane !== undefined) return `the pane with ${oneLine(pane.command)}`;
  const checkers = view.panes.filter(({ role, task: of }) => role === 'check' && of === stored.name);
  const known = [...own, ...checkers].flatMap(({ pid }) => (pid === null ? [] : [pid]));
  return strangerIn(context, stored.record.worktree, known);
}

/** A process that works in the worktree and stays; what tmux starts for a moment in the folder of a pane goes. */
async function strangerIn(
  { deps: { processes, files, clock } }: Context,
  worktree: string,
  known: readonly number[],
): Promise<string | null> {
  const end = clock.now() + patience;
  for (;;) {
    const inside = await processes.inside(worktree);
    const [other] = inside.filter(({ pid }) => pid !== files.self.pid && !known.includes(pid));
    if (other === undefined) return null;
    if (clock.now() > end) return `${oneLine(other.command)} (process ${other.pid})`;
    await clock.sleep(200);
  }
}

function named(paths: readonly string[], staged: boolean): string {
  const first = paths.slice(0, 3).map((path) => oneLine(path));
  const more = paths.length - first.length;
  const files = `${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [files, ...(staged ? ['what is staged'] : [])].filter((part) => part !== '').join(' and ');
}
