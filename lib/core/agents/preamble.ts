/** What goes to an agent with a task's first prompt: what must hold when it is done, and how it is to report. */
import type { TaskRecord } from '../model.ts';

/** Asks for a report; `{report}` stands for the path it belongs at. The person may change it in their preferences. */
export const defaultPreamble = [
  'Before each of your turns ends, write a report for the person who decides about your work to the file {report} (its path is in PITWALL_REPORT too), in the place of what it held.',
  'It begins with three lines between two lines of `---`: `summary:` what you did or found, in one sentence; `severity:` low, normal or high, by how much it needs a person; `action:` what they should do next.',
  'Below, in a few lines, what they should know.',
].join(' ');

/** Parts the person's words from what follows them. */
const rule = '\n\n---\n';

/**
 * The prompt with the notes and the preamble below it: an agent's own list of conversations then shows the person's words.
 * One that is a command of the agent (`/review`, `!ls`) goes as it is: what follows would be taken for its arguments.
 */
export function withPreamble(
  { prompt, acceptance = [] }: Pick<TaskRecord, 'prompt' | 'acceptance'>,
  preamble: string,
  report: string,
): string {
  if (/^[/!]/.test(prompt)) return prompt;
  const notes =
    acceptance.length === 0
      ? []
      : [`It is done when all of this holds:\n${acceptance.map((note) => `- ${note}`).join('\n')}`];
  const asked = preamble.trim() === '' ? [] : [preamble.trim().replaceAll('{report}', () => report)];
  const below = [...notes, ...asked].join('\n\n');
  return below === '' ? prompt : `${prompt}${rule}${below}`;
}

/** The person's words alone. */
export function withoutPreamble(prompt: string): string {
  const at = prompt.lastIndexOf(rule);
  return at < 0 ? prompt : prompt.slice(0, at);
}
