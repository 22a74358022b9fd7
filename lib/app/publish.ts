/** Writes what the snapshot says into tmux's options, so that keys and status lines need no program. */

import { heldBack } from '../core/docket/docket-order.ts';
import { isPitwallError } from '../core/errors.ts';
import type { Agent, DocketItem, Snapshot } from '../core/model.ts';
import { docketKinds } from '../core/model.ts';
import { commandsText } from '../core/tmux/tmux-text.ts';
import type { PaneFact, ServerView, Store, TmuxCommand } from '../ports.ts';
import type { Context } from './context.ts';
import { type Observed, observe } from './observe.ts';

/** Publishes `observed`; when a hook wrote meanwhile, observes again and publishes that, three times at most. */
export async function publish(context: Context, observed: Observed): Promise<Observed> {
  let current = observed;
  for (let round = 0; round < 3; round += 1) {
    if (!current.view.running) return current;
    const commands = publishCommands(current.snapshot, current.view);
    if (commands.length === 0) return current;
    if (!(await reportedMeanwhile(context, current)) && (await written(context, commands))) {
      await forgetTold(context, current);
      return current;
    }
    current = await observe(context, { diffs: 'kept' });
  }
  return current;
}

/**
 * Whether a journal has grown since it was read. tmux is asked while the journals are read, so it may tell a state whose
 * report was read too early to be known: that state must not be taken back.
 */
async function reportedMeanwhile({ deps }: Context, { store }: Observed): Promise<boolean> {
  const lengths = new Map(tasksOf(store).map((task) => [task.folder, task.events.length]));
  const now = await deps.files.load();
  return tasksOf(now).some((task) => task.events.length > (lengths.get(task.folder) ?? task.events.length));
}

function tasksOf({ projects }: Store) {
  return projects.flatMap((project) => project.tasks);
}

/** A hook leaves out what it told a moment ago; where the state was set to another, it is to tell it again. */
async function forgetTold({ deps }: Context, { snapshot, view }: Observed): Promise<void> {
  const seated = new Map(view.panes.map((pane) => [pane.pane, pane]));
  for (const { project, name, agents } of snapshot.projects.flatMap((each) => each.tasks))
    for (const agent of agents.filter((each) => isAnother(each, seated)))
      await deps.files.forgetTold(project, name, agent.name);
}

/** Whether tmux has another state for the agent's pane than it is in. */
function isAnother(agent: Agent, panes: ReadonlyMap<string, PaneFact>): boolean {
  const pane = agent.pane === null ? undefined : panes.get(agent.pane);
  return pane !== undefined && pane.state !== agent.state;
}

/** Whether all of it was written: not when something was another already, or a pane went. */
async function written(context: Context, commands: readonly TmuxCommand[]): Promise<boolean> {
  try {
    return !(await context.deps.tmux.run(commands)).includes('stale');
  } catch (error) {
    if (!isPitwallError(error, 'TargetGone', 'ServerGone')) throw error;
    return false;
  }
}

/** The pane ids of the docket in order, each once and only those that have one. */
export function docketPanes(docket: readonly DocketItem[]): readonly string[] {
  return [...new Set(docket.flatMap((item) => (item.pane === null ? [] : [item.pane])))];
}

/**
 * Only what differs from what tmux has now, each piece only while it is still what was seen: a hook that wrote
 * meanwhile knows better. Values are ids and numbers of ours, never text from outside.
 */
function publishCommands(snapshot: Snapshot, view: ServerView): readonly TmuxCommand[] {
  const commands: TmuxCommand[] = [];
  const known = new Map(view.panes.map((pane) => [pane.pane, pane]));
  const kinds = new Map(snapshot.docket.map((item) => [item.pane, docketKinds.indexOf(item.kind)]));
  const waits = heldBackPanes(snapshot);
  for (const agent of snapshot.projects.flatMap((project) => project.tasks.flatMap((task) => task.agents))) {
    const pane = agent.pane === null ? undefined : known.get(agent.pane);
    if (!pane) continue;
    const changes: (readonly [string, string])[] = [];
    if (pane.state !== agent.state)
      changes.push(['state', agent.state], ['since', String(Math.floor(Date.parse(agent.since) / 1000))]);
    const kind = String(kinds.get(pane.pane) ?? (waits.has(pane.pane) ? heldBack : ''));
    if ((pane.kind ?? '') !== kind) changes.push(['kind', kind]);
    if (changes.length > 0) commands.push(unlessStale('state', pane.state ?? '', changes, pane.pane));
  }
  const docket = serverChanges(snapshot.docket, view);
  if (docket.length > 0) commands.push(unlessStale('docket', view.options.docket ?? '', docket, null));
  return commands;
}

/** Panes of agents whose turn, now or once it is over, is no item before its checks are through. */
function heldBackPanes({ projects, docket }: Snapshot): ReadonlySet<string> {
  const finished = new Set(
    docket
      .filter(({ kind }) => kind === 'review' || kind === 'report' || kind === 'failure')
      .map(({ project, task }) => `${project}:${task}`),
  );
  const joined = new Set(
    docket.flatMap(({ project, also = [] }) => also.map((task) => `${project}:${task}`)),
  );
  return new Set(
    projects
      .flatMap((project) =>
        project.tasks.filter(
          (task) =>
            project.gated === true ||
            (task.reviewer ?? null) !== null ||
            joined.has(`${task.project}:${task.name}`),
        ),
      )
      .filter((task) => !finished.has(`${task.project}:${task.name}`))
      .flatMap((task) => task.agents.flatMap(({ pane }) => (pane === null ? [] : [pane]))),
  );
}

function serverChanges(
  docket: readonly DocketItem[],
  view: ServerView,
): readonly (readonly [string, string])[] {
  const panes = docketPanes(docket);
  const wanted: readonly (readonly [string, string])[] = [
    ['unseated', String(docket.length - panes.length)],
    ['count', String(docket.length)],
    ['next', panes[0] ?? ''],
    ['docket', panes.map((pane) => `${pane} `).join('')],
  ];
  return wanted.filter(([name, value]) => (view.options[name] ?? '') !== value);
}

/** Sets options of a pane, or of the server, while `guard` is still what was seen; else prints “stale”. */
function unlessStale(
  guard: string,
  seen: string,
  changes: readonly (readonly [string, string])[],
  pane: string | null,
): TmuxCommand {
  const target = pane === null ? ['-s'] : ['-p', '-t', pane];
  const sets = commandsText(
    changes.map(([name, value]) => ['set-option', ...target, `@pitwall_${name}`, value]),
  );
  const at = pane === null ? [] : ['-t', pane];
  return ['if-shell', '-F', ...at, `#{==:#{@pitwall_${guard}},${seen}}`, sets, 'display-message -p stale'];
}
