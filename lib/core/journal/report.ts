/** `report.md`: optional front matter `summary`, `severity`, `action`, then text. Written by agents, so hostile. */
import { oneLine } from '../errors.ts';
import type { Severity } from '../model.ts';

/** A report taken apart: what its front matter does not say is null. */
export interface AgentReport {
  readonly summary: string | null;
  readonly severity: Severity;
  readonly action: string | null;
  readonly body: string;
}

/** Reads a report; anything not understood is text. Values are one line, 300 characters at most. */
export function parseReport(text: string): AgentReport {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const close =
    lines[0]?.trim() === '---' ? lines.findIndex((line, index) => index > 0 && line.trim() === '---') : -1;
  const fields = new Map<string, string>();
  for (const line of lines.slice(1, Math.max(1, close))) {
    const found = /^\s*(summary|severity|action)\s*:\s*(.*)$/i.exec(line);
    if (found) fields.set((found[1] ?? '').toLowerCase(), clean(found[2] ?? ''));
  }
  const body = lines
    .slice(close + 1)
    .join('\n')
    .trim();
  const severity = fields.get('severity')?.toLowerCase();
  return {
    summary: fields.get('summary') || firstLine(body),
    severity: severity === 'low' || severity === 'high' ? severity : 'normal',
    action: fields.get('action') || null,
    body,
  };
}

function firstLine(body: string): string | null {
  const line = body.split('\n').find((each) => /[\p{L}\p{N}]/u.test(each));
  return line === undefined ? null : clean(line.replace(/^#+\s*/, ''));
}

function clean(value: string): string {
  return oneLine(value.trim().replace(/^(["'])(.*)\1$/, '$2')).slice(0, 300);
}

/** The first sentence of what an agent said last: enough for a line on the docket, 300 characters at most. */
export function firstSentence(text: string): string {
  let taken = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)) {
    taken += segment;
    // “1.” is no sentence yet.
    if (/\p{L}{2}/u.test(segment)) break;
  }
  return clean(taken);
}
