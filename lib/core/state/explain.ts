/** From a task's facts to the signals of each of its agents, and to what they lead to. */

import type { Preset } from '../agents/preset.ts';
import type { EventReading } from '../agents/reading.ts';
import { reviewerIn } from '../check/verdict.ts';
import { type FoldedAgent, type FoldedTask, foldTask, type ReadHook } from '../journal/fold.ts';
import type { HookEvent } from '../journal/fold-hook.ts';
import type { AgentRecord } from '../model.ts';
import type { Facts, TaskFacts, TaskPane } from './facts.ts';
import { nothingSeen, type Signals } from './signals.ts';
import { type Decided, resolveState } from './state.ts';

/** Panes of agents by project, task and agent. */
export type PaneIndex = ReadonlyMap<string, readonly TaskPane[]>;

/** Panes by whose they are. */
export function indexPanes(panes: readonly TaskPane[]): PaneIndex {
  const index = new Map<string, TaskPane[]>();
  for (const pane of panes) {
    const key = paneKey(pane.project, pane.task, pane.agent);
    index.set(key, [...(index.get(key) ?? []), pane]);
  }
  return index;
}

function paneKey(project: string, task: string, agent: string): string {
  return `${project}:${task}/${agent}`;
}

type Readings = WeakMap<HookEvent, EventReading | null>;
/** What events meant to presets: a journal is folded anew at each look, its events stay the same. */
const readBefore = new WeakMap<ReadonlyMap<string, Preset>, Readings>();

/** The meaning of hook events by the presets' own readers. */
export function hookReader(
  presets: ReadonlyMap<string, Preset>,
  payloads: Readonly<Record<string, string>>,
): ReadHook {
  const known: Readings = readBefore.get(presets) ?? new WeakMap();
  readBefore.set(presets, known);
  return (preset, event) => {
    if (event.event === null) return null;
    const before = known.get(event);
    if (before !== undefined) return before;
    const { payload, payloadFile } = event;
    const text = payload ?? (payloadFile === null ? null : (payloads[payloadFile] ?? null));
    const read = presets.get(preset)?.reading.readEvent?.(event.event, text) ?? null;
    if (text !== null || payloadFile === null) known.set(event, read);
    return read;
  };
}

/** An agent's signals and what they led to. */
export interface Explained {
  readonly record: AgentRecord;
  readonly pane: TaskPane | null;
  readonly signals: Signals;
  readonly decided: Decided;
}

/** The agents of the task of that name with their signals, in the task's order; none when there is no such task. */
export function explain(facts: Facts, project: string, task: string): readonly Explained[] {
  const found = facts.projects
    .find((each) => each.record.name === project)
    ?.tasks.find((each) => each.record.name === task);
  if (!found) return [];
  const panes = indexPanes(facts.panes);
  const folded = foldFacts(found, facts);
  return [...explainAgents(found, folded, panes, facts), ...explainReviewer(found, panes, facts)];
}

/** The reviewer while it has a pane, its events read by themselves: they end no turn of the task's agents. */
export function explainReviewer(facts: TaskFacts, panes: PaneIndex, all: Facts): readonly Explained[] {
  const reviewer = reviewerIn(facts.events);
  if (reviewer === null) return [];
  const { project, name } = facts.record;
  if (!panes.has(paneKey(project, name, reviewer.name))) return [];
  const alone = { ...facts, record: { ...facts.record, agents: [reviewer] } };
  return explainAgents(alone, foldFacts(alone, all), panes, all);
}

/** A task's journal folded, its hook events read as its agents' presets say. */
export function foldFacts({ record, events, payloads }: TaskFacts, { presets }: Facts): FoldedTask {
  return foldTask(record.agents, events, hookReader(presets, payloads));
}

/** As `explain`, with what the caller has at hand already. */
export function explainAgents(
  { record, printed, sights }: TaskFacts,
  folded: FoldedTask,
  panes: PaneIndex,
  all: Facts,
): readonly Explained[] {
  return record.agents.map((agent, index) => {
    const own = panes.get(paneKey(record.project, record.name, agent.name)) ?? [];
    const foldedAgent: FoldedAgent | undefined = folded.agents[index];
    if (!foldedAgent) throw new Error(`the fold lost agent ${agent.name}`);
    const pane = own.find((each) => !each.dead) ?? own[0] ?? null;
    const signals: Signals = {
      ...(sights[agent.name] ?? nothingSeen),
      folded: foldedAgent,
      pane,
      preset: all.presets.get(agent.preset) ?? null,
      printed: printed[agent.name] ?? null,
      now: all.now,
    };
    return { record: agent, pane, signals, decided: resolveState(signals) };
  });
}
