/** What is to be done to bring back what tmux lost, computed from what is on disk and what tmux shows. Pure. */
import type { WindowRecord } from './window-record.ts';

/** Why a task cannot be brought back, in words that follow its name, and the command that cures it. */
export interface Obstacle {
  readonly problem: string;
  readonly hint: string;
}

/** An agent as tmux and its journal have it. */
export interface AgentSituation {
  readonly name: string;
  /** `pending`: its pane waits for its program. `seated`: it has a pane, whether or not its program still runs. */
  readonly seat: 'none' | 'pending' | 'seated';
  /** The person ended it themselves. */
  readonly stopped: boolean;
  /** Its conversation, where it can be continued. */
  readonly resumes: string | null;
}

/** A task as tmux and disk have it. */
export interface TaskSituation {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** A half-made window counts as missing. */
  readonly window: 'missing' | 'there';
  readonly record: WindowRecord | null;
  readonly agents: readonly AgentSituation[];
  readonly obstacle: Obstacle | null;
}

/** A project as tmux and disk have it; `session` is an id. */
export interface ProjectSituation {
  readonly name: string;
  readonly session: string | null;
  readonly record: WindowRecord | null;
  readonly tasks: readonly TaskSituation[];
  /** Half-made windows in its session, by id. */
  readonly half: readonly string[];
  /** Window indexes in use in the session. */
  readonly taken: readonly number[];
}

/** What a restore does, in this order; nothing where all stands. */
export interface RestorePlan {
  /** Whether the session is to be made, with the project's own window. */
  readonly session: boolean;
  /** Half-made windows, by id: closed first. */
  readonly close: readonly string[];
  /** Windows to make, in their order; `agents` are those that get a pane. */
  readonly windows: readonly {
    readonly task: string;
    readonly index: number;
    readonly record: WindowRecord | null;
    readonly agents: readonly string[];
    /** Of `agents` those that the person stopped. */
    readonly stopped: readonly string[];
  }[];
  /** Agents to start, in the order of their windows. */
  readonly start: readonly {
    readonly task: string;
    readonly agent: string;
    readonly resumes: string | null;
  }[];
  readonly obstacles: readonly ({ readonly task: string } & Obstacle)[];
}

/** The plan. Windows that stand are left alone, agents that the person stopped are not started. */
export function planRestore(project: ProjectSituation): RestorePlan {
  const able = project.tasks.filter((task) => task.obstacle === null);
  const missing = able.filter((task) => task.window === 'missing' && !isClosed(project, task)).sort(inOrder);
  const indexes = freeIndexes(
    missing.map((task) => task.record?.index ?? null),
    project.session === null ? [project.record?.index ?? 0] : project.taken,
  );
  const windows = missing.map((task, number) => ({
    task: task.name,
    index: indexes[number] ?? 0,
    record: task.record,
    agents: seatedAgents(task),
    stopped: task.agents.filter((agent) => agent.stopped).map((agent) => agent.name),
  }));
  const waiting = able.filter((task) => task.window === 'there').sort(inOrder);
  return {
    session: project.session === null,
    close: project.half,
    windows,
    start: [
      ...waiting.flatMap((task) => starts(task, (agent) => agent.seat === 'pending')),
      ...missing.flatMap((task) => {
        const seated = seatedAgents(task);
        return starts(task, (agent) => seated.includes(agent.name));
      }),
    ],
    obstacles: project.tasks.flatMap(({ name, obstacle, window }) =>
      obstacle === null || window === 'there' ? [] : [{ task: name, ...obstacle }],
    ),
  };
}

/** The plan for a person, a line a step. */
export function planLines(project: string, plan: RestorePlan): readonly string[] {
  const by = (task: string) => plan.start.filter((each) => each.task === task);
  const words = (each: RestorePlan['start'][number]) =>
    each.resumes === null ? `${each.agent} starts` : `${each.agent} resumes ${each.resumes}`;
  return [
    ...(plan.session ? [`session ${project}`] : []),
    ...plan.close.map((window) => `close ${window}, which was left half made`),
    ...plan.windows.map(({ task, index, record, agents }) => {
      const shape =
        record === null
          ? 'by its layout'
          : `${record.panes.length} panes at ${record.columns}×${record.rows}${record.zoomed ? ', zoomed' : ''}`;
      const told = agents.map((name) => {
        const start = by(task).find((each) => each.agent === name);
        return start === undefined ? `${name} stays stopped` : words(start);
      });
      return `window ${task} at ${index}, ${shape}: ${told.join(', ') || 'no agents'}`;
    }),
    ...plan.start
      .filter(({ task }) => !plan.windows.some((window) => window.task === task))
      .map((each) => `agent ${each.task}/${words(each)}`),
    ...plan.obstacles.map(({ task, problem, hint }) => `cannot bring back ${task}: ${problem}; try: ${hint}`),
  ];
}

/** A task whose agents were all stopped has no window in a session that stands: the person closed it. */
function isClosed(project: ProjectSituation, task: TaskSituation): boolean {
  return project.session !== null && task.agents.every((agent) => agent.stopped);
}

/** Those on record, wherever their panes were; without a record, or when none of them is the task's any more, all. */
function seatedAgents(task: TaskSituation): readonly string[] {
  const { panes = [], away = [] } = task.record ?? {};
  const recorded = new Set([
    ...panes.flatMap((pane) => (pane.kind === 'agent' ? [pane.agent] : [])),
    ...away,
  ]);
  const names = task.agents.map((agent) => agent.name);
  const known = names.filter((name) => recorded.has(name));
  return known.length > 0 ? known : names;
}

function starts(
  task: TaskSituation,
  which: (agent: AgentSituation) => boolean,
): readonly RestorePlan['start'][number][] {
  return task.agents
    .filter((agent) => which(agent) && !agent.stopped)
    .map((agent) => ({ task: task.name, agent: agent.name, resumes: agent.resumes }));
}

/** By recorded place; those without a record come last, in the order they were made. */
function inOrder(a: TaskSituation, b: TaskSituation): number {
  const place = (task: TaskSituation) => task.record?.index ?? Number.MAX_SAFE_INTEGER;
  return place(a) - place(b) || Date.parse(a.created) - Date.parse(b.created) || (a.name < b.name ? -1 : 1);
}

/** The recorded indexes where they are free, else the next that keeps the order. */
export function freeIndexes(wanted: readonly (number | null)[], taken: readonly number[]): readonly number[] {
  const used = new Set(taken);
  let last = -1;
  return wanted.map((want) => {
    let index = Math.max(want ?? Math.max(0, ...used) + 1, last + 1);
    while (used.has(index)) index += 1;
    used.add(index);
    last = index;
    return index;
  });
}
