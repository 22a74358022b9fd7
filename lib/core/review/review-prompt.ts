/** The prompt that a return sends: every comment with its file, its line and the lines it is about. */
import { oneLine } from '../errors.ts';
import type { Placed } from './review-place.ts';

/** Lines quoted of a comment, and UTF-16 units of each: an agent has the file at hand. */
const mostQuoted = 12;
const longestQuoted = 240;

/** One prompt of all comments, numbered from 1, in the order of the files and lines. */
export function returnPrompt(placed: readonly Placed[]): string {
  const sorted = [...placed].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.from - b.from));
  const points = sorted.map((each, index) => `${index + 1}. ${place(each)}\n${quoted(each)}${said(each)}`);
  const count = points.length === 1 ? 'one comment' : `${points.length} comments`;
  return `Your change was reviewed. There ${points.length === 1 ? 'is' : 'are'} ${count}:\n\n${points.join('\n\n')}`;
}

function place({ path, from, to, comment }: Placed): string {
  const removed = comment.side === 'old' ? 'removed ' : '';
  return `${oneLine(path)}, ${removed}${from === to ? `line ${from}` : `lines ${from}-${to}`}`;
}

function quoted({ comment }: Placed): string {
  const lines = comment.lines.slice(0, mostQuoted).map((line) => {
    const text = line.replace(/\r$/, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
    return `   > ${text.length > longestQuoted ? `${text.slice(0, longestQuoted)}…` : text}\n`;
  });
  const more = comment.lines.length - lines.length;
  return lines.join('') + (more > 0 ? `   > … ${more} more\n` : '');
}

function said({ comment }: Placed): string {
  return comment.text
    .trim()
    .split('\n')
    .map((line) => `   ${line}`)
    .join('\n');
}
