/**
 * The one truth: journals on disk, panes in tmux and worktrees in git folded into what every reader shows. Pure; the
 * facts are gathered by app/observe.ts. Nothing else decides a state.
 */
import { resultIsLate, sightChecks, turnEnd } from '../check/checks.ts';
import { sightVerdict } from '../check/verdict.ts';
import { type DocketSource, docket, missingWorktree } from '../docket/docket.ts';
import type { FoldedTask } from '../journal/fold.ts';
import { type AgentReport, parseReport } from '../journal/report.ts';
import type { Agent, Project, Snapshot, Task, TaskRecord } from '../model.ts';
import { overlapsOf } from '../overlap/overlap.ts';
import {
  type Explained,
  explainAgents,
  explainReviewer,
  foldFacts,
  indexPanes,
  type PaneIndex,
} from './explain.ts';
import type { Facts, TaskFacts } from './facts.ts';
import { mostPressing } from './state.ts';

export type { Facts, TaskFacts, TaskPane } from './facts.ts';

/** What is true now. Tasks are in the order they were made, projects by name. */
export function snapshot(facts: Facts): Snapshot {
  const sources: DocketSource[] = [];
  const panes = indexPanes(facts.panes);
  const projects = facts.projects.map((project): Project => {
    const names = new Set(project.tasks.map((task) => task.record.name));
    const pairs = project.overlaps.filter((pair) => names.has(pair.a) && names.has(pair.b));
    const tasks = project.tasks
      .map((task) => {
        const source = observeTask(task, panes, facts, {
          overlaps: overlapsOf(task.record.name, pairs),
          gated: project.gated,
          reviewer: wantedReviewer(task.record, project.reviewer ?? null),
        });
        sources.push(source);
        return source.task;
      })
      .sort((a, b) => Date.parse(a.created) - Date.parse(b.created) || (a.name < b.name ? -1 : 1));
    const { record, session, gated } = project;
    return { name: record.name, root: record.root, session, gated, tasks };
  });
  projects.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { projects, docket: docket(sources), problems: facts.problems };
}

function observeTask(
  facts: TaskFacts,
  panes: PaneIndex,
  all: Facts,
  of: { readonly overlaps: Task['overlaps']; readonly gated: boolean; readonly reviewer: string | null },
): DocketSource {
  const { record } = facts;
  const folded = foldFacts(facts, all);
  const explained = explainAgents(facts, folded, panes, all);
  const reading = explainReviewer(facts, panes, all);
  const agents = [...explained, ...reading].map(agentSeen);
  const resolved = new Map(explained.map(({ record: { name }, decided }) => [name, decided]));
  const since = turnEnd(resolved.values());
  const changed = (facts.diff?.files ?? 0) > 0;
  const checks = sightChecks(folded, {
    gated: of.gated,
    alive: facts.checkerAlive,
    since,
    now: all.now,
  });
  const verdict = sightVerdict(folded, {
    wanted: of.reviewer !== null,
    alive: facts.readingAlive === true,
    since,
    now: all.now,
  });
  const task: Task = {
    name: record.name,
    project: record.project,
    branch: record.branch,
    base: record.base,
    worktree: record.worktree,
    window: explained.find(({ pane }) => pane !== null)?.pane?.window ?? null,
    layout: record.layout,
    priority: folded.priority ?? record.priority,
    group: record.group,
    state: mostPressing(agents.map((agent) => agent.state)),
    queued: isQueued(record, folded),
    agents,
    diff: facts.diff,
    checks: checks.shown,
    approved: folded.approved !== null,
    ports: record.ports,
    problem: problemOf(facts, folded),
    overlaps: of.overlaps,
    created: record.created,
    reviewer: of.reviewer,
    verdict: verdict.verdict,
  };
  const held = of.gated || of.reviewer !== null;
  // A reviewer may ask; that it has finished or failed is told by its verdict.
  for (const { record: own, decided } of reading) resolved.set(own.name, { ...decided, outcome: null });
  return {
    task,
    resolved,
    checks: checks.gate === 'open' && checks.message === null ? { ...checks, ...verdict } : checks,
    report: reportOfTurn(facts.report, explained),
    notes: folded.notes,
    unchanged: folded.sinceDecision === 'unchanged',
    conflict: folded.conflict,
    unsure: held && facts.diffOld === true && !changed && since !== null && !resultIsLate(since, all.now),
  };
}

/** Journals tell whole seconds. */
const turnGrain = 1000;

/** The report, unless each turn that is over began after it was written: then it tells of an earlier one. */
function reportOfTurn(report: TaskFacts['report'], agents: readonly Explained[]): AgentReport | null {
  if (report === null) return null;
  const begun = agents.flatMap(({ signals: { folded }, decided }) =>
    decided.outcome === 'done' ? [folded.beganAt === null ? 0 : Date.parse(folded.beganAt)] : [],
  );
  const late = begun.length > 0 && begun.every((at) => report.written + turnGrain < at);
  return late ? null : parseReport(report.text);
}

function agentSeen({ record, pane, signals, decided }: Explained): Agent {
  const { state, since, message, why } = decided;
  return {
    name: record.name,
    preset: record.preset,
    role: record.role,
    pane: pane?.pane ?? null,
    pid: pane === null || pane.dead ? null : pane.pid,
    state,
    since,
    conversationId: signals.registry?.conversationId ?? signals.folded.conversationId,
    message,
    why,
    ...(record.independent === true ? { independent: true } : {}),
  };
}

/** Whether a task waits for another and none of its agents was ever started. */
export function isQueued(record: TaskRecord, folded: Pick<FoldedTask, 'agents'>): boolean {
  return (record.after ?? null) !== null && folded.agents.every(({ launchedAt }) => launchedAt === null);
}

/** The task's own reviewer, else the project's. */
export function wantedReviewer(record: TaskRecord, project: string | null): string | null {
  const own = record.reviewer ?? project;
  return own === 'none' ? null : own;
}

function problemOf(facts: TaskFacts, folded: FoldedTask): string | null {
  if (!folded.ready && !facts.makerAlive)
    return `making it was interrupted; try: pitwall remove ${facts.record.name}`;
  if (folded.ready && !facts.worktreeExists) return `${missingWorktree}: ${facts.record.worktree}`;
  return folded.problem;
}
