/** The report of a turn: front matter that fills the docket item, then text. */
import { rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Severity } from '../core/model.ts';
import { plain, plainLines } from './text.ts';

/** What a turn has to tell. */
export interface TurnReport {
  readonly summary: string;
  readonly severity: Severity;
  readonly action: string;
  /** Paragraphs, hostile text: control characters are taken out. */
  readonly body: readonly string[];
}

/** The text of `report.md`. Front matter values are one line each, unquoted. */
export function reportText(report: TurnReport): string {
  return [
    '---',
    `summary: ${plain(report.summary)}`,
    `severity: ${report.severity}`,
    `action: ${plain(report.action)}`,
    '---',
    'Written by the demo agent (scripted, no model).',
    ...report.body.map((paragraph) => `\n${plainLines(paragraph).trim()}`),
    '',
  ].join('\n');
}

/** Replaces the report as a whole, so that no reader sees half of one. 0600. */
export async function writeReport(path: string, report: TurnReport): Promise<void> {
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}`);
  await writeFile(fresh, reportText(report), { mode: 0o600 });
  await rename(fresh, path);
}
