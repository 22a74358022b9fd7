/** Why an agent has its state: every signal that was seen and the rule that decided, for a person and for programs. */

import type { Sight } from '../agents/reading.ts';
import { age } from '../text.ts';
import type { Explained } from './explain.ts';

/** An agent's signals as `show --why --json` prints them: what is absent is null. */
export function whyJson({ record, pane, signals, decided }: Explained) {
  const { report, heardAt } = signals.folded;
  const { registry, title, screen, idleSeen, printed } = signals;
  return {
    agent: record.name,
    state: decided.state,
    since: decided.since,
    rule: decided.rule,
    why: decided.why,
    signals: {
      report,
      heardAt,
      file: registry === null ? null : { ...seen(registry), at: iso(registry.at) },
      title: title === null ? null : seen(title),
      screen: screen === null ? null : screen === 'unclear' ? { state: null, message: null } : seen(screen),
      idleSince: iso(idleSeen),
      printed: iso(printed),
      process: pane === null ? null : { pane: pane.pane, ...ending(pane) },
    },
  };
}

function seen({ state, message }: Sight) {
  return { state, message };
}

function ending({ pid, dead, status, signal }: NonNullable<Explained['pane']>) {
  return { pid, dead, status, signal };
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** The same in lines: the agent and its state, then each signal, then the rule. */
export function whyText({ record, pane, signals, decided }: Explained): string {
  const { now, registry, title, screen, printed, folded } = signals;
  const ago = (at: number) => `${span(now - at)} ago`;
  const rows: [string, string][] = [['process', processText(pane)]];
  const { report } = folded;
  if (report === null)
    rows.push(['report', folded.heardAt === null ? 'none since its launch' : 'no state yet']);
  else {
    const event = report.event === null ? '' : ` by ${report.event}`;
    rows.push(['report', `${report.state}${event}, ${ago(Date.parse(report.last))}${words(report.message)}`]);
  }
  if (report?.background) rows.push(['', 'its turn is over, work in the background goes on']);
  if (registry !== null) rows.push(['its file', `${sightText(registry)}, ${ago(registry.at)}`]);
  if (title !== null) rows.push(['title', sightText(title)]);
  if (screen !== null) rows.push(['screen', screen === 'unclear' ? 'nothing recognised' : sightText(screen)]);
  if (signals.idleSeen !== null) rows.push(['', `has looked idle for ${span(now - signals.idleSeen)}`]);
  if (printed !== null) rows.push(['output', `printed ${ago(printed)}`]);
  rows.push(['rule', decided.rule.replaceAll('`', '')], ['so', decided.why]);
  const head = `${record.name} (${record.preset}) ${decided.state} for ${span(now - Date.parse(decided.since))}`;
  return [head, ...rows.map(([label, value]) => `  ${label.padEnd(8)} ${value}`)].join('\n');
}

function processText(pane: Explained['pane']): string {
  if (pane === null) return 'no pane is its own';
  if (!pane.dead) return `runs as ${pane.pid} in ${pane.pane}`;
  return pane.signal ? `ended by signal ${pane.signal}` : `ended with ${pane.status ?? 'an unknown status'}`;
}

function sightText({ state, message }: Sight): string {
  return `${state}${words(message)}`;
}

function words(message: string | null): string {
  return message === null ? '' : `: ${message}`;
}

/** Seconds where people's ages say “now”: how old a signal is, is what this is about. */
function span(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.round(ms / 1000))}s` : age(ms);
}
