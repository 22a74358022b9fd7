/** Starts agents in panes that stand: a few at a time, each in its own conversation, and sees whether they stay. */

import { findPreset } from '../../core/agents/presets.ts';
import { tellAgain } from '../../core/docket/docket.ts';
import { oneLine, PitwallError } from '../../core/errors.ts';
import type { JournalEvent } from '../../core/journal/journal.ts';
import type { AgentRecord } from '../../core/model.ts';
import type { TaskPlace } from '../../core/tmux/pane-command.ts';
import { respawnCommand } from '../../core/tmux/window.ts';
import type { TmuxCommand } from '../../ports.ts';
import type { Context } from '../context.ts';
import { journalLaunch } from '../new/new-steps.ts';
import { type AgentLaunch, agentPane } from './launch.ts';
import { resumeLaunch } from './resume.ts';

/** How many are on their way at once: sixty programs that begin in one second would stand in each other's way. */
const atOnce = 4;
/** Milliseconds after which the next is started although this one has shown nothing yet. */
const patience = 2000;
/** Milliseconds that a continued conversation must last before it counts as continued. */
const lasts = 1000;

/** An agent and the pane it is to run in. */
export interface Seat {
  readonly place: TaskPlace;
  /** With its newest conversation id. */
  readonly agent: AgentRecord;
  readonly pane: string;
  readonly launch: AgentLaunch;
}

/** What became of one agent’s start. */
export interface Started {
  readonly seat: Seat;
  /** `resumed`: in its own conversation; `started`: its preset cannot resume; `afresh`: it could, but it did not go. */
  readonly how: 'resumed' | 'started' | 'afresh' | 'failed';
  /** Why it is afresh or failed. */
  readonly reason: string | null;
}

interface Going {
  readonly seat: Seat;
  readonly how: 'resumed' | 'started' | 'afresh';
  readonly reason: string | null;
  /** ms since the epoch. */
  readonly since: number;
}

/** Starts them all; answers when each has shown something, has ended, or was given its time. Journals each launch. */
export async function startSeats(
  context: Context,
  seats: readonly Seat[],
  narrate: (line: string) => void,
): Promise<readonly Started[]> {
  const { clock } = context.deps;
  const waiting = [...seats];
  const done: Started[] = [];
  let going: Going[] = [];
  let watched: Going[] = [];
  let shown = 0;
  while (waiting.length + going.length + watched.length > 0) {
    const begun = await begin(context, waiting.splice(0, Math.max(0, atOnce - going.length)), [
      ...going,
      ...watched,
    ]);
    const panes = await readLooks(context, begun.said);
    const before = going.length + watched.length;
    going.push(...begun.going);
    done.push(...begun.failed);
    const next: Going[] = [];
    const stay: Going[] = [];
    for (const each of [...going, ...watched]) {
      const seen = panes.get(each.seat.pane);
      const age = clock.now() - each.since;
      if (begun.going.includes(each)) next.push(each);
      else if (seen === undefined || seen.ended !== null) {
        const after = await afterEnd(context, each, seen?.ended ?? 'its pane is gone', seen?.status ?? null);
        if ('since' in after) next.push(after);
        else done.push(after);
      } else if (going.includes(each) && !seen.shows && age < patience) next.push(each);
      else if (each.how !== 'started' && age < lasts) stay.push(each);
      else done.push({ seat: each.seat, how: each.how, reason: each.reason });
      if (going.includes(each) && !next.includes(each) && each.how !== 'afresh') {
        shown += 1;
        narrate(`${each.seat.place.record.name}/${each.seat.agent.name} (${shown} of ${seats.length})`);
      }
    }
    const after = next.length + stay.length;
    going = next;
    watched = stay;
    // Who has just been started is looked at right away when others are done: they give it the time it needs.
    if (after === before + begun.going.length) await clock.sleep(10);
  }
  return seats.flatMap((seat) => done.find((each) => each.seat.pane === seat.pane) ?? []);
}

/** One try to resume, then one fresh start; what ends by itself with 0 has done what it was asked. */
async function afterEnd(
  context: Context,
  gone: Going,
  how: string,
  status: number | null,
): Promise<Going | Started> {
  const { seat } = gone;
  if (gone.how === 'resumed' && didNotGoOn(status)) {
    const reason = await freshStart(context, seat, how);
    return { seat, how: 'afresh', reason, since: context.deps.clock.now() };
  }
  if (status === 0) return { seat, how: gone.how, reason: how };
  return { seat, how: 'failed', reason: how };
}

/** A program that refused: not one that ended well, is not installed (126, 127) or was told to end (129, 130, 143). */
export function didNotGoOn(status: number | null): boolean {
  return status !== null && ![0, 126, 127, 129, 130, 143].includes(status);
}

/** Begins a new conversation where the old one did not go on; says so in the pane and in the journal. Answers why. */
export async function freshStart(context: Context, seat: Seat, how: string): Promise<string> {
  const { deps } = context;
  const { project, name: task } = seat.place.record;
  const last = await lastWords(context, seat.pane);
  const reason = `its conversation did not go on (${how}${last === null ? '' : `: ${last}`})`;
  const chosen = findPreset(context.presets, seat.agent.preset).conversation === 'chosen';
  const conversationId = chosen ? deps.uuid() : null;
  const agent = { ...seat.agent, conversationId };
  if (conversationId !== null)
    await deps.files.append(project, task, { type: 'conversation', agent: agent.name, conversationId });
  const message = `${agent.name} began a new conversation: ${reason}`;
  await deps.files.append(project, task, { type: 'afresh', agent: agent.name, message });
  const launch = { agent, prompt: null, resume: false };
  const notice = [
    `pitwall: ${agent.name} began a new conversation.`,
    `The old one did not go on (${how})${last === null ? '.' : ':'}`,
    ...(last === null ? [] : [last]),
    `It knows nothing of its task; try: ${tellAgain(task, agent.name)}`,
  ];
  const commands = await respawning(context, { ...seat, agent, launch }, notice.join('\n'));
  await journalLaunch(context, seat.place.record, launch);
  await deps.tmux.run(commands);
  return reason;
}

/** The last line that the program in a pane printed, however many rows it takes there; null: it printed nothing. */
async function lastWords({ deps }: Context, pane: string): Promise<string | null> {
  // With some history: tmux scrolls the first line away when it marks a pane as dead.
  const lines = await deps.tmux.run([['capture-pane', '-p', '-J', '-S', '-50', '-t', pane]]);
  // tmux's mark takes the last row, and counts as the end of what stands in the row above it.
  const said = lines.map((line) => oneLine(line.replace(/Pane is dead( \(.*\))?\s*$/, '')));
  return said.findLast((line) => line !== '')?.slice(0, 200) ?? null;
}

interface Begun {
  readonly going: readonly Going[];
  readonly failed: readonly Started[];
  /** What the panes that were looked at show. */
  readonly said: readonly string[];
}

/**
 * Starts some and looks at others, in one tmux invocation; when that fails, one by one, so that one that cannot be
 * started takes none along.
 */
async function begin(context: Context, seats: readonly Seat[], looking: readonly Going[]): Promise<Begun> {
  const going: Going[] = [];
  if (seats.length === 0) return { going, failed: [], said: await context.deps.tmux.run(looks(looking)) };
  try {
    const commands: TmuxCommand[] = [];
    for (const seat of seats) {
      const how = seat.launch.resume ? 'resumed' : 'started';
      commands.push(...(await respawning(context, seat, null)));
      going.push({ seat, how, reason: null, since: context.deps.clock.now() });
    }
    for (const { seat } of going) await journalLaunch(context, seat.place.record, seat.launch);
    const said = await context.deps.tmux.run([...commands, ...looks(looking)]);
    return { going, failed: [], said };
  } catch (error) {
    if (!(error instanceof PitwallError)) throw error;
    const [only, ...more] = seats;
    if (only !== undefined && more.length === 0)
      return {
        going: [],
        failed: [{ seat: only, how: 'failed', reason: error.message }],
        said: await context.deps.tmux.run(looks(looking)),
      };
  }
  const alone: Begun[] = [];
  for (const seat of seats) alone.push(await begin(context, [seat], looking));
  return {
    going: alone.flatMap((each) => each.going),
    failed: alone.flatMap((each) => each.failed),
    said: alone.at(-1)?.said ?? [],
  };
}

/** The commands that start the program in its pane. */
async function respawning(
  context: Context,
  { place, pane, launch }: Seat,
  say: string | null,
): Promise<readonly TmuxCommand[]> {
  const { deps } = context;
  const command = await agentPane(context, place, launch);
  const [program = '', ...words] = command.argv;
  const argv = say === null ? command.argv : [program, '--say', say, ...words];
  return [
    ['set-option', '-p', '-u', '-t', pane, '@pitwall_pending'],
    ...respawnCommand(pane, place.record.worktree, { ...command, argv }, [deps.shipped.output]),
  ];
}

/** The seat of an agent, launched as it was left: one that never was gets the task's prompt. */
export async function seatOf(
  context: Context,
  place: TaskPlace,
  events: readonly JournalEvent[],
  agent: AgentRecord,
  pane: string,
): Promise<Seat> {
  const { name, preset, role, conversationId } = agent;
  const own: AgentRecord = { name, preset, role, conversationId };
  return { place, agent: own, pane, launch: await resumeLaunch(context, place, events, own) };
}

/** Whether agents of that preset can go on in their conversations at all. */
export function canResume(context: Context, preset: string): boolean {
  return (context.presets.get(preset)?.conversation ?? 'none') !== 'none';
}

interface Look {
  readonly shows: boolean;
  /** How its program ended, or null. */
  readonly ended: string | null;
  readonly status: number | null;
}

const lookFormat =
  'look #{pane_id} #{pane_dead} #{?#{||:#{cursor_x},#{cursor_y}},1,#{alternate_on}} [#{pane_dead_status}] [#{pane_dead_signal}]';

function looks(going: readonly Going[]): readonly TmuxCommand[] {
  return going.map(({ seat }) => ['display-message', '-p', '-t', seat.pane, lookFormat]);
}

/** What the panes show, by pane; those that are gone are left out. */
async function readLooks(context: Context, first: readonly string[]): Promise<ReadonlyMap<string, Look>> {
  const { tmux, clock } = context.deps;
  let said = first;
  // tmux may know that a program has ended and not yet how: it looks again when another child of its own ends.
  const unclear = said.filter((line) => /^look %\d+ 1 .*\[\] \[\]$/.test(line));
  if (unclear.length > 0) {
    await tmux.run([['run-shell', '-b', 'true']]);
    await clock.sleep(30);
    const panes = unclear.map((line) => line.split(' ')[1] ?? '');
    const again = await tmux.run(panes.map((pane) => ['display-message', '-p', '-t', pane, lookFormat]));
    said = [...said.filter((line) => !unclear.includes(line)), ...again];
  }
  const seen = new Map<string, Look>();
  for (const line of said) {
    const [, pane, dead, shows, status = '', signal = ''] =
      /^look (%\d+) (\d) (\d+) \[(.*)\] \[(.*)\]$/.exec(line) ?? [];
    if (pane === undefined) continue;
    const how = signal !== '' ? `ended by signal ${signal}` : `exited with ${status || 'an unknown status'}`;
    const known = status === '' ? null : Number(status);
    seen.set(pane, { shows: shows !== '0', ended: dead === '1' ? how : null, status: known });
  }
  return seen;
}
