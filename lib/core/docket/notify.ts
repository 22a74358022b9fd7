/** Which docket items the person is told of now, and in what words: once per item, in bursts no closer than asked. */
import { cutEnd } from '../cells.ts';
import type { DocketItem, DocketKind } from '../model.ts';
import type { terminalWays } from '../settings/preferences.ts';
import { plain } from '../text.ts';

/** What was told already, kept between two looks. */
export interface Told {
  /** When the person was last told something (ms since the epoch); 0: never. */
  readonly last: number;
  /** Keys of the items that stand on the docket and need not be told any more. */
  readonly keys: readonly string[];
}

/** What to tell now, and when to look again. */
export interface Due {
  /** What to tell, in the docket's order; empty when there is nothing to tell now. */
  readonly items: readonly DocketItem[];
  readonly told: Told;
  /** Milliseconds after which to look again, because something was held back; null when nothing was. */
  readonly againIn: number | null;
}

/** Before the first time. */
export const nothingTold: Told = { last: 0, keys: [] };

/** An item's key: the same item keeps it, a new question of the same agent has another. */
export function itemKey(item: DocketItem): string {
  return JSON.stringify([item.project, item.task, item.agent, item.kind, item.since]);
}

/**
 * What is due. An item in view of the person counts as told. Within `cooldown` (ms) of the last time the rest is held
 * back; a clock that was set back ends that wait.
 */
export function dueItems(options: {
  readonly docket: readonly DocketItem[];
  readonly told: Told;
  readonly inView: (item: DocketItem) => boolean;
  readonly now: number;
  readonly cooldown: number;
}): Due {
  const { docket, told, inView, now, cooldown } = options;
  const worth = docket.filter((item) => item.kind !== 'note' || item.severity === 'high');
  const known = new Set(told.keys);
  const fresh = worth.filter((item) => !known.has(itemKey(item)) && !inView(item));
  const passed = now - told.last;
  const wait = passed >= 0 && passed < cooldown ? cooldown - passed : 0;
  const held = new Set(fresh.length > 0 && wait > 0 ? fresh.map(itemKey) : []);
  const keys = worth.map(itemKey).filter((key) => !held.has(key));
  if (held.size > 0) return { items: [], told: { last: told.last, keys }, againIn: wait };
  return { items: fresh, told: { last: fresh.length > 0 ? now : told.last, keys }, againIn: null };
}

const verbs: Readonly<Record<DocketKind, string>> = {
  question: 'asks',
  failure: 'failed',
  conflict: 'conflicts',
  review: 'is ready for review',
  report: 'reports',
  note: 'notes',
};

/** One line of at most `width` cells, without control characters: `fix-login asks: May I run: git push?`. */
export function itemsLine(items: readonly DocketItem[], width = 120): string {
  const [only, ...more] = items;
  if (!only) return '';
  if (more.length === 0) return cutEnd(plain(`${headline(only)}: ${only.summary}`), width);
  return cutEnd(plain(`${items.length} wait: ${items.map(headline).join(', ')}`), width);
}

function headline(item: DocketItem): string {
  return `${item.task} ${verbs[item.kind]}`;
}

/**
 * The bytes that make a terminal show a notification. Sources: iTerm2 “Proprietary Escape Codes”, urxvt's notify
 * extension, kitty “Desktop notifications”. `termName` is the client's TERM: inside another tmux the sequence goes in
 * that one's passthrough (tmux(1), allow-passthrough).
 */
export function terminalBytes(
  way: (typeof terminalWays)[number] | null,
  bell: boolean,
  line: string,
  termName: string,
): string {
  const text = plain(line);
  const ring = bell ? '\u0007' : '';
  if (way === null) return ring;
  const sequence = {
    osc9: `\u001b]9;${text}\u001b\\`,
    osc777: `\u001b]777;notify;pitwall;${text.replaceAll(';', ',')}\u001b\\`,
    osc99: `\u001b]99;;${text}\u001b\\`,
  }[way];
  if (!/^(tmux|screen)/.test(termName)) return sequence + ring;
  return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\${ring}`;
}
