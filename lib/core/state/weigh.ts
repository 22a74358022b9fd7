/**
 * The signals of a living agent, weighed. Each that has something to say has one voice: its hooks, its own file, its
 * title, its screen. Most voices win, so one that lies is outvoted; among as many, a dialog on the screen comes first,
 * then its file, its title, its screen, and its hooks last, because they tell of the past.
 */

import type { Sight } from '../agents/reading.ts';
import type { Report } from '../journal/fold-hook.ts';
import { justStarted, type Signals, times } from './signals.ts';

/** Where an agent is looked at besides its hooks. */
export type Source = 'registry' | 'title' | 'screen';

/** What one source says beside the hooks. */
export interface Word extends Sight {
  readonly source: Source;
  /** When it was written (ms since the epoch); null: it is shown now. */
  readonly at: number | null;
}

type Stand = 'working' | 'waiting' | 'over';

/** Where the signals agree, or the most of them. */
export interface Verdict {
  readonly stand: Stand;
  /** The words that carry it, the weightiest first; none when the hooks alone do. */
  readonly words: readonly Word[];
  /** Whether its hooks say the same. */
  readonly hooks: boolean;
}

/** What the sources together say; null when nothing that counts says anything. */
export function weigh(signals: Signals): Verdict | null {
  const { report } = signals.folded;
  const voice = report !== null && holds(report, signals) ? standOf(report.state) : null;
  const words = wordsOf(signals).filter((word) => counts(word, signals));
  let best: Verdict | null = null;
  let most = 0;
  // The words stand in the order of their weight: of as many voices the first group stays.
  for (const { state } of words) {
    const stand = standOf(state);
    const group = words.filter((word) => standOf(word.state) === stand);
    const voices = group.length + (voice === stand ? 1 : 0);
    if (voices <= most) continue;
    best = { stand, words: group, hooks: voice === stand };
    most = voices;
  }
  if (best !== null) return best;
  return voice === null ? null : { stand: voice, words: [], hooks: true };
}

/**
 * All words, those that do not count included: a dialog first, then file, title, screen. A file that was last written
 * before the launch tells of the program that ran then: one that was killed at work goes on working in it.
 */
export function wordsOf({ registry, title, screen, folded }: Signals): readonly Word[] {
  const words: Word[] = [];
  const begun = folded.launchedAt === null ? Number.NEGATIVE_INFINITY : Date.parse(folded.launchedAt);
  const shown = screen === 'unclear' ? null : screen;
  if (shown?.state === 'waiting') words.push({ ...shown, source: 'screen', at: null });
  if (registry !== null && registry.at >= begun) words.push({ ...registry, source: 'registry' });
  if (title !== null) words.push({ ...title, source: 'title', at: null });
  if (shown !== null && shown.state !== 'waiting') words.push({ ...shown, source: 'screen', at: null });
  return words;
}

/**
 * Whether a report still counts when nothing confirms it. The end of a turn stays true. A question stays too where no
 * screen could show it: it leaves the docket by an answer. What is printed now is work.
 */
export function holds(report: Report, { screen, printed, preset, now }: Signals): boolean {
  if (report.state === 'done' || report.state === 'failed') return true;
  if (report.state === 'waiting' && screen !== 'unclear') return true;
  const prints = printed !== null && preset !== null && Math.abs(now - printed) < preset.reading.quietMs;
  if (report.state === 'working' && prints) return true;
  return now - Date.parse(report.last) <= times[report.state];
}

/** A word from before the last event is old, and one right after it may not have followed yet. */
function counts(word: Word, signals: Signals): boolean {
  const { report } = signals.folded;
  // At the start a title says “ready” even over a dialog; and nothing was begun that could be over.
  if (report === null) return word.state !== 'idle';
  const same = standOf(word.state) === standOf(report.state);
  if (same) return true;
  // Its prompt is free while it works in the background: only its own file knows whether that goes on.
  if (report.background && word.state === 'idle' && word.at === null) return false;
  const last = Date.parse(report.last);
  const settled = signals.now - last > times.lag;
  if (word.at === null) return settled;
  // The time of an event is known to the second.
  return word.at >= last + 1000 || (settled && word.at >= last);
}

/** `over` for what is neither at work nor asks. */
export function standOf(state: Sight['state'] | Report['state']): Stand {
  return state === 'working' || state === 'waiting' ? state : 'over';
}

/** Since when it looks idle though its hooks said that it works, in ms since the epoch; null when that is not known. */
export function idleSince(verdict: Verdict, { idleSeen }: Pick<Signals, 'idleSeen'>): number | null {
  const dated = verdict.words.flatMap(({ at }) => (at === null ? [] : [at]));
  return dated.length > 0 ? Math.min(...dated) : idleSeen;
}

/** Whether work looks over by signs that have no time of their own: when that began must be remembered. */
export function looksIdle(signals: Signals): boolean {
  const verdict = weigh(signals);
  return (
    signals.folded.report?.state === 'working' &&
    verdict?.stand === 'over' &&
    verdict.words.every(({ at, state }) => at === null && state === 'idle')
  );
}

/** Whether the screen should be looked at: the start is silent, signals disagree, or nothing confirms the report. */
export function inDoubt(signals: Signals): boolean {
  const { folded, pane, preset, now, printed } = signals;
  const reading = preset?.reading;
  if (!reading || pane === null || pane.dead || folded.launchedAt === null) return false;
  if (!reading.readScreen && !reading.asks) return false;
  const age = now - Date.parse(folded.launchedAt);
  const { report } = folded;
  if (report === null && preset.hooks === 'none')
    return printed !== null && Math.abs(now - printed) >= reading.quietMs;
  if (folded.heardAt === null && (report === null || report.event !== null)) return age > times.lag;
  if (report === null) return folded.hadPrompt && age > times.start / 2;
  const words = wordsOf(signals).filter((word) => counts(word, signals));
  if (words.some((word) => standOf(word.state) !== standOf(report.state))) return true;
  const silent = now - Date.parse(report.last);
  if (words.length > 0 || standOf(report.state) === 'over') return false;
  return silent > (report.state === 'waiting' ? times.lag : times.quietWork);
}

/**
 * Whether an agent that was started without a prompt takes one now. No hook fires while a dialog of its start is open,
 * so it must have been heard, or be seen to be idle; one that cannot be seen is taken at its word. One that is read from
 * its output and has a title is given time to set it: it is quiet for seconds before it takes anything.
 */
export function isReady(signals: Signals): boolean {
  const { folded, preset, now } = signals;
  if (!justStarted(folded)) return false;
  const seen = wordsOf(signals);
  const idle = seen.length > 0 && seen.every(({ state }) => state === 'idle');
  if (preset?.reading.readScreen === undefined) return true;
  const late = folded.launchedAt === null || now - Date.parse(folded.launchedAt) > times.start;
  const over = folded.report !== null && seen.length === 0 && late;
  if (preset.hooks === 'events') return folded.heardAt !== null || idle || over;
  if (idle || seen.length > 0 || preset.reading.readTitle === undefined) return idle || seen.length === 0;
  return late;
}
