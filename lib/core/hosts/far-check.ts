/** What is asked of another machine besides its pitwall, and how the answers are read. Both are hostile text. */
import * as v from 'valibot';
import { oneLine } from '../errors.ts';
import { jsonOf } from '../fields.ts';
import { plain } from '../text.ts';
import { farQuote } from './far-command.ts';

/** What a shell there tells of itself; null where it told nothing. */
export interface FarShell {
  /** Whether it knows terminals of the kind that was asked about. */
  readonly knowsTerminal: boolean;
  readonly utf8: boolean;
  readonly mosh: boolean;
}

/** The command that tells it of a terminal kind such as `xterm-kitty`. */
export function shellQuestion(terminal: string): string {
  const script = [
    'infocmp "$1" >/dev/null 2>&1 && echo terminal known',
    'locale charmap 2>/dev/null | sed "s/^/charmap /"',
    'command -v mosh-server >/dev/null 2>&1 && echo mosh here',
    'echo end',
  ].join('; ');
  return farQuote(['sh', '-c', script, 'pitwall', terminal]);
}

/** Reads the answer to `shellQuestion`; null when there is none. */
export function readShell(stdout: string): FarShell | null {
  const lines = stdout.split(/\r?\n/);
  if (!lines.includes('end')) return null;
  return {
    knowsTerminal: lines.includes('terminal known'),
    utf8: lines.some((line) => /^charmap utf-?8$/i.test(line)),
    mosh: lines.includes('mosh here'),
  };
}

const words = v.pipe(
  v.string(),
  v.transform((text) => oneLine(plain(text.slice(0, 500)))),
);

const findings = v.object({
  findings: v.pipe(
    v.array(v.object({ about: words, ok: v.boolean(), words, mend: v.nullable(words) })),
    v.maxLength(500),
  ),
});

/** The findings of `pitwall doctor --json` there; null when it printed none. */
export function parseFindings(text: string): v.InferOutput<typeof findings>['findings'] | null {
  const parsed = v.safeParse(findings, jsonOf(text));
  return parsed.success ? parsed.output.findings : null;
}
