/** What the script finds in a change when it plays a reviewer, and what it says to findings when it is the author. Pure. */
import type { Finding } from '../core/check/verdict.ts';
import { findingsOpening } from '../core/check/verdict-text.ts';

/** What a task's prompt asks of the scripted reviewer: `[review changes]`. See docs/demo-agent.md. */
export const reviewWords = [
  'approve',
  'changes',
  'always',
  'arguable',
  'unsure',
  'nonsense',
  'silent',
  'hang',
  'edit',
  'commit',
  'ask',
] as const;
/** A word in a prompt by which a test chooses the verdict. */
export type ReviewWord = (typeof reviewWords)[number];

/** The words that a prompt holds. */
export function readReviewWords(prompt: string): ReadonlySet<ReviewWord> {
  const held = [...prompt.matchAll(/\[review (\w+)\]/g)].map(([, word]) => word);
  return new Set(reviewWords.filter((word) => held.includes(word)));
}

/** The scripted answer of the `run`-th reading. */
export function scriptedAnswer(prompt: string, run: number) {
  const words = readReviewWords(prompt);
  const place = firstAdded(prompt);
  const found: Finding[] = marked(prompt);
  if ((words.has('changes') && run === 1) || words.has('always'))
    found.push({ ...place, severity: 'high', text: 'the script asks for another line here' });
  if (words.has('arguable') && run === 1)
    found.push({ ...place, severity: 'low', text: 'arguable: this line could be shorter' });
  const verdict = words.has('unsure') ? 'unsure' : found.length > 0 ? 'changes' : 'approve';
  const count = found.length === 1 ? '1 place' : `${found.length} places`;
  const summary = {
    approve: 'scripted review: nothing is marked TODO or FIXME',
    changes: `scripted review: ${count} to mend`,
    unsure: 'scripted review: told to be unsure',
  }[verdict];
  const severity = found.some((each) => each.severity === 'high') ? 'high' : 'normal';
  return { verdict, summary, severity, findings: found } as const;
}

interface AddedLine extends Pick<Finding, 'file' | 'line'> {
  readonly text: string;
}

/** The lines that the diff in a prompt adds. Source of the format: git-diff(1), "Generating patch text". */
function added(prompt: string): readonly AddedLine[] {
  const lines: AddedLine[] = [];
  let [file, line] = ['', 0];
  for (const each of prompt.split('\n')) {
    const [, path] = /^\+\+\+ (?:b\/)?(.+?)\t?$/.exec(each) ?? [];
    const [, start] = /^@@ -\S+ \+(\d+)/.exec(each) ?? [];
    if (path !== undefined) file = path;
    else if (start !== undefined) line = Number(start);
    else if (each.startsWith('+') && file !== '') lines.push({ file, line: line++, text: each.slice(1) });
    else if (each.startsWith(' ')) line += 1;
  }
  return lines;
}

function firstAdded(prompt: string): Pick<Finding, 'file' | 'line'> {
  const [first] = added(prompt);
  return first === undefined ? { file: null, line: null } : { file: first.file, line: first.line };
}

function marked(prompt: string): Finding[] {
  return added(prompt)
    .filter(({ text }) => /\b(TODO|FIXME)\b/.test(text))
    .slice(0, 10)
    .map(({ file, line }) => ({ file, line, severity: 'normal', text: 'is marked as unfinished' }));
}

/** Whether a prompt brings an author the findings of a reviewer. */
export function isFindings(prompt: string): boolean {
  return prompt.startsWith(findingsOpening);
}

/** The lines of a report in which the scripted author disputes what is arguable. */
export function disputes(prompt: string): readonly string[] {
  return [...prompt.matchAll(/^(\d+)\. .*\barguable\b/gm)].map(
    ([, number]) => `disputed ${number}: the script never makes a line shorter`,
  );
}
