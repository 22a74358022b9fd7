/** The one resolver: from what is known of an agent to its state, with the reason in words. */
import type { AgentState } from '../model.ts';
import type { Resolved, Signals } from './signals.ts';
import { caseOf } from './state-rule.ts';
import { stateRules } from './state-rules.ts';

export type { PaneSight, Resolved, Signals } from './signals.ts';

/** A state with the rule that led to it, as docs/agents.md has it. */
export interface Decided extends Resolved {
  readonly rule: string;
}

/** Total: every combination of signals has a state. A missing signal is never taken for an idle agent. */
export function resolveState(signals: Signals): Decided {
  const known = caseOf(signals);
  for (const { known: rule, decide } of stateRules) {
    const resolved = decide(known);
    if (resolved !== null) return { ...resolved, rule };
  }
  throw new Error('no rule decided a state');
}

const pressing: readonly AgentState[] = [
  'waiting',
  'failed',
  'done',
  'unknown',
  'working',
  'starting',
  'exited',
];

/** The most pressing of some agents' states; `exited` when there are none. */
export function mostPressing(states: readonly AgentState[]): AgentState {
  return pressing.find((state) => states.includes(state)) ?? 'exited';
}
