/** Counting tokens: numbers from transcripts, which may say anything. */

import type { Usage, UsageReading, UsageSum } from './reading.ts';
import { type Payload, readPayload } from './reading-payload.ts';

/** The sum of some counts of an object; what is no sensible count is 0. */
export function tokens(counts: Payload, ...keys: readonly string[]): number {
  return keys.reduce((sum, key) => {
    const count = Object.hasOwn(counts, key) ? counts[key] : 0;
    return sum + (typeof count === 'number' && Number.isFinite(count) && count > 0 ? Math.round(count) : 0);
  }, 0);
}

/**
 * A reader of transcripts in which one line tells the usage of one answer: `part` gives the answer's id and usage, or
 * null for any other line. Only lines with `mark` in them are parsed. An answer that is told again replaces itself.
 */
export function usageByAnswer(
  mark: string,
  part: (entry: Payload) => readonly [string, Usage] | null,
): UsageReading['add'] {
  return (before, lines) => {
    const parts = new Map(before?.parts);
    for (const line of lines) {
      const told = line.includes(mark) ? part(readPayload(line)) : null;
      if (told !== null) parts.set(...told);
    }
    return sumOfParts(parts);
  };
}

/** The sum of all parts; no usage when there are none, no cost when no part tells one. */
export function sumOfParts(parts: ReadonlyMap<string, Usage>): UsageSum {
  let usage: Usage | null = null;
  for (const part of parts.values()) usage = usage === null ? part : addUsage(usage, part);
  return { usage, parts };
}

/** Usage in a few cells, read and written together: `12k tokens`, `1.4M tokens $0.42`. */
export function usageText({ inputTokens, outputTokens, costUsd }: Usage): string {
  const cost = costUsd === null ? '' : ` $${costUsd.toFixed(2)}`;
  return `${inShort(inputTokens + outputTokens)} tokens${cost}`;
}

function inShort(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_500) return `${Math.round(count / 1000)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** Two usages together; a cost that only one tells is the cost. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costUsd: a.costUsd === null && b.costUsd === null ? null : (a.costUsd ?? 0) + (b.costUsd ?? 0),
  };
}
