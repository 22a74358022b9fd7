/**
 * What an independent reviewer says of a change: its verdict with findings, what the author disputes of them, when one
 * is due, and what it holds back.
 */

import { oneLine } from '../errors.ts';
import type { FoldedTask } from '../journal/folded.ts';
import type { JournalEvent } from '../journal/journal.ts';
import type { AgentRecord, Severity, Task } from '../model.ts';
import { type CheckSight, resultIsLate, turnOver } from './checks.ts';

/** What a reviewer may say, as words of its answer. */
export const verdictWords = ['approve', 'changes', 'unsure'] as const;

/** `running`: it reads; `none`: there is no verdict, and the summary says why. */
export type VerdictState = 'running' | (typeof verdictWords)[number] | 'none';

/** One thing a reviewer found. `file` is as it named it, hostile and on one line; `line` counts from 1. */
export interface Finding {
  readonly file: string | null;
  readonly line: number | null;
  readonly severity: Severity;
  readonly text: string;
}

/** A finding that the author does not agree with, by its number from 1, and why. */
export interface Dispute {
  readonly finding: number;
  readonly reason: string;
}

/** What is kept of an answer at most: findings, and UTF-16 units of a summary or text and of a file's name. */
export const mostOfVerdict = { findings: 50, text: 2000, file: 1000 } as const;

type VerdictEvent = Extract<JournalEvent, { readonly type: 'verdict' }>;

/** The newest word of a task's reviewer. */
export interface FoldedVerdict extends Omit<VerdictEvent, 'type' | 'disputed' | 'pid' | 'started'> {
  /** Findings of this and earlier readings that the author disputes, since a person last sent a prompt. */
  readonly disputed: readonly { readonly finding: Finding; readonly reason: string }[];
  /** Who looks after the reading. */
  readonly owner: { readonly pid: number; readonly started: string };
  /** Another turn has begun or ended since: it says nothing about what is there now. */
  readonly outdated: boolean;
  /** How often findings went back since a person last sent a prompt or a reviewer approved. */
  readonly rounds: number;
}

/** After an event of a reading. */
export function withVerdict(before: FoldedVerdict | null, event: VerdictEvent): FoldedVerdict {
  const { type: _, pid, started, disputed, ...told } = event;
  const mine = disputed.flatMap(({ finding, reason }) => {
    const about = before?.findings[finding - 1];
    return about === undefined ? [] : [{ finding: about, reason }];
  });
  const rounds = event.state === 'approve' ? 0 : (before?.rounds ?? 0);
  return {
    ...told,
    disputed: [...(before?.disputed ?? []), ...mine].slice(-mostOfVerdict.findings),
    owner: { pid, started },
    outdated: before?.run === event.run && before.outdated,
    rounds: rounds + (event.back ? 1 : 0),
  };
}

/** The reviewer of a task's newest reading as an agent's record, or null when there was none. */
export function reviewerIn(events: readonly JournalEvent[]): AgentRecord | null {
  const last = events.findLast((event) => event.type === 'verdict');
  if (last?.type !== 'verdict') return null;
  const { reviewer: name, preset, conversationId } = last;
  return { name, preset, role: 'reviewer', conversationId, independent: true };
}

/** A task's agents, the reviewer of its newest reading included. */
export function allAgents(
  agents: readonly AgentRecord[],
  events: readonly JournalEvent[],
): readonly AgentRecord[] {
  const reviewer = reviewerIn(events);
  return reviewer === null ? agents : [...agents, reviewer];
}

/** The verdict as readers see it. */
export interface VerdictSight extends CheckSight {
  readonly verdict: TaskVerdict | null;
}

/** The word of a reviewer that still holds, as readers of the snapshot see it. */
export type TaskVerdict = Pick<
  FoldedVerdict,
  'run' | 'state' | 'reviewer' | 'preset' | 'severity' | 'summary' | 'findings' | 'disputed' | 'at'
>;

/** What a reviewer does to a finished turn whose checks are through. `since`: when the turn ended, null while it goes on. */
export function sightVerdict(
  { verdict, checks }: Pick<FoldedTask, 'verdict' | 'checks'>,
  at: {
    /** A reviewer is asked for. */
    readonly wanted: boolean;
    readonly alive: boolean;
    readonly since: string | null;
    readonly now: number;
  },
): Pick<VerdictSight, 'gate' | 'message' | 'verdict'> {
  const open = { gate: 'open', message: null } as const;
  const shown = verdict === null || verdict.outdated ? null : told(verdict);
  if (!at.wanted) return { ...open, verdict: shown?.state === 'running' ? null : shown };
  if (verdict?.state === 'running' && at.alive) return { gate: 'wait', message: null, verdict: shown };
  if (verdict === null || verdict.outdated || verdict.state === 'running') {
    const late = [at.since, checks?.at ?? null, verdict?.at ?? null].every(
      (each) => each === null || resultIsLate(each, at.now),
    );
    return late && at.since !== null
      ? { gate: 'open', message: 'the reviewer did not run', verdict: null }
      : { gate: 'wait', message: null, verdict: shown };
  }
  if (verdict.back && !resultIsLate(verdict.at, at.now))
    return { gate: 'wait', message: null, verdict: shown };
  return { ...open, verdict: shown };
}

function told(verdict: FoldedVerdict): TaskVerdict {
  const { run, state, reviewer, preset, severity, summary, findings, disputed, at } = verdict;
  return { run, state, reviewer, preset, severity, summary, findings, disputed, at };
}

/** Whether a task's turn is over with a change whose checks are through, and no reading says anything about it. */
export function verdictDue(
  task: Pick<Task, 'agents' | 'diff' | 'problem' | 'approved'>,
  folded: Pick<FoldedTask, 'ready' | 'removing' | 'checks' | 'verdict' | 'agents'>,
  at: { readonly gated: boolean; readonly alive: boolean },
): boolean {
  if (!folded.ready || folded.removing || task.problem !== null || task.approved) return false;
  if ((task.diff?.files ?? 0) === 0 || !turnOver(task.agents, folded)) return false;
  const { checks, verdict } = folded;
  if (at.gated && (checks?.state !== 'passed' || checks.outdated)) return false;
  if (verdict === null || verdict.outdated) return true;
  return verdict.state === 'running' && !at.alive;
}

const words: Readonly<Record<VerdictState, string>> = {
  running: 'reads',
  approve: 'approves',
  changes: 'wants changes',
  unsure: 'is unsure',
  none: 'no verdict',
};

/** A verdict without what was found: `wants changes`. */
export function verdictWord(state: VerdictState): string {
  return words[state];
}

/** A verdict in a few words: `changes: 2 findings, 1 disputed`, `approves`, `no verdict`. */
export function verdictText({
  state,
  findings,
  disputed,
}: {
  readonly state: VerdictState;
  readonly findings: readonly unknown[];
  readonly disputed: readonly unknown[];
}): string {
  if (state === 'none') return verdictWord(state);
  const counts = [
    ...(findings.length > 0 ? [`${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`] : []),
    ...(disputed.length > 0 ? [`${disputed.length} disputed`] : []),
  ].join(', ');
  return `${verdictWord(state)}${counts === '' ? '' : ` (${counts})`}`;
}

/** A verdict with its findings and what is disputed of them, line by line, for a person. */
export function verdictLines(verdict: TaskVerdict): readonly string[] {
  const { preset, state, summary, findings, disputed } = verdict;
  return [
    `${preset} ${verdictText(verdict)}${state === 'running' ? '' : `: ${summary}`}`,
    ...findings.map((finding, index) => `${index + 1}. ${findingText(finding)}`),
    ...disputed.map(({ finding, reason }) => `disputed: ${findingText(finding)} — ${reason}`),
  ];
}

/** A finding on one line: `src/a.ts:12: what is wrong (high)`. */
export function findingText({ file, line, severity, text }: Finding): string {
  const place = file === null ? '' : line === null ? `${file}: ` : `${file}:${line}: `;
  return `${place}${text}${severity === 'normal' ? '' : ` (${severity})`}`;
}

/** Lines `disputed 2: the reason` of an author's report, about `count` findings; the last word on each counts. */
export function parseDisputes(report: string, count: number): readonly Dispute[] {
  const found = new Map<number, string>();
  for (const line of report.split(/\r?\n/)) {
    const [, number = '', reason = ''] =
      /^[\s>*_`-]*disputed[\s*_`]+#?(\d{1,4})[\s*_`]*[:.–—-]\s*(.*)$/i.exec(line) ?? [];
    const finding = Number(number);
    if (finding >= 1 && finding <= count)
      found.set(finding, oneLine(reason.slice(0, mostOfVerdict.text)) || 'no reason given');
  }
  return [...found].sort(([a], [b]) => a - b).map(([finding, reason]) => ({ finding, reason }));
}
