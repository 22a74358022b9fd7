/** Puts a task's agents into a window: what runs in each pane, and the window that holds them. */

import { type ForkSource, forking } from '../../core/agents/forks.ts';
import { withPreamble } from '../../core/agents/preamble.ts';
import { findPreset } from '../../core/agents/presets.ts';
import { PitwallError } from '../../core/errors.ts';
import { place } from '../../core/layout/geometry.ts';
import type { Layout, LayoutPane, Runs } from '../../core/layout/layout.ts';
import { layoutString } from '../../core/layout/layout-string.ts';
import type { AgentRecord, TaskRecord } from '../../core/model.ts';
import { recordFiles } from '../../core/restore/window-record.ts';
import {
  namedVariables,
  type PaneCommand,
  personalEnvironment,
  type TaskPlace,
  taskEnvironment,
  workingShell,
} from '../../core/tmux/pane-command.ts';
import { type WindowPlan, windowCommands } from '../../core/tmux/window.ts';
import type { ServerView } from '../../ports.ts';
import type { Context } from '../context.ts';
import { slotWidth } from '../sidebar/sidebar-seat.ts';
import { makeLaunchContext } from './launch-context.ts';

/** The longest prompt handed over in argv, in bytes: systems refuse single arguments over 128 KB. */
const longestArgument = 96 * 1024;

/** One agent to start. */
export interface AgentLaunch {
  readonly agent: AgentRecord;
  /** The prompt to start with; null to start idle. */
  readonly prompt: string | null;
  /** Continue its conversation instead of beginning one. */
  readonly resume: boolean;
  /** Continue a copy of this conversation instead. */
  readonly fork?: ForkSource;
}

/** The pane of one agent, its prompt written where the launcher reads it. Journals nothing. */
export async function agentPane(
  context: Context,
  task: TaskPlace,
  launch: AgentLaunch,
): Promise<PaneCommand> {
  const { deps } = context;
  const preset = forking(findPreset(context.presets, launch.agent.preset), launch.fork);
  const inArgument = promptWay(context, launch) === 'argument';
  const launchContext = await makeLaunchContext(context, task, launch.agent, inArgument);
  const resumed = launch.resume ? preset.resume(launchContext) : null;
  const { argv, env, files } = resumed ?? preset.launch(launchContext);
  const { project, name } = task.record;
  for (const each of files ?? [])
    await deps.files.writeForAgent(project, name, launch.agent.name, each.path, each.text);
  const file =
    inArgument && launch.prompt !== null
      ? await deps.files.writeText(project, name, `prompt-${launch.agent.name}.txt`, launch.prompt)
      : '-';
  return {
    role: 'agent',
    agent: launch.agent.name,
    argv: [deps.shipped.launch, file, ...argv],
    env: {
      ...personalEnvironment(deps.env),
      ...namedVariables(deps.env, preset.variables ?? []),
      ...taskEnvironment(task, launch.agent),
      ...env,
    },
    output: preset.hooks === 'none' ? `${task.folder}/output/${launch.agent.name}.log` : null,
  };
}

/** What an agent of the task is given to begin with: the task's prompt and what goes along; null when there is none. */
export function firstPrompt({ deps, preferences }: Context, record: TaskRecord): string | null {
  if (record.prompt === '') return null;
  const folder = deps.files.taskFolder(record.project, record.name);
  return withPreamble(record, preferences.preamble, `${folder}/report.md`);
}

/** How an agent's first prompt reaches it: in argv, held until it is ready, or there is none. */
export function promptWay(context: Context, launch: AgentLaunch): 'argument' | 'held' | 'none' {
  if (launch.prompt === null) return 'none';
  const preset = findPreset(context.presets, launch.agent.preset);
  if (preset.prompt === 'none') return 'none';
  const fits = new TextEncoder().encode(launch.prompt).length <= longestArgument;
  const way = launch.resume ? (preset.promptOnResume ?? preset.prompt) : preset.prompt;
  return way === 'argument' && fits ? 'argument' : 'held';
}

/** A task’s window that is to be made. */
export interface WindowWish {
  readonly place: TaskPlace;
  readonly layout: Layout;
  readonly launches: readonly AgentLaunch[];
  readonly view: ServerView;
  readonly sessionName: string;
}

/** The chain of commands for a task's window, and the names of panes that its layout left out for want of room. */
export async function taskWindow(
  context: Context,
  wish: WindowWish,
): Promise<{ readonly plan: WindowPlan; readonly dropped: readonly string[] }> {
  const { deps, preferences } = context;
  const { record } = wish.place;
  const session = wish.view.sessions.find((each) => each.project === record.project)?.id ?? null;
  const size = windowSize(wish.view, session, deps.terminal);
  const slot = sidebarSlot(context, wish.view, size.columns);
  const placed = place(wish.layout, size, slot);
  const panes: PaneCommand[] = [];
  for (const leaf of placed.panes) panes.push(await leafPane(context, wish, leaf.pane));
  const plan: WindowPlan = {
    session,
    sessionName: wish.sessionName,
    index: freeIndex(wish.view, session),
    name: record.name,
    folder: record.worktree,
    project: record.project,
    task: record.name,
    taskFolder: wish.place.folder,
    priority: record.priority,
    columns: size.columns,
    rows: size.rows,
    panes,
    layout: layoutString(placed),
    slot: placed.slot === null ? null : { side: preferences.sidebar.side, width: placed.slot.width },
    recorder: [deps.shipped.output],
  };
  return { plan, dropped: placed.dropped };
}

/** Makes the window; answers the ids. A window index taken meanwhile is tried anew with the next. */
export async function openWindow(
  context: Context,
  plan: WindowPlan,
): Promise<{ readonly session: string; readonly window: string }> {
  const env = personalEnvironment(context.deps.env);
  for (let attempt = 0; ; attempt += 1) {
    const commands = windowCommands({ ...plan, index: plan.index + attempt });
    try {
      const said =
        plan.session === null
          ? await context.deps.tmux.runStarting(commands, env)
          : await context.deps.tmux.run(commands);
      for (const { path, text } of recordFiles(said)) await context.deps.files.writeWindow(path, text);
      const [session, window] = (said.at(-1) ?? '').split(' ');
      if (session && window) return { session, window };
      throw new PitwallError('CommandFailed', `tmux made no window for ${plan.name}`, 'pitwall doctor');
    } catch (error) {
      const inUse = error instanceof Error && /index .*in use/.test(error.message);
      if (inUse && attempt < 20) continue;
      await closeHalfMade(context, plan);
      throw error;
    }
  }
}

/** A chain that failed on its way has made the window already: what carries our task's name in it is closed. */
async function closeHalfMade(context: Context, plan: WindowPlan): Promise<void> {
  const { tmux } = context.deps;
  const view = await tmux.view();
  const made = view.panes.filter(
    (pane) => pane.project === plan.project && pane.task !== null && pane.task === plan.task,
  );
  const windows = [...new Set(made.map((pane) => pane.window))];
  if (windows.length > 0) await tmux.run(windows.map((window) => ['kill-window', '-t', window]));
}

/** The slot that goes into a new window while the sidebar is switched on, or null. */
export function sidebarSlot(context: Context, view: ServerView, columns: number) {
  const { sidebar } = context.preferences;
  const on = (view.options.sidebar_command ?? '') !== '';
  return on ? { side: sidebar.side, width: slotWidth(sidebar, columns) } : null;
}

async function leafPane(context: Context, wish: WindowWish, leaf: LayoutPane): Promise<PaneCommand> {
  const { runs } = leaf;
  if ('agent' in runs) {
    const launch = wish.launches.find((each) => each.agent.name === leaf.name);
    if (!launch)
      throw new PitwallError(
        'LayoutInvalid',
        `layout ${wish.layout.name} has no agent for pane ${leaf.name}`,
      );
    return agentPane(context, wish.place, launch);
  }
  return programPane(context, wish.place, runs);
}

/** A pane of a task that is no agent's: a shell, a program, or the task's change. */
export function programPane({ deps }: Context, place: TaskPlace, runs: Runs): PaneCommand {
  const env = { ...personalEnvironment(deps.env), ...taskEnvironment(place, null) };
  const shell = workingShell(deps.env);
  const { node, pitwall } = deps.shipped;
  const program = { role: 'shell', agent: null, env, output: null, runs } as const;
  if ('command' in runs) return { ...program, argv: runs.command };
  if ('diff' in runs)
    return { ...program, argv: [node, pitwall, 'diff', place.record.name, '--then-shell', shell] };
  return { ...program, argv: [shell] };
}

function freeIndex(view: ServerView, session: string | null): number {
  const used = view.panes.filter((pane) => pane.session === session).map((pane) => pane.windowIndex);
  return used.length === 0 ? 1 : Math.max(...used) + 1;
}

/** Cells of a new window: as the session's windows are, else the client's or this terminal's, else 200×50. */
export function windowSize(
  view: ServerView,
  session: string | null,
  terminal: { readonly columns: number; readonly rows: number } | null,
): { readonly columns: number; readonly rows: number } {
  const sibling = view.panes.find((pane) => pane.session === session);
  if (sibling) return { columns: sibling.windowWidth, rows: sibling.windowHeight };
  const client = [...view.clients].sort((a, b) => b.activity - a.activity)[0];
  const size = client ? { columns: client.width, rows: client.height } : terminal;
  // One row is the status line's.
  return size ? { columns: size.columns, rows: Math.max(1, size.rows - 1) } : { columns: 200, rows: 50 };
}
