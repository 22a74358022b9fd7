/**
 * Every rule by which an agent has its state, in order: the first that answers decides. Their words stand as a table in
 * docs/agents.md.
 */
import type { Rule } from './state-rule.ts';
import { gone } from './state-rules-gone.ts';
import { alive } from './state-rules-live.ts';
import { byOutput, silent } from './state-rules-silent.ts';

/** All rules, in order; the last always answers. */
export const stateRules: readonly Rule[] = [...gone, ...alive, ...silent, ...byOutput];
