/** The one resolver: from what is known of an agent to its state, with the reason in words. */
import type { FoldedAgent } from './fold.ts';
import type { AgentState } from './model.ts';
import type { Preset } from './preset.ts';

/** The pane of an agent as tmux tells it now; null when no pane is its own. */
export interface PaneSight {
  readonly pane: string;
  readonly pid: number;
  readonly dead: boolean;
  readonly status: number | null;
  readonly signal: string | null;
}

export interface Signals {
  readonly folded: FoldedAgent;
  readonly pane: PaneSight | null;
  readonly preset: Pick<Preset, 'hooks' | 'prompt' | 'reading'> | null;
  /** When its output last grew (ms since the epoch), or null when its output is not recorded. */
  readonly printed: number | null;
  /** A question read from its quiet screen, or null. */
  readonly asked: string | null;
  /** ms since the epoch. */
  readonly now: number;
}

export interface Resolved {
  readonly state: AgentState;
  readonly since: string;
  readonly message: string | null;
  readonly why: string;
  /** The turn that is over and waits for a look: `done` is told even of a program that has ended since. */
  readonly outcome: 'done' | 'failed' | null;
}

/** Milliseconds that a program started without a prompt is given before it may be typed to. */
const settling = 1500;

/** An agent that was given nothing to do reports nothing until it is: that it is silent says nothing bad. */
export function startedIdle(folded: FoldedAgent): boolean {
  return folded.report === null && !folded.hadPrompt;
}

/** Total: every combination of signals has a state. A missing signal is never taken for an idle agent. */
export function resolveState(signals: Signals): Resolved {
  const { folded, pane, preset } = signals;
  const base = folded.launchedAt ?? new Date(signals.now).toISOString();
  if (folded.stopped !== null && (pane === null || pane.dead))
    return {
      state: 'exited',
      since: folded.stopped,
      message: null,
      why: folded.launchedAt === null ? 'it was not started' : 'you stopped it',
      outcome: null,
    };
  if (folded.launchedAt === null)
    return { state: 'starting', since: base, message: null, why: 'it was not launched yet', outcome: null };
  if (pane === null || pane.dead) return ended(signals, base);
  if (folded.report) return reported(folded.report);
  if (preset === null)
    return { state: 'unknown', since: base, message: null, why: 'its preset is not known', outcome: null };
  if (preset.hooks === 'none') return fromOutput(signals, preset, base);
  return silent(signals, base);
}

/** An agent with hooks that has said nothing since its launch. */
function silent({ folded, now }: Signals, base: string): Resolved {
  const cut = folded.interrupted;
  if (startedIdle(folded) && now - Date.parse(base) > settling) {
    const was = cut?.state === 'waiting' ? 'asking' : 'at work';
    const message =
      cut === null ? null : `was interrupted while ${was}${cut.message ? `: ${cut.message}` : ''}`;
    const why = 'started without a prompt; it has reported nothing yet';
    return {
      state: 'unknown',
      since: cut?.at ?? base,
      message,
      why,
      outcome: cut === null ? null : 'failed',
    };
  }
  const why = 'launched; it has reported nothing yet';
  return { state: 'starting', since: base, message: null, why, outcome: null };
}

function reported(report: NonNullable<FoldedAgent['report']>): Resolved {
  const outcome = report.state === 'done' || report.state === 'failed' ? report.state : null;
  return {
    state: report.state,
    since: report.at,
    message: report.message,
    why: `it reported ${report.state}`,
    outcome,
  };
}

/** The process is gone. What it reported before its end still counts: a finished turn stays finished. */
function ended(signals: Signals, base: string): Resolved {
  const { folded, pane } = signals;
  const exited =
    folded.exited ?? (pane?.dead ? { at: base, status: pane.status, signal: pane.signal } : null);
  const report = folded.report;
  if (exited === null) {
    const outcome = report?.state === 'done' ? 'done' : 'failed';
    const message = outcome === 'done' ? (report?.message ?? null) : 'its pane is gone';
    return { state: 'exited', since: report?.at ?? base, message, why: 'its pane is gone', outcome };
  }
  if (report?.state === 'done')
    return {
      state: 'exited',
      since: report.at,
      message: report.message,
      why: 'it reported done, then ended',
      outcome: 'done',
    };
  const how = exited.signal
    ? `ended by signal ${exited.signal}`
    : `exited with ${exited.status ?? 'an unknown status'}`;
  if (exited.status === 0 && !exited.signal && report?.state !== 'failed')
    return {
      state: 'exited',
      since: exited.at,
      message: 'its program has ended',
      why: how,
      outcome: folded.hadPrompt ? 'done' : null,
    };
  const message = report?.state === 'failed' ? report.message : how;
  return { state: 'failed', since: exited.at, message, why: how, outcome: 'failed' };
}

/** An agent without hooks: it prints, or it is quiet. A shell that was given no prompt is never “done”. */
function fromOutput(signals: Signals, preset: Pick<Preset, 'prompt' | 'reading'>, base: string): Resolved {
  const { printed, folded, now } = signals;
  if (printed === null && now - Date.parse(base) > preset.reading.quietMs)
    return { state: 'unknown', since: base, message: null, why: 'it has printed nothing', outcome: null };
  if (printed === null)
    return {
      state: 'starting',
      since: base,
      message: null,
      why: 'it has printed nothing yet',
      outcome: null,
    };
  const at = new Date(printed).toISOString();
  const quiet = now - printed;
  if (quiet < preset.reading.quietMs && quiet > -preset.reading.quietMs)
    return { state: 'working', since: base, message: null, why: 'it is printing', outcome: null };
  if (signals.asked !== null)
    return {
      state: 'waiting',
      since: at,
      message: signals.asked,
      why: 'its quiet screen ends in a question',
      outcome: null,
    };
  const seconds = Math.max(0, Math.round(preset.reading.quietMs / 1000));
  const prompted = folded.promptedAt !== null && Date.parse(folded.promptedAt) <= printed;
  if (!prompted || preset.prompt === 'none')
    return {
      state: 'unknown',
      since: at,
      message: null,
      why: `quiet for ${seconds} s, and nothing tells why`,
      outcome: null,
    };
  return {
    state: 'done',
    since: at,
    message: null,
    why: `quiet for ${seconds} s after its prompt`,
    outcome: 'done',
  };
}

const pressing: readonly AgentState[] = [
  'waiting',
  'failed',
  'done',
  'unknown',
  'working',
  'starting',
  'exited',
];

/** The most pressing of some agents' states; `exited` when there are none. */
export function mostPressing(states: readonly AgentState[]): AgentState {
  return pressing.find((state) => states.includes(state)) ?? 'exited';
}
