/** What can be done with the selected row from the sidebar: answer its agent, prompt it, look at it, review the task. */
import type { Agent, Task } from '../core/model.ts';
import { layOut } from './sidebar-layout.ts';
import {
  type Addressee,
  addressOf,
  identity,
  type SidebarCommand,
  type SidebarModel,
  type Target,
  taskOf,
} from './sidebar-model.ts';
import { changed } from './theme.ts';

/** The agent that a row's actions are for: the one that asks, else the most pressing that runs. */
export interface Actor {
  readonly address: Addressee;
  readonly agent: Agent;
}

/** The actor of the selected row, or of what Enter would go to; null when there is no row or no agent. */
export function selectedActor(model: SidebarModel): Actor | null {
  const target = selectedTarget(model);
  return target === null || model.snapshot === null ? null : actorOf(model, target);
}

/** The keys of actions that do something now: `a`, `d`, `m`, `v`, `space`, `e`, `p`. */
export function workingActions(model: SidebarModel): readonly string[] {
  const actor = selectedActor(model);
  const task = selectedTask(model);
  const review = [
    ...(task !== null && isStopped(model, task) ? ['m'] : []),
    ...(task !== null && changed(task) ? ['v'] : []),
  ];
  if (actor === null) return review;
  const { agent } = actor;
  const prompted = agent.pid !== null && !model.mute.includes(agent.preset);
  return [
    ...(agent.state === 'waiting' && agent.pane !== null ? ['a', 'd'] : []),
    ...review,
    ...(prompted ? ['space', 'e'] : []),
    ...(agent.pane === null ? [] : ['p']),
  ];
}

/** What an action's key does to the model, and the commands for it; null when the key is no action's. */
export function act(
  model: SidebarModel,
  key: string,
): { readonly model: SidebarModel; readonly commands: readonly SidebarCommand[] } | null {
  const name = key === ' ' ? 'space' : key;
  if (!['a', 'd', 'm', 'v', 'space', 'e', 'p'].includes(name)) return null;
  const selected = selectedTarget(model);
  if (selected?.kind === 'item' && selected.item.host !== undefined) {
    const notice = `${selected.item.task} is on ${selected.item.host}: Enter goes there`;
    return { model: { ...model, notice }, commands: [] };
  }
  if (name === 'v') return review(model);
  if (name === 'm') return mend(model);
  const actor = selectedActor(model);
  if (actor === null) return { model, commands: [] };
  const { address: to, agent } = actor;
  const called = `${to.task}/${to.agent}`;
  const say = (notice: string) => ({ model: { ...model, notice }, commands: [] });
  if (!workingActions(model).includes(name)) return say(`${called} ${refusal(name, agent)}`);
  if (name === 'a' || name === 'd') {
    if (model.answering.includes(addressOf(to))) return say(`${called} is being answered`);
    const reply = name === 'a' ? 'yes' : 'no';
    const answering = [...model.answering, addressOf(to)];
    const commands = [{ do: 'answer', to, reply, asked: agent.message } as const];
    return { model: { ...model, answering, failure: null }, commands };
  }
  if (name === 'p' && agent.pane !== null)
    return { model, commands: [{ do: 'look', pane: agent.pane, title: called }] };
  if (name === 'e')
    return { model, commands: [{ do: 'compose', to, text: model.drafts[addressOf(to)] ?? '' }] };
  return { model: { ...model, mode: 'prompt', to, failure: null }, commands: [] };
}

function review(model: SidebarModel): ReturnType<typeof act> {
  const task = selectedTask(model);
  if (task === null) return { model, commands: [] };
  const { project, name, diff } = task;
  // A size that is not known yet says nothing: the review itself will.
  if (diff !== null && !changed(task))
    return { model: { ...model, notice: `${name} changed nothing` }, commands: [] };
  return { model: { ...model, failure: null }, commands: [{ do: 'review', project, task: name }] };
}

function mend(model: SidebarModel): ReturnType<typeof act> {
  const task = selectedTask(model);
  if (task === null) return { model, commands: [] };
  const { project, name } = task;
  if (!isStopped(model, task))
    return { model: { ...model, notice: `nothing kept ${name} from landing` }, commands: [] };
  return { model: { ...model, failure: null }, commands: [{ do: 'mend', project, task: name }] };
}

/** Whether something kept it from landing. */
function isStopped({ snapshot }: SidebarModel, { project, name }: Task): boolean {
  const items = snapshot?.docket ?? [];
  return items.some((item) => item.kind === 'conflict' && item.project === project && item.task === name);
}

function refusal(key: string, agent: Agent): string {
  if (key === 'a' || key === 'd') return 'asks nothing';
  if (key === 'p') return 'has no pane now';
  return agent.pid === null ? 'is not running' : 'takes no prompt';
}

/** The row that is drawn as selected, else the first one. */
function selectedTarget(model: SidebarModel): Target | null {
  const layout = layOut(model);
  const targets = [...layout.docket, ...layout.tasks].flatMap((entry) => entry.target ?? []);
  return targets.find((target) => identity(target) === layout.selected) ?? targets[0] ?? null;
}

function selectedTask(model: SidebarModel): Task | null {
  const target = selectedTarget(model);
  return target === null || model.snapshot === null ? null : taskOfTarget(model, target);
}

function taskOfTarget({ snapshot }: SidebarModel, target: Target): Task | null {
  if (target.kind !== 'item') return target.task;
  return snapshot === null ? null : taskOf(snapshot, target.item);
}

function actorOf(model: SidebarModel, target: Target): Actor | null {
  const task = taskOfTarget(model, target);
  if (task === null) return null;
  const named =
    target.kind === 'item' ? target.item.agent : target.kind === 'agent' ? target.agent.name : null;
  const running = task.agents.filter((agent) => agent.pid !== null);
  const agent =
    task.agents.find((each) => each.name === named) ??
    running.find((each) => each.state === task.state) ??
    running[0] ??
    task.agents[0];
  return agent ? { address: { project: task.project, task: task.name, agent: agent.name }, agent } : null;
}
