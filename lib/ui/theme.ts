/** Signs and colours. Every meaning has a sign of its own: colour only helps. Signs are one cell wide. */

import type { TokenKind } from '../core/diff/syntax.ts';
import type { AgentState, Checks, DocketKind, Task } from '../core/model.ts';
import type { TaskOverlap } from '../core/overlap/overlap.ts';
import type { Color, Span } from '../core/styled.ts';

/** How a kind or state looks: its sign and its style. */
export interface Look {
  readonly sign: string;
  readonly color?: Color;
  readonly bold?: boolean;
  readonly dim?: boolean;
}

interface Signs extends Omit<Look, 'sign'> {
  /** The sign, and the one for terminals without UTF-8. */
  readonly signs: readonly [string, string];
}

const kinds: Readonly<Record<DocketKind, Signs>> = {
  question: { signs: ['?', '?'], color: 'yellow', bold: true },
  failure: { signs: ['!', '!'], color: 'red', bold: true },
  conflict: { signs: ['×', 'x'], color: 'magenta' },
  review: { signs: ['◆', '#'], color: 'cyan' },
  report: { signs: ['≡', '='], color: 'blue' },
  note: { signs: ['¶', 'i'] },
};

const states: Readonly<Record<AgentState, Signs>> = {
  waiting: kinds.question,
  failed: kinds.failure,
  done: kinds.report,
  working: { signs: ['●', '*'], color: 'green' },
  starting: { signs: ['◌', 'o'], color: 'green', dim: true },
  exited: { signs: ['·', '.'], dim: true },
  unknown: { signs: ['~', '~'], dim: true },
};

const checkLooks: Readonly<Record<Exclude<Checks, 'none'>, Span>> = {
  passed: { text: 'checks ok', color: 'green', dim: true },
  failed: { text: 'checks failed', color: 'red' },
  running: { text: 'checks running', dim: true },
};

/** The look of a docket item's kind. */
export function kindLook(kind: DocketKind, ascii = false): Look {
  return look(kinds[kind], ascii);
}

/** The look of an agent's state; `changed`: done with a change to review rather than something to read. */
export function stateLook(state: AgentState, ascii = false, changed = false): Look {
  return look(state === 'done' && changed ? kinds.review : states[state], ascii);
}

/** The look of a task: its state's, and a task that is done shows whether there is a change. */
export function taskLook(task: Task, ascii = false): Look {
  if (task.problem !== null) return look(kinds.failure, ascii);
  return stateLook(task.state, ascii, changed(task));
}

/** A task's state in words. Nothing of a queued one was begun yet: agents that wait for another task never exited. */
export function stateText({ queued, state }: Task): string {
  return queued ? 'queued' : state;
}

/** Whether a task's worktree differs from its base: its agents that are done are then shown as with a change. */
export function changed(task: Task): boolean {
  return (task.diff?.files ?? 0) > 0;
}

/** What a task's checks say, in words; null when it has none. */
export function checksSpan(checks: Checks): Span | null {
  return checks === 'none' ? null : checkLooks[checks];
}

/** How two tasks that change the same files look; null when it is fine. A conflict has a sign of its own. */
export function overlapSpan(overlap: TaskOverlap | undefined, ascii: boolean): Span | null {
  if (overlap === undefined) return null;
  const sign = marks(ascii).overlap;
  if (overlap.conflict === true) return { text: sign + look(kinds.conflict, ascii).sign, color: 'magenta' };
  if (overlap.weight === 'fine') return null;
  return overlap.weight === 'serial' ? { text: sign, color: 'yellow' } : { text: sign, dim: true };
}

/** Not red or green, which tell what happened to a line, nor yellow, which is hard to read on white. */
const tokenLooks: Readonly<Record<TokenKind, Partial<Span>>> = {
  keyword: { color: 'magenta' },
  string: { color: 'cyan' },
  constant: { color: 'cyan' },
  comment: { dim: true },
  type: { color: 'blue' },
  name: { color: 'blue' },
  heading: { bold: true },
};

/** How a part of a line of code looks, beside what tells that the line changed. */
export function tokenLook(kind: TokenKind): Partial<Span> {
  return tokenLooks[kind];
}

/** A look's sign as a span. */
export function signSpan({ sign, ...style }: Look): Span {
  return { text: sign, ...style };
}

/** Marks that are not signs of a state. */
export interface Marks {
  /** At the left edge of what is on screen. */
  readonly here: string;
  readonly rule: string;
  readonly cut: string;
  readonly enter: string;
  readonly minus: string;
  readonly action: string;
  readonly up: string;
  readonly down: string;
  readonly dot: string;
  /** Another task changes the same files. */
  readonly overlap: string;
}

const drawn: Marks = {
  here: '▎',
  rule: '─',
  cut: '…',
  enter: '⏎',
  minus: '−',
  action: '→',
  up: '↑',
  down: '↓',
  dot: '·',
  overlap: '⇄',
};

const typed: Marks = {
  here: '|',
  rule: '-',
  cut: '~',
  enter: 'Enter',
  minus: '-',
  action: '>',
  up: '^',
  down: 'v',
  dot: '-',
  overlap: '&',
};

/** The marks, in UTF-8 or ASCII. */
export function marks(ascii: boolean): Marks {
  return ascii ? typed : drawn;
}

function look({ signs, ...style }: Signs, ascii: boolean): Look {
  return { sign: signs[ascii ? 1 : 0], ...style };
}
