/**
 * The one truth: journals on disk, panes in tmux and worktrees in git folded into what every reader shows. Pure; the
 * facts are gathered by app/observe.ts. Nothing else decides a state.
 */
import { type DocketSource, docket } from './docket.ts';
import { type FoldedTask, foldTask } from './fold.ts';
import type { JournalEvent } from './journal.ts';
import type { Agent, DiffStat, Project, ProjectRecord, Snapshot, Task, TaskRecord } from './model.ts';
import { overlapsOf, type PairOverlap } from './overlap.ts';
import type { Preset } from './preset.ts';
import { parseReport } from './report.ts';
import { mostPressing, type PaneSight, type Resolved, resolveState } from './state.ts';

/** A pane of ours, found by its options. */
export interface TaskPane extends PaneSight {
  readonly window: string;
  readonly project: string;
  readonly task: string;
  readonly agent: string;
}

export interface TaskFacts {
  readonly record: TaskRecord;
  readonly events: readonly JournalEvent[];
  readonly report: string | null;
  readonly printed: Readonly<Record<string, number>>;
  /** Questions read from quiet screens, by agent. */
  readonly asked: Readonly<Record<string, string>>;
  readonly diff: DiffStat | null;
  readonly worktreeExists: boolean;
  /** Whether the process that began to make the task still runs. */
  readonly makerAlive: boolean;
}

export interface Facts {
  readonly projects: readonly {
    readonly record: ProjectRecord;
    readonly session: string | null;
    readonly tasks: readonly TaskFacts[];
    readonly overlaps: readonly PairOverlap[];
  }[];
  readonly panes: readonly TaskPane[];
  readonly presets: ReadonlyMap<string, Preset>;
  readonly problems: readonly string[];
  /** ms since the epoch. */
  readonly now: number;
}

/** What is true now. Tasks are in the order they were made, projects by name. */
export function snapshot(facts: Facts): Snapshot {
  const sources: DocketSource[] = [];
  const panes = indexPanes(facts.panes);
  const projects = facts.projects.map((project): Project => {
    const names = new Set(project.tasks.map((task) => task.record.name));
    const pairs = project.overlaps.filter((pair) => names.has(pair.a) && names.has(pair.b));
    const tasks = project.tasks
      .map((task) => {
        const source = observeTask(task, panes, facts, overlapsOf(task.record.name, pairs));
        sources.push(source);
        return source.task;
      })
      .sort((a, b) => Date.parse(a.created) - Date.parse(b.created) || (a.name < b.name ? -1 : 1));
    return { name: project.record.name, root: project.record.root, session: project.session, tasks };
  });
  projects.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { projects, docket: docket(sources), problems: facts.problems };
}

type PaneIndex = ReadonlyMap<string, readonly TaskPane[]>;

function indexPanes(panes: readonly TaskPane[]): PaneIndex {
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

function observeTask(
  facts: TaskFacts,
  panes: PaneIndex,
  all: Facts,
  overlaps: Task['overlaps'],
): DocketSource {
  const { record } = facts;
  const folded = foldTask(record.agents, facts.events);
  const resolved = new Map<string, Resolved>();
  let window: string | null = null;
  const agents = record.agents.map((agentRecord, index): Agent => {
    const own = panes.get(paneKey(record.project, record.name, agentRecord.name)) ?? [];
    const pane = own.find((each) => !each.dead) ?? own[0] ?? null;
    window ??= pane?.window ?? null;
    const foldedAgent = folded.agents[index];
    if (!foldedAgent) throw new Error(`the fold lost agent ${agentRecord.name}`);
    const its = resolveState({
      folded: foldedAgent,
      pane,
      preset: all.presets.get(agentRecord.preset) ?? null,
      printed: facts.printed[agentRecord.name] ?? null,
      asked: facts.asked[agentRecord.name] ?? null,
      now: all.now,
    });
    resolved.set(agentRecord.name, its);
    return {
      name: agentRecord.name,
      preset: agentRecord.preset,
      role: agentRecord.role,
      pane: pane?.pane ?? null,
      pid: pane === null || pane.dead ? null : pane.pid,
      state: its.state,
      since: its.since,
      conversationId: foldedAgent.conversationId,
      message: its.message,
      why: its.why,
    };
  });
  const task: Task = {
    name: record.name,
    project: record.project,
    branch: record.branch,
    base: record.base,
    worktree: record.worktree,
    window,
    layout: record.layout,
    priority: folded.priority ?? record.priority,
    group: record.group,
    state: mostPressing(agents.map((agent) => agent.state)),
    queued: false,
    agents,
    diff: facts.diff,
    checks: 'none',
    approved: folded.approved !== null,
    ports: record.ports,
    problem: problemOf(facts, folded),
    overlaps,
    created: record.created,
  };
  return {
    task,
    resolved,
    report: facts.report === null ? null : parseReport(facts.report),
    notes: folded.notes,
    conflict: folded.conflict,
  };
}

function problemOf(facts: TaskFacts, folded: FoldedTask): string | null {
  if (!folded.ready && !facts.makerAlive)
    return `making it was interrupted; try: pitwall remove ${facts.record.name}`;
  if (folded.ready && !facts.worktreeExists) return `its worktree is missing: ${facts.record.worktree}`;
  return folded.problem;
}
