/** Usage in Claude Code's transcripts: `message.usage` of each answer, told again on every line of the same answer. */

import { inner, textOf } from '../agents/reading-payload.ts';
import { tokens, usageByAnswer } from '../agents/usage.ts';

/** Reads on; input counts what was read from and written to the cache too. */
export const claudeUsage = usageByAnswer('"usage"', (entry) => {
  const message = inner(entry, 'message');
  const id = textOf(message, 'id') ?? textOf(entry, 'uuid');
  if (entry.type !== 'assistant' || id === null) return null;
  const usage = inner(message, 'usage');
  const inputTokens = tokens(usage, 'input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens');
  const costUsd = typeof entry.costUSD === 'number' && entry.costUSD >= 0 ? entry.costUSD : null;
  return [id, { inputTokens, outputTokens: tokens(usage, 'output_tokens'), costUsd }];
});
