/** One place that makes names, for creating and for looking up alike. */
import { PitwallError } from './errors.ts';

/** Longest task name in characters: fits a file name on every system, with room for suffixes. */
const longest = 48;

/** Words that carry nothing in a prompt's first line. */
const small = new Set(
  'a an and are as at be by can could do for from has have i in into is it its let me my of on or our please should so some that the then there this to up us we with you your'.split(
    ' ',
  ),
);

/**
 * The task name for what a person typed (`feat/x`, `Fix Login!`, `修 é`): lower case, letters and digits of any
 * script, `-` and `_`. Answers an empty string when nothing is left.
 */
export function taskName(typed: string): string {
  const slug = typed
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_]+/gu, '-')
    .replace(/^[-_]+/, '');
  return trimSlug([...slug].slice(0, longest).join(''));
}

/** A readable task name from the first words of a prompt; `task` when it has none. Not yet unique. */
export function taskNameFromPrompt(prompt: string): string {
  const line = prompt.split('\n').find((each) => /[\p{L}\p{N}]/u.test(each)) ?? '';
  const words = taskName(line.slice(0, 400).replace(/['’]/g, '')).split('-');
  const telling = words.filter((word) => word !== '' && !small.has(word));
  const chosen: string[] = [];
  for (const word of telling.length > 0 ? telling : words) {
    if (chosen.length === 4 || [...chosen, word].join('-').length > 32) break;
    chosen.push(word);
  }
  return trimSlug(chosen.join('-')) || trimSlug(words.join('-').slice(0, 32)) || 'task';
}

/** `name`, or `name-2`, `name-3` … : the first that `taken` does not know. */
export function uniqueName(name: string, taken: (name: string) => boolean): string {
  if (!taken(name)) return name;
  for (let number = 2; ; number += 1) {
    const candidate = numbered(name, `-${number}`);
    if (!taken(candidate)) return candidate;
  }
}

/** Whether `uniqueName` makes `candidate` of `name` where others have the name. */
export function isNumbered(candidate: string, name: string): boolean {
  const suffix = /-[1-9]\d*$/.exec(candidate)?.[0];
  return suffix !== undefined && suffix !== '-1' && candidate === numbered(name, suffix);
}

function numbered(name: string, suffix: string): string {
  return `${[...name].slice(0, longest - suffix.length).join('')}${suffix}`;
}

/** The project name for a repository's folder name; also fit for a tmux session name. */
export function projectName(folder: string): string {
  return taskName(folder) || 'project';
}

/** What a person typed to name a task: `TASK`, `PROJECT:TASK`, `TASK/AGENT`, `PROJECT:TASK/AGENT`. */
export interface TaskReference {
  readonly project: string | null;
  /** Readings of the rest, the likelier first: a task named like the whole, or task and agent. */
  readonly readings: readonly { readonly task: string; readonly agent: string | null }[];
}

/** Reads a task reference; Usage when nothing of a name is in it. */
export function parseReference(typed: string): TaskReference {
  const colon = typed.indexOf(':');
  const project = colon > 0 ? projectName(typed.slice(0, colon)) : null;
  const rest = colon > 0 ? typed.slice(colon + 1) : typed;
  const readings = [{ task: taskName(rest), agent: null as string | null }];
  const slash = rest.lastIndexOf('/');
  if (slash > 0)
    readings.push({ task: taskName(rest.slice(0, slash)), agent: taskName(rest.slice(slash + 1)) });
  const named = readings.filter((reading) => reading.task !== '' && reading.agent !== '');
  if (named.length === 0) throw new PitwallError('Usage', `“${typed}” names no task`, 'pitwall list');
  return { project, readings: named };
}

/** Whether a task reference says its project: `PROJECT:TASK`. */
export function namesProject(typed: string): boolean {
  return typed.indexOf(':') > 0;
}

/** Names out of `known` that a mistyped `name` may have meant, nearest first, three at most. */
export function nearNames(name: string, known: readonly string[]): readonly string[] {
  return known
    .map((each) => ({ each, far: distance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, far }) => far <= Math.max(1, Math.floor(name.length / 3)) || each.startsWith(name))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ each }) => each);
}

/** Damerau–Levenshtein distance of two short strings: two neighbours that changed places are one slip. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const other = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : other;
      next.push(Math.min(other, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

function trimSlug(slug: string): string {
  return slug.replace(/-{2,}/g, '-').replace(/^-+|-+$/g, '');
}
