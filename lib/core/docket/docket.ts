/** The docket: what waits for the person, in order. An item leaves by an answer or a decision, never by a look. */
import { type CheckSight, unchecked } from '../check/checks.ts';
import { verdictText } from '../check/verdict.ts';
import { type AgentReport, firstSentence } from '../journal/report.ts';
import {
  authors,
  type DocketItem,
  type DocketKind,
  docketKinds,
  type Severity,
  type Task,
} from '../model.ts';
import type { Resolved } from '../state/state.ts';
import { shellQuote } from '../tmux/tmux-text.ts';
import { type Finished, joinSame } from './docket-same.ts';

/** What the docket needs to know of a task beyond what readers see of it. */
export interface DocketSource {
  readonly task: Task;
  /** The resolved signals of each agent, by its name. */
  readonly resolved: ReadonlyMap<string, Resolved>;
  readonly checks: Pick<CheckSight, 'gate' | 'message'>;
  readonly report: AgentReport | null;
  readonly notes: readonly {
    readonly at: string;
    readonly severity: DocketItem['severity'];
    readonly message: string;
    readonly agent: string | null;
    readonly kind?: 'failure';
  }[];
  /** The person has decided about just what is there: the last turn changed nothing. */
  readonly unchanged: boolean;
  /** Whether a turn changed anything is not known yet, and what did is held back first. */
  readonly unsure: boolean;
  /** Why it did not land, or null. */
  readonly conflict: { readonly at: string; readonly message: string } | null;
}

/** What is said of a turn that said nothing. */
const saidNothing = 'finished its turn';

/** How a task's problem begins when its worktree is gone. */
export const missingWorktree = 'its worktree is missing';

/** All items of some tasks in the docket's order: priority (higher first), kind, oldest first, then by name. */
export function docket(sources: readonly DocketSource[]): readonly DocketItem[] {
  const finished = new Map<DocketItem, Finished>();
  const items = sources.flatMap((source) => itemsOf(source, finished));
  return joinSame(items.sort(compareItems), finished);
}

/** Negative when `a` comes before `b`. */
export function compareItems(a: DocketItem, b: DocketItem): number {
  return (
    b.priority - a.priority ||
    docketKinds.indexOf(a.kind) - docketKinds.indexOf(b.kind) ||
    Date.parse(a.since) - Date.parse(b.since) ||
    compareText(`${a.project}:${a.task}/${a.agent}`, `${b.project}:${b.task}/${b.agent}`)
  );
}

/** What gives an agent that began a new conversation its task again. */
export function tellAgain(task: string, agent: string | null): string {
  return `pitwall send ${task}/${agent} …`;
}

/** `finishes` is told which of them are about finished turns. */
function itemsOf(source: DocketSource, finishes: Map<DocketItem, Finished>): DocketItem[] {
  const { task } = source;
  const items: DocketItem[] = [];
  for (const agent of task.agents) {
    const resolved = source.resolved.get(agent.name);
    if (!resolved) continue;
    const at = { agent: agent.name, since: resolved.since, pane: agent.pane };
    if (agent.state === 'waiting')
      items.push(item(task, 'question', { ...at, summary: resolved.message ?? 'it waits for your answer' }));
    if (resolved.outcome === 'failed')
      items.push(
        item(task, 'failure', { ...at, summary: resolved.message ?? resolved.why, severity: 'high' }),
      );
  }
  if (source.conflict !== null)
    items.push(
      item(task, 'conflict', {
        since: source.conflict.at,
        summary: source.conflict.message,
        action: shellQuote(['pitwall', 'land', '--hand-over', task.name]),
      }),
    );
  const finished = finishedItem(source);
  if (finished) items.push(finished);
  if (finished) finishes.set(finished, { task, report: source.report, said: saidIn(source, finished) });
  if (task.problem !== null)
    items.push(
      item(task, 'failure', {
        since: task.created,
        summary: task.problem,
        severity: 'high',
        action: task.problem.startsWith(missingWorktree)
          ? `pitwall restore ${task.project} (names the git worktree add), or pitwall remove ${task.name}`
          : null,
      }),
    );
  for (const { at, message, severity, kind = 'note', agent } of source.notes) {
    const own = kind === 'failure' ? task.agents.find((each) => each.name === agent) : undefined;
    const action = `${tellAgain(task.name, agent)} (its task: ${shellQuote(['pitwall', 'show', task.name])})`;
    const to = own === undefined ? {} : { agent, pane: own.pane, action };
    items.push(item(task, kind, { since: at, summary: message, severity, ...to }));
  }
  return items;
}

/** One item for all that finished in a task, once nobody in it is at work: never look too early, nor again. */
function finishedItem(source: DocketSource): DocketItem | null {
  const { task, resolved, report, checks, unsure, unchanged } = source;
  if ((task.approved && !unchanged) || unsure) return null;
  if (authors(task.agents).some(({ state }) => state === 'working' || state === 'starting')) return null;
  const done = task.agents
    .flatMap((agent) => {
      const its = resolved.get(agent.name);
      return its?.outcome === 'done' ? [{ agent, its }] : [];
    })
    .sort((a, b) => Date.parse(a.its.since) - Date.parse(b.its.since));
  const first = done[0];
  if (!first) return null;
  const last = done.at(-1) ?? first;
  const changed = (task.diff?.files ?? 0) > 0 && !unchanged;
  const at = { agent: first.agent.name, since: first.its.since, pane: first.agent.pane };
  if (changed && checks.gate === 'wait') return null;
  if (changed && checks.gate === 'fail')
    return item(task, 'failure', { ...at, summary: checks.message ?? 'its checks failed', severity: 'high' });
  const said = report?.summary ?? (last.its.message === null ? saidNothing : firstSentence(last.its.message));
  const verdict = changed ? (task.verdict ?? null) : null;
  const before = [
    ...(changed && isUnchecked(checks.message) ? [checks.message] : []),
    ...(verdict === null ? [] : [`reviewer ${verdictText(verdict)}`]),
  ];
  return item(task, changed ? 'review' : 'report', {
    ...at,
    summary: [...before, said].join('; '),
    severity: graver(report?.severity ?? 'normal', verdict),
    action: (changed ? (cure(task, checks.message) ?? noVerdict(verdict)) : null) ?? report?.action ?? null,
    verdict,
  });
}

function isUnchecked(message: string | null): message is string {
  return message === unchecked.refused || message === unchecked.late;
}

/** What helps against what the checks say; their own words where nothing else does. */
function cure({ project, name }: Task, message: string | null): string | null {
  if (message === unchecked.refused) return shellQuote(['pitwall', 'trust', project]);
  return message === unchecked.late ? shellQuote(['pitwall', 'check', name]) : message;
}

/** Null for words of ours, which say the same of any turn. */
function saidIn({ report, checks }: DocketSource, { kind, summary }: DocketItem): string | null {
  if (kind === 'failure') return checks.message;
  return (report?.summary ?? null) === null && summary.endsWith(saidNothing) ? null : summary;
}

/** Why a change comes without the verdict that was asked for. */
function noVerdict(verdict: Task['verdict']): string | null {
  return verdict?.state === 'none' ? `no verdict: ${verdict.summary}` : null;
}

/** What a reviewer that does not approve finds grave is grave. */
function graver(severity: Severity, verdict: Task['verdict']): Severity {
  const pressing = verdict?.state === 'changes' || verdict?.state === 'unsure' || verdict?.state === 'none';
  if (!pressing || severity === 'high') return severity;
  return verdict.severity === 'high' ? 'high' : 'normal';
}

function item(
  task: Task,
  kind: DocketKind,
  fields: Pick<DocketItem, 'since' | 'summary'> & Partial<DocketItem>,
): DocketItem {
  const anyPane = task.agents.find((agent) => agent.pane !== null)?.pane ?? null;
  return {
    project: task.project,
    task: task.name,
    agent: null,
    severity: 'normal',
    action: null,
    priority: task.priority,
    verdict: null,
    ...fields,
    pane: fields.pane ?? anyPane,
    kind,
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
