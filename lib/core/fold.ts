/** Folds a task's journal into what is true now, for the task and for each of its agents. */
import type { HookState, JournalEvent } from './journal.ts';
import type { AgentRecord, Severity } from './model.ts';

/** A prompt that was accepted and not yet delivered. */
export interface HeldPrompt {
  readonly id: string;
  readonly agent: string;
  readonly text: string;
  readonly at: string;
  /** Who took it up to deliver it, when somebody did and has not finished. */
  readonly taker: { readonly pid: number; readonly started: string } | null;
}

/** What a program reported last since its launch. */
export interface Report {
  readonly state: HookState;
  readonly message: string | null;
  readonly at: string;
}

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
}

export interface FoldedTask {
  readonly agents: readonly FoldedAgent[];
  readonly held: readonly HeldPrompt[];
  /** Who makes it, while it is not ready. */
  readonly maker: { readonly pid: number; readonly started: string } | null;
  readonly ready: boolean;
  readonly removing: boolean;
  /** What the person looked at and decided about, oldest first. */
  readonly rounds: readonly Round[];
  /** The round that was approved and still stands: nobody has worked on since. */
  readonly approved: Round | null;
  /** What is being brought up to date, until that ended one way or the other. */
  readonly landing: { readonly from: string; readonly onto: string } | null;
  /** The local branch that has all of it since that commit; null once somebody works on. */
  readonly landed: { readonly base: string; readonly commit: string } | null;
  /** Why it did not land, until somebody works on, decides anew or it lands. */
  readonly conflict: {
    readonly at: string;
    readonly files: readonly string[];
    readonly message: string;
  } | null;
  readonly priority: number | null;
  readonly problem: string | null;
  readonly notes: readonly {
    readonly at: string;
    readonly severity: Severity;
    readonly message: string;
    /** Whose prompt it is about: the next one that reaches it settles the note. */
    readonly agent: string | null;
  }[];
}

/** One look of the person, by its decision. */
export interface Round {
  readonly round: number;
  /** The commit that keeps what was looked at. */
  readonly commit: string;
  readonly at: string;
}

interface Draft {
  agents: Map<string, FoldedAgent>;
  held: Map<string, HeldPrompt>;
  maker: FoldedTask['maker'];
  ready: boolean;
  removing: boolean;
  rounds: Round[];
  approved: Round | null;
  landing: FoldedTask['landing'];
  landed: FoldedTask['landed'];
  conflict: FoldedTask['conflict'];
  priority: number | null;
  problem: string | null;
  notes: FoldedTask['notes'][number][];
}

/** Pure and total: any list of events folds, whatever their order. Events of unknown agents are ignored. */
export function foldTask(records: readonly AgentRecord[], events: readonly JournalEvent[]): FoldedTask {
  const draft: Draft = {
    agents: new Map(records.map((record) => [record.name, freshAgent(record)])),
    held: new Map(),
    maker: null,
    ready: false,
    removing: false,
    rounds: [],
    approved: null,
    landing: null,
    landed: null,
    conflict: null,
    priority: null,
    problem: null,
    notes: [],
  };
  for (const event of events) {
    if ('agent' in event && event.agent !== null) applyToAgent(draft, event.agent, event);
    else applyToTask(draft, event);
  }
  return { ...draft, agents: [...draft.agents.values()], held: [...draft.held.values()] };
}

function freshAgent(record: AgentRecord): FoldedAgent {
  return {
    name: record.name,
    conversationId: record.conversationId,
    launchedAt: null,
    hadPrompt: false,
    resumed: false,
    report: null,
    exited: null,
    stopped: null,
    promptedAt: null,
    interrupted: null,
  };
}

function applyToTask(draft: Draft, event: JournalEvent): void {
  switch (event.type) {
    case 'created':
      draft.maker = { pid: event.pid, started: event.started };
      break;
    case 'ready':
      draft.ready = true;
      draft.maker = null;
      break;
    case 'setup':
      draft.problem = event.ok ? null : event.message;
      break;
    case 'stopped':
      for (const agent of draft.agents.values())
        draft.agents.set(agent.name, { ...agent, stopped: event.at });
      break;
    case 'priority':
      draft.priority = event.priority;
      break;
    case 'note':
      draft.notes.push({ at: event.at, severity: event.severity, message: event.message, agent: null });
      break;
    case 'decided': {
      const round = { round: event.round, commit: event.commit, at: event.at };
      draft.rounds.push(round);
      draft.approved = event.outcome === 'approved' ? round : null;
      draft.conflict = null;
      break;
    }
    case 'landing':
      draft.landing = { from: event.from, onto: event.onto };
      break;
    case 'conflict':
      draft.landing = null;
      draft.conflict = { at: event.at, files: event.files, message: event.message };
      break;
    case 'landed':
      draft.landing = null;
      draft.landed = { base: event.base, commit: event.commit };
      draft.conflict = null;
      break;
    case 'removing':
      draft.removing = true;
      break;
    default:
      break;
  }
}

function applyToAgent(draft: Draft, name: string, event: JournalEvent): void {
  const agent = draft.agents.get(name);
  if (!agent) return;
  // What a program says of being ended is no failure of its own.
  if (event.type === 'hook' && event.state === 'failed' && agent.stopped !== null) return;
  const change = (fields: Partial<FoldedAgent>) => draft.agents.set(name, { ...agent, ...fields });
  switch (event.type) {
    case 'launched':
      change({
        launchedAt: event.at,
        hadPrompt: event.prompt === 'argument',
        resumed: event.resumed,
        ...carriedOver(agent, event.resumed),
        exited: null,
        stopped: null,
        promptedAt: event.prompt === 'argument' ? event.at : agent.promptedAt,
      });
      break;
    case 'hook':
      if (event.state === null) break;
      if (event.state === 'working') takenUp(draft);
      change({ report: reportOf(agent.report, event, event.state), interrupted: null });
      break;
    case 'conversation':
      change({ conversationId: event.conversationId });
      break;
    case 'exited':
      change({ exited: { at: event.at, status: event.status, signal: event.signal } });
      break;
    case 'stopped':
      change({ stopped: event.at });
      break;
    default:
      applyToPrompts(draft, agent, event);
  }
}

/** A finished turn stays finished in a continued conversation; a turn or question cut off is remembered as such. */
function carriedOver(agent: FoldedAgent, resumed: boolean): Pick<FoldedAgent, 'report' | 'interrupted'> {
  const { report, stopped } = agent;
  if (!resumed || report === null) return { report: null, interrupted: resumed ? agent.interrupted : null };
  if (report.state === 'done') return { report, interrupted: null };
  return { report: null, interrupted: stopped === null ? report : null };
}

/** Somebody works on: what was approved or stood in the way is not what is there any more. */
function takenUp(draft: Draft): void {
  draft.approved = null;
  draft.landed = null;
  draft.conflict = null;
}

function applyToPrompts(draft: Draft, agent: FoldedAgent, event: JournalEvent): void {
  switch (event.type) {
    case 'held':
      draft.held.set(event.prompt, {
        id: event.prompt,
        agent: agent.name,
        text: event.text,
        at: event.at,
        taker: null,
      });
      break;
    case 'delivering': {
      const held = draft.held.get(event.prompt);
      if (held) draft.held.set(event.prompt, { ...held, taker: { pid: event.pid, started: event.started } });
      break;
    }
    case 'delivered':
      draft.held.delete(event.prompt);
      takenUp(draft);
      draft.notes = draft.notes.filter((note) => note.agent !== agent.name);
      draft.agents.set(agent.name, { ...agent, promptedAt: event.at });
      break;
    case 'undelivered':
      draft.held.delete(event.prompt);
      draft.notes.push({ at: event.at, severity: 'high', message: event.message, agent: agent.name });
      break;
    default:
      break;
  }
}

/** A state repeated keeps its beginning, so that its age and place in the docket do not start anew. */
function reportOf(
  before: Report | null,
  event: Extract<JournalEvent, { type: 'hook' }>,
  state: HookState,
): Report {
  const same = before !== null && before.state === state && before.message === event.message;
  return { state, message: event.message, at: same ? before.at : event.at };
}
