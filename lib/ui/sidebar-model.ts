/** What the sidebar knows, and what can happen to it. All of it is data; update.ts folds messages into the model. */

import type { Usage } from '../core/agents/reading.ts';
import type { Agent, DocketItem, Snapshot, Task } from '../core/model.ts';

/** A key that works in the sidebar, for the footer and the help (`enter`, `1-9`, `j`). */
export interface KeyHelp {
  readonly key: string;
  readonly words: string;
}

/** An agent, as actions name it. */
export interface Addressee {
  readonly project: string;
  readonly task: string;
  readonly agent: string;
}

/** One string that stands for an addressee. */
export function addressOf({ project, task, agent }: Addressee): string {
  return [project, task, agent].join('\n');
}

/** One string that stands for a task. */
export function taskAddress({ project, name }: Pick<Task, 'project' | 'name'>): string {
  return [project, name].join('\n');
}

/**
 * One line for the person: an error stays until the next good reading, a notice until the next key, a failure of
 * something they did until Escape or the next thing they do.
 */
export interface SidebarModel {
  readonly snapshot: Snapshot | null;
  /** `sidebar` stays when its work is done, `popup` leaves. */
  readonly kind: 'sidebar' | 'popup';
  /** list: keys move and act; filter and prompt: keys are typed; help: the keys are shown. */
  readonly mode: 'list' | 'filter' | 'help' | 'prompt';
  /** Identity of the selected entry; null: whatever the docket has first. */
  readonly selected: string | null;
  readonly filter: string;
  /** tmux's id of the window on screen (`@4`), when known. */
  readonly window: string | null;
  /** Lines of the task list above the first one shown. */
  readonly scroll: number;
  /** Whom the prompt in the footer is for. */
  readonly to: Addressee | null;
  /** Prompts begun and not sent yet, by address. */
  readonly drafts: Readonly<Record<string, string>>;
  /** Addresses of the agents that an answer is on its way to: a second one could meet the next question. */
  readonly answering: readonly string[];
  /** Presets that take no prompt. */
  readonly mute: readonly string[];
  /** What waits on other hosts, in the docket's order. */
  readonly away: readonly DocketItem[];
  /** Of each host that does not answer, one line. */
  readonly silent: readonly string[];
  /** What the agents of tasks have used, by `taskAddress`; tasks of which nothing tells are absent. */
  readonly usage: ReadonlyMap<string, Usage>;
  readonly failure: string | null;
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
  | { readonly kind: 'usage'; readonly usage: ReadonlyMap<string, Usage> }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'tick'; readonly now: number }
  | { readonly kind: 'key'; readonly name: string; readonly text: string | null }
  /** Text pasted in one piece, line feeds included. */
  | { readonly kind: 'paste'; readonly text: string }
  /** An answer or a prompt reached the agent, or did not: `problem` says why. `text`: the prompt. */
  | { readonly kind: 'answered'; readonly to: Addressee; readonly problem: string | null }
  | {
      readonly kind: 'sent';
      readonly to: Addressee;
      readonly text: string;
      readonly held: string | null;
      readonly problem: string | null;
    }
  /** The editor was left with this text. */
  | { readonly kind: 'composed'; readonly to: Addressee; readonly text: string }
  /** What other hosts answered last; both empty when they are not asked. */
  | {
      readonly kind: 'away';
      readonly items: readonly DocketItem[];
      readonly silent: readonly string[];
      readonly now: number;
    }
  | { readonly kind: 'click'; readonly row: number }
  | { readonly kind: 'wheel'; readonly by: number }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'shown'; readonly window: string };

/** What the loop is to do. */
export type SidebarCommand =
  | { readonly do: 'jump'; readonly pane: string; readonly leave: boolean }
  /** `asked`: what the person saw it ask; nothing else is to be answered. */
  | {
      readonly do: 'answer';
      readonly to: Addressee;
      readonly reply: 'yes' | 'no';
      readonly asked: string | null;
    }
  | { readonly do: 'send'; readonly to: Addressee; readonly text: string }
  | { readonly do: 'compose'; readonly to: Addressee; readonly text: string }
  | { readonly do: 'look'; readonly pane: string; readonly title: string }
  | { readonly do: 'review'; readonly project: string; readonly task: string }
  /** What kept it from landing is to be handed to its agent. */
  | { readonly do: 'mend'; readonly project: string; readonly task: string }
  /** To a task on another host. */
  | {
      readonly do: 'away';
      readonly host: string;
      readonly project: string;
      /** `TASK` or `TASK/AGENT`. */
      readonly task: string;
      readonly leave: boolean;
    }
  /** Other hosts' items are to be shown, or not any more. */
  | { readonly do: 'hosts' }
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
    Partial<Pick<SidebarModel, 'window' | 'mute'>>,
): SidebarModel {
  return {
    window: null,
    mute: [],
    ...given,
    snapshot: null,
    mode: 'list',
    selected: null,
    filter: '',
    scroll: 0,
    to: null,
    drafts: {},
    answering: [],
    away: [],
    silent: [],
    usage: new Map(),
    failure: null,
    notice: null,
    error: null,
  };
}

/** What stays the same about a target while everything shown of it changes. */
export function identity(target: Target): string {
  if (target.kind === 'item') {
    const { host, project, task, agent, kind } = target.item;
    return ['item', project, task, agent ?? '', kind, ...(host === undefined ? [] : [host])].join('\n');
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
  if (item.host !== undefined) return null;
  const project = snapshot.projects.find((each) => each.name === item.project);
  return project?.tasks.find((task) => task.name === item.task) ?? null;
}

/**
 * The docket and the tasks by project that the filter lets through; every word of it must be found. Items of other hosts
 * come last and have the number 0: the numbers are this machine's, as tmux's keys count them.
 */
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
    .concat(model.away.map((item) => ({ item, number: 0 })))
    .filter(({ item }) =>
      passes(item.host ?? null, item.project, item.task, item.agent, item.kind, item.summary),
    );
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
