/** The shape of a rule that decides an agent's state, and what rules look at. */
import type { AgentState } from '../model.ts';
import type { Resolved, Signals } from './signals.ts';
import { type Verdict, weigh } from './weigh.ts';

/** Signals with what is often asked of them. */
export interface Case extends Signals {
  /** When it was launched, else now. */
  readonly base: string;
  readonly alive: boolean;
  readonly exited: {
    readonly at: string;
    readonly status: number | null;
    readonly signal: string | null;
  } | null;
  readonly verdict: Verdict | null;
}

/** One rule; `decide` answers null where it has nothing to say. */
export interface Rule {
  /** What is known, as docs/agents.md says it. */
  readonly known: string;
  /** The state, and the docket's kind or `–`, as docs/agents.md says them. */
  readonly leads: readonly [state: string, docket: string];
  readonly decide: (known: Case) => Resolved | null;
}

/** The signals as rules see them. */
export function caseOf(signals: Signals): Case {
  const { folded, pane } = signals;
  const base = folded.launchedAt ?? new Date(signals.now).toISOString();
  const alive = pane !== null && !pane.dead;
  const exited =
    folded.exited ??
    (pane?.dead ? { at: folded.report?.last ?? base, status: pane.status, signal: pane.signal } : null);
  return { ...signals, base, alive, exited, verdict: alive ? weigh(signals) : null };
}

/** Nothing on the docket. */
export const none = '–';
/** A finished turn on the docket. */
export const finished = 'review or report';

/** A state with its reason; without a message and an outcome unless given. */
export function is(
  state: AgentState,
  since: string,
  why: string,
  more: Partial<Pick<Resolved, 'message' | 'outcome'>> = {},
): Resolved {
  return { state, since, why, message: null, outcome: null, ...more };
}
