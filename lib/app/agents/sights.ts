/**
 * What living agents show besides their hooks: their own files, titles, and, of those whose state is in doubt, their
 * screens, all in one tmux invocation.
 */

import type { AgentPlace, DatedSight, Reading, RegistryReading } from '../../core/agents/reading.ts';
import { allAgents } from '../../core/check/verdict.ts';
import { isPitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import { hookReader } from '../../core/state/explain.ts';
import { type LiveSights, nothingSeen, type Signals } from '../../core/state/signals.ts';
import { inDoubt, looksIdle } from '../../core/state/weigh.ts';
import type { PaneFact, ServerView, Store, StoredTask, TmuxCommand } from '../../ports.ts';
import type { Context } from '../context.ts';

/** What each task's agents show, by agent; tasks none of whose agents shows anything are absent. */
export type Sights = ReadonlyMap<StoredTask, Readonly<Record<string, LiveSights>>>;

interface Looked {
  readonly task: StoredTask;
  readonly agent: string;
  readonly pane: PaneFact;
  readonly reading: Reading;
  signals: Signals;
}

/** Looks at every agent whose preset can be read by more than its hooks. `now` in ms since the epoch. */
export async function readSights(
  context: Context,
  store: Store,
  view: ServerView,
  now: number,
): Promise<Sights> {
  const panes = livePanes(view);
  const tasks = store.projects.flatMap((project) => project.tasks);
  const looked = (await Promise.all(tasks.map((task) => lookAt(context, task, panes, now)))).flat();
  await readScreens(context, looked);
  await remember(context, looked, now);
  const sights = new Map<StoredTask, Record<string, LiveSights>>();
  for (const { task, agent, signals } of looked) {
    const { registry, title, screen, idleSeen } = signals;
    sights.set(task, { ...sights.get(task), [agent]: { registry, title, screen, idleSeen } });
  }
  return sights;
}

interface Read {
  /** When the agent had last printed then; ms since the epoch. */
  readonly printed: number;
  readonly screen: LiveSights['screen'];
}

/** What was read from panes whose output is recorded: a screen stays as it is until its program prints again. */
const readBefore = new WeakMap<Context, ReadonlyMap<string, Read>>();

/** Looks at the screens of agents whose state is in doubt, where they may have changed since this process looked. */
async function readScreens(context: Context, looked: readonly Looked[]): Promise<void> {
  const before = readBefore.get(context);
  const read = new Map<string, Read>();
  const fresh: Looked[] = [];
  const keep = (each: Looked, screen: LiveSights['screen']): void => {
    const { printed } = each.signals;
    each.signals = { ...each.signals, screen };
    if (printed !== null) read.set(each.pane.pane, { printed, screen });
  };
  for (const each of looked.filter(({ signals }) => inDoubt(signals))) {
    const old = before?.get(each.pane.pane);
    if (old !== undefined && old.printed === each.signals.printed) keep(each, old.screen);
    else fresh.push(each);
  }
  const screens = fresh.length === 0 ? [] : await captures(context, fresh);
  fresh.forEach((each, index) => {
    // What could not be read is read the next time.
    const lines = screens[index];
    if (lines) keep(each, readLines(each.reading, lines));
  });
  readBefore.set(context, read);
}

function readLines({ readScreen, asks }: Reading, lines: readonly string[]): LiveSights['screen'] {
  const sight = readScreen?.(lines) ?? null;
  if (sight !== null) return sight;
  const question = asks?.(lines) ?? null;
  return question === null ? 'unclear' : { state: 'waiting', message: question };
}

function paneKey(task: Pick<StoredTask, 'project' | 'name'>, agent: string): string {
  return `${task.project}:${task.name}/${agent}`;
}

function livePanes(view: ServerView): ReadonlyMap<string, PaneFact> {
  const panes = new Map<string, PaneFact>();
  for (const pane of view.panes) {
    if (pane.role !== 'agent' || pane.dead || pane.project === null || pane.task === null) continue;
    const key = paneKey({ project: pane.project, name: pane.task }, pane.agent ?? '');
    if (!panes.has(key)) panes.set(key, pane);
  }
  return panes;
}

async function lookAt(
  context: Context,
  task: StoredTask,
  panes: ReadonlyMap<string, PaneFact>,
  now: number,
): Promise<readonly Looked[]> {
  const { record } = task;
  if (record === null) return [];
  const agents = allAgents(record.agents, task.events);
  const living = agents.flatMap((agent) => {
    const preset = context.presets.get(agent.preset);
    const pane = panes.get(paneKey(task, agent.name));
    return preset && pane && isReadable(preset.reading) ? [{ agent, preset, pane }] : [];
  });
  if (living.length === 0) return [];
  const folded = foldTask(agents, task.events, hookReader(context.presets, task.payloads)).agents;
  return Promise.all(
    living.map(async ({ agent, preset, pane }): Promise<Looked> => {
      const { reading } = preset;
      const own = folded.find((each) => each.name === agent.name) ?? null;
      if (own === null) throw new Error(`the fold lost agent ${agent.name}`);
      const place = placeOf(context, record.worktree, { ...own, pid: pane.pid });
      const sights: LiveSights = {
        ...nothingSeen,
        registry: reading.registry ? await readRegistry(context, reading.registry, place) : null,
        title: reading.readTitle?.(pane.title, record.worktree) ?? null,
        idleSeen: pane.idle,
      };
      const status = { status: pane.deadStatus, signal: pane.deadSignal };
      const signals: Signals = {
        ...sights,
        folded: own,
        pane: { pane: pane.pane, pid: pane.pid, dead: false, ...status },
        preset,
        printed: task.printed[agent.name] ?? null,
        now,
      };
      return { task, agent: agent.name, pane, reading, signals };
    }),
  );
}

function isReadable({ asks, readTitle, readScreen, registry }: Reading): boolean {
  return asks !== null || [readTitle, readScreen, registry].some((each) => each !== undefined);
}

/** Where the files of an agent are looked for. */
export function placeOf(
  { deps }: Context,
  worktree: string,
  known: Pick<AgentPlace, 'conversationId' | 'transcript' | 'pid'>,
): AgentPlace {
  const { conversationId, transcript, pid } = known;
  return { env: { ...deps.env, HOME: deps.home }, worktree, conversationId, transcript, pid };
}

/** The word of an agent's own file: the one it should be, else any in its folder that is about it. */
async function readRegistry(
  { deps }: Context,
  registry: RegistryReading,
  place: AgentPlace,
): Promise<DatedSight | null> {
  const read = async (path: string): Promise<DatedSight | null> => {
    const file = await deps.agentFiles.read(path, registry.end);
    if (file === null) return null;
    const pid = /"pid":(\d{1,10})/.exec(file.text)?.[1];
    const pids = pid === undefined ? [] : [Number(pid)];
    const started = await deps.agentFiles.started(pids);
    return registry.read(file, place, (asked) => started.get(asked) ?? null);
  };
  for (const path of registry.files(place)) {
    const sight = await read(path);
    if (sight !== null) return sight;
  }
  const folder = registry.folder?.(place) ?? null;
  if (folder === null) return null;
  for (const path of await deps.agentFiles.list(folder)) {
    const sight = await read(path);
    if (sight !== null) return sight;
  }
  return null;
}

/** The lines of each screen; a line that nobody can print beforehand parts them. None when a pane went meanwhile. */
async function captures(
  context: Context,
  screens: readonly Looked[],
): Promise<readonly (readonly string[])[]> {
  const mark = context.deps.uuid();
  const lines = await runQuietly(
    context,
    screens.flatMap(({ pane }) => [
      ['display-message', '-p', mark],
      ['capture-pane', '-p', '-t', pane.pane],
    ]),
  );
  const parts: string[][] = [];
  for (const line of lines) {
    if (line === mark) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

/** Keeps in tmux since when an agent looks idle: another command, or the sidebar, is who looks next. */
async function remember(context: Context, looked: readonly Looked[], now: number): Promise<void> {
  const changes: TmuxCommand[] = [];
  for (const each of looked) {
    const { pane, signals } = each;
    const idle = looksIdle(signals);
    if (idle === (pane.idle !== null)) continue;
    const value = idle ? [String(now)] : [];
    changes.push(['set-option', '-p', ...(idle ? [] : ['-u']), '-t', pane.pane, '@pitwall_idle', ...value]);
    each.signals = { ...signals, idleSeen: idle ? now : null };
  }
  if (changes.length > 0) await runQuietly(context, changes);
}

/** As `run`; a pane or server that went meanwhile shows nothing. */
async function runQuietly(context: Context, commands: readonly TmuxCommand[]): Promise<readonly string[]> {
  try {
    return await context.deps.tmux.run(commands);
  } catch (error) {
    if (!isPitwallError(error, 'TargetGone', 'ServerGone')) throw error;
    return [];
  }
}
