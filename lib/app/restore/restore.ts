/**
 * `pitwall restore`: brings back what tmux lost. What is there is judged under the project's lock, by our own options on
 * panes and sessions, never by a name: so two at once start nothing twice, and what other tools left under our names is
 * neither taken for ours nor ended. Nothing is undone when a step fails: what was made stays, and repeating goes on
 * from there.
 */
import type { ProjectRecord } from '../../core/model.ts';
import { isNumbered, uniqueName } from '../../core/names.ts';
import {
  freeIndexes,
  type ProjectSituation,
  planLines,
  type RestorePlan,
} from '../../core/restore/restore-plan.ts';
import type { WindowRecord } from '../../core/restore/window-record.ts';
import type { ServerView } from '../../ports.ts';
import { continueInterrupted } from '../agents/continue.ts';
import { type Seat, type Started, seatOf, startSeats } from '../agents/start-agents.ts';
import type { Context } from '../context.ts';
import { noteHome, requireHome } from '../desk/home-server.ts';
import { prepareServer } from '../desk/server.ts';
import { clearInterrupted } from '../new/interrupted.ts';
import { type Observed, observe } from '../observe.ts';
import { storedTask } from '../projects.ts';
import { publish } from '../publish.ts';
import { seatSidebar } from '../sidebar/sidebar-seat.ts';
import { closeHalfMade, type LostWindow, rebuildSession, rebuildWindows } from './rebuild.ts';
import { lookAt, placeOf, recordOf } from './restore-look.ts';

/** How one agent came back. */
export interface RestoredAgent {
  readonly task: string;
  readonly agent: string;
  readonly how: Started['how'];
  readonly reason: string | null;
}

/** What came back of a project, or would. */
export interface Restored {
  readonly project: string;
  readonly session: string | null;
  /** What the plan does, or would do. */
  readonly steps: readonly string[];
  /** Tasks whose windows were made. */
  readonly windows: readonly string[];
  readonly agents: readonly RestoredAgent[];
  /** Tasks that are not back, each with its cure. */
  readonly missing: readonly {
    readonly task: string;
    readonly problem: string;
    readonly hint: string | null;
  }[];
  /** Tasks whose agents were told to go on. */
  readonly continued: readonly string[];
}

/** Whether anything is done, and what agents are told. */
export interface RestoreOptions {
  readonly dryRun: boolean;
  /** Tell agents that were cut off to go on. */
  readonly goOn: boolean;
}

type Narrate = (line: string) => void;

/** Restores one project. Never fails because of one task: what is not back is told. */
export async function restoreProject(
  context: Context,
  project: ProjectRecord,
  options: RestoreOptions,
  narrate: Narrate,
): Promise<Restored> {
  await requireHome(context, project.name, await context.deps.tmux.view());
  if (options.dryRun) {
    const { plan } = await lookAt(context, project);
    return { ...nothing(project, plan), missing: missingOf(plan) };
  }
  const restored = await context.deps.files.locked(
    `project:${project.name}`,
    () => restoreLocked(context, project, narrate),
    120_000,
  );
  if (restored.session !== null) await noteHome(context, project.name);
  const continued = options.goOn ? await continueInterrupted(context, project.name, null) : [];
  await publish(context, await observe(context, { diffs: 'kept' }));
  return { ...restored, continued };
}

/** Under the project's lock: see `restoreProject`. */
export async function restoreLocked(
  context: Context,
  project: ProjectRecord,
  narrate: Narrate,
): Promise<Restored> {
  await clearInterrupted(context, project, narrate);
  const { plan, situation, observed } = await lookAt(context, project);
  const missing = [...missingOf(plan)];
  const worth = plan.windows.length + plan.start.length + plan.close.length > 0;
  if (!worth) {
    if (seatIsLeft(observed.view)) await seatSidebar(context, situation.session);
    return { ...nothing(project, plan), session: situation.session, missing };
  }
  if (plan.windows.length > 0) narrate(`${project.name}: ${count(plan.windows.length, 'window')} to make`);
  const home =
    situation.session === null
      ? await makeSession(context, project, situation.record, observed.view)
      : { session: situation.session, index: null };
  const { session } = home;
  if (plan.close.length > 0) await closeHalfMade(context, project.name);
  // Where all is on record, what was seen serves: nothing else makes windows of ours under the lock.
  const known = plan.windows.every(({ record }) => record !== null);
  const view = known ? observed.view : await context.deps.tmux.view();
  const taken = home.index === null ? situation.taken : [home.index];
  const lost = lostWindows(context, observed, project, plan, taken);
  const { made, seats, failed } = await rebuildWindows(context, project, view, session, lost);
  for (const [task, error] of failed) missing.push({ task, problem: error.message, hint: error.hint });
  await showCurrent(context, situation, plan, made);
  const problem = await prepareServer(context);
  if (problem !== null) narrate(problem);
  const started = await startSeats(context, await seatsOf(context, observed, project, plan, seats), (line) =>
    narrate(`started ${line}`),
  );
  const agents = started.map(({ seat, how, reason }) => ({
    task: seat.place.record.name,
    agent: seat.agent.name,
    how,
    reason,
  }));
  // Last: the sidebar is a program that would stand in the agents' way.
  await seatAgain(context, plan, session);
  return { ...nothing(project, plan), session, windows: [...made.keys()], agents, missing };
}

function nothing(project: ProjectRecord, plan: RestorePlan): Restored {
  const steps = planLines(project.name, plan);
  return { project: project.name, session: null, steps, windows: [], agents: [], missing: [], continued: [] };
}

function missingOf(plan: RestorePlan): Restored['missing'] {
  return plan.obstacles.map(({ task, problem, hint }) => ({ task, problem, hint }));
}

/**
 * Makes the project's session, named as it was unless another has the name. A number that an earlier restore had to add
 * is no name that anybody gave: the project's own is tried again first.
 */
export async function makeSession(
  context: Context,
  project: ProjectRecord,
  record: WindowRecord | null,
  view: ServerView,
): Promise<{ readonly session: string; readonly index: number }> {
  const before = record?.session ?? '';
  const given = /^[\p{L}\p{N}_-]+$/u.test(before) && !isNumbered(before, project.name);
  const named = given ? before : project.name;
  const name = uniqueName(named, (each) => view.sessions.some((session) => session.name === each));
  return rebuildSession(context, project, view, record, name);
}

function lostWindows(
  context: Context,
  observed: Observed,
  project: ProjectRecord,
  plan: RestorePlan,
  taken: readonly number[],
): readonly LostWindow[] {
  const indexes = freeIndexes(
    plan.windows.map(({ record }) => record?.index ?? null),
    taken,
  );
  return plan.windows.flatMap(({ task, record, agents, stopped }, number) => {
    const place = placeOf(context, observed, project.name, task);
    return place === null ? [] : [{ place, index: indexes[number] ?? 0, record, agents, stopped }];
  });
}

/** A session made anew shows the window that it showed. */
async function showCurrent(
  context: Context,
  situation: ProjectSituation,
  plan: RestorePlan,
  made: ReadonlyMap<string, { readonly window: string }>,
): Promise<void> {
  if (situation.session !== null || situation.record?.current === true) return;
  const shown = plan.windows.find(({ record }) => record?.current === true);
  const window = shown === undefined ? undefined : made.get(shown.task)?.window;
  if (window !== undefined) await context.deps.tmux.run([['select-window', '-t', window]]);
}

/** Slots without a sidebar that is switched on: a restore was killed before it came to that. */
function seatIsLeft(view: ServerView): boolean {
  return view.options.sidebar_command === undefined && view.panes.some((pane) => pane.role === 'slot');
}

/** The sidebar sits where one of the windows had its place, or where nothing is on record and the person wants it. */
async function seatAgain(context: Context, plan: RestorePlan, session: string): Promise<void> {
  const records = plan.windows.flatMap(({ record }) => (record === null ? [] : [record]));
  const had = records.some((record) => record.panes.some((pane) => pane.kind === 'slot'));
  const wanted = records.length === 0 && context.preferences.sidebar.on;
  if (plan.windows.length > 0 && (had || wanted)) await seatSidebar(context, session);
}

/**
 * Under the project's lock: makes the window of one task that tmux lost and starts its agents but for `stopped`. The
 * same code as a whole restore. Throws what kept the window from being made.
 */
export async function restoreTask(
  context: Context,
  observed: Observed,
  project: ProjectRecord,
  task: string,
  stopped: readonly string[],
): Promise<readonly Started[]> {
  const place = placeOf(context, observed, project.name, task);
  if (place === null) return [];
  const { view } = observed;
  const session =
    view.sessions.find((each) => each.project === project.name)?.id ??
    (await makeSession(context, project, await recordOf(context, project.name, null), view)).session;
  await prepareServer(context);
  const record = await recordOf(context, project.name, task);
  const agents = place.record.agents.map(({ name }) => name);
  const now = await context.deps.tmux.view();
  const taken = now.panes.filter((pane) => pane.session === session).map((pane) => pane.windowIndex);
  const [index = 0] = freeIndexes([record?.index ?? null], taken);
  const lost = [{ place, index, record, agents, stopped }];
  const { failed, seats } = await rebuildWindows(context, project, now, session, lost);
  for (const error of failed.values()) throw error;
  const start = agents.filter((agent) => !stopped.includes(agent)).map((agent) => ({ task, agent }));
  return startSeats(context, await seatsOf(context, observed, project, { start }, seats), () => undefined);
}

/** The panes of the agents to start: just made, or left by a restore that was killed. */
async function seatsOf(
  context: Context,
  observed: Observed,
  project: ProjectRecord,
  plan: { readonly start: readonly { readonly task: string; readonly agent: string }[] },
  made: ReadonlyMap<string, string>,
): Promise<readonly Seat[]> {
  const tasks = observed.snapshot.projects.find((each) => each.name === project.name)?.tasks ?? [];
  const seats: Seat[] = [];
  for (const { task, agent } of plan.start) {
    const place = placeOf(context, observed, project.name, task);
    const record = place?.record.agents.find((each) => each.name === agent);
    const known = tasks.find((each) => each.name === task)?.agents.find((each) => each.name === agent);
    const left = observed.view.panes.find((each) => each.pending && each.pane === known?.pane)?.pane;
    const pane = made.get(`${task}/${agent}`) ?? left;
    if (!place || !record || !known || pane === undefined) continue;
    const agentNow = { ...record, conversationId: known.conversationId };
    const { events } = storedTask(observed.store.projects, project.name, task);
    seats.push(await seatOf(context, place, events, agentNow, pane));
  }
  return seats;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
