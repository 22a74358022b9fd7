/** Gathers the facts from journals, tmux and git, and lets core/state/snapshot.ts say what is true. */
import { sinceBase } from '../core/change-from.ts';
import { isPitwallError } from '../core/errors.ts';
import type { Snapshot } from '../core/model.ts';
import { type Facts, snapshot, type TaskFacts, type TaskPane } from '../core/state/snapshot.ts';
import type { PaneFact, ServerView, Store, StoredTask } from '../ports.ts';
import { readSights, type Sights } from './agents/sights.ts';
import type { Context } from './context.ts';

/** What is true at one moment, and what says so. */
export interface Observed {
  readonly snapshot: Snapshot;
  /** Of what the snapshot is made. */
  readonly facts: Facts;
  readonly store: Store;
  readonly view: ServerView;
}

/** How much git work is worth the answer. */
export interface ObserveOptions {
  /** `kept`: no git work, the diffs last computed; `fresh`: computed for tasks whose journal or index changed. */
  readonly diffs: 'kept' | 'fresh';
}

/** One reading of everything. One tmux invocation; git only where asked and something changed. */
export async function observe(context: Context, options: ObserveOptions): Promise<Observed> {
  const { deps } = context;
  // tmux first: it answers while the files are read.
  const [view, store] = await Promise.all([viewWithDeaths(context), deps.files.load()]);
  const now = deps.clock.now();
  const sights = await readSights(context, store, view, now);
  const projects = await Promise.all(
    store.projects.map(async (project) => ({
      record: project.record,
      session: view.sessions.find((session) => session.project === project.record.name)?.id ?? null,
      tasks: await taskFacts(context, project.tasks, sights, options),
      overlaps: project.overlaps,
      gated: project.gated,
      reviewer: project.reviewer,
    })),
  );
  const panes = view.panes.flatMap(taskPane);
  const problems = [...context.problems, ...store.problems];
  const facts: Facts = { projects, panes, presets: context.presets, problems, now };
  return { snapshot: snapshot(facts), facts, store, view };
}

/** tmux may know that a program has ended and not yet how: it looks again when another child of its own ends. */
async function viewWithDeaths({ deps }: Context): Promise<ServerView> {
  const view = await deps.tmux.view();
  const unclear = view.panes.some(
    (pane) =>
      pane.role === 'agent' &&
      !pane.pending &&
      pane.dead &&
      pane.deadStatus === null &&
      pane.deadSignal === null,
  );
  if (!unclear) return view;
  // In the background: the end of this child may be overlooked too, and would be waited for in vain.
  await deps.tmux.run([['run-shell', '-b', 'true']]);
  await deps.clock.sleep(30);
  return deps.tmux.view();
}

/** A pane of an agent of ours; empty for any other. */
export function taskPane(pane: PaneFact): readonly TaskPane[] {
  if (pane.role !== 'agent' || pane.project === null || pane.task === null || pane.agent === null) return [];
  return [
    {
      pane: pane.pane,
      pid: pane.pid,
      dead: pane.dead || pane.pending,
      status: pane.deadStatus,
      signal: pane.deadSignal,
      window: pane.window,
      project: pane.project,
      task: pane.task,
      agent: pane.agent,
    },
  ];
}

async function taskFacts(
  context: Context,
  tasks: readonly StoredTask[],
  sights: Sights,
  options: ObserveOptions,
): Promise<readonly TaskFacts[]> {
  const facts = await Promise.all(
    tasks.map(async (task): Promise<TaskFacts | null> => {
      const record = task.record;
      if (record === null) return null;
      const { deps } = context;
      const fingerprint = await deps.git.fingerprint(record.worktree);
      return {
        record,
        events: task.events,
        report: task.report,
        printed: task.printed,
        sights: sights.get(task) ?? {},
        payloads: task.payloads,
        ...(await diffOf(context, task, fingerprint, options)),
        worktreeExists: fingerprint !== null,
        makerAlive: makerAlive(context, task),
        checkerAlive: checkerAlive(context, task.events, 'check'),
        readingAlive: checkerAlive(context, task.events, 'verdict'),
      };
    }),
  );
  return facts.filter((each) => each !== null);
}

function makerAlive(context: Context, task: StoredTask): boolean {
  const created = task.events.find((event) => event.type === 'created');
  return created?.type === 'created' && context.deps.files.alive(created);
}

/** Whether whoever ran a task's checks last, or looked after its reviewer, has not finished and still runs. */
export function checkerAlive(
  context: Context,
  events: StoredTask['events'],
  what: 'check' | 'verdict',
): boolean {
  const last = events.findLast((event) => event.type === what);
  const running = (last?.type === 'check' || last?.type === 'verdict') && last.state === 'running';
  return running && context.deps.files.alive(last);
}

/** The kept diff while it still fits, else computed anew when asked for. A failing git keeps the old one. */
async function diffOf(
  context: Context,
  task: StoredTask,
  fingerprint: string | null,
  options: ObserveOptions,
): Promise<Pick<TaskFacts, 'diff' | 'diffOld'>> {
  if (fingerprint === null) return { diff: null };
  const key = `${fingerprint}:${task.events.length}`;
  const kept = task.diff?.stat ?? null;
  if (task.record === null || task.diff?.key === key) return { diff: kept };
  if (options.diffs === 'kept') return { diff: kept, diffOld: true };
  const { git, files } = context.deps;
  try {
    const stat = await git.diffStat(task.record.worktree, sinceBase(task.record));
    await files.saveDiff(task.project, task.name, key, stat);
    return { diff: stat };
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    return { diff: kept, diffOld: true };
  }
}
