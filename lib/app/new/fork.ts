/**
 * `pitwall fork`: a second task from the first one's present files, with copies of its agents' conversations where they
 * can be copied. The first task is only read.
 */

import { canFork } from '../../core/agents/forks.ts';
import { findPreset } from '../../core/agents/presets.ts';
import { PitwallError } from '../../core/errors.ts';
import type { SeatedLayout } from '../../core/layout/layout-agents.ts';
import { withAgents } from '../../core/layout/layout-agents.ts';
import type { AgentRecord, ProjectRecord, Task, TaskRecord } from '../../core/model.ts';
import { taskName, uniqueName } from '../../core/names.ts';
import { runPlan, type Step } from '../../core/plan.ts';
import type { Store, StoredTask } from '../../ports.ts';
import { type AgentLaunch, firstPrompt, promptWay } from '../agents/launch.ts';
import type { Context } from '../context.ts';
import { settleLater } from '../desk/server.ts';
import { findLayout } from '../layouts.ts';
import { observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { publish } from '../publish.ts';
import { readTrust } from '../trust.ts';
import { clearInterrupted } from './interrupted.ts';
import { type NewTask, serverView } from './new.ts';
import { freePorts, worktreePath } from './new-record.ts';
import { type Branch, type Making, recordSteps, windowStep, worktreeSteps } from './new-steps.ts';

/** What `pitwall fork` was told. */
export interface ForkOptions {
  readonly task: string;
  readonly name: string | null;
  readonly dryRun: boolean;
}

interface First {
  readonly project: ProjectRecord;
  readonly task: Task;
  readonly stored: StoredTask & { readonly record: TaskRecord };
  /** The commit its worktree is at. */
  readonly head: string;
}

/** Makes the second task and starts its agents. On any failure nothing of it is left behind. */
export async function forkTask(
  context: Context,
  options: ForkOptions,
  here: string | null,
  narrate: (line: string) => void,
): Promise<NewTask> {
  const { deps } = context;
  const { snapshot } = await observe(context, { diffs: 'kept' });
  const { project } = findTask(snapshot, options.task, here);
  const work = () => makeFork(context, options, here, narrate);
  const made = options.dryRun
    ? await work()
    : await deps.files.locked(`project:${project.name}`, work, 120_000);
  if (!options.dryRun) {
    await publish(context, await observe(context, { diffs: 'kept' }));
    if (made.held) await settleLater(context);
  }
  return made;
}

async function makeFork(
  context: Context,
  options: ForkOptions,
  here: string | null,
  narrate: (line: string) => void,
): Promise<NewTask & { readonly held: boolean }> {
  const first = await findFirst(context, options, here);
  if (!options.dryRun) await clearInterrupted(context, first.project, narrate);
  const store = await context.deps.files.load();
  const name = chooseName(store, first, options.name);
  const branch = await chooseBranch(context, first, name);
  const record = secondRecord(context, store, first, name, branch.name);
  const { settings, accepted } = await readTrust(context, first.project);
  const layout = await layoutOf(context, first, accepted);
  const notices: string[] = [];
  if (settings.setup.length > 0) notices.push('setup commands of this repository are not run for a fork');
  const launches = record.agents.map((agent) => launchOf(context, first, record, agent, notices));
  const view = await serverView(context);
  const state: Making = { window: null, session: null, notices, record, view, fresh: false };
  const steps: readonly Step[] = [
    ...recordSteps(context, record),
    ...worktreeSteps(context, first, record, branch, state),
    carryStep(context, first, record, notices),
    windowStep(context, { layout }, launches, state),
    {
      does: 'ready',
      run: () => context.deps.files.append(record.project, record.name, { type: 'ready' }),
      undo: null,
    },
  ];
  if (!options.dryRun)
    await runPlan(steps, (step, error) => narrate(`could not undo “${step.does}”: ${String(error)}`));
  const { window, session } = state;
  const does = steps.map((step) => step.does);
  const held = launches.some((launch) => promptWay(context, launch) === 'held');
  return { record: state.record, window, session, steps: does, notices, held };
}

async function findFirst(context: Context, options: ForkOptions, here: string | null): Promise<First> {
  const { snapshot, store } = await observe(context, { diffs: 'kept' });
  const { task, agent } = findTask(snapshot, options.task, here);
  if (agent !== null)
    throw new PitwallError('Usage', 'a task is forked with all its agents', `pitwall fork ${task.name}`);
  const stored = storedTask(store.projects, task.project, task.name);
  const project = store.projects.find((each) => each.record.name === task.project)?.record;
  if (!project) throw new PitwallError('NoSuchProject', `there is no project ${task.project}`);
  const { worktree } = stored.record;
  if ((await context.deps.git.fingerprint(worktree)) === null)
    throw new PitwallError(
      'TargetGone',
      `the worktree of ${task.name} is missing (${worktree})`,
      `pitwall show ${task.name}`,
    );
  const head = await context.deps.git.resolve(worktree, 'HEAD');
  if (head === null)
    throw new PitwallError('EmptyRepository', `${worktree} has no commit`, `git -C ${worktree} status`);
  return { project, task, stored, head };
}

function chooseName(store: Store, { project, task }: First, typed: string | null): string {
  const tasks = store.projects.find((each) => each.record.name === project.name)?.tasks ?? [];
  const taken = (name: string) => tasks.some((each) => each.name === name);
  if (typed === null) return uniqueName(task.name, taken);
  const name = taskName(typed);
  if (name === '')
    throw new PitwallError(
      'Usage',
      `“${typed}” has no letter or digit to name a task by`,
      'pitwall fork --help',
    );
  if (taken(name))
    throw new PitwallError('NameTaken', `there is a task ${name} already`, `pitwall show ${name}`);
  return name;
}

/** A new branch at the first task's commit; its name gives way to what exists. */
async function chooseBranch(context: Context, first: First, task: string): Promise<Branch> {
  const { git } = context.deps;
  const { base, baseCommit } = first.stored.record;
  const wanted = `${context.preferences.branchPrefix}${task}`;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    const seen = await git.branch(first.project.root, name);
    if (!seen.valid)
      throw new PitwallError(
        'Usage',
        `“${name}” is not a name git takes for a branch`,
        'pitwall fork --help',
      );
    if (!seen.local && seen.clash === null)
      return { name, create: true, start: first.head, base, baseCommit };
  }
}

function secondRecord(
  context: Context,
  store: Store,
  first: First,
  name: string,
  branch: string,
): TaskRecord {
  const { deps } = context;
  const { record } = first.stored;
  const agents = record.agents.map((agent): AgentRecord => {
    const chosen = findPreset(context.presets, agent.preset).conversation === 'chosen';
    return { ...agent, conversationId: chosen ? deps.uuid() : null };
  });
  return {
    ...record,
    name,
    branch,
    ownsBranch: true,
    worktree: worktreePath(context, first.project, name),
    included: {},
    priority: first.task.priority,
    ports: freePorts(store, record.ports.length),
    agents,
    after: null,
    created: new Date(deps.clock.now()).toISOString(),
  };
}

async function layoutOf(
  context: Context,
  { project, stored }: First,
  accepted: boolean,
): Promise<SeatedLayout> {
  const { layout, agents } = stored.record;
  const found = await findLayout(context, layout, project.root, accepted ? 'accepted' : 'refused');
  return withAgents(
    found,
    agents.map((agent) => agent.preset),
  );
}

/** With a copy of the conversation where there is one and it can be copied, else with the task's prompt, which is said. */
function launchOf(
  context: Context,
  first: First,
  second: TaskRecord,
  agent: AgentRecord,
  notices: string[],
): AgentLaunch {
  const { folder, events } = first.stored;
  const before = first.task.agents.find((each) => each.name === agent.name);
  const conversationId = before?.conversationId ?? null;
  const told = events.filter((event) => 'agent' in event && event.agent === agent.name);
  const reports = findPreset(context.presets, agent.preset).hooks === 'events';
  const began = told.some((event) =>
    reports
      ? event.type === 'hook'
      : event.type === 'delivered' || (event.type === 'launched' && event.prompt === 'argument'),
  );
  if (canFork(agent.preset) && conversationId !== null && began)
    return { agent, prompt: null, resume: false, fork: { conversationId, folder } };
  const prompt = firstPrompt(context, second);
  if (findPreset(context.presets, agent.preset).prompt !== 'none') {
    const why = canFork(agent.preset)
      ? 'has no conversation yet'
      : `has one that pitwall cannot copy (${agent.preset})`;
    notices.push(
      `${agent.name} ${why}: it starts ${prompt === null ? 'anew' : 'with the prompt of the task'}`,
    );
  }
  return { agent, prompt, resume: false };
}

function carryStep({ deps }: Context, first: First, record: TaskRecord, notices: string[]): Step {
  return {
    does: `the files of ${first.task.name} as they are, uncommitted and untracked ones included`,
    run: async () => {
      const left = await deps.git.carry(first.stored.record.worktree, record.worktree);
      if (left.length > 0) notices.push(`left out, being repositories of their own: ${left.join(', ')}`);
    },
    undo: null,
  };
}
