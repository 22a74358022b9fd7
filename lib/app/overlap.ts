/** Keeps what is known of every two tasks of a project up to date, computing only what changed. */
import { sinceBase } from '../core/change-from.ts';
import { isPitwallError, PitwallError } from '../core/errors.ts';
import type { TaskRecord } from '../core/model.ts';
import { judgePair, type PairOverlap, planPairs, type Work } from '../core/overlap/overlap.ts';
import type { KeptWork } from '../core/overlap/overlap-kept.ts';
import type { StoredProject, StoredTask } from '../ports.ts';
import type { Context } from './context.ts';

/**
 * `turns`: worktrees are looked at anew when their journal or index changed; `now`: every one of them, for edits
 * that nobody reported.
 */
export type OverlapLook = 'turns' | 'now';

/** Every two tasks of a project as they stand. */
export interface Overlaps {
  readonly pairs: readonly PairOverlap[];
  /** How many pairs were computed for it; the others stood as they were. */
  readonly computed: number;
  /** Tasks whose worktree could not be read, one line each. */
  readonly problems: readonly string[];
}

/** Computes what changed since the last time and keeps it. Several at once take turns. */
export async function refreshOverlaps(
  context: Context,
  project: StoredProject,
  look: OverlapLook,
): Promise<Overlaps> {
  const { files } = context.deps;
  const name = project.record.name;
  return files.locked(`overlap:${name}`, async () => {
    // Another may have been at it while this one waited.
    const now = (await files.load()).projects.find((each) => each.record.name === name) ?? project;
    return compute(context, now, look);
  });
}

/** The id of what a task's worktree holds now, uncommitted and untracked files included. */
export async function workNow(context: Context, task: StoredTask): Promise<string> {
  const { files } = context.deps;
  return files.locked(`overlap:${task.project}`, async () => {
    const project = (await files.load()).projects.find((each) => each.record.name === task.project);
    const read = project ? await readWorks(context, project, [task], 'now') : null;
    const work = read?.works.get(task.name);
    if (work) return work.id;
    const why = read?.problems[0] ?? `the worktree of ${task.name} is gone`;
    throw new PitwallError('TargetGone', why, `pitwall show ${task.name}`);
  });
}

/** The works of some tasks by name, as they are now or as kept. Call under the lock `overlap:PROJECT`. */
export async function readWorks(
  context: Context,
  project: StoredProject,
  tasks: readonly StoredTask[],
  look: OverlapLook,
): Promise<{
  readonly scratch: string;
  readonly works: ReadonlyMap<string, KeptWork>;
  /** How many of them were looked at anew. */
  readonly fresh: number;
  readonly problems: readonly string[];
}> {
  const { git, files } = context.deps;
  const folder = scratchOf(project);
  const [scratch, kept] = await Promise.all([git.scratch(folder), files.loadWorks(project.record.name)]);
  const before = kept?.scratch === scratch ? kept.works : {};
  const works = new Map<string, KeptWork>();
  const stale: { readonly task: string; readonly key: string; readonly record: TaskRecord }[] = [];
  for (const { name: task, record, events } of tasks) {
    const fingerprint = record === null ? null : await git.fingerprint(record.worktree);
    if (record === null || fingerprint === null) continue;
    const key = `${fingerprint}:${events.length}`;
    const known = Object.hasOwn(before, task) ? before[task] : undefined;
    if (look === 'turns' && known?.key === key) works.set(task, known);
    else stale.push({ task, key, record });
  }
  const problems: string[] = [];
  const wanted = stale.map(({ record }) => ({ worktree: record.worktree, from: sinceBase(record) }));
  const read = await git.works(project.record.root, folder, wanted);
  stale.forEach(({ task, key }, index) => {
    const work = read[index];
    if (isPitwallError(work)) problems.push(`${task} could not be compared: ${work.message}`);
    else if (work) works.set(task, { ...work, key });
  });
  return { scratch, works, fresh: stale.length, problems };
}

/** Where a project's objects for comparing are: beside its tasks, in a folder that no reader takes for one. */
export function scratchOf(project: StoredProject): string {
  return `${project.folder}/.overlap/scratch`;
}

async function compute(context: Context, project: StoredProject, look: OverlapLook): Promise<Overlaps> {
  const { git, files } = context.deps;
  const { scratch, works, fresh, problems } = await readWorks(context, project, project.tasks, look);
  const { kept, due } = planPairs(changed(works), project.overlaps);
  const asking = due.filter((pair) => pair.asks);
  const told = await git.conflicts(
    project.record.root,
    scratchOf(project),
    asking.map((pair) => [works.get(pair.a)?.commit ?? '', works.get(pair.b)?.commit ?? '']),
  );
  const answers = new Map(asking.map((pair, index) => [pair, told[index] ?? null]));
  const pairs = [...kept, ...due.map((pair) => judgePair(pair, answers.get(pair) ?? null))];
  if (fresh === 0 && pairs.length === project.overlaps.length) return { pairs, computed: 0, problems };
  await files.saveOverlaps(project.record.name, { scratch, works: Object.fromEntries(works) }, pairs);
  return { pairs, computed: due.length, problems };
}

/** Tasks that changed nothing get in nobody's way. */
function changed(works: ReadonlyMap<string, Work>): ReadonlyMap<string, Work> {
  return new Map([...works].filter(([, work]) => work.changes.length > 0));
}
