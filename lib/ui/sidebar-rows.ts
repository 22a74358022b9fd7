/** Entries of the sidebar as lines: a docket item, a task, an agent. Nothing here knows how many lines there are. */

import type { Usage } from '../core/agents/reading.ts';
import { usageText } from '../core/agents/usage.ts';
import { cutEnd, cutMiddle, displayWidth, padEnd, padStart } from '../core/cells.ts';
import type { Agent, DocketItem, Task } from '../core/model.ts';
import { shareText } from '../core/overlap/overlap-text.ts';
import type { Span, StyledLine } from '../core/styled.ts';
import { age } from '../core/text.ts';
import { fit, joinFitting, lineWidth, reversed, spread } from './line.ts';
import { taskAddress, taskSince } from './sidebar-model.ts';
import {
  changed,
  checksSpan,
  kindLook,
  type Marks,
  marks,
  overlapSpan,
  signSpan,
  stateLook,
  taskLook,
} from './theme.ts';

/** How lines are to look: shared by all entries of one frame. `width` in cells. */
export interface RowStyle {
  readonly width: number;
  readonly ascii: boolean;
  /** ms since the epoch. */
  readonly now: number;
  /** More than one project: items say which one they belong to. */
  readonly several: boolean;
  /** Cells of the column that names agents; 0 when there is no room for it. */
  readonly agentColumn: number;
  /** As the model has it. */
  readonly usage: ReadonlyMap<string, Usage>;
}

/** From this width on the state is said in a word and a third line tells branch and worktree. */
export const wideFrom = 46;
const wordsFrom = 56;
/** From this width on it is told what a task has used. */
export const usageFrom = 50;
/** Below this width the agents' names go. */
const agentsFrom = 30;
const ageWidth = 3;

/** The column for agents' names that fits these tasks, at this width. */
export function agentColumn(tasks: readonly Task[], width: number): number {
  if (width < agentsFrom) return 0;
  const widest = Math.max(
    0,
    ...tasks.map((task) =>
      displayWidth(
        agentsInShort(task, false)
          .map(({ text }) => text)
          .join(''),
      ),
    ),
  );
  return Math.min(widest, width < wideFrom ? 8 : 14);
}

/** A docket item: what waits, what it wants, and where there is room what to do about it. `lines` from 1 to 3. */
export function itemLines(
  { item, number }: { readonly item: DocketItem; readonly number: number },
  task: Task | null,
  style: RowStyle,
  lines: number,
): readonly StyledLine[] {
  const mark = marks(style.ascii);
  const look = kindLook(item.kind, style.ascii);
  const when = ageSpan(item.since, style);
  const digit = number >= 1 && number <= 9 ? String(number) : ' ';
  const room = style.width - 5 - ageWidth - 1;
  const head: StyledLine = [
    { text: `${digit} `, dim: true },
    signSpan(look),
    { text: ' ' },
    ...itemName(item, task, style, room),
  ];
  const drawn = [spread(head, [when], style.width - 1, mark.cut)];
  if (lines >= 2) drawn.push(indented(summary(item, style), style));
  if (lines >= 3) {
    const action: StyledLine = item.action === null ? [] : [{ text: `${mark.action} ${item.action}` }];
    const change = task === null ? [] : joinFitting(changeParts(task, mark), style.width - 4);
    const both = action.length > 0 && change.length > 0;
    if (both)
      drawn.push(indented(spread(action, [{ text: '  ' }, ...change], style.width - 3, mark.cut), style));
    else if (action.length + change.length > 0) drawn.push(indented([...action, ...change], style));
  }
  return drawn;
}

/** Of a host that does not answer. */
export function silentLine(words: string, style: RowStyle): StyledLine {
  const mark = marks(style.ascii);
  const look = stateLook('unknown', style.ascii);
  return fit([{ text: '   ' }, signSpan(look), { text: ` ${words}`, dim: true }], style.width, mark.cut);
}

/** A task in one line, or with what else is known of it below. */
export function taskLines(
  task: Task,
  style: RowStyle,
  detail: boolean,
  folded: boolean,
): readonly StyledLine[] {
  const mark = marks(style.ascii);
  const quiet = task.state === 'exited' && task.problem === null;
  const right = [...rightColumns(task, style, folded), ageSpan(taskSince(task), style)];
  const overlap = overlapSpan(task.overlaps[0], style.ascii);
  const sign: readonly Span[] = overlap === null ? [] : [{ text: ' ' }, overlap];
  const room = style.width - 3 - lineWidth(right) - lineWidth(sign);
  const name: Span = { text: cutMiddle(task.name, room, mark.cut), ...(quiet ? { dim: true } : {}) };
  const left = [signSpan(taskLook(task, style.ascii)), { text: ' ' }, name, ...sign];
  const drawn = [spread(left, right, style.width - 1, mark.cut)];
  if (!detail) return drawn;
  const facts = joinFitting(
    [
      ...branchPart(task, style, mark),
      ...changeParts(task, mark),
      ...overlapPart(task, style),
      ...usagePart(task, style),
    ],
    style.width - 3,
  );
  if (facts.length > 0) drawn.push(indented(facts, style));
  if (task.problem !== null) drawn.push(indented([{ text: task.problem, color: 'red' }], style));
  return drawn;
}

/** One agent of a task that has several. */
export function agentLine(agent: Agent, task: Task, style: RowStyle): StyledLine {
  const mark = marks(style.ascii);
  const right: Span[] = style.width < wordsFrom ? [] : [{ text: padEnd(agent.state, 9), dim: true }];
  right.push(ageSpan(agent.since, style));
  const name = cutMiddle(agent.name, Math.max(6, Math.floor(style.width / 2) - 5), mark.cut);
  const tells = task.agents.some((other) => other.role !== agent.role) && agent.role !== agent.name;
  const role: readonly Span[] = tells ? [{ text: `  ${agent.role}`, dim: true }] : [];
  const left: StyledLine = [
    { text: '  ' },
    signSpan(stateLook(agent.state, style.ascii, changed(task))),
    { text: ' ' },
    { text: name },
    ...role,
  ];
  return spread(left, [{ text: ' ' }, ...right], style.width - 1, mark.cut);
}

/** The name of a project over its tasks. */
export function headingLine(project: string, style: RowStyle): StyledLine {
  const mark = marks(style.ascii);
  return fit(
    [{ text: ` ${cutMiddle(project, style.width - 2, mark.cut)}`, bold: true }],
    style.width,
    mark.cut,
  );
}

/** The line with its left edge: the mark of what is on screen, or a blank; reversed when it is the selected one. */
export function edged(line: StyledLine, here: boolean, selected: boolean, ascii: boolean): StyledLine {
  const edge: Span = here ? { text: marks(ascii).here, bold: true } : { text: ' ' };
  return [edge, ...(selected ? reversed(line) : line)];
}

function itemName(item: DocketItem, task: Task | null, style: RowStyle, room: number): StyledLine {
  const mark = marks(style.ascii);
  const host = item.host === undefined ? '' : `${item.host}:`;
  const project = host !== '' || style.several ? `${host}${item.project}:` : '';
  const agent = item.agent !== null && (task?.agents.length ?? 0) > 1 ? `/${item.agent}` : '';
  const whole = displayWidth(project + item.task + agent);
  if (whole <= room)
    return [
      { text: project, dim: true },
      { text: item.task, bold: true },
      { text: agent, dim: true },
    ];
  if (host !== '' && displayWidth(host) < room / 2)
    return [
      { text: host, dim: true },
      { text: cutMiddle(item.task, room - displayWidth(host), mark.cut), bold: true },
    ];
  const short =
    room - displayWidth(item.task) < 0 ? '' : cutEnd(agent, room - displayWidth(item.task), mark.cut);
  return [
    { text: cutMiddle(item.task, room, mark.cut), bold: true },
    { text: short, dim: true },
  ];
}

function summary(item: DocketItem, style: RowStyle): StyledLine {
  const pressing = item.severity === 'high' && item.kind !== 'failure';
  const text = cutEnd(item.summary, style.width - 3 - (pressing ? 2 : 0), marks(style.ascii).cut);
  if (pressing) return [{ text: '! ', bold: true }, { text }];
  return [item.severity === 'low' ? { text, dim: true } : { text }];
}

function rightColumns(task: Task, style: RowStyle, folded: boolean): readonly Span[] {
  const columns: Span[] = [{ text: ' ' }];
  if (style.agentColumn > 0) {
    const agents = folded || task.agents.length < 2 ? agentsInShort(task, style.ascii) : [];
    const shown = fit(agents, style.agentColumn, marks(style.ascii).cut);
    columns.push(...shown, { text: ' ' });
  }
  if (style.width >= wordsFrom) {
    const word = task.problem !== null ? 'problem' : task.queued ? 'queued' : task.state;
    columns.push({ text: padEnd(word, 9), dim: true });
  }
  return columns;
}

/** One agent by its name, several by the signs of their states in the order of their panes. */
function agentsInShort(task: Task, ascii: boolean): readonly Span[] {
  const [first, second] = task.agents;
  if (first && second)
    return task.agents.map((agent) => signSpan(stateLook(agent.state, ascii, changed(task))));
  return first ? [{ text: first.name, dim: true }] : [];
}

function branchPart(task: Task, style: RowStyle, mark: Marks): readonly StyledLine[] {
  if (style.width < wideFrom || task.branch === task.name) return [];
  return [[{ text: cutMiddle(task.branch, Math.floor(style.width / 2), mark.cut), dim: true }]];
}

function changeParts(task: Task, mark: Marks): readonly StyledLine[] {
  const parts: StyledLine[] = [];
  const { diff } = task;
  if (diff !== null && diff.files > 0) {
    const added: Span = { text: `+${diff.insertions}`, color: 'green', dim: true };
    const gone: Span = { text: `${mark.minus}${diff.deletions}`, color: 'red', dim: true };
    parts.push([
      ...(diff.insertions > 0 ? [added] : []),
      ...(diff.insertions > 0 && diff.deletions > 0 ? [{ text: ' ' }] : []),
      ...(diff.deletions > 0 ? [gone] : []),
    ]);
  }
  const checks = checksSpan(task.checks);
  if (checks !== null) parts.push([checks]);
  if (diff !== null && diff.files > 0)
    parts.push([{ text: `${diff.files} ${diff.files === 1 ? 'file' : 'files'}`, dim: true }]);
  if (task.approved) parts.push([{ text: 'approved', color: 'green', dim: true }]);
  if (task.queued) parts.push([{ text: 'queued', dim: true }]);
  return parts.filter((part) => part.length > 0);
}

/** Which task is in the way most, and how much of the smaller change both make: `⇄ parser-rewrite 34 %`. */
function overlapPart(task: Task, style: RowStyle): readonly StyledLine[] {
  const worst = task.overlaps[0];
  const sign = overlapSpan(worst, style.ascii);
  if (worst === undefined || sign === null || style.width < wideFrom) return [];
  const name = cutMiddle(worst.task, Math.floor(style.width / 3), marks(style.ascii).cut);
  return [[sign, { text: ` ${name} ${shareText(worst.share)}`, dim: true }]];
}

function usagePart(task: Task, style: RowStyle): readonly StyledLine[] {
  const usage = style.width < usageFrom ? undefined : style.usage.get(taskAddress(task));
  return usage === undefined ? [] : [[{ text: usageText(usage), dim: true }]];
}

function ageSpan(since: string, style: RowStyle): Span {
  return { text: padStart(age(style.now - Date.parse(since)), ageWidth), dim: true };
}

function indented(line: StyledLine, style: RowStyle): StyledLine {
  return fit([{ text: '  ' }, ...line], style.width - 1, marks(style.ascii).cut);
}
