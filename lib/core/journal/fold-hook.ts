/** What is known of one agent from its journal, and what an event of its hooks changes in it. */

import type { EventReading, Usage } from '../agents/reading.ts';
import type { HookState, JournalEvent } from './journal.ts';

/** What a program reported last since its launch. */
export interface Report {
  readonly state: HookState;
  readonly message: string | null;
  /** When the state began. */
  readonly at: string;
  /** When it was last told, by the same or a later event that means the same. */
  readonly last: string;
  /** The agent's own name of the event that told it; null when the program said so itself. */
  readonly event: string | null;
  /** Its turn is over, work it left in the background goes on. */
  readonly background: boolean;
}

/** An event of the journal that an agent’s hook wrote. */
export type HookEvent = Extract<JournalEvent, { readonly type: 'hook' }>;

/** What an event of an agent's hooks means to its preset; null when it means what the hook itself said. */
export type ReadHook = (preset: string, event: HookEvent) => EventReading | null;

/** One agent as its journal has it; times are ISO 8601, UTC. */
export interface FoldedAgent {
  readonly name: string;
  readonly conversationId: string | null;
  readonly launchedAt: string | null;
  readonly hadPrompt: boolean;
  readonly resumed: boolean;
  /** The newest report since the launch; null when none. */
  readonly report: Report | null;
  readonly exited: {
    readonly at: string;
    readonly status: number | null;
    readonly signal: string | null;
  } | null;
  /** The person ended it themselves. */
  readonly stopped: string | null;
  /** What it was in the middle of when it was started anew in its conversation; null once it reports again. */
  readonly interrupted: Report | null;
  /** The last prompt that reached it, ISO time. */
  readonly promptedAt: string | null;
  /** When an event of its own was last heard since the launch, whatever it meant; null when none. */
  readonly heardAt: string | null;
  /** When its newest turn began, as its hooks or its launch told; null when none is known. */
  readonly beganAt: string | null;
  /** What it said in this turn, told before the turn's end. */
  readonly said: string | null;
  /** What it was about to do when it may have had to ask. */
  readonly mayAsk: string | null;
  /** Where it keeps its conversation, as it told; hostile. */
  readonly transcript: string | null;
  /** Whether an event since the launch has named its conversation. */
  readonly conversationHeard: boolean;
  /** What the conversation has used, as its hooks told last; null where they do not tell. */
  readonly usage: Usage | null;
}

/** After an event of its hooks. One of another conversation (an agent that it started itself) is not its own. */
export function heard(agent: FoldedAgent, event: HookEvent, read: EventReading | null): FoldedAgent {
  if (read === null) {
    const { state, message } = event;
    return state === null ? agent : reported({ ...agent, heardAt: event.at }, event, { state, message });
  }
  const { conversationId } = read;
  const known = agent.conversationId;
  const foreign = conversationId !== null && conversationId !== known && !read.adopts;
  if (foreign && known !== null && agent.conversationHeard) return agent;
  const after: FoldedAgent = {
    ...agent,
    heardAt: event.at,
    conversationId: conversationId ?? known,
    conversationHeard: !read.ends && (conversationId !== null || agent.conversationHeard),
    transcript: read.transcript ?? agent.transcript,
    usage: read.usage ?? agent.usage,
    mayAsk: read.mayAsk ?? (read.state === null || read.state === 'waiting' ? agent.mayAsk : null),
  };
  if (read.state === null) return read.message === null ? after : { ...after, said: read.message };
  if (read.reminds && !reminded(agent.report, read.state))
    return agent.report === null ? after : { ...after, report: { ...agent.report, last: event.at } };
  const message = messageOf(agent, event, read);
  return reported(after, event, { state: read.state, message, background: read.background });
}

function messageOf(agent: FoldedAgent, event: HookEvent, read: EventReading): string | null {
  const told = read.message ?? event.message;
  if (read.state === 'waiting' && read.reminds) return agent.mayAsk ?? told;
  return told ?? (read.state === 'done' ? agent.said : null);
}

/** Whether a reminder tells something new. That it is idle ends a turn, but makes no failure good. */
function reminded(before: Report | null, state: HookState): boolean {
  if (state !== 'done') return before?.state !== state;
  return (before?.state === 'working' && !before.background) || before?.state === 'waiting';
}

/** A state repeated keeps its beginning, so that its age and place in the docket do not start anew. */
function reported(
  agent: FoldedAgent,
  { at, event }: HookEvent,
  told: Pick<Report, 'state' | 'message'> & { readonly background?: boolean },
): FoldedAgent {
  const before = agent.report;
  const same = before !== null && before.state === told.state && before.message === told.message;
  const report = { background: false, ...told, at: same ? before.at : at, last: at, event };
  // What a program says of being ended is no failure of its own.
  if (told.state === 'failed' && agent.stopped !== null) return agent;
  const begins = told.state === 'working' && before?.state !== 'working' && before?.state !== 'waiting';
  const ofTurn = begins ? { beganAt: at, said: null } : {};
  return { ...agent, report, interrupted: null, ...ofTurn };
}

/** How many of an agent's newest long payloads are read: enough to know what its last turn ended with. */
const mostPayloads = 4;

/** The payload files worth reading: the newest of each agent since its launch, relative to the task's folder. */
export function wantedPayloads(events: readonly JournalEvent[]): readonly string[] {
  const wanted: string[] = [];
  const left = new Map<string, number>();
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index];
    if (event?.type === 'launched') left.set(event.agent, 0);
    if (event?.type !== 'hook' || event.payloadFile === null || event.event === null) continue;
    const more = left.get(event.agent) ?? mostPayloads;
    if (more === 0) continue;
    left.set(event.agent, more - 1);
    wanted.push(event.payloadFile);
  }
  return wanted;
}
