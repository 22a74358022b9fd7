/** Directives that a prompt may hold for tests and demonstrations: `[fail]`, `[sleep 3]`. See docs/demo-agent.md. */

import { withoutPreamble } from '../core/agents/preamble.ts';
import type { Severity } from '../core/model.ts';

/** What a prompt's directives ask for, and the prompt without them. */
export interface Directives {
  /** The prompt's text without its directives. */
  readonly text: string;
  readonly question: boolean;
  readonly fail: boolean;
  readonly reportOnly: boolean;
  readonly print: boolean;
  /** Exit code to end the process with (0-255), or null to stay. */
  readonly exit: number | null;
  /** Longer work, in ms. */
  readonly sleep: number;
  readonly severity: Severity;
}

const pattern =
  /\[(no-question|fail|report-only|print|exit (\d{1,3})|sleep (\d{1,4}(?:\.\d{1,3})?)|severity (low|normal|high))\]/g;

/** Reads the directives of a prompt; words in brackets that are none stay in the text. The last of a kind wins. */
export function readDirectives(given: string): Directives {
  const prompt = withoutPreamble(given);
  const words = new Set<string>();
  let exit: number | null = null;
  let sleep = 0;
  let severity: Severity = 'normal';
  for (const [, word = '', code, seconds, grade] of prompt.matchAll(pattern)) {
    words.add(word);
    if (code !== undefined) exit = Math.min(Number(code), 255);
    if (seconds !== undefined) sleep = Number(seconds) * 1000;
    if (grade === 'low' || grade === 'normal' || grade === 'high') severity = grade;
  }
  return {
    text: prompt.replace(pattern, '').trim(),
    question: !words.has('no-question'),
    fail: words.has('fail'),
    reportOnly: words.has('report-only'),
    print: words.has('print'),
    exit,
    sleep,
    severity,
  };
}
