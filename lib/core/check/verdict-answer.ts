/** Reads a reviewer's answer: a JSON file that a program wrote, hostile and bounded. Its format is docs/review.md's. */
import * as v from 'valibot';
import { oneLine } from '../errors.ts';
import { isObject } from '../fields.ts';
import type { Severity } from '../model.ts';
import { type Finding, mostOfVerdict, verdictWords } from './verdict.ts';

/** UTF-16 units of an answer that are read. */
const mostOfAnswer = 1 << 18;
/** Findings that an answer may hold; the first of them are kept. */
const mostFindings = 1000;

const line = (most: number) =>
  v.pipe(
    v.string('must be a text'),
    v.transform((text) => oneLine(text.slice(0, most))),
  );
const severity = v.optional(
  v.picklist(['low', 'normal', 'high'], 'must be "low", "normal" or "high"'),
  'normal',
);
const lineNumber = v.pipe(
  v.number('must be a number'),
  v.transform((number) => (Number.isInteger(number) && number >= 1 && number <= 0x7fff_ffff ? number : null)),
);

/** What a reviewer writes. Further keys count for nothing. */
export const verdictSchema = v.object({
  verdict: v.picklist(verdictWords, 'must be "approve", "changes" or "unsure"'),
  /** One sentence. */
  summary: v.pipe(line(mostOfVerdict.text), v.minLength(1, 'must not be empty')),
  severity,
  findings: v.optional(
    v.pipe(
      v.array(
        v.object(
          {
            /** As the diff names it. */
            file: v.optional(v.nullable(line(mostOfVerdict.file)), null),
            /** Of the file as it is now, from 1. */
            line: v.optional(v.nullable(lineNumber), null),
            severity,
            text: v.pipe(line(mostOfVerdict.text), v.minLength(1, 'must not be empty')),
          },
          'must be an object',
        ),
        'must be a list',
      ),
      v.maxLength(mostFindings, `must hold ${mostFindings} at most`),
    ),
    [],
  ),
});

/** An answer that can be relied on, or why it is none. */
export type ReadAnswer =
  | {
      readonly answer: {
        readonly state: (typeof verdictWords)[number];
        readonly summary: string;
        readonly severity: Severity;
        readonly findings: readonly Finding[];
      };
    }
  | { readonly reason: string };

/** Total. One fence of Markdown around the JSON is forgiven; what is more than is kept is cut. */
export function readAnswer(text: string): ReadAnswer {
  if (text.length > mostOfAnswer) return { reason: 'its answer is too long' };
  const bare = text
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/^```\w*\s*([\s\S]*?)\s*```$/, '$1');
  if (bare === '') return { reason: 'its answer is empty' };
  const value = parse(bare);
  if (!isObject(value)) return { reason: 'its answer is not a JSON object' };
  const parsed = v.safeParse(verdictSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = issue.path?.map(({ key }) => oneLine(String(key)).slice(0, 40)).join('.') ?? 'it';
    return { reason: `its answer is none: ${path} ${issue.message}` };
  }
  const { verdict: state, summary, severity: grade, findings } = parsed.output;
  const kept = findings
    .slice(0, mostOfVerdict.findings)
    .map((each): Finding => ({ ...each, file: each.file === '' ? null : each.file }));
  return { answer: { state, summary, severity: grade, findings: kept } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
