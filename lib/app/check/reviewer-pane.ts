/** The pane of an independent reviewer: made when a turn is over, gone when its answer is there. */

import { heldBack } from '../../core/docket/docket-order.ts';
import { isPitwallError, PitwallError } from '../../core/errors.ts';
import type { AgentRecord } from '../../core/model.ts';
import { type PaneCommand, reviewerEnvironment, type TaskPlace } from '../../core/tmux/pane-command.ts';
import { checkPaneSplit, paneOptions, programOf, respawnCommand } from '../../core/tmux/window.ts';
import type { PaneFact } from '../../ports.ts';
import { agentPane, promptWay } from '../agents/launch.ts';
import type { Context } from '../context.ts';
import { settleLater } from '../desk/server.ts';
import { journalLaunch } from '../new/new-steps.ts';

/** Rows of a pane below which two would be of no use. */
const leastRows = 12;
/** Milliseconds between asking the reviewer to end and ending it. */
const grace = 2000;
/** Lines of its screen and of what went off it that are kept. */
const keptLines = 2000;

/** Its own panes, of this and earlier readings. */
function panesOf(panes: readonly PaneFact[], { record }: TaskPlace, name: string): readonly PaneFact[] {
  return panes.filter(
    (pane) =>
      pane.role === 'agent' &&
      pane.agent === name &&
      pane.task === record.name &&
      pane.project === record.project,
  );
}

/** Starts the reviewer with its prompt below an agent of the task, or in a window of its own; answers the pane. */
export async function openReviewer(
  context: Context,
  place: TaskPlace,
  agent: AgentRecord,
  given: { readonly prompt: string; readonly answerFile: string },
): Promise<string> {
  const { tmux, shipped } = context.deps;
  const { record, folder } = place;
  const launch = { agent, prompt: given.prompt, resume: false };
  const made = await agentPane(context, place, launch);
  const command = { ...made, env: reviewerEnvironment(made.env, given.answerFile) };
  const pane = await emptyPane(context, place, command);
  const plan = {
    ...{ folder: record.worktree, project: record.project, task: record.name, taskFolder: folder },
    ...{ priority: record.priority, recorder: [shipped.output] },
  };
  await tmux.run([
    ...paneOptions(plan, { ...command, output: null }, pane),
    ['set-option', '-p', '-t', pane, '@pitwall_passing', '1'],
    ['set-option', '-p', '-t', pane, '@pitwall_kind', String(heldBack)],
  ]);
  await journalLaunch(context, record, launch);
  await tmux.run(respawnCommand(pane, record.worktree, command, [shipped.output]));
  if (promptWay(context, launch) === 'held') await settleLater(context);
  return pane;
}

/** A pane that runs nothing yet: its options must stand before the program's first report. */
async function emptyPane(context: Context, { record }: TaskPlace, made: PaneCommand): Promise<string> {
  const { tmux } = context.deps;
  const view = await tmux.view();
  const own = view.panes.filter((pane) => pane.project === record.project);
  const beside = own.find(
    (pane) => pane.role === 'agent' && pane.task === record.name && pane.height >= leastRows,
  );
  const command = { ...made, argv: ['/bin/sh', '-c', 'exec sleep 600'], env: {} };
  if (beside !== undefined) {
    const pane = await printed(context, checkPaneSplit(record.worktree, command, beside.pane, '50%'));
    if (pane !== null) return pane;
  }
  const session = view.sessions.find((each) => each.project === record.project)?.id;
  const window = ['new-window', '-d', '-n', `${record.name}/${made.agent}`, '-P', '-F', '#{pane_id}'];
  const pane =
    session === undefined
      ? null
      : await printed(context, [
          ...window,
          '-t',
          `${session}:`,
          ...programOf({ folder: record.worktree }, command),
        ]);
  if (pane !== null) return pane;
  throw new PitwallError('TargetGone', 'there is no window for it', `pitwall open ${record.project}`);
}

/** The one line that a command printed; null when it was refused, as a split is for want of room. */
async function printed(context: Context, command: readonly string[]): Promise<string | null> {
  try {
    return (await context.deps.tmux.run([command])).at(-1) ?? null;
  } catch (error) {
    if (!isPitwallError(error)) throw error;
    return null;
  }
}

/** Ends all panes of the task's reviewer with what runs in them; answers what the last one showed. Safe to repeat. */
export async function closeReviewer(context: Context, place: TaskPlace, name: string): Promise<string> {
  const { tmux, processes } = context.deps;
  const view = await tmux.view();
  const panes = panesOf(view.panes, place, name);
  if (panes.length === 0) return '';
  let shown = '';
  for (const { pane } of panes) {
    const lines = await quietly(context, [['capture-pane', '-p', '-S', `-${keptLines}`, '-t', pane]]);
    if (lines.length > 0) shown = `${lines.join('\n').trimEnd()}\n`;
  }
  await processes.endGroups(
    panes.flatMap(({ pid, dead }) => (dead ? [] : [pid])),
    grace,
  );
  for (const { pane } of panes) await quietly(context, [['kill-pane', '-t', pane]]);
  return shown;
}

async function quietly(
  context: Context,
  commands: readonly (readonly string[])[],
): Promise<readonly string[]> {
  try {
    return await context.deps.tmux.run(commands);
  } catch (error) {
    if (!isPitwallError(error, 'TargetGone', 'ServerGone')) throw error;
    return [];
  }
}
