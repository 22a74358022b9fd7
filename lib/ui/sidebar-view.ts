/** The sidebar as a frame: model in, styled lines and what stands on each of them out. Pure. */

import { cutEnd, cutMiddle, displayWidth } from '../core/cells.ts';
import type { Span, StyledLine } from '../core/styled.ts';
import { fit, joinFitting, lineWidth, rule, spread } from './line.ts';
import { workingActions } from './sidebar-actions.ts';
import { helpLines } from './sidebar-help.ts';
import { type Entry, type Layout, layOut, widest } from './sidebar-layout.ts';
import { filtered, type KeyHelp, type SidebarModel, type Target, taskOf } from './sidebar-model.ts';
import { draftOf } from './sidebar-prompt.ts';
import { kindLook, type Marks, marks, signSpan } from './theme.ts';

/** A whole frame. `targets[row]` is what a click on that row means. */
export interface Frame {
  readonly lines: readonly StyledLine[];
  readonly targets: readonly (Target | null)[];
}

interface Row {
  readonly line: StyledLine;
  readonly target: Target | null;
}

/** The frame of a model: exactly `rows` lines of exactly `columns` cells. */
export function viewSidebar(model: SidebarModel): Frame {
  if (model.columns < listFrom) return viewStrip(model);
  const layout = layOut(model);
  const mark = marks(model.ascii);
  const width = Math.min(model.columns, widest);
  const bare = (line: StyledLine): Row => ({ line, target: null });
  const line = (words: string) => bare(rule(words, '', width, mark.rule));
  const body =
    model.mode === 'help'
      ? helpLines(model, width).slice(model.scroll).map(bare)
      : listRows(model, layout, width);
  const top = [
    ...(layout.header ? [bare(header(model, width, mark))] : []),
    ...(layout.headerRule ? [line('')] : []),
  ];
  const bottom = [
    ...(layout.note ? [bare(note(model, width, mark))] : []),
    ...(layout.footerRule
      ? [line(model.mode === 'prompt' && model.to ? promptTitle(model, width, mark) : '')]
      : []),
    ...(layout.footer ? [bare(footer(model, width, mark))] : []),
  ];
  const room = Math.max(0, model.rows - top.length - bottom.length);
  const blank = Array.from({ length: Math.max(0, room - body.length) }, () => bare([]));
  const rows = [...top, ...body.slice(0, room), ...blank, ...bottom].slice(0, model.rows);
  return {
    lines: rows.map((row) => fit(row.line, model.columns, mark.cut)),
    targets: rows.map((row) => row.target),
  };
}

/** Below this many cells there are only signs. */
const listFrom = 6;

/** The docket's signs from top to bottom, those of the window on screen reversed: what a narrow window has room for. */
function viewStrip(model: SidebarModel): Frame {
  const { snapshot, columns, rows, ascii } = model;
  const items = [...(snapshot?.docket ?? []), ...model.away].slice(0, rows);
  const lines = items.map((item): StyledLine => {
    const window = snapshot === null ? null : (taskOf(snapshot, item)?.window ?? null);
    const sign = signSpan(kindLook(item.kind, ascii));
    return fit([window !== null && window === model.window ? { ...sign, reverse: true } : sign], columns, '');
  });
  const blank = Array.from({ length: Math.max(0, rows - lines.length) }, () => fit([], columns, ''));
  const targets = items.map(
    (item, index): Target => ({
      kind: 'item',
      item,
      number: item.host === undefined ? index + 1 : 0,
    }),
  );
  return { lines: [...lines, ...blank], targets: [...targets, ...blank.map(() => null)] };
}

function listRows(model: SidebarModel, layout: Layout, width: number): readonly Row[] {
  const { docket, tasks } = layout;
  if (docket.length + tasks.length === 0) return emptyRows(model, width);
  const rows = [...window(docket, layout.docketOffset, layout.docketHeight)];
  if (layout.divider) rows.push({ line: divider(model, layout, width), target: null });
  return [...rows, ...window(tasks, layout.tasksOffset, layout.tasksHeight)];
}

function window(entries: readonly Entry[], offset: number, height: number): readonly Row[] {
  return entries
    .flatMap(({ lines, target }) => lines.map((line) => ({ line, target })))
    .slice(offset, offset + height);
}

function emptyRows(model: SidebarModel, width: number): readonly Row[] {
  if (model.snapshot === null) return [];
  const key = (text: string): Span => ({ text, bold: true });
  const lines: readonly StyledLine[] =
    model.filter === ''
      ? [[{ text: ' No task yet.' }], [{ text: ' Press ' }, key('n'), { text: ' to start one.' }]]
      : [[{ text: ` Nothing matches ${cutMiddle(model.filter, Math.max(1, width - 18))}.`, dim: true }]];
  return lines.map((line) => ({ line, target: null }));
}

function header(model: SidebarModel, width: number, mark: Marks): StyledLine {
  const projects = model.snapshot?.projects ?? [];
  const [only] = projects;
  const name = projects.length > 1 ? `${projects.length} projects` : (only?.name ?? 'pitwall');
  const waiting = (model.snapshot?.docket.length ?? 0) + model.away.length;
  const says: Span =
    waiting > 0
      ? { text: `${waiting} waiting`, color: 'yellow', bold: true }
      : { text: model.snapshot === null ? '' : 'all clear', color: 'green' };
  const room = width - displayWidth(says.text) - 2;
  return spread([{ text: ` ${cutMiddle(name, room, mark.cut)}`, bold: true }], [says], width, mark.cut);
}

function divider(model: SidebarModel, layout: Layout, width: number): StyledLine {
  const mark = marks(model.ascii);
  const tasks = filtered(model).projects.flatMap((project) => project.tasks);
  const working = tasks.filter((task) => task.state === 'working').length;
  const above = layout.tasksOffset;
  const below = layout.tasksTotal - layout.tasksOffset - layout.tasksHeight;
  const hidden = [above > 0 ? `${mark.up}${above}` : '', below > 0 ? `${mark.down}${below}` : ''].filter(
    Boolean,
  );
  const left = `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  const right = hidden.length > 0 ? hidden.join(' ') : working > 0 ? `${working} working` : '';
  return rule(left, right, width, mark.rule);
}

function note(model: SidebarModel, width: number, mark: Marks): StyledLine {
  const said = model.notice ?? model.failure ?? model.error;
  if (said !== null)
    return fit(
      [{ text: ' ! ', color: 'red', bold: true }, { text: shortPaths(said, mark) }],
      width,
      mark.cut,
    );
  const problems = model.snapshot?.problems ?? [];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const text = cutEnd(shortPaths(problems[0] ?? '', mark), width - 3 - displayWidth(more), mark.cut);
  return [
    { text: ' ! ', color: 'yellow' },
    { text: text + more, dim: true },
  ];
}

/** Long paths by their last two names: the beginning of a path tells least, and a line here is short. */
function shortPaths(text: string, mark: Marks): string {
  return text.replace(/(?<![^\s(:])\/\S*\/([^/\s]+\/[^/\s]+)/g, `${mark.cut}/$1`);
}

/** Whom the prompt is for, over the line it is typed in. */
function promptTitle({ to }: SidebarModel, width: number, mark: Marks): string {
  return to === null ? '' : cutMiddle(`to ${to.task}/${to.agent}`, Math.max(1, width - 4), mark.cut);
}

function footer(model: SidebarModel, width: number, mark: Marks): StyledLine {
  if (model.mode === 'prompt') return typedLine(draftOf(model), model.ascii, width, mark);
  if (model.mode === 'filter') {
    const typed = cutEnd([...model.filter].reverse().join(''), width - 20, mark.cut);
    const shown: StyledLine = [
      { text: ' /', bold: true },
      { text: [...typed].reverse().join('') },
      { text: ' ', reverse: true },
    ];
    return spread(shown, [{ text: `${count(model)} found `, dim: true }], width, mark.cut);
  }
  if (model.mode === 'help') {
    const back: StyledLine = [
      { text: ' q', bold: true },
      { text: ' back', dim: true },
    ];
    const below = helpLines(model, width).length - model.scroll - layOut(model).room;
    return below > 0 ? spread(back, [{ text: `${mark.down}${below} `, dim: true }], width, mark.cut) : back;
  }
  if (model.filter === '') return keysLine(keysHere(model), width, mark);
  const end: StyledLine = [
    { text: '/', bold: true },
    { text: ' esc clears', dim: true },
  ];
  const left = cutMiddle(model.filter, width - 14, mark.cut);
  return spread([{ text: ' /', bold: true }, { text: left }], end.slice(1), width, mark.cut);
}

/** What the footer says of a key: fewer words than the help. */
const short: Readonly<Record<string, string>> = {
  enter: 'go',
  '1-9': 'jump',
  a: 'allow',
  d: 'deny',
  space: 'prompt',
  p: 'look',
  m: 'mend',
  v: 'review',
  n: 'new',
  '/': 'filter',
  q: 'leave',
  '?': 'help',
};

/** The end of what is typed, with a cursor; line feeds are shown as signs. */
function typedLine(text: string, ascii: boolean, width: number, mark: Marks): StyledLine {
  const sign = text === '' ? ' Enter sends, esc keeps' : '';
  const shown = [...text.replaceAll('\n', ascii ? '|' : '↵')].reverse().join('');
  const end = [...cutEnd(shown, Math.max(1, width - 5), mark.cut)].reverse().join('');
  return fit(
    [{ text: ' > ', bold: true }, { text: end }, { text: ' ', reverse: true }, { text: sign, dim: true }],
    width,
    mark.cut,
  );
}

function keysLine(keys: readonly KeyHelp[], width: number, mark: Marks): StyledLine {
  const parts = keys.map(({ key, words }): StyledLine => {
    const name = key.toLowerCase();
    return [
      { text: name === 'enter' ? mark.enter : key, bold: true },
      { text: ` ${short[name] ?? words}`, dim: true },
    ];
  });
  const help = parts.at(-1);
  if (!help) return [];
  const first = joinFitting(parts.slice(0, -1), width - lineWidth(help) - 4);
  return fit(
    [{ text: ' ' }, ...first, ...(first.length > 0 ? [{ text: '  ' }] : []), ...help],
    width,
    mark.cut,
  );
}

/** The keys that do something now, the most useful first, help last. */
function keysHere(model: SidebarModel): readonly KeyHelp[] {
  const { docket, projects } = filtered(model);
  const some = docket.length + projects.length > 0;
  const actions = workingActions(model).filter((key) => key !== 'e');
  const answers: readonly string[] = actions.filter((key) => ['a', 'd', 'm', 'v'].includes(key));
  const useful = [
    ...(some ? ['enter'] : []),
    ...answers,
    ...(docket.length === 0 ? ['n'] : []),
    ...actions.filter((key) => !answers.includes(key)),
    ...(docket.length > 1 ? ['1-9'] : []),
    ...(docket.length > 0 ? ['n'] : []),
    ...(some ? ['/'] : []),
    ...(model.kind === 'popup' ? ['q'] : []),
    '?',
  ];
  return useful.flatMap((wanted) => model.keys.find((each) => each.key.toLowerCase() === wanted) ?? []);
}

function count(model: SidebarModel): number {
  const { docket, projects } = filtered(model);
  return projects.reduce((sum, project) => sum + project.tasks.length, 0) || docket.length;
}
