/** Usage in Claude Code's transcripts: `message.usage` of each answer, told again on every line of the same answer. */

import type { UsageSum } from '../reading.ts';
import { inner, readPayload, textOf } from '../reading-payload.ts';
import { sumOfParts, tokens } from '../usage.ts';

/** Reads on; input counts what was read from and written to the cache too. */
export function claudeUsage(before: UsageSum | null, lines: readonly string[]): UsageSum {
  const parts = new Map(before?.parts);
  for (const line of lines) {
    if (!line.includes('"usage"')) continue;
    const entry = readPayload(line);
    const message = inner(entry, 'message');
    const id = textOf(message, 'id') ?? textOf(entry, 'uuid');
    if (entry.type !== 'assistant' || id === null) continue;
    const usage = inner(message, 'usage');
    parts.set(id, {
      inputTokens: tokens(usage, 'input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'),
      outputTokens: tokens(usage, 'output_tokens'),
      costUsd: typeof entry.costUSD === 'number' && entry.costUSD >= 0 ? entry.costUSD : null,
    });
  }
  return sumOfParts(parts);
}
