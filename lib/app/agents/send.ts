/** Delivering prompts: to the agent's own pane, confirmed, once; held in the journal while the agent is not ready. */

import { findPreset } from '../../core/agents/presets.ts';
import { allAgents } from '../../core/check/verdict.ts';
import { PitwallError } from '../../core/errors.ts';
import { foldTask, type HeldPrompt } from '../../core/journal/fold.ts';
import type { Agent, Task } from '../../core/model.ts';
import { explain } from '../../core/state/explain.ts';
import { justStarted, type Signals } from '../../core/state/signals.ts';
import { isReady } from '../../core/state/weigh.ts';
import type { Context } from '../context.ts';
import { settleLater } from '../desk/server.ts';
import { observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { publish } from '../publish.ts';

/** What became of a prompt: it is delivered, or held in the journal. */
export interface Sent {
  readonly project: string;
  readonly task: string;
  readonly agent: string;
  readonly delivered: boolean;
  /** Why it is held, when it was not delivered. */
  readonly reason: string | null;
}

/** Milliseconds to wait for a sign that a submitted prompt was taken up. */
const patience = 4000;

/** Sends `text`. Delivered and submitted, or held with the reason; UndeliveredPrompt as NotDelivered when it got lost. */
export async function sendPrompt(
  context: Context,
  typed: string,
  text: string,
  here: string | null,
): Promise<Sent> {
  const { deps } = context;
  if (text.trim() === '') throw new PitwallError('Usage', 'the prompt is empty', 'pitwall send --help');
  const observed = await observe(context, { diffs: 'kept' });
  const found = findTask(observed.snapshot, typed, here);
  const agent = addressee(found.task, found.agent);
  const { project, name: task } = found.task;
  if (findPreset(context.presets, agent.preset).prompt === 'none')
    throw new PitwallError(
      'NotDelivered',
      `${task}/${agent.name} is a shell: it takes no prompt`,
      `pitwall jump ${task}`,
    );
  const prompt = deps.uuid();
  await deps.files.append(project, task, { type: 'held', agent: agent.name, prompt, text });
  const outcome = await deliver(context, project, task, prompt);
  const its = explain(observed.facts, project, task).find(({ record }) => record.name === agent.name);
  if (outcome !== null && getsReady(context, agent, its?.signals ?? null)) await settleLater(context);
  await publish(context, await observe(context, { diffs: 'kept' }));
  return { project, task, agent: agent.name, delivered: outcome === null, reason: outcome };
}

/** Whether it may become ready without a report that would have its prompts delivered. */
function getsReady(context: Context, { preset, pid }: Agent, signals: Signals | null): boolean {
  if (pid === null || signals === null) return false;
  return justStarted(signals.folded) || findPreset(context.presets, preset).hooks === 'none';
}

/** The agent a prompt without a name is for: the only one, else the first implementer, else the first. */
function addressee(task: Task, named: string | null): Agent {
  const agent =
    task.agents.find((each) => each.name === named) ??
    task.agents.find((each) => each.role === 'implementer') ??
    task.agents[0];
  if (agent) return agent;
  throw new PitwallError('NoSuchAgent', `${task.name} has no agents`, `pitwall show ${task.name}`);
}

/**
 * Delivers a held prompt if its agent is ready, after those the agent was given before; null when delivered, else the
 * reason it stays held. One at a time for a task, so that prompts arrive in the order of the journal and once.
 */
export async function deliver(
  context: Context,
  project: string,
  task: string,
  prompt: string,
): Promise<string | null> {
  return context.deps.files.locked(`deliver:${project}:${task}`, async () => {
    for (;;) {
      const outcome = await deliverNext(context, project, task, prompt);
      if (outcome !== earlier) return outcome;
    }
  });
}

/** The outcome of a look that settled a prompt given before the one that is asked for. */
const earlier = Symbol('earlier');

/** Delivers the first prompt held for the agent of `prompt`. */
async function deliverNext(
  context: Context,
  project: string,
  task: string,
  prompt: string,
): Promise<string | null | typeof earlier> {
  const { files } = context.deps;
  const { snapshot, store, facts } = await observe(context, { diffs: 'kept' });
  const stored = storedTask(store.projects, project, task);
  const folded = foldTask(allAgents(stored.record.agents, stored.events), stored.events);
  const wanted = folded.held.find((each) => each.id === prompt);
  if (!wanted) {
    if (stored.events.some((event) => event.type === 'delivered' && event.prompt === prompt)) return null;
    throw new PitwallError('NotDelivered', `a prompt did not reach ${task}`, `pitwall log ${task}`);
  }
  const held = folded.held.find((each) => each.agent === wanted.agent) ?? wanted;
  const agent = snapshot.projects
    .find((each) => each.name === project)
    ?.tasks.find((each) => each.name === task)
    ?.agents.find((each) => each.name === held.agent);
  if (!agent) return 'its agent is not there';
  if (held.taker !== null && !files.alive(held.taker)) {
    const message = `a prompt may not have reached ${held.agent}: its delivery was interrupted`;
    await files.append(project, task, { type: 'undelivered', agent: held.agent, prompt: held.id, message });
    return held === wanted ? message : earlier;
  }
  const its = explain(facts, project, task).find(({ record }) => record.name === agent.name);
  const reason = unready(context, agent, its?.signals ?? null);
  if (reason !== null) return reason;
  await files.append(project, task, {
    type: 'delivering',
    agent: agent.name,
    prompt: held.id,
    ...files.self,
  });
  const reached = await submit(context, { project, task, agent, held });
  if (!reached && held !== wanted) return 'a prompt before it did not reach its agent';
  if (!reached)
    throw new PitwallError('NotDelivered', notReached(task, agent), `pitwall jump ${task}/${agent.name}`);
  await files.append(project, task, { type: 'delivered', agent: agent.name, prompt: held.id });
  return held === wanted ? null : earlier;
}

/** Why the agent cannot take a prompt now, or null. A dialog is never answered by a prompt. */
function unready(context: Context, agent: Agent, signals: Signals | null): string | null {
  const hooks = findPreset(context.presets, agent.preset).hooks;
  if (agent.pane === null || agent.pid === null) return 'it is not running';
  if (agent.state === 'waiting') return `it waits for an answer: ${agent.message ?? 'see its pane'}`;
  if (agent.state === 'starting') return 'it is starting';
  if (agent.state === 'working') return 'it is at work';
  // One that is continued counts as done as it was before, and does not take a prompt as soon as it runs.
  const started = signals !== null && justStarted(signals.folded);
  if (started ? !isReady(signals) : agent.state === 'unknown' && hooks === 'events')
    return 'its state is not known';
  return null;
}

interface Delivery {
  readonly project: string;
  readonly task: string;
  readonly agent: Agent;
  readonly held: HeldPrompt;
}

/** Pastes, submits and waits for a sign of it; presses Enter once more when there is none, then journals the loss. */
async function submit(context: Context, delivery: Delivery): Promise<boolean> {
  const { deps } = context;
  const { project, task, agent, held } = delivery;
  const pane = agent.pane ?? '';
  const before = await signs(context, delivery);
  const pasted = await deps.tmux.paste(pane, held.text);
  if (pasted && (await confirmed(context, delivery, before))) return true;
  if (pasted && (await deps.tmux.key(pane, 'Enter')) && (await confirmed(context, delivery, before)))
    return true;
  const message = notReached(task, agent);
  const lost = { type: 'undelivered', agent: agent.name, prompt: held.id, message } as const;
  await deps.files.append(project, task, lost);
  return false;
}

function notReached(task: string, agent: Agent): string {
  return `a prompt did not reach ${task}/${agent.name}`;
}

async function confirmed(context: Context, delivery: Delivery, before: string): Promise<boolean> {
  const { clock } = context.deps;
  const end = clock.now() + patience;
  while (clock.now() < end) {
    await clock.sleep(40);
    if ((await signs(context, delivery)) !== before) return true;
  }
  return false;
}

/** What changes when an agent takes a prompt up: its reports, and what it prints where it need not report. */
async function signs(context: Context, delivery: Delivery): Promise<string> {
  const { projects } = await context.deps.files.load();
  const { record, events, printed } = storedTask(projects, delivery.project, delivery.task);
  const name = delivery.agent.name;
  const preset = allAgents(record.agents, events).find((agent) => agent.name === name)?.preset ?? '';
  const reports = events.filter(
    (event) => event.type === 'hook' && event.agent === name && event.state !== null,
  );
  const prints = findPreset(context.presets, preset).hooks === 'none' ? (printed[name] ?? 0) : 0;
  return `${reports.length} ${prints}`;
}
