/** What landing writes for others: commit messages, the text of a pull request, the prompt that hands a conflict over. */
import { oneLine } from '../errors.ts';
import type { Strategy } from './land.ts';

/** Longest subject of a commit, in UTF-16 units: what git's own tools show whole. */
const longestSubject = 72;

/** What texts about a task are made from; all of it hostile. */
export interface LandedTask {
  readonly name: string;
  readonly branch: string;
  readonly prompt: string;
  /** The summary of its report, or null. */
  readonly summary: string | null;
}

/** Subject and body of a commit that is the task's change: its report's summary, else its prompt's first line. */
export function taskMessage(task: LandedTask): string {
  const prompt = lines(task.prompt);
  const first = oneLine(task.summary ?? prompt.find((line) => line.trim() !== '') ?? '');
  const subject = cut(first === '' ? task.name : first);
  const body = prompt.join('\n').trim();
  return body === '' || body === subject ? `${subject}\n` : `${subject}\n\n${body}\n`;
}

/**
 * The message of the commit that brings the task into its base. `merge` speaks as git does. `own`, the person's words for
 * what they had committed, is what a squash is told by: the commit they were given for does not outlive it.
 */
export function landingMessage(
  task: LandedTask,
  base: string,
  strategy: Strategy,
  own: string | null,
): string {
  if (strategy !== 'merge') return own ?? taskMessage(task);
  const summary = oneLine(task.summary ?? '');
  const subject = `Merge branch '${task.branch}' into ${base}`;
  return summary === '' ? `${subject}\n` : `${subject}\n\n${summary}\n`;
}

/** The message of the merge that brings the task's branch up to date. */
export function updateMessage(branch: string, base: string): string {
  return `Merge branch '${base}' into ${branch}\n`;
}

/** Title and body of a pull request. */
export function pullRequest(task: LandedTask, report: string | null) {
  const [title = task.name] = taskMessage(task).split('\n');
  const parts = [
    report?.trim() ?? '',
    task.prompt.trim() === '' ? '' : `Asked for:\n\n${quoted(task.prompt)}`,
  ];
  return { title, body: `${parts.filter((part) => part !== '').join('\n\n')}\n` };
}

/** The prompt that hands what stopped the landing to the task's agent. */
export function handOverText(
  task: { readonly branch: string },
  base: string,
  conflict: { readonly files: readonly string[]; readonly message: string },
): string {
  const what =
    conflict.files.length === 0
      ? `Landing this change on ${base} did not work: ${conflict.message}`
      : `Landing this change on ${base} stops at conflicts in:\n${conflict.files.map((file) => `- ${oneLine(file)}`).join('\n')}`;
  const how =
    conflict.files.length === 0
      ? `Bring ${task.branch} up to date with ${base} (git merge ${base}), put right what stands in the way and commit it.`
      : `Merge ${base} into ${task.branch} here (git merge ${base}), resolve the conflicts so that both changes keep their meaning, and commit the merge.`;
  return `${what}\n\n${how}\nChange nothing else, and leave ${base} itself alone.`;
}

/** Files that the line for the docket names. */
export const namedInMessage = 3;

/** Why it did not land, in a line for the docket. */
export function conflictLine(base: string, files: readonly string[], said: string): string {
  if (files.length === 0) return oneLine(`cannot be brought up to date with ${base}: ${said}`);
  const left = files.length - namedInMessage;
  const more = left > 0 ? ` and ${left} more` : '';
  return oneLine(`conflicts with ${base} in ${files.slice(0, namedInMessage).join(', ')}${more}`);
}

function lines(text: string): readonly string[] {
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
  return clean.split(/\r\n|\r|\n/);
}

function quoted(text: string): string {
  return lines(text.trim())
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** Whole words where there are any, never half a character. */
function cut(text: string): string {
  if (text.length <= longestSubject) return text;
  const part = text.slice(0, longestSubject - 1).replace(/[\ud800-\udbff]$/, '');
  const space = part.lastIndexOf(' ');
  return `${(space > 30 ? part.slice(0, space) : part).trimEnd()}…`;
}
