/** The sidebar and the popup at work: the loop of sidebar.ts with this machine behind it. */

import type { Usage } from '../../core/agents/reading.ts';
import { addUsage } from '../../core/agents/usage.ts';
import { isPitwallError } from '../../core/errors.ts';
import type { AgentState, Snapshot } from '../../core/model.ts';
import { speaksUtf8 } from '../../core/text.ts';
import { keyTable } from '../../core/tmux/keys.ts';
import { taskAddress } from '../../ui/sidebar-model.ts';
import { usageOf } from '../agents/usage.ts';
import type { Context } from '../context.ts';
import { clientHere } from '../desk/client-here.ts';
import { type Observed, observe } from '../observe.ts';
import { publish } from '../publish.ts';
import { deliverHeld } from '../settle.ts';
import { deskDeeds } from './desk-deeds.ts';
import type { WatchHosts } from './hosts-switch.ts';
import { runSidebar, type SidebarOptions } from './sidebar.ts';
import { words } from './sidebar-commands.ts';

/** Runs until the person leaves or the terminal is gone. */
export async function watchDesk(context: Context, kind: 'sidebar' | 'popup'): Promise<void> {
  const { deps, preferences } = context;
  const own = deps.env.TMUX_PANE ?? null;
  const view = await deps.tmux.view();
  const window = view.panes.find((pane) => pane.pane === own)?.window ?? view.clients[0]?.window ?? null;
  let observed: Observed | null = null;
  let delivering: Promise<unknown> = Promise.resolve();
  const loadSnapshot = async () => {
    observed = await publish(context, await observe(context, { diffs: 'kept' }));
    return observed.snapshot;
  };
  await runSidebar(deps, {
    kind,
    ascii: preferences.sidebar.ascii || !speaksUtf8(deps.env),
    keys: keyTable.filter((row) => row.scope === 'sidebar'),
    mute: [...context.presets.values()].flatMap(({ name, prompt }) => (prompt === 'none' ? [name] : [])),
    window,
    loadSnapshot,
    refreshSlowly: async (snapshot) => {
      delivering = deliverHeld(context);
      await delivering;
      return differs(snapshot, (await observe(context, { diffs: 'fresh' })).snapshot);
    },
    loadUsage: async () => (observed === null ? new Map() : tasksUsage(context, observed)),
    changesAt: (snapshot) => quietAt(context, snapshot),
    jump: (pane) => jumpFrom(context, own, pane),
    ...hostDeeds(context, kind, own),
    ...deskDeeds(context, kind, own),
  });
  await Promise.allSettled([delivering]);
}

/** What the sidebar does with other hosts; nothing of it is loaded where nobody asks for them. */
function hostDeeds(
  context: Context,
  kind: 'sidebar' | 'popup',
  own: string | null,
): Pick<SidebarOptions, 'hosts' | 'away'> & { readonly watchHosts: WatchHosts } {
  const load = () => import('../hosts/host-watch.ts');
  return {
    hosts: context.preferences.sidebar.hosts,
    watchHosts: (tell) => {
      let stop: (() => void) | null = null;
      let ended = false;
      void load().then(
        ({ hostWatch }) => {
          if (!ended) stop = hostWatch(context, kind === 'popup' ? null : own)(tell);
        },
        // Another pitwall was put in this one's place meanwhile.
        (error: unknown) => tell([{ host: '', snapshot: null, problem: words(error), hint: null }]),
      );
      return () => {
        ended = true;
        stop?.();
      };
    },
    away: async (...place) => (await load()).jumpAway(context, own)(...place),
  };
}

/** What each task's agents have used together. Transcripts may be long: keys are heard between two of them. */
async function tasksUsage(context: Context, observed: Observed): Promise<ReadonlyMap<string, Usage>> {
  const used = new Map<string, Usage>();
  for (const task of observed.snapshot.projects.flatMap(({ tasks }) => tasks)) {
    for (const usage of await usageOf(context, observed, task)) {
      const before = used.get(taskAddress(task));
      if (usage !== null) used.set(taskAddress(task), before === undefined ? usage : addUsage(before, usage));
    }
    await context.deps.clock.sleep(0);
  }
  return used;
}

/** Whether git found something that the snapshot drawn does not show. */
function differs(before: Snapshot, after: Snapshot): boolean {
  const diffs = (snapshot: Snapshot) =>
    JSON.stringify(snapshot.projects.map((project) => project.tasks.map((task) => task.diff)));
  return diffs(before) !== diffs(after);
}

/** Milliseconds after which an agent in a state is looked at again, though no file of ours has changed. */
const lookAgain: Readonly<Partial<Record<AgentState, number>>> = {
  starting: 2000,
  working: 5000,
  waiting: 5000,
  unknown: 10_000,
};

/**
 * When the first agent may be in another state though no file changed: quiet by then, as its log alone tells, or
 * interrupted or denied, which no hook tells. In ms since the epoch; null when all there is will be told.
 */
async function quietAt({ deps, presets }: Context, snapshot: Snapshot): Promise<number | null> {
  const now = deps.clock.now();
  const running = snapshot.projects
    .flatMap((project) => project.tasks)
    .flatMap((task) => task.agents.map((agent) => ({ task, agent, preset: presets.get(agent.preset) })))
    .filter(({ agent, preset }) => agent.pid !== null && preset !== undefined);
  const printing = running.filter(
    ({ agent, preset }) => agent.state === 'working' && preset?.hooks === 'none',
  );
  const stored =
    printing.length === 0 ? [] : (await deps.files.load()).projects.flatMap(({ tasks }) => tasks);
  const quiet = printing.map(({ task, agent, preset }) => {
    const own = stored.find((each) => each.project === task.project && each.name === task.name);
    return Math.min(own?.printed[agent.name] ?? now, now) + (preset?.reading.quietMs ?? 0);
  });
  const looked = running.flatMap(({ agent, preset }) => {
    const { readTitle, readScreen, registry } = preset?.reading ?? {};
    const again = readTitle || readScreen || registry ? lookAgain[agent.state] : undefined;
    return again === undefined || (preset?.hooks === 'none' && agent.state === 'working')
      ? []
      : [now + again];
  });
  const due = [...quiet, ...looked];
  return due.length === 0 ? null : Math.ceil(Math.min(...due));
}

/** Moves the client that looks at this pane, else the one last active; the focus here goes back to the last pane. */
async function jumpFrom(context: Context, own: string | null, pane: string): Promise<void> {
  const { tmux } = context.deps;
  const view = await tmux.view();
  const here = view.panes.find((each) => each.pane === own);
  const client = clientHere(view, own);
  if (here?.paneActive) {
    try {
      await tmux.run([['last-pane', '-t', here.window]]);
    } catch (error) {
      // There is no last pane in a window that was never anywhere else.
      if (!isPitwallError(error)) throw error;
    }
  }
  if (client) await tmux.run([['switch-client', '-Z', '-c', client.name, '-t', pane]]);
}
