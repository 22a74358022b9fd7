/** What the checks of a project mean for a task: when they are due, what they hold back, what an agent is told. */
import type { FoldedChecks, FoldedTask } from '../journal/fold.ts';
import { type Agent, authors, type Checks, type Task } from '../model.ts';
import type { Resolved } from '../state/state.ts';

/** Milliseconds after which a result that does not come holds nothing back any more. */
const patience = 30_000;

/** Runs of one turn whose results may be stale before that is a failure of its own. */
export const mostStale = 2;

/** What is said of a change that was not checked, and should have been. */
export const unchecked = {
  refused: 'not checked: its commands are not accepted',
  late: 'the checks did not run',
} as const;

/** What a task's checks say now, and what that does to its finished turn. */
export interface CheckSight {
  readonly shown: Checks;
  /** `wait`: nothing is shown yet; `fail`: a failure stands in the place of the review. */
  readonly gate: 'open' | 'wait' | 'fail';
  /** What there is to say about it on the docket, or null. */
  readonly message: string | null;
}

/**
 * `gated`: the project has checks that were accepted; `alive`: whoever ran them last still runs; `since`: when the turn
 * ended (ISO 8601), null while it goes on. `now` in ms since the epoch.
 */
export function sightChecks(
  { checks, attempts }: Pick<FoldedTask, 'checks' | 'attempts'>,
  at: {
    readonly gated: boolean;
    readonly alive: boolean;
    readonly since: string | null;
    readonly now: number;
  },
): CheckSight {
  if (checks?.state === 'running' && at.alive) return { shown: 'running', gate: 'wait', message: null };
  const shown = shownState(checks);
  if (checks?.state === 'refused' && !checks.outdated)
    return { shown, gate: 'open', message: unchecked.refused };
  if (!at.gated) return { shown, gate: 'open', message: null };
  const late = (since: string | null) => since !== null && resultIsLate(since, at.now);
  if (checks === null || checks.outdated || checks.state === 'stale' || checks.state === 'running')
    return late(at.since) && late(checks?.at ?? at.since)
      ? { shown, gate: 'open', message: unchecked.late }
      : { shown, gate: 'wait', message: null };
  if (checks.state === 'passed') return { shown, gate: 'open', message: null };
  const message = attempts > 1 ? `${checks.message}, ${attempts} tries` : checks.message;
  return { shown, gate: checks.back && !late(checks.at) ? 'wait' : 'fail', message };
}

/** Whether a result that was to come after `since` holds nothing back any more. `now` in ms since the epoch. */
export function resultIsLate(since: string, now: number): boolean {
  return now - Date.parse(since) > patience;
}

function shownState(checks: FoldedChecks | null): Checks {
  if (checks === null || checks.outdated) return 'none';
  return checks.state === 'passed' || checks.state === 'failed' ? checks.state : 'none';
}

/** Whether a task's turn is over, with a change, and what is known of its checks says nothing about it. */
export function checksDue(
  task: Pick<Task, 'agents' | 'diff' | 'problem'>,
  folded: Pick<FoldedTask, 'ready' | 'removing' | 'checks' | 'agents'>,
  alive: boolean,
): boolean {
  if (!folded.ready || folded.removing || task.problem !== null) return false;
  if ((task.diff?.files ?? 0) === 0 || !turnOver(task.agents, folded)) return false;
  const { checks } = folded;
  if (checks === null) return true;
  if (checks.state === 'running') return !alive;
  if (checks.state === 'refused') return true;
  return checks.outdated || (checks.state === 'stale' && checks.stale < mostStale);
}

/** Whether a turn has left a change that has not even been said to be unchecked. */
export function isUntold(
  task: Pick<Task, 'agents' | 'diff' | 'problem'>,
  folded: Pick<FoldedTask, 'ready' | 'removing' | 'checks' | 'agents'>,
): boolean {
  return folded.checks?.state === 'refused' && !folded.checks.outdated
    ? false
    : checksDue(task, folded, true);
}

/** Whether the task's agents are through with their turns, and one of them had one; an independent reviewer's is none. */
export function turnOver(all: readonly Agent[], folded: Pick<FoldedTask, 'agents'>): boolean {
  const agents = authors(all);
  const busy = agents.some((agent) => ['working', 'starting', 'waiting'].includes(agent.state));
  const over = new Set(
    folded.agents
      .filter((each) => each.report?.state === 'done' && each.stopped === null)
      .map((each) => each.name),
  );
  return (
    !busy && agents.some(({ name, state }) => state === 'done' || (state === 'exited' && over.has(name)))
  );
}

/** When the last of a task's turns ended; null when none is over. */
export function turnEnd(resolved: Iterable<Resolved>): string | null {
  const ends = [...resolved].flatMap((each) => (each.outcome === 'done' ? [each.since] : []));
  return ends.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}

/** A check that failed, as its agent is told of it. */
export interface FailedCheck {
  readonly name: string;
  readonly run: string;
  /** How it ended, in words: `exited with 1`. */
  readonly how: string;
  readonly output: string;
}

/** The prompt that goes back. `attempt` counts from 1. */
export function checkFailurePrompt(failed: FailedCheck, attempt: number, most: number): string {
  const last = attempt === most ? '; a person is asked next' : '';
  return [
    `The check “${failed.name}” failed after your turn: \`${failed.run}\` ${failed.how} (attempt ${attempt} of ${most}${last}).`,
    'The end of its output:',
    '',
    outputTail(failed.output),
    '',
    'Mend what it found, not the check. It runs again when your turn ends.',
  ].join('\n');
}

/** UTF-16 units of output that an agent is given. */
const mostTail = 6000;

/** The end of what a program printed, without escape sequences: at most 60 lines and 6,000 UTF-16 units. */
export function outputTail(output: string): string {
  const text = output
    .slice(-mostTail * 10)
    .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[@-Z\\-_]/g, '');
  const lines = text.trimEnd().split('\n').slice(-60).map(lastWritten);
  return lines
    .join('\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
    .slice(-mostTail);
}

/** What stands on a line at last that a program wrote over again and again (10%, 50%, …). */
function lastWritten(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}
