/** Which entries of the sidebar get how many lines: the docket first, the tasks in what is left. */
import type { StyledLine } from '../core/styled.ts';
import { filtered, identity, type SidebarModel, type Target, taskOf } from './sidebar-model.ts';
import {
  agentColumn,
  agentLine,
  edged,
  headingLine,
  itemLines,
  type RowStyle,
  silentLine,
  taskLines,
  wideFrom,
} from './sidebar-rows.ts';

/** Lines that belong together; `target` is null for a heading. */
export interface Entry {
  readonly id: string | null;
  readonly target: Target | null;
  readonly lines: readonly StyledLine[];
}

/** The two lists as laid out, and the part of each that is shown. Offsets and heights in lines. */
export interface Layout {
  readonly docket: readonly Entry[];
  readonly tasks: readonly Entry[];
  readonly docketHeight: number;
  readonly docketOffset: number;
  readonly tasksHeight: number;
  readonly tasksOffset: number;
  readonly tasksTotal: number;
  readonly selected: string | null;
  /** Lines between what is fixed at the top and at the bottom. */
  readonly room: number;
  /** Which of the fixed lines there is room for. */
  readonly header: boolean;
  readonly headerRule: boolean;
  readonly divider: boolean;
  readonly note: boolean;
  readonly footerRule: boolean;
  readonly footer: boolean;
}

/** Wider popups keep their lines this short, so that the eye finds the end of a line. In cells. */
export const widest = 100;

/** A model never changes, so its layout is made once, however many ask. */
const known = new WeakMap<SidebarModel, Layout>();

/** Lays out the lists of a model for its size. Total: every size has a layout, down to nothing. */
export function layOut(model: SidebarModel): Layout {
  const layout = known.get(model) ?? makeLayout(model);
  known.set(model, layout);
  return layout;
}

function makeLayout(model: SidebarModel): Layout {
  const lists = filtered(model);
  const shown = lists.projects.flatMap((project) => project.tasks);
  const style: RowStyle = {
    width: Math.min(model.columns, widest),
    ascii: model.ascii,
    now: model.now,
    several: (model.snapshot?.projects.length ?? 0) > 1,
    agentColumn: agentColumn(shown, model.columns),
    usage: model.usage,
  };
  const selected = selectedIn(model, [
    ...lists.docket.map(({ item, number }): Target => ({ kind: 'item', item, number })),
    ...shown.flatMap((task): readonly Target[] => [
      { kind: 'task', task },
      ...task.agents.map((agent): Target => ({ kind: 'agent', task, agent })),
    ]),
  ]);
  const fixed = fixedLines(model, lists.docket.length > 0 && shown.length > 0);
  const room = Math.max(0, model.rows - Object.values(fixed).filter(Boolean).length);
  const drawDocket = (level: number) => [
    ...docketEntries(model, lists.docket, style, selected, level),
    ...silentEntries(model, style),
  ];
  const least = Math.min(shown.length, room < 8 ? 1 : Math.floor(room / 3));
  const levels = [0, 1, 2, 3];
  const docket = levels.map(drawDocket).find((entries) => heightOf(entries) <= room - least) ?? drawDocket(3);
  const docketHeight = Math.min(heightOf(docket), Math.max(room - least, Math.min(1, room)));
  const tasksHeight = room - docketHeight;
  const drawTasks = (density: number) => taskEntries(model, lists.projects, style, selected, density);
  const tasks = [2, 1].map(drawTasks).find((entries) => heightOf(entries) <= tasksHeight) ?? drawTasks(0);
  const total = heightOf(tasks);
  return {
    ...fixed,
    room: room + (fixed.divider ? 1 : 0),
    docket,
    tasks,
    docketHeight,
    docketOffset: offsetShowing(docket, selected, docketHeight, 0),
    tasksHeight,
    tasksOffset: clamp(model.scroll, 0, total - tasksHeight),
    tasksTotal: total,
    selected: standing(selected, [...docket, ...tasks]),
  };
}

/** Lines of some entries together. */
export function heightOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entry.lines.length, 0);
}

/** The offset nearest to `offset` at which the entry `id` is wholly in view of `height` lines. */
export function offsetShowing(
  entries: readonly Entry[],
  id: string | null,
  height: number,
  offset: number,
): number {
  const index = entries.findIndex((entry) => entry.id === id);
  const entry = entries[index];
  const most = heightOf(entries) - height;
  if (id === null || !entry) return clamp(offset, 0, most);
  const top = heightOf(entries.slice(0, index));
  return clamp(clamp(offset, top + entry.lines.length - height, top), 0, most);
}

/** `value` between two bounds; the lower one wins when they cross. */
export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}

/** The selection as it is drawn: an agent that is folded away is stood for by its task. */
function standing(selected: string | null, entries: readonly Entry[]): string | null {
  if (selected === null || entries.some((entry) => entry.id === selected)) return selected;
  return entries.find((entry) => entry.id !== null && selected.startsWith(`${entry.id}\n`))?.id ?? null;
}

function selectedIn(model: SidebarModel, targets: readonly Target[]): string | null {
  const [first] = targets;
  if (model.selected === null) return first?.kind === 'item' ? identity(first) : null;
  return targets.some((target) => identity(target) === model.selected) ? model.selected : null;
}

function fixedLines(model: SidebarModel, both: boolean) {
  const { rows } = model;
  const said = model.notice ?? model.failure ?? model.error ?? model.snapshot?.problems[0] ?? null;
  return {
    header: rows >= 2,
    headerRule: rows >= 10,
    divider: both && rows >= 6,
    note: said !== null && rows >= 5,
    footerRule: rows >= (model.mode === 'prompt' ? 5 : 14),
    footer: rows >= 4,
  };
}

/** Levels: 0 all lines, 1 two lines an item, 2 one line but for the first, 3 one line each. */
function docketEntries(
  model: SidebarModel,
  docket: ReturnType<typeof filtered>['docket'],
  style: RowStyle,
  selected: string | null,
  level: number,
): readonly Entry[] {
  return docket.map(({ item, number }, index) => {
    const target: Target = { kind: 'item', item, number };
    const task = model.snapshot === null ? null : taskOf(model.snapshot, item);
    const most = style.width >= wideFrom ? 3 : 2;
    const lines = level === 0 ? most : level === 1 || (level === 2 && index === 0) ? 2 : 1;
    const here = task?.window !== null && task?.window === model.window;
    return entry(target, itemLines({ item, number }, task, style, lines), style, here, selected);
  });
}

/** A line for each host that does not answer. */
function silentEntries(model: SidebarModel, style: RowStyle): readonly Entry[] {
  if (model.filter !== '') return [];
  return model.silent.map((line) => ({ id: null, target: null, lines: [silentLine(line, style)] }));
}

/** Densities: 2 everything with a line an agent, 1 agents folded into their task's line, 0 one line a task. */
function taskEntries(
  model: SidebarModel,
  projects: ReturnType<typeof filtered>['projects'],
  style: RowStyle,
  selected: string | null,
  density: number,
): readonly Entry[] {
  return projects.flatMap(({ name, tasks }) => [
    ...(style.several ? [{ id: null, target: null, lines: [headingLine(name, style)] }] : []),
    ...tasks.flatMap((task) => {
      const here = task.window !== null && task.window === model.window;
      const unfolded = density === 2 && task.agents.length > 1;
      const agents = unfolded ? task.agents : [];
      const fallen =
        !unfolded && selected !== null && selected.startsWith(`${identity({ kind: 'task', task })}\n`);
      const chosen = fallen ? identity({ kind: 'task', task }) : selected;
      return [
        entry({ kind: 'task', task }, taskLines(task, style, density > 0, !unfolded), style, here, chosen),
        ...agents.map((agent) =>
          entry({ kind: 'agent', task, agent }, [agentLine(agent, task, style)], style, here, selected),
        ),
      ];
    }),
  ]);
}

function entry(
  target: Target,
  lines: readonly StyledLine[],
  style: RowStyle,
  here: boolean,
  selected: string | null,
): Entry {
  const id = identity(target);
  return {
    id,
    target,
    lines: lines.map((line, index) => edged(line, here, index === 0 && id === selected, style.ascii)),
  };
}
