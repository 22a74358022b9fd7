/**
 * The sidebar's message loop: what happens becomes a message, the model is updated, the frame drawn, commands carried
 * out. Nothing is polled: it wakes for keys, for files that changed, and when an age label is due to change.
 */

import type { Usage } from '../../core/agents/reading.ts';
import type { Snapshot } from '../../core/model.ts';
import { ageChangesIn } from '../../core/text.ts';
import type { Deps, Screen, ScreenEvent, WatchEvent } from '../../ports.ts';
import { type KeyHelp, newSidebar, type SidebarMessage, taskSince } from '../../ui/sidebar-model.ts';
import { usageFrom } from '../../ui/sidebar-rows.ts';
import { update } from '../../ui/sidebar-update.ts';
import { viewSidebar } from '../../ui/sidebar-view.ts';
import { hostsSwitch, type WatchHosts } from './hosts-switch.ts';
import { commandRunner, type SidebarDeeds, words } from './sidebar-commands.ts';

/** What the loop needs from its surroundings. Any rejection is shown as one line, and the loop goes on. */
export interface SidebarOptions extends SidebarDeeds {
  /** `sidebar` stays; `popup` leaves after a jump. */
  readonly kind: 'sidebar' | 'popup';
  readonly ascii: boolean;
  readonly keys: readonly KeyHelp[];
  /** tmux's id of the window this pane is shown in at the start, when known. */
  readonly window?: string | null;
  /** What is true now, without slow work. */
  readonly loadSnapshot: () => Promise<Snapshot>;
  /** Slow work after a snapshot (git); answers whether there is something new to load. */
  readonly refreshSlowly?: (snapshot: Snapshot) => Promise<boolean>;
  /** What tasks have used, by `taskAddress`: asked after a reading, and only while there is room to show it. */
  readonly loadUsage?: (snapshot: Snapshot) => Promise<ReadonlyMap<string, Usage>>;
  /**
   * When the snapshot will be another one though no file changes (an agent falls quiet); ms since the epoch, or null.
   * Asked after a reading, again at that time, and when an agent that works has printed: it must cost next to nothing.
   */
  readonly changesAt?: ((snapshot: Snapshot) => Promise<number | null>) | undefined;
  /** Presets that take no prompt. */
  readonly mute?: readonly string[];
  /** Absent: the key for other hosts does nothing. */
  readonly watchHosts?: WatchHosts;
  /** Whether they are asked from the start. */
  readonly hosts?: boolean;
}

const minute = 60_000;
/** Milliseconds before a change that a reading should have shown is looked for again. */
const soonestChange = 100;
/** What a timer of the platform can bear, in ms. */
const longestTimer = 2 ** 31 - 1;

/** Runs until the person leaves or the terminal is gone; the screen and the watcher are stopped whatever happens. */
export async function runSidebar(
  deps: Pick<Deps, 'screen' | 'watcher' | 'clock'>,
  options: SidebarOptions,
): Promise<void> {
  const [screen, watcher] = await Promise.all([deps.screen(), deps.watcher()]);
  const { now } = deps.clock;
  const alarms = newAlarms(now);
  let ended = false;
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  let model = freshModel(screen, options, now());
  const shown = (): Snapshot | null => (ended ? null : model.snapshot);
  const failed = (error: unknown): void => tell({ kind: 'failed', message: words(error) });
  const tell = (message: SidebarMessage): void => {
    if (ended) return;
    const next = update(model, message);
    if (next.model !== model) {
      model = next.model;
      screen.draw(viewSidebar(model).lines);
    }
    for (const command of next.commands) carryOut(command);
  };
  const refresh = coalesced(async () => {
    try {
      tell({ kind: 'snapshot', snapshot: await options.loadSnapshot(), now: now() });
      if (ended) return;
      planTick();
      planChange(true);
      refreshSlowly();
    } catch (error) {
      failed(error);
    }
  });
  const planTick = tickAlarm(now, alarms, shown, tell);
  const planChange = changeAlarm({ now, alarms, changesAt: options.changesAt, shown, refresh, failed });
  const onWatch = (event: WatchEvent): void =>
    event.kind === 'output' && isAtWork(model.snapshot, event) ? planChange(false) : refresh();
  const refreshSlowly = coalesced(async () => {
    const { snapshot } = model;
    if (snapshot === null || ended) return;
    try {
      if (await options.refreshSlowly?.(snapshot)) refresh();
      await tellUsage(options, snapshot, model.columns, tell);
    } catch (error) {
      failed(error);
    }
  });
  const again = async (): Promise<void> => {
    if (!ended) await screen.start(onScreen);
    tell({ kind: 'resize', columns: screen.columns, rows: screen.rows });
  };
  const aside = options.kind === 'sidebar' ? runs : givingAway(screen, again);
  const hosts = hostsSwitch(options, now, tell);
  const { carryOut, done } = commandRunner(options, {
    tell,
    refresh,
    end: () => end(),
    hosts: hosts.turn,
    aside,
  });
  const onScreen = hearing(tell, () => end(), refreshSlowly);
  try {
    await screen.start(onScreen);
    screen.draw(viewSidebar(model).lines);
    refresh();
    await watcher.start(onWatch).catch(failed);
    refresh();
    await over;
  } finally {
    ended = true;
    alarms.clear();
    hosts.stop();
    screen.stop();
    await Promise.all([done(), watcher.stop()]);
  }
}

function freshModel({ columns, rows }: Screen, options: SidebarOptions, now: number) {
  const { kind, ascii, keys, window = null, mute = [] } = options;
  return newSidebar({ columns, rows, now, window, mute, kind, ascii, keys });
}

/** What the screen says, as messages; a terminal that is gone ends the loop. */
function hearing(tell: (message: SidebarMessage) => void, end: () => void, resized: () => void) {
  return (event: ScreenEvent): void => {
    if (event.kind === 'hangup') end();
    else if (event.kind === 'key') tell({ kind: 'key', ...event.key });
    else tell(event);
    if (event.kind === 'resize') resized();
  };
}

/** Tokens are read only where there is room for them. */
async function tellUsage(
  { loadUsage }: SidebarOptions,
  snapshot: Snapshot,
  columns: number,
  tell: (message: SidebarMessage) => void,
): Promise<void> {
  if (columns >= usageFrom && loadUsage) tell({ kind: 'usage', usage: await loadUsage(snapshot) });
}

/** Whether the agent is drawn as at work: that it goes on printing changes nothing. */
function isAtWork(snapshot: Snapshot | null, event: Extract<WatchEvent, { kind: 'output' }>): boolean {
  const task = snapshot?.projects
    .find((project) => project.name === event.project)
    ?.tasks.find((each) => each.name === event.task);
  return task?.agents.find((agent) => agent.name === event.agent)?.state === 'working';
}

interface ChangeAlarm extends Pick<SidebarOptions, 'changesAt'> {
  readonly now: () => number;
  readonly alarms: ReturnType<typeof newAlarms>;
  /** The snapshot drawn; null when there is none or the loop is over. */
  readonly shown: () => Snapshot | null;
  readonly refresh: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Sets the alarm for the next change that no file tells of; called with true after a reading. An agent that printed
 * since then falls quiet later than it seemed: then only the alarm is moved.
 */
function changeAlarm({ now, alarms, changesAt, shown, refresh, failed }: ChangeAlarm) {
  let overdue: number | null = null;
  const plan = async (justRead: boolean): Promise<void> => {
    const snapshot = shown();
    if (snapshot === null) return;
    const at = (await changesAt?.(snapshot)) ?? Number.POSITIVE_INFINITY;
    if (shown() !== snapshot) return;
    if (at <= now() && !justRead) return refresh();
    // What two readings did not show is not waited for.
    const next =
      at > now() || at !== overdue ? Math.max(at, now() + soonestChange) : Number.POSITIVE_INFINITY;
    if (at <= now()) overdue = at;
    alarms.set('change', next, () => void plan(false).catch(failed));
  };
  return (justRead: boolean): void => void plan(justRead).catch(failed);
}

function runs(work: () => Promise<void>): Promise<void> {
  return work();
}

/** A popup has no popup over it: what needs a terminal gets this one, and the frame is drawn anew afterwards. */
function givingAway(screen: Screen, again: () => Promise<void>) {
  return async (work: () => Promise<void>): Promise<void> => {
    screen.stop();
    await work().finally(again);
  };
}

/** Named alarms at a time in ms since the epoch; setting one again moves it, Infinity takes it away. */
function newAlarms(now: () => number) {
  const timers = new Map<string, NodeJS.Timeout>();
  return {
    set(name: string, at: number, work: () => void): void {
      clearTimeout(timers.get(name));
      timers.delete(name);
      if (at === Number.POSITIVE_INFINITY) return;
      timers.set(name, setTimeout(work, Math.min(Math.max(0, at - now()), longestTimer)));
    },
    clear(): void {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** Runs `work` at once; calls that come while it runs lead to one more run after it. */
function coalesced(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work();
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}

/** Sets the alarm for the next change of an age label. */
function tickAlarm(
  now: () => number,
  alarms: ReturnType<typeof newAlarms>,
  shown: () => Snapshot | null,
  tell: (message: SidebarMessage) => void,
): () => void {
  let last = now();
  const plan = (): void =>
    alarms.set('tick', nextTick(shown(), now(), last), () => {
      last = now();
      tell({ kind: 'tick', now: last });
      plan();
    });
  return plan;
}

/** When the first age label changes, but not before a minute has gone since the last time; ms since the epoch. */
function nextTick(snapshot: Snapshot | null, now: number, last: number): number {
  if (snapshot === null) return Number.POSITIVE_INFINITY;
  const shown = snapshot.projects.flatMap(({ tasks }) =>
    tasks.flatMap((task) => [taskSince(task), ...task.agents.map((agent) => agent.since)]),
  );
  const all = [...shown, ...snapshot.docket.map((item) => item.since)];
  const soonest = Math.min(...all.map((since) => ageChangesIn(now - Date.parse(since))));
  return Math.max(now + soonest, last + minute);
}
