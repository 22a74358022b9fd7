/** What the sidebar knows, and what can happen to it. All of it is data; update.ts folds messages into the model. */
import type { Agent, DocketItem, Snapshot, Task } from '../core/model.ts';

/** A key that works in the sidebar, for the footer and the help (`enter`, `1-9`, `j`). */
export interface KeyHelp {
  readonly key: string;
  readonly words: string;
}

/** One line for the person: an error stays until the next good reading, a notice until the next key. */
export interface SidebarModel {
  readonly snapshot: Snapshot | null;
  /** `sidebar` stays when its work is done, `popup` leaves. */
  readonly kind: 'sidebar' | 'popup';
  /** list: keys move and jump; filter: keys are typed; help: the keys are shown. */
  readonly mode: 'list' | 'filter' | 'help';
  /** Identity of the selected entry; null: whatever the docket has first. */
  readonly selected: string | null;
  readonly filter: string;
  /** tmux's id of the window on screen (`@4`), when known. */
  readonly window: string | null;
  /** Lines of the task list above the first one shown. */
  readonly scroll: number;
  readonly notice: string | null;
  readonly error: string | null;
  readonly columns: number;
  readonly rows: number;
  readonly ascii: boolean;
  /** ms since the epoch. */
  readonly now: number;
  readonly keys: readonly KeyHelp[];
}

/** What happened. Times are ms since the epoch. */
export type SidebarMessage =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly now: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'key'; readonly name: string; readonly text: string | null }
  | { readonly kind: 'click'; readonly row: number }
  | { readonly kind: 'wheel'; readonly by: number }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'shown'; readonly window: string };

/** What the loop is to do. */
export type SidebarCommand =
  | { readonly do: 'jump'; readonly pane: string; readonly leave: boolean }
  | { readonly do: 'refresh' }
  | { readonly do: 'new' }
  | { readonly do: 'quit' };

/** What an entry of the sidebar stands for. */
export type Target =
  | { readonly kind: 'item'; readonly item: DocketItem; readonly number: number }
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'agent'; readonly task: Task; readonly agent: Agent };

/** The model before anything was read. */
export function newSidebar(
  given: Pick<SidebarModel, 'kind' | 'columns' | 'rows' | 'ascii' | 'now' | 'keys'> &
    Partial<Pick<SidebarModel, 'window'>>,
): SidebarModel {
  return {
    window: null,
    ...given,
    snapshot: null,
    mode: 'list',
    selected: null,
    filter: '',
    scroll: 0,
    notice: null,
    error: null,
  };
}

/** What stays the same about a target while everything shown of it changes. */
export function identity(target: Target): string {
  if (target.kind === 'item') {
    const { project, task, agent, kind } = target.item;
    return ['item', project, task, agent ?? '', kind].join('\n');
  }
  const { project, name } = target.task;
  return target.kind === 'task'
    ? ['task', project, name].join('\n')
    : ['task', project, name, target.agent.name].join('\n');
}

/** The pane to go to for a target: of a task the agent's that is most pressing; null when there is none now. */
export function paneOf(target: Target): string | null {
  if (target.kind === 'item') return target.item.pane;
  if (target.kind === 'agent') return target.agent.pane;
  const { agents, state } = target.task;
  const seated = agents.filter((agent) => agent.pane !== null);
  return (seated.find((agent) => agent.state === state) ?? seated[0])?.pane ?? null;
}

/** The task that a docket item belongs to, when the snapshot still has it. */
export function taskOf(snapshot: Snapshot, item: DocketItem): Task | null {
  const project = snapshot.projects.find((each) => each.name === item.project);
  return project?.tasks.find((task) => task.name === item.task) ?? null;
}

/** The docket and the tasks by project that the filter lets through; every word of it must be found. */
export function filtered(model: SidebarModel): {
  readonly docket: readonly { readonly item: DocketItem; readonly number: number }[];
  readonly projects: readonly { readonly name: string; readonly tasks: readonly Task[] }[];
} {
  const snapshot = model.snapshot;
  if (snapshot === null) return { docket: [], projects: [] };
  const words = model.filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const passes = (...texts: readonly (string | null)[]) => {
    const all = texts.join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const docket = snapshot.docket
    .map((item, index) => ({ item, number: index + 1 }))
    .filter(({ item }) => passes(item.project, item.task, item.agent, item.kind, item.summary));
  const projects = snapshot.projects.map(({ name, tasks }) => ({
    name,
    tasks: tasks.filter((task) =>
      passes(
        name,
        task.name,
        task.branch,
        task.state,
        ...task.agents.flatMap(({ name, role }) => [name, role]),
      ),
    ),
  }));
  return { docket, projects: projects.filter((project) => project.tasks.length > 0) };
}

/** Since when a task is in its state: its most pressing agent's, else since it was made. ISO 8601. */
export function taskSince(task: Task): string {
  return task.agents.find((agent) => agent.state === task.state)?.since ?? task.created;
}
