/** update(model, message) → the next model and what is to be done. The only place that decides what a key means. */

import { usageText } from '../core/agents/usage.ts';
import { oneLine } from '../core/errors.ts';
import { act } from './sidebar-actions.ts';
import { helpLines } from './sidebar-help.ts';
import { clamp, type Entry, heightOf, layOut, offsetShowing } from './sidebar-layout.ts';
import {
  identity,
  paneOf,
  type SidebarCommand,
  type SidebarMessage,
  type SidebarModel,
  type Target,
} from './sidebar-model.ts';
import { answered, composed, pasted, prompting, sent } from './sidebar-prompt.ts';
import { viewSidebar } from './sidebar-view.ts';

/** The next model, and commands in the order they are to be carried out. */
export interface Update {
  readonly model: SidebarModel;
  readonly commands: readonly SidebarCommand[];
}

const wheelLines = 3;

/** Folds one message into the model. Total: an unknown key changes nothing. */
export function update(model: SidebarModel, message: SidebarMessage): Update {
  switch (message.kind) {
    case 'snapshot':
      return still(kept(model, { ...model, snapshot: message.snapshot, now: message.now, error: null }));
    case 'usage':
      return sameUsage(model, message) ? still(model) : still({ ...model, usage: message.usage });
    case 'failed':
      return still({ ...model, error: message.message });
    case 'notice':
      return still({ ...model, notice: message.message });
    case 'away':
      return still(kept(model, { ...model, away: message.items, silent: message.silent, now: message.now }));
    case 'tick':
      return still({ ...model, now: message.now });
    case 'shown':
      return still({ ...model, window: message.window });
    case 'resize':
      return still(inView({ ...model, columns: message.columns, rows: message.rows }));
    case 'wheel':
      return still(scrolled(model, message.by * wheelLines));
    case 'answered':
      return still(answered(model, message));
    case 'sent':
      return still(sent(model, message));
    case 'composed':
      return still(composed(model, message));
    case 'paste':
      return still(
        model.mode === 'filter'
          ? narrowed(model, model.filter + oneLine(message.text))
          : pasted(model, message.text),
      );
    case 'click':
      return clicked({ ...model, notice: null }, message.row);
    case 'key':
      return pressed({ ...model, notice: null }, message);
  }
}

/** Nothing is drawn for what is the same as before. */
function sameUsage({ usage }: SidebarModel, told: Extract<SidebarMessage, { kind: 'usage' }>): boolean {
  if (usage.size !== told.usage.size) return false;
  return [...told.usage].every(([task, now]) => {
    const before = usage.get(task);
    return before !== undefined && usageText(before) === usageText(now);
  });
}

type Key = Extract<SidebarMessage, { kind: 'key' }>;

function still(model: SidebarModel): Update {
  return { model, commands: [] };
}

function pressed(model: SidebarModel, key: Key): Update {
  if (key.name === 'C-c')
    return { model: { ...model, mode: 'list' }, commands: model.kind === 'popup' ? [{ do: 'quit' }] : [] };
  if (model.mode === 'help') return helping(model, key);
  if (model.mode === 'prompt') return prompting(model, key);
  return model.mode === 'filter' ? typing(model, key) : listing(model, key);
}

function helping(model: SidebarModel, key: Key): Update {
  const step = steps[key.name] ?? steps[key.text ?? ''];
  if (step !== undefined) return still(scrolled(model, step));
  const leaves =
    ['q', '?', 'escape', 'enter'].includes(key.text ?? key.name) || ['escape', 'enter'].includes(key.name);
  return still(leaves ? { ...model, mode: 'list', scroll: 0 } : model);
}

function typing(model: SidebarModel, key: Key): Update {
  if (key.name === 'enter') return still({ ...model, mode: 'list' });
  if (key.name === 'escape') return still(narrowed({ ...model, mode: 'list' }, ''));
  if (key.name === 'up' || key.name === 'down') return still(moved(model, key.name === 'up' ? -1 : 1));
  if (key.name === 'C-u') return still(narrowed(model, ''));
  if (key.name === 'backspace') return still(narrowed(model, [...model.filter].slice(0, -1).join('')));
  return still(key.text === null ? model : narrowed(model, model.filter + key.text));
}

const steps: Readonly<Record<string, number>> = { j: 1, down: 1, k: -1, up: -1 };

function listing(model: SidebarModel, key: Key): Update {
  const step = steps[key.text ?? key.name] ?? steps[key.name];
  if (step !== undefined) return still(moved(model, step));
  const acted = act(model, key.text ?? key.name);
  if (acted !== null) return acted;
  if (key.text !== null && /^[1-9]$/.test(key.text)) return jumpToNumber(model, Number(key.text));
  switch (key.text ?? key.name) {
    case 'g':
    case 'home':
      return still(moved(model, Number.NEGATIVE_INFINITY));
    case 'G':
    case 'end':
      return still(moved(model, Number.POSITIVE_INFINITY));
    case '/':
      return still({ ...model, mode: 'filter' });
    case '?':
      return still({ ...model, mode: 'help', scroll: 0 });
    case 'n':
      return { model, commands: [{ do: 'new' }] };
    case 'h':
      return { model, commands: [{ do: 'hosts' }] };
    case 'q':
      return model.filter === '' ? quit(model) : still(narrowed(model, ''));
  }
  switch (key.name) {
    case 'enter':
      return jumpTo(
        model,
        targets(model).find((target) => identity(target) === layOut(model).selected) ?? targets(model)[0],
      );
    case 'escape':
      if (model.failure !== null) return still({ ...model, failure: null });
      return model.filter === '' && model.selected === null
        ? quit(model)
        : still(narrowed({ ...model, selected: null }, ''));
    case 'pagedown':
      return still(moved(model, Math.max(1, layOut(model).tasksHeight - 1)));
    case 'pageup':
      return still(moved(model, -Math.max(1, layOut(model).tasksHeight - 1)));
    case 'C-l':
      return { model, commands: [{ do: 'refresh' }] };
  }
  return still(model);
}

function quit(model: SidebarModel): Update {
  return { model, commands: model.kind === 'popup' ? [{ do: 'quit' }] : [] };
}

/** The entries a person can select, from top to bottom. */
function targets(model: SidebarModel): readonly Target[] {
  const layout = layOut(model);
  return [...layout.docket, ...layout.tasks].flatMap((entry: Entry) => entry.target ?? []);
}

function moved(model: SidebarModel, by: number): SidebarModel {
  const all = targets(model);
  const { selected } = layOut(model);
  const at = all.findIndex((target) => identity(target) === selected);
  const start = at < 0 && by > 0 ? -1 : Math.max(0, at);
  const next = all[clamp(start + by, 0, all.length - 1)];
  return next === undefined ? model : inView({ ...model, selected: identity(next) });
}

function narrowed(model: SidebarModel, filter: string): SidebarModel {
  const next = { ...model, filter, scroll: 0 };
  if (filter === '' || filter === model.filter) return inView(next);
  const [first] = targets(next);
  return inView({ ...next, selected: first === undefined ? null : identity(first) });
}

/** After a reading: a selected entry that is gone hands the selection to the one now in its place. */
function kept(before: SidebarModel, after: SidebarModel): SidebarModel {
  if (after.selected === null || layOut(after).selected !== null) return after;
  const list = (model: SidebarModel) => {
    const layout = layOut(model);
    const item = after.selected?.startsWith('item\n') ?? false;
    return (item ? layout.docket : layout.tasks).flatMap((entry) => entry.id ?? []);
  };
  const at = list(before).indexOf(layOut(before).selected ?? '');
  const now = list(after);
  return inView({ ...after, selected: now[Math.min(at, now.length - 1)] ?? null });
}

/** Scrolls the task list just so far that the selected entry can be seen. */
function inView(model: SidebarModel): SidebarModel {
  if (model.mode === 'help') return model;
  const { tasks, tasksHeight, tasksOffset, selected } = layOut(model);
  return {
    ...model,
    scroll: offsetShowing(tasks, model.selected === null ? null : selected, tasksHeight, tasksOffset),
  };
}

function scrolled(model: SidebarModel, by: number): SidebarModel {
  const { tasks, tasksHeight, tasksOffset, room } = layOut(model);
  if (model.mode === 'help')
    return { ...model, scroll: clamp(model.scroll + by, 0, helpLines(model, model.columns).length - room) };
  return { ...model, scroll: clamp(tasksOffset + by, 0, heightOf(tasks) - tasksHeight) };
}

function clicked(model: SidebarModel, row: number): Update {
  if (model.mode === 'help') return still({ ...model, mode: 'list', scroll: 0 });
  const target = viewSidebar(model).targets[row];
  return target ? jumpTo({ ...model, mode: 'list' }, target) : still(model);
}

function jumpToNumber(model: SidebarModel, number: number): Update {
  const item = model.snapshot?.docket[number - 1];
  return item
    ? jumpTo(model, { kind: 'item', item, number })
    : still({ ...model, notice: `nothing has number ${number}` });
}

function jumpTo(model: SidebarModel, target: Target | undefined): Update {
  if (target === undefined) return still(model);
  const next = inView({ ...model, selected: identity(target) });
  if (target.kind === 'item' && target.item.host !== undefined) {
    const { host, project, task, agent } = target.item;
    const to = agent === null ? task : `${task}/${agent}`;
    return {
      model: next,
      commands: [{ do: 'away', host, project, task: to, leave: model.kind === 'popup' }],
    };
  }
  const pane = paneOf(target);
  if (pane !== null) return { model: next, commands: [{ do: 'jump', pane, leave: model.kind === 'popup' }] };
  const task = target.kind === 'item' ? target.item.task : target.task.name;
  return still({ ...next, notice: `${task} has no pane now; pitwall start ${task}` });
}
