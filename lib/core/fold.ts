/** Folds a task's journal into what is true now, for the task and for each of its agents. */
import { type FoldedAgent, heard, type ReadHook } from './fold-hook.ts';
import type { JournalEvent } from './journal.ts';
import type { AgentRecord, Severity } from './model.ts';

export type { FoldedAgent, ReadHook } from './fold-hook.ts';

/** A prompt that was accepted and not yet delivered. */
export interface HeldPrompt {
  readonly id: string;
  readonly agent: string;
  readonly text: string;
  readonly at: string;
  /** Who took it up to deliver it, when somebody did and has not finished. */
  readonly taker: { readonly pid: number; readonly started: string } | null;
}

export interface FoldedTask {
  readonly agents: readonly FoldedAgent[];
  readonly held: readonly HeldPrompt[];
  /** Who makes it, while it is not ready. */
  readonly maker: { readonly pid: number; readonly started: string } | null;
  readonly ready: boolean;
  readonly removing: boolean;
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

interface Draft {
  presets: ReadonlyMap<string, string>;
  read: ReadHook;
  agents: Map<string, FoldedAgent>;
  held: Map<string, HeldPrompt>;
  maker: FoldedTask['maker'];
  ready: boolean;
  removing: boolean;
  priority: number | null;
  problem: string | null;
  notes: FoldedTask['notes'][number][];
}

/**
 * Pure and total: any list of events folds, whatever their order. Events of unknown agents are ignored. Without `read`
 * the events of agents' own hooks mean what the hook said: good enough for all that is no state.
 */
export function foldTask(
  records: readonly AgentRecord[],
  events: readonly JournalEvent[],
  read: ReadHook = () => null,
): FoldedTask {
  const draft: Draft = {
    presets: new Map(records.map((record) => [record.name, record.preset])),
    read,
    agents: new Map(records.map((record) => [record.name, freshAgent(record)])),
    held: new Map(),
    maker: null,
    ready: false,
    removing: false,
    priority: null,
    problem: null,
    notes: [],
  };
  for (const event of events) {
    if ('agent' in event && event.agent !== null) applyToAgent(draft, event.agent, event);
    else applyToTask(draft, event);
  }
  const { presets: _presets, read: _read, ...task } = draft;
  return { ...task, agents: [...draft.agents.values()], held: [...draft.held.values()] };
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
    heardAt: null,
    said: null,
    mayAsk: null,
    transcript: null,
    conversationHeard: false,
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
        heardAt: null,
        said: null,
        mayAsk: null,
        transcript: event.resumed ? agent.transcript : null,
        conversationHeard: false,
      });
      break;
    case 'hook':
      draft.agents.set(name, heard(agent, event, draft.read(draft.presets.get(name) ?? '', event)));
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
