/** The sidebar and the popup at work: the loop of sidebar.ts with this machine behind it. */
import { isPitwallError } from '../core/errors.ts';
import { keyTable } from '../core/keys.ts';
import type { AgentState, Snapshot } from '../core/model.ts';
import { speaksUtf8 } from '../core/text.ts';
import { commandText, escapeFormat } from '../core/tmux-text.ts';
import type { Context } from './context.ts';
import { observe } from './observe.ts';
import { publish } from './publish.ts';
import { newTaskCommand } from './server.ts';
import { deliverHeld } from './settle.ts';
import { runSidebar } from './sidebar.ts';

/** Runs until the person leaves or the terminal is gone. */
export async function watchDesk(context: Context, kind: 'sidebar' | 'popup'): Promise<void> {
  const { deps, preferences } = context;
  const own = deps.env.TMUX_PANE ?? null;
  const view = await deps.tmux.view();
  const window = view.panes.find((pane) => pane.pane === own)?.window ?? view.clients[0]?.window ?? null;
  const loadSnapshot = async () =>
    (await publish(context, await observe(context, { diffs: 'kept' }))).snapshot;
  await runSidebar(deps, {
    kind,
    ascii: preferences.sidebar.ascii || !speaksUtf8(deps.env),
    keys: keyTable.filter((row) => row.scope === 'sidebar'),
    window,
    loadSnapshot,
    refreshSlowly: async (snapshot) => {
      await deliverHeld(context);
      return differs(snapshot, (await observe(context, { diffs: 'fresh' })).snapshot);
    },
    changesAt: (snapshot) => quietAt(context, snapshot),
    jump: (pane) => jumpFrom(context, own, pane),
    newTask: () => newTaskPopup(context),
  });
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
 * When the first agent may be in another state though no file changed: quiet by then, or interrupted or denied, which
 * no hook tells. In ms since the epoch; null when all there is will be told.
 */
function quietAt(context: Context, snapshot: Snapshot): number | null {
  const now = context.deps.clock.now();
  const due = snapshot.projects
    .flatMap((project) => project.tasks.flatMap((task) => task.agents))
    .flatMap(({ preset: name, state, pid }) => {
      const preset = context.presets.get(name);
      if (!preset || pid === null) return [];
      const { quietMs, readTitle, readScreen, registry } = preset.reading;
      if (preset.hooks === 'none' && state === 'working') return [now + quietMs];
      const again = readTitle || readScreen || registry ? lookAgain[state] : undefined;
      return again === undefined ? [] : [now + again];
    });
  return due.length > 0 ? Math.min(...due) : null;
}

/** Moves the client that looks at this pane, else the one last active; the focus here goes back to the last pane. */
async function jumpFrom(context: Context, own: string | null, pane: string): Promise<void> {
  const { tmux } = context.deps;
  const view = await tmux.view();
  const here = view.panes.find((each) => each.pane === own);
  const clients = view.clients.filter((client) => !client.control);
  const client =
    clients.find((each) => each.window === here?.window) ??
    [...clients].sort((a, b) => b.activity - a.activity)[0];
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

/** Asks for the prompt in a popup over the client that looks here, in the project its session is for. */
async function newTaskPopup(context: Context): Promise<void> {
  const { deps } = context;
  const { snapshot, view } = await observe(context, { diffs: 'kept' });
  const client = [...view.clients].filter((each) => !each.control).sort((a, b) => b.activity - a.activity)[0];
  if (!client) return;
  const root =
    snapshot.projects.find((project) => project.session === client.session)?.root ??
    snapshot.projects[0]?.root ??
    '/';
  const popup = [
    ...['display-popup', '-c', client.name, '-E', '-d', escapeFormat(root), '-w', '90%', '-h', '80%'],
    escapeFormat(newTaskCommand(context)),
  ];
  await deps.tmux.run([['run-shell', '-b', '-C', escapeFormat(commandText(popup))]]);
}
