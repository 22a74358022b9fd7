/** Questions on the quiet screens of agents that have no hooks, all read in one tmux invocation. */
import { isPitwallError } from '../core/errors.ts';
import type { ServerView, Store, StoredTask } from '../ports.ts';
import type { Context } from './context.ts';

/** What each task's agents ask, by agent; tasks where nobody asks are absent. */
export type Asked = ReadonlyMap<StoredTask, Readonly<Record<string, string>>>;

interface Screen {
  readonly task: StoredTask;
  readonly agent: string;
  readonly pane: string;
  /** When it last printed: its screen stays as it is until it prints again. */
  readonly printed: number;
  readonly asks: (lines: readonly string[]) => string | null;
}

/** What was read from each pane, and when it had last printed then; for the process that goes on looking. */
const known = new WeakMap<
  Context,
  ReadonlyMap<string, { readonly printed: number; readonly question: string | null }>
>();

/** Looks, once each time, at the screens of agents that are read from their output and have fallen quiet. */
export async function readQuestions(
  context: Context,
  store: Store,
  view: ServerView,
  now: number,
): Promise<Asked> {
  const screens = store.projects.flatMap((project) =>
    project.tasks.flatMap((task) => quietScreens(context, task, view, now)),
  );
  const asked = new Map<StoredTask, Record<string, string>>();
  const before = known.get(context);
  const fresh = screens.filter(({ pane, printed }) => before?.get(pane)?.printed !== printed);
  const shown = fresh.length === 0 ? [] : await captures(context, fresh);
  const read = new Map<string, { readonly printed: number; readonly question: string | null }>();
  for (const screen of screens) {
    const lines = shown[fresh.indexOf(screen)];
    const old = fresh.includes(screen) ? null : before?.get(screen.pane);
    const question = lines === undefined ? (old?.question ?? null) : screen.asks(lines);
    if (question !== null) asked.set(screen.task, { ...asked.get(screen.task), [screen.agent]: question });
    // What could not be read is read the next time.
    if (lines !== undefined) read.set(screen.pane, { printed: screen.printed, question });
    else if (old) read.set(screen.pane, old);
  }
  known.set(context, read);
  return asked;
}

function quietScreens(context: Context, task: StoredTask, view: ServerView, now: number): readonly Screen[] {
  return (task.record?.agents ?? []).flatMap((agent) => {
    const preset = context.presets.get(agent.preset);
    const printed = task.printed[agent.name];
    if (!preset?.reading.asks || preset.hooks !== 'none' || printed === undefined) return [];
    if (now - printed < preset.reading.quietMs) return [];
    const pane = view.panes.find(
      (each) =>
        each.role === 'agent' &&
        each.project === task.project &&
        each.task === task.name &&
        each.agent === agent.name &&
        !each.dead,
    );
    return pane ? [{ task, agent: agent.name, pane: pane.pane, printed, asks: preset.reading.asks }] : [];
  });
}

/** The lines of each screen; a line that nobody can print beforehand parts them. None when a pane went meanwhile. */
async function captures(
  context: Context,
  screens: readonly Screen[],
): Promise<readonly (readonly string[])[]> {
  const mark = context.deps.uuid();
  try {
    const lines = await context.deps.tmux.run(
      screens.flatMap(({ pane }) => [
        ['display-message', '-p', mark],
        ['capture-pane', '-p', '-t', pane],
      ]),
    );
    const parts: string[][] = [];
    for (const line of lines) {
      if (line === mark) parts.push([]);
      else parts.at(-1)?.push(line);
    }
    return parts;
  } catch (error) {
    if (!isPitwallError(error, 'TargetGone', 'ServerGone')) throw error;
    return [];
  }
}
