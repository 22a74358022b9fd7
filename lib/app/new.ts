/** `pitwall new`: a task with its worktree, branch, window and agents, as a plan with undo. */
import { PitwallError } from '../core/errors.ts';
import { withAgents } from '../core/layout-agents.ts';
import type { AgentRecord, TaskRecord } from '../core/model.ts';
import { projectName, taskName, taskNameFromPrompt, uniqueName } from '../core/names.ts';
import { runPlan } from '../core/plan.ts';
import { findPreset } from '../core/presets.ts';
import type { Store } from '../ports.ts';
import { checkAgent, firstFound } from './choose-agent.ts';
import type { Context } from './context.ts';
import { clearInterrupted } from './interrupted.ts';
import { type AgentLaunch, promptWay } from './launch.ts';
import { findLayout } from './layouts.ts';
import {
  type Branch,
  type Making,
  type NewOptions,
  recordSteps,
  type Wish,
  windowStep,
  worktreeSteps,
} from './new-steps.ts';
import { observe } from './observe.ts';
import { currentProject, projectSettings } from './projects.ts';
import { publish } from './publish.ts';

export interface NewTask {
  readonly record: TaskRecord;
  readonly window: string | null;
  readonly session: string | null;
  /** What the plan does, or would do. */
  readonly steps: readonly string[];
  /** What a person should know: panes left out, commands not run. */
  readonly notices: readonly string[];
}

/** Makes the task and starts its agents. On any failure nothing of it is left behind. */
export async function newTask(
  context: Context,
  options: NewOptions,
  narrate: (line: string) => void,
): Promise<NewTask> {
  const { deps } = context;
  const [project] = await Promise.all([
    currentProject(context, options.project, options.dryRun ? 'look' : 'save'),
    deps.tmux.version(),
  ]);
  const { settings, problems } = await projectSettings(context, project.root);
  for (const problem of problems) narrate(problem);
  const preset =
    settings.agent ?? context.preferences.agent ?? options.agents[0] ?? (await firstFound(context));
  const layoutName =
    options.layout ?? settings.layout ?? layoutFor(options.agents.length, context.preferences.layout);
  const found = await findLayout(context, layoutName, project.root);
  const layout = withAgents(found, options.agents, preset ?? 'demo');
  for (const agent of layout.agents) await checkAgent(context, agent.preset, { model: options.model });
  if (preset === null && layout.agents.length > options.agents.length)
    narrate('no coding agent was found, so the demo agent is at work (pitwall agents)');
  const work = () =>
    makeTask(
      context,
      { project, layout, options, portCount: settings.ports, base: settings.base ?? null },
      narrate,
    );
  const made = options.dryRun
    ? await work()
    : await deps.files.locked(`project:${project.name}`, work, 120_000);
  if (!options.dryRun) {
    await publish(context, await observe(context, { diffs: 'kept' }));
    if (made.held) await settleLater(context);
  }
  const notices = [...made.notices];
  if (settings.setup.length > 0)
    notices.push('setup commands of this repository were not run: they are not trusted');
  return { ...made, notices };
}

async function makeTask(
  context: Context,
  wish: Wish,
  narrate: (line: string) => void,
): Promise<NewTask & { readonly held: boolean }> {
  const { deps } = context;
  if (!wish.options.dryRun) await clearInterrupted(context, wish.project, narrate);
  const store = await deps.files.load();
  const name = chooseName(store, wish);
  const branch = await chooseBranch(context, wish, name);
  const record = taskRecord(context, store, wish, name, branch);
  const launches = record.agents.map(
    (agent): AgentLaunch => ({ agent, prompt: wish.options.prompt, resume: false }),
  );
  const state: Making = {
    window: null,
    session: null,
    notices: [],
    record,
  };
  const steps = [
    ...recordSteps(context, record),
    ...worktreeSteps(context, wish, record, branch, state),
    windowStep(context, wish, launches, state),
    {
      does: 'ready',
      run: () => deps.files.append(record.project, record.name, { type: 'ready' }),
      undo: null,
    },
  ];
  if (!wish.options.dryRun)
    await runPlan(steps, (step, error) => narrate(`could not undo “${step.does}”: ${String(error)}`));
  return {
    record: state.record,
    window: state.window,
    session: state.session,
    steps: steps.map((step) => step.does),
    notices: state.notices,
    held: launches.some((launch) => promptWay(context, launch) === 'held'),
  };
}

function chooseName(store: Store, wish: Wish): string {
  const { options, project } = wish;
  const tasks = store.projects.find((each) => each.record.name === project.name)?.tasks ?? [];
  const taken = (name: string) => tasks.some((task) => task.name === name);
  if (options.name === null) {
    const from =
      options.prompt !== null ? taskNameFromPrompt(options.prompt) : taskName(options.branch ?? '');
    return uniqueName(from || 'task', taken);
  }
  const name = taskName(options.name);
  if (name === '')
    throw new PitwallError(
      'Usage',
      `“${options.name}” has no letter or digit to name a task by`,
      'pitwall new --help',
    );
  if (taken(name))
    throw new PitwallError('NameTaken', `there is a task ${name} already`, `pitwall show ${name}`);
  return name;
}

async function chooseBranch(context: Context, wish: Wish, task: string): Promise<Branch> {
  const { git } = context.deps;
  const { root } = wish.project;
  const named = wish.options.base ?? wish.base;
  const base =
    named === null ? await git.defaultBase(root) : { ref: named, commit: await git.resolve(root, named) };
  const baseCommit = base.commit;
  if (baseCommit === null)
    throw new PitwallError('BaseUnknown', `there is no branch or commit ${base.ref}`, 'git branch --all');
  const from = { base: base.ref, baseCommit };
  const wanted = wish.options.branch ?? `${context.preferences.branchPrefix}${task}`;
  let name = wanted;
  let seen = await git.branch(root, name);
  // A name we made up gives way to what exists; one the person typed means exactly that branch.
  for (let number = 2; wish.options.branch === null && (seen.local || seen.clash !== null); number += 1) {
    name = `${wanted}-${number}`;
    seen = await git.branch(root, name);
  }
  if (!seen.valid)
    throw new PitwallError(
      'Usage',
      `“${name}” is not a name git takes for a branch`,
      'git check-ref-format --help',
    );
  if (seen.local) return { ...from, name, create: false, start: name };
  if (seen.clash !== null)
    throw new PitwallError(
      'NameTaken',
      `branch ${name} cannot be made beside branch ${seen.clash}`,
      `pitwall new --branch ${name.replaceAll('/', '-')}`,
    );
  if (wish.options.branch !== null && seen.remote !== null)
    return { ...from, name, create: true, start: seen.remote };
  return { ...from, name, create: true, start: baseCommit };
}

function taskRecord(context: Context, store: Store, wish: Wish, name: string, branch: Branch): TaskRecord {
  const { deps, preferences } = context;
  const { project, options } = wish;
  const parent = preferences.worktreeDir ?? `${project.root}.worktrees`;
  const agents = wish.layout.agents.map((agent): AgentRecord => {
    const chosen = findPreset(context.presets, agent.preset).conversation === 'chosen';
    const conversationId = chosen ? deps.uuid() : null;
    return { ...agent, conversationId, args: options.agentArgs, model: options.model };
  });
  return {
    version: 1,
    name,
    project: project.name,
    prompt: options.prompt ?? '',
    branch: branch.name,
    base: branch.base,
    baseCommit: branch.baseCommit,
    ownsBranch: branch.create,
    worktree:
      preferences.worktreeDir === null
        ? `${parent}/${name}`
        : `${parent}/${projectName(project.name)}/${name}`,
    included: {},
    layout: wish.layout.layout.name,
    priority: options.priority,
    group: null,
    ports: freePorts(store, wish.portCount),
    agents,
    created: new Date(deps.clock.now()).toISOString(),
  };
}

/** The lowest block of consecutive ports that no task of any project has. */
function freePorts(store: Store, count: number): readonly number[] {
  const used = new Set(
    store.projects.flatMap((project) => project.tasks.flatMap((task) => task.record?.ports ?? [])),
  );
  for (let first = 4100; count > 0 && first + count < 32_768; first += count) {
    const block = Array.from({ length: count }, (_, index) => first + index);
    if (block.every((port) => !used.has(port))) return block;
  }
  return [];
}

/** Lets a process of tmux's deliver held prompts once their agents are ready; this command need not wait. */
async function settleLater(context: Context): Promise<void> {
  await context.deps.tmux.run([['run-shell', '-b', '#{@pitwall_settle} --wait']]);
}

function layoutFor(agents: number, preferred: string | null): string {
  if (agents <= 1) return preferred ?? 'solo';
  return agents === 2 ? 'pair' : 'bench';
}
