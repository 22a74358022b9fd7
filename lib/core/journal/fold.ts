/** Folds a task's journal into what is true now, for the task and for each of its agents. */

import { withVerdict } from '../check/verdict.ts';
import type { AgentRecord } from '../model.ts';
import { type Decisions, decide, noDecisions, takenUp } from './fold-decisions.ts';
import { type FoldedAgent, heard, type ReadHook, type Report } from './fold-hook.ts';
import type { FoldedTask, HeldPrompt } from './folded.ts';
import type { JournalEvent } from './journal.ts';

export type { FoldedAgent, ReadHook } from './fold-hook.ts';

export type { FoldedChecks, FoldedTask, HeldPrompt, Round } from './folded.ts';

interface Draft extends Decisions {
  checks: FoldedTask['checks'];
  attempts: number;
  verdict: FoldedTask['verdict'];
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

/** How the ids of prompts begin that tell an agent of a failed check. */
export const checkPrompt = 'check-';
/** The same for prompts that bring the findings of a reviewer. */
export const verdictPrompt = 'verdict-';

/**
 * Pure and total: every list of events folds, in whatever order. Events of unknown agents are ignored. Without `read`
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
    checks: null,
    attempts: 0,
    verdict: null,
    maker: null,
    ready: false,
    removing: false,
    ...noDecisions(),
    priority: null,
    problem: null,
    notes: [],
  };
  for (const event of events) {
    if ('agent' in event && event.agent !== null) applyToAgent(draft, event.agent, event);
    else applyToTask(draft, event);
  }
  const { presets: _presets, read: _read, lastApproved: _lastApproved, ...task } = draft;
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
    beganAt: null,
    said: null,
    mayAsk: null,
    transcript: null,
    conversationHeard: false,
    usage: null,
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
    case 'check':
      applyCheck(draft, event);
      break;
    case 'verdict':
      draft.verdict = withVerdict(draft.verdict, event);
      break;
    case 'priority':
      draft.priority = event.priority;
      break;
    case 'note':
      draft.notes.push({ at: event.at, severity: event.severity, message: event.message, agent: null });
      break;
    case 'decided':
      if (event.outcome === 'returned') anew(draft);
      decide(draft, event);
      break;
    case 'compared':
    case 'landing':
    case 'conflict':
    case 'landed':
      decide(draft, event);
      break;
    case 'removing':
      draft.removing = true;
      break;
    default:
      break;
  }
}

function applyCheck(draft: Draft, event: Extract<JournalEvent, { type: 'check' }>): void {
  const { run, state, tree, check, back, message, at, pid, started } = event;
  const before = draft.checks;
  const same = before?.run === run;
  const stale = (before === null || before.outdated ? 0 : before.stale) + (state === 'stale' ? 1 : 0);
  const outdated = same && before.outdated;
  draft.checks = { run, state, tree, check, back, message, at, owner: { pid, started }, outdated, stale };
  if (state === 'passed') draft.attempts = 0;
  if (state === 'failed' && back) draft.attempts += 1;
}

/** Whether the report tells of another turn than the one that was last known to be over. */
function isOtherTurn(before: Report | null, now: Report): boolean {
  if (now.state === 'working') return true;
  return now.state === 'done' && (before?.state !== 'done' || before.message !== now.message);
}

/** What an event of its hooks changes, in the agent and in what rests on its turn. */
function hear(draft: Draft, agent: FoldedAgent, event: Extract<JournalEvent, { type: 'hook' }>): void {
  const after = heard(agent, event, draft.read(draft.presets.get(agent.name) ?? '', event));
  draft.agents.set(agent.name, after);
  const { report } = after;
  if (report === null || report === agent.report) return;
  if (report.state === 'working') {
    takenUp(draft);
    draft.notes = draft.notes.filter((note) => note.agent !== agent.name || note.kind !== 'failure');
  }
  if (!isOtherTurn(agent.report, report)) return;
  if (draft.checks !== null) draft.checks = { ...draft.checks, outdated: true };
  if (draft.verdict !== null) draft.verdict = { ...draft.verdict, outdated: true };
}

/** What counts anew when a person gives an agent something to do. */
function anew(draft: Draft): void {
  draft.attempts = 0;
  if (draft.verdict !== null) draft.verdict = { ...draft.verdict, rounds: 0, disputed: [] };
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
        heardAt: null,
        beganAt: event.prompt === 'argument' ? event.at : agent.beganAt,
        said: null,
        mayAsk: null,
        transcript: event.resumed ? agent.transcript : null,
        usage: event.resumed ? agent.usage : null,
        conversationHeard: false,
      });
      break;
    case 'afresh':
      draft.notes = [
        ...draft.notes.filter((note) => note.agent !== name || note.kind !== 'failure'),
        { at: event.at, severity: 'high', message: event.message, agent: name, kind: 'failure' },
      ];
      break;
    case 'hook':
      hear(draft, agent, event);
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
      if (![checkPrompt, verdictPrompt].some((start) => event.prompt.startsWith(start))) anew(draft);
      draft.held.set(event.prompt, {
        id: event.prompt,
        agent: agent.name,
        text: event.text,
        at: event.at,
        taker: null,
        takenAt: null,
      });
      break;
    case 'delivering': {
      const held = draft.held.get(event.prompt);
      const taker = { pid: event.pid, started: event.started };
      if (held) draft.held.set(event.prompt, { ...held, taker, takenAt: event.at });
      break;
    }
    case 'delivered': {
      // Its echo may be on the screen before it counts as delivered.
      const promptedAt = draft.held.get(event.prompt)?.takenAt ?? event.at;
      draft.held.delete(event.prompt);
      takenUp(draft);
      draft.notes = draft.notes.filter((note) => note.agent !== agent.name);
      draft.agents.set(agent.name, { ...agent, promptedAt });
      break;
    }
    case 'undelivered':
      draft.held.delete(event.prompt);
      draft.notes.push({ at: event.at, severity: 'high', message: event.message, agent: agent.name });
      break;
    default:
      break;
  }
}
