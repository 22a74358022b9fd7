/** Finished turns that say the same about the same files: one entry of the docket, so that they are read once. */

import type { AgentReport } from '../journal/report.ts';
import type { DocketItem, Task } from '../model.ts';
import { pathWords } from '../overlap/named-paths.ts';

/** What there is to compare of a finished turn. */
export interface Finished {
  readonly task: Task;
  readonly report: AgentReport | null;
  /** What it says, before anything is added to it; null when it says nothing of its own. */
  readonly said: string | null;
}

/**
 * The items, each that says the same as one before it left out and named there. `finished` knows those that may be joined;
 * all others stay. What was left out is an entry of its own again as soon as the first is decided about.
 */
export function joinSame(
  items: readonly DocketItem[],
  finished: ReadonlyMap<DocketItem, Finished>,
): readonly DocketItem[] {
  const firsts: { readonly item: DocketItem; readonly of: Finished; readonly also: DocketItem[] }[] = [];
  const joined = new Set<DocketItem>();
  for (const item of items) {
    const of = finished.get(item);
    if (of === undefined || of.said === null) continue;
    const first = firsts.find((each) => each.item.kind === item.kind && saysTheSame(each.of, of));
    if (first === undefined) firsts.push({ item, of, also: [] });
    else {
      first.also.push(item);
      joined.add(item);
    }
  }
  const others = new Map(firsts.map(({ item, also }) => [item, also]));
  return items.flatMap((item) => {
    if (joined.has(item)) return [];
    const also = others.get(item) ?? [];
    return also.length === 0 ? [item] : [withOthers(item, also)];
  });
}

function withOthers(item: DocketItem, also: readonly DocketItem[]): DocketItem {
  const names = also.map(({ task }) => task);
  const more = names.length > 2 ? ` and ${names.length - 2} more` : '';
  const severity = [item, ...also].some((each) => each.severity === 'high') ? 'high' : item.severity;
  return {
    ...item,
    severity,
    summary: `${item.summary} (also ${names.slice(0, 2).join(', ')}${more})`,
    also: names,
  };
}

function saysTheSame(a: Finished, b: Finished): boolean {
  if (a.task.project !== b.task.project || a.task.name === b.task.name) return false;
  return words(a.said) === words(b.said) && sameFiles(a, b);
}

/** Letters and digits alone: a full stop more makes no other sentence. */
function words(said: string | null): string {
  return (said ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The files that both changed; of turns that changed nothing those that their reports name, which must name some. */
function sameFiles(a: Finished, b: Finished): boolean {
  const [one, other] = [a.task.diff?.files ?? 0, b.task.diff?.files ?? 0];
  if (one !== other) return false;
  if (one > 0) {
    const overlap = a.task.overlaps.find((each) => each.task === b.task.name);
    return overlap !== undefined && overlap.share === 1 && overlap.files === one;
  }
  const [mine, theirs] = [named(a.report), named(b.report)];
  return mine.length > 0 && mine.join('\n') === theirs.join('\n');
}

function named(report: AgentReport | null): readonly string[] {
  if (report === null) return [];
  return [...pathWords(`${report.summary ?? ''}\n${report.action ?? ''}\n${report.body}`)].sort();
}
