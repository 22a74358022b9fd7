/**
 * The docket's order, and what of it can be told from the options of panes alone. bin/pitwall-hook has the same rule
 * in awk, so that an agent's report is on the docket before any Node runs; a test holds the two together.
 */

/** What decides an entry's place. */
export interface DocketRank {
  /** `@pitwall_order`: 5000 less the task's priority; missing is 5000. */
  readonly order?: number;
  /** Index into docketKinds. */
  readonly kind: number;
  /** When it began; any unit, the same for all. */
  readonly since: number;
  /** `%7`. */
  readonly pane: string;
}

/** A new list in the docket's order: higher priority, then kind, then oldest, then the older pane. */
export function orderDocket<Entry extends DocketRank>(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort(
    (a, b) =>
      (a.order ?? 5000) - (b.order ?? 5000) || a.kind - b.kind || a.since - b.since || number(a) - number(b),
  );
}

/** An agent's pane as its options tell it. */
export interface AgentPane extends Omit<DocketRank, 'kind'> {
  /** `@pitwall_kind` as last published; null when no item was published for the pane. */
  readonly kind: number | null;
  readonly state: string;
  /** Project and task: what is the same for agents of one task. */
  readonly task: string;
  readonly dead: boolean;
}

/** The kind of what has finished (review) and of all that is held back while the task is at work. */
const finished = 3;

/** Published for a pane whose finished turn waits for its checks: whoever ran them tells when it is on the docket. */
export const heldBack = 9;

/** The panes that wait, in order: a task that has finished is one entry, and none while another agent of it works. */
export function docketOfPanes(panes: readonly AgentPane[]): readonly string[] {
  const busy = new Set(panes.filter((pane) => atWork(pane) && !pane.dead).map((pane) => pane.task));
  const entries = panes.flatMap((pane) => {
    const kind = atWork(pane) ? null : kindOf(pane);
    return kind === null || (kind >= finished && busy.has(pane.task)) ? [] : [{ ...pane, kind }];
  });
  const firsts = new Map<string, DocketRank>();
  for (const entry of entries) {
    const first = firsts.get(entry.task);
    if (entry.kind >= finished && (!first || isOlder(entry, first))) firsts.set(entry.task, entry);
  }
  const shown = entries.filter((entry) => entry.kind < finished || firsts.get(entry.task) === entry);
  return orderDocket(shown).map((entry) => entry.pane);
}

function atWork(pane: AgentPane): boolean {
  return pane.state === 'working' || pane.state === 'starting';
}

function kindOf(pane: AgentPane): number | null {
  if (pane.state === 'waiting') return 0;
  if (pane.state === 'failed') return 1;
  if (pane.kind === heldBack) return null;
  if (pane.state === 'done') return pane.kind === 3 || pane.kind === 4 ? pane.kind : finished;
  return pane.kind;
}

function isOlder(a: DocketRank, b: DocketRank): boolean {
  return a.since < b.since || (a.since === b.since && number(a) < number(b));
}

function number(entry: DocketRank): number {
  return Number(entry.pane.slice(1));
}
