/** Makes lost windows again, several in one tmux invocation: as recorded, else by the task's layout. */
import { isPitwallError, PitwallError } from '../../core/errors.ts';
import { place } from '../../core/layout/geometry.ts';
import type { Layout } from '../../core/layout/layout.ts';
import { withAgents } from '../../core/layout/layout-agents.ts';
import { layoutString } from '../../core/layout/layout-string.ts';
import type { ProjectRecord } from '../../core/model.ts';
import {
  finishingCommands,
  type MadeWindow,
  madeWindows,
  makingCommands,
  type RebuildPlan,
  type RebuiltPane,
} from '../../core/restore/rebuild.ts';
import { type RecordedPane, recordFiles, type WindowRecord } from '../../core/restore/window-record.ts';
import { personalEnvironment, type TaskPlace, workingShell } from '../../core/tmux/pane-command.ts';
import type { ServerView } from '../../ports.ts';
import { programPane, sidebarSlot, windowSize } from '../agents/launch.ts';
import type { Context } from '../context.ts';
import { findLayout } from '../layouts.ts';
import { readTrust } from '../trust.ts';

/** A task's window to be made. */
export interface LostWindow {
  readonly place: TaskPlace;
  readonly index: number;
  readonly record: WindowRecord | null;
  /** Agents that get a pane. */
  readonly agents: readonly string[];
  /** Of them those that the person stopped: their panes only say so. */
  readonly stopped: readonly string[];
}

/** Makes the windows in a session that stands; answers those made, by task, and why others were not. */
export async function rebuildWindows(
  context: Context,
  project: ProjectRecord,
  view: ServerView,
  session: string,
  lost: readonly LostWindow[],
): Promise<{
  readonly made: ReadonlyMap<string, MadeWindow>;
  /** The panes of agents that wait for their programs, by `TASK/AGENT`. */
  readonly seats: ReadonlyMap<string, string>;
  readonly failed: ReadonlyMap<string, PitwallError>;
}> {
  const failed = new Map<string, PitwallError>();
  const plans: RebuildPlan[] = [];
  for (const each of lost)
    try {
      plans.push(await planOf(context, project, view, session, each));
    } catch (error) {
      if (!(error instanceof PitwallError)) throw error;
      failed.set(each.place.record.name, error);
    }
  const made = new Map<string, MadeWindow>();
  const seats = new Map<string, string>();
  const windows = await makeTogether(context, plans);
  for (const [plan, window] of windows)
    if (window instanceof PitwallError) failed.set(plan.task ?? '', window);
    else {
      made.set(plan.task ?? '', window);
      plan.panes.forEach((pane, at) => {
        if (pane.kind === 'pending') seats.set(`${plan.task}/${pane.agent}`, window.panes[at] ?? '');
      });
    }
  await finish(context, windows);
  return { made, seats, failed };
}

/** Makes the session with the project's own window, as recorded; answers them. */
export async function rebuildSession(
  context: Context,
  project: ProjectRecord,
  view: ServerView,
  record: WindowRecord | null,
  sessionName: string,
): Promise<MadeWindow> {
  const { deps } = context;
  const env = { ...personalEnvironment(deps.env), PITWALL_PROJECT: project.name };
  const shell = workingShell(deps.env);
  const size = windowSize(view, null, deps.terminal);
  const alone: WindowRecord = fallback(
    { tree: { x: 0, y: 0, width: size.columns, height: size.rows }, window: size },
    [{ kind: 'program', own: true, runs: { shell: true }, folder: project.root }],
  );
  const known = record?.panes.some((pane) => pane.kind === 'program') ? record : alone;
  const plan: RebuildPlan = {
    ...shapeOf(known),
    session: null,
    sessionName,
    index: 0,
    name: known.name || 'project',
    folder: project.root,
    project: project.name,
    task: null,
    taskFolder: `${deps.files.stateDir}/${project.name}`,
    priority: 0,
    panes: known.panes.map((pane): RebuiltPane => {
      if (pane.kind !== 'program') return { kind: 'slot' };
      const role = pane.own ? ('shell' as const) : null;
      const command = { role, agent: null, argv: [shell], env, output: null, runs: { shell: true } as const };
      return { kind: 'program', command, folder: pane.folder || project.root };
    }),
  };
  const [made] = madeWindows(
    await deps.tmux.runStarting(makingCommands(plan), personalEnvironment(deps.env)),
  );
  if (!made)
    throw new PitwallError('CommandFailed', `tmux made no session for ${project.name}`, 'pitwall doctor');
  if (record !== null && made.index !== record.index)
    await deps.tmux.run([['move-window', '-s', made.window, '-t', `${made.session}:${record.index}`]]);
  await finish(context, [[plan, made]]);
  return { ...made, index: record?.index ?? made.index };
}

type Outcome = readonly [RebuildPlan, MadeWindow | PitwallError];

/** All in one invocation; when that fails what it made is closed, and each is tried alone, so that one cannot take others along. */
async function makeTogether(context: Context, plans: readonly RebuildPlan[]): Promise<readonly Outcome[]> {
  const { tmux } = context.deps;
  if (plans.length === 0) return [];
  try {
    const made = madeWindows(await tmux.run(plans.flatMap(makingCommands)));
    return plans.map((plan, number) => [plan, made[number] ?? notMade(plan)]);
  } catch (error) {
    if (!(error instanceof PitwallError)) throw error;
    await closeHalfMade(context, plans[0]?.project ?? '');
    const [only, ...more] = plans;
    // The person may have made a window there just now.
    if (only !== undefined && more.length === 0 && /index .*in use/.test(error.message))
      return makeTogether(context, [{ ...only, index: only.index + 1 }]);
    if (only !== undefined && more.length === 0) return [[only, error]];
  }
  const outcomes: Outcome[] = [];
  for (const plan of plans) outcomes.push(...(await makeTogether(context, [plan])));
  return outcomes;
}

function notMade(plan: RebuildPlan): PitwallError {
  return new PitwallError('CommandFailed', `tmux made no window for ${plan.name}`, 'pitwall doctor');
}

/** Closes windows of the project that are marked as half made. Call under the project's lock, where nobody makes one. */
export async function closeHalfMade(context: Context, project: string): Promise<void> {
  const { tmux } = context.deps;
  const half = halfMade(await tmux.view(), project);
  if (half.length > 0) await tmux.run(half.map((window) => ['kill-window', '-t', window]));
}

/** The half-made windows in the project's session, by id. */
export function halfMade(view: ServerView, project: string): readonly string[] {
  const panes = view.panes.filter((pane) => pane.making && pane.sessionProject === project);
  return [...new Set(panes.map((pane) => pane.window))];
}

async function finish(context: Context, windows: readonly Outcome[]): Promise<void> {
  const commands = windows.flatMap(([plan, made]) =>
    made instanceof PitwallError ? [] : finishingCommands(plan, made),
  );
  if (commands.length === 0) return;
  const { tmux, files } = context.deps;
  for (const { path, text } of recordFiles(await tmux.run(commands))) await files.writeWindow(path, text);
}

async function planOf(
  context: Context,
  project: ProjectRecord,
  view: ServerView,
  session: string,
  lost: LostWindow,
): Promise<RebuildPlan> {
  const { record: task, folder } = lost.place;
  const known = fitting(lost.record, lost.agents) ?? (await byLayout(context, project, view, session, lost));
  return {
    ...shapeOf(known),
    session,
    sessionName: project.name,
    index: lost.index,
    name: known.name || task.name,
    folder: task.worktree,
    project: project.name,
    task: task.name,
    taskFolder: folder,
    priority: task.priority,
    panes: known.panes.map((pane) => rebuilt(context, lost, pane)),
  };
}

function shapeOf({ columns, rows, layout, active, zoomed }: WindowRecord) {
  return { columns, rows, layout, active, zoomed };
}

/** The record while its agents are just those that get a pane. */
function fitting(record: WindowRecord | null, agents: readonly string[]): WindowRecord | null {
  const seated = record?.panes.flatMap((pane) => (pane.kind === 'agent' ? [pane.agent] : [])) ?? [];
  const same = seated.length === agents.length && agents.every((agent) => seated.includes(agent));
  return same && seated.length > 0 ? record : null;
}

function rebuilt(context: Context, { place, stopped }: LostWindow, pane: RecordedPane): RebuiltPane {
  const { name, worktree } = place.record;
  if (pane.kind === 'slot') return pane;
  if (pane.kind === 'agent' && !stopped.includes(pane.agent)) return { kind: 'pending', agent: pane.agent };
  if (pane.kind === 'agent') {
    const said = `${name}/${pane.agent} was stopped; try: pitwall start ${name}/${pane.agent}`;
    const argv = [context.deps.shipped.launch, '--say', said, '-', 'true'];
    const command = { role: 'agent', agent: pane.agent, argv, env: {}, output: null } as const;
    return { kind: 'program', command, folder: worktree };
  }
  const command = programPane(context, place, pane.runs);
  const own = pane.own ? command : { ...command, role: null };
  const stays = 'shell' in pane.runs && pane.folder !== '';
  return { kind: 'program', command: own, folder: stays ? pane.folder : worktree };
}

/** As `new` would make it: for windows that were never recorded. */
async function byLayout(
  context: Context,
  project: ProjectRecord,
  view: ServerView,
  session: string,
  { place: { record: task }, agents }: LostWindow,
): Promise<WindowRecord> {
  const found = await layoutOf(context, task.layout, project);
  const presets = task.agents.filter(({ name }) => agents.includes(name)).map(({ preset }) => preset);
  const { layout } = withAgents(found, presets);
  const size = windowSize(view, session, context.deps.terminal);
  const placed = place(layout, size, sidebarSlot(context, view, size.columns));
  let seat = 0;
  const panes = placed.panes.map(({ pane }): RecordedPane => {
    const agent = 'agent' in pane.runs ? agents[seat++] : undefined;
    if (agent !== undefined) return { kind: 'agent', agent };
    return {
      kind: 'program',
      own: true,
      runs: 'agent' in pane.runs ? { shell: true } : pane.runs,
      folder: '',
    };
  });
  if (placed.slot === null) return fallback(placed, panes);
  return fallback(placed, placed.slot.x === 0 ? [{ kind: 'slot' }, ...panes] : [...panes, { kind: 'slot' }]);
}

function fallback(
  placed: Pick<ReturnType<typeof place>, 'tree' | 'window'>,
  panes: readonly RecordedPane[],
): WindowRecord {
  const active = panes.findIndex((pane) => pane.kind !== 'slot');
  const layout = layoutString(placed);
  const names = { session: '', name: '' };
  return { index: 0, ...placed.window, zoomed: false, current: false, layout, ...names, panes, active };
}

/** The task's layout; `solo` when it was deleted since, which grows a pane for each agent. */
async function layoutOf(
  context: Context,
  name: string,
  project: Pick<ProjectRecord, 'name' | 'root'>,
): Promise<Layout> {
  const { root } = project;
  try {
    const { accepted } = await readTrust(context, project);
    return await findLayout(context, name, root, accepted ? 'accepted' : 'refused');
  } catch (error) {
    if (!isPitwallError(error, 'NoSuchLayout', 'LayoutInvalid', 'NotTrusted')) throw error;
    return findLayout(context, 'solo', root);
  }
}
