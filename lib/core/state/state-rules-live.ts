/** The rules for agents that run and of which something is told: by their hooks, file, title or screen. */
import type { Report } from '../journal/fold-hook.ts';
import { times } from './signals.ts';
import { type Case, finished, is, none, type Rule } from './state-rule.ts';
import { holds, idleSince, type Source, type Word } from './weigh.ts';

const names: Readonly<Record<Source, string>> = {
  registry: 'its own file',
  title: 'its title',
  screen: 'its screen',
};

/** Who says so, and who does not: `its title says working and its screen says working; it last reported waiting`. */
function told({ verdict, folded: { report } }: Case, what: string): string {
  const words = verdict?.words ?? [];
  if (words.length === 0) return `it reported ${what}`;
  const says = words.map((word) => `${names[word.source]} says ${word.state}`).join(' and ');
  if (report === null) return says;
  return verdict?.hooks ? `it reported ${what}, and ${says}` : `${says}; it last reported ${report.state}`;
}

/** When what the words say began: their own time, else the last event, for they are shown without one. */
function began({ verdict, folded: { report }, printed, base }: Case): string {
  const [at] = (verdict?.words ?? []).flatMap((word) => (word.at === null ? [] : [word.at]));
  if (at !== undefined) return new Date(at).toISOString();
  if (report !== null) return report.last;
  return printed === null ? base : new Date(printed).toISOString();
}

/** Whether a file's word is about the same moment as a report, and not about the turn before. */
function near(word: Word, report: Report): boolean {
  return word.at !== null && Math.abs(word.at - Date.parse(report.at)) <= times.lag;
}

/** In the order in which they are asked, after those for agents that do not run. */
export const alive: readonly Rule[] = [
  {
    known: 'it asks: most signals say so, or a dialog is on its screen; at the start too',
    leads: ['waiting', 'question'],
    decide: (known) => {
      const { verdict, folded } = known;
      if (verdict?.stand !== 'waiting') return null;
      const report = folded.report?.state === 'waiting' ? folded.report : null;
      const words = [...verdict.words].sort((a) => (a.source === 'screen' ? -1 : 1));
      const message = report?.message ?? words.find((word) => word.message !== null)?.message ?? null;
      const since = report?.at ?? began(known);
      return is('waiting', since, told(known, 'waiting'), { message });
    },
  },
  {
    known: 'its turn failed: reported, or told by its own file',
    leads: ['failed', 'failure'],
    decide: (known) => {
      const { verdict, folded } = known;
      const failed = verdict?.words.find(({ state }) => state === 'failed');
      if (verdict?.stand !== 'over') return null;
      if (folded.report?.state === 'failed') {
        const { at, message } = folded.report;
        return is('failed', at, told(known, 'failed'), { message, outcome: 'failed' });
      }
      // An end of which nothing was said (Gemini CLI tells no more of an error) is a failure when its file says so.
      const ended = folded.report?.state === 'done' ? folded.report : null;
      if (failed === undefined || (ended !== null && (ended.message !== null || !near(failed, ended))))
        return null;
      return is('failed', began(known), told(known, 'failed'), {
        message: failed.message,
        outcome: 'failed',
      });
    },
  },
  {
    known: 'its turn is over: reported',
    leads: ['done', finished],
    decide: (known) => {
      const { verdict, folded } = known;
      if (verdict?.stand !== 'over' || folded.report?.state !== 'done') return null;
      const { report } = folded;
      const words = verdict.words.find((word) => word.message !== null && near(word, report));
      const message = report.message ?? words?.message ?? null;
      return is('done', report.at, told(known, 'done'), { message, outcome: 'done' });
    },
  },
  {
    known: 'it reported `working` and looks idle, for less than 1.5 s',
    leads: ['working', none],
    decide: (known) => {
      const { verdict, folded, now } = known;
      if (verdict?.stand !== 'over' || folded.report?.state !== 'working') return null;
      const since = idleSince(verdict, known);
      if (since !== null && now - since >= times.debounce) return null;
      return is('working', folded.report.at, 'it reported working; it has looked idle for a moment only');
    },
  },
  {
    known: 'its turn is over without a report (Esc, a denial): most signals say that it is idle',
    leads: ['done', finished],
    decide: (known) => {
      const { verdict, folded } = known;
      if (verdict?.stand !== 'over' || folded.report === null) return null;
      const { state, message: asked } = folded.report;
      const message =
        state === 'waiting'
          ? `ended without an answer to: ${asked ?? 'its question'}`
          : (verdict.words.find((word) => word.message !== null)?.message ?? 'its turn ended without a word');
      const idle = idleSince(verdict, known);
      const since = idle === null ? began(known) : new Date(idle).toISOString();
      return is('done', since, told(known, 'idle'), { message, outcome: 'done' });
    },
  },
  {
    known: 'it works: most signals say so; background work after the end of a turn counts',
    leads: ['working', none],
    decide: (known) => {
      const { verdict, folded } = known;
      if (verdict?.stand !== 'working') return null;
      const report = folded.report?.state === 'working' ? folded.report : null;
      const why = report?.background
        ? 'its turn is over, work in the background goes on'
        : told(known, 'working');
      return is('working', report?.at ?? began(known), why);
    },
  },
  {
    known:
      'it reported `working` 30 minutes ago, or `waiting` 12 hours ago with no dialog on its screen, and nothing confirms it',
    leads: ['unknown', none],
    decide: (known) => {
      const { report } = known.folded;
      if (report === null || (report.state !== 'working' && report.state !== 'waiting')) return null;
      if (holds(report, known)) return null;
      const since = new Date(Date.parse(report.last) + times[report.state]).toISOString();
      const why = `it reported ${report.state} too long ago, and nothing confirms it`;
      return is('unknown', since, why, { message: report.message });
    },
  },
];
