/** `pitwall new`: a task with its worktree, branch, window and agents, as a plan with undo. */
import { PitwallError } from '../core/errors.ts';
import { withAgents } from '../core/layout-agents.ts';
import type { AgentRecord, TaskRecord } from '../core/model.ts';
import { projectName, taskName, taskNameFromPrompt, uniqueName } from '../core/names.ts';
import { runPlan, type Step, undoPlan } from '../core/plan.ts';
import { findPreset } from '../core/presets.ts';
import { shellQuote } from '../core/tmux-text.ts';
import type { ServerView, Store } from '../ports.ts';
import type { Context } from './context.ts';
import { foreseen } from './foresee.ts';
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
import { currentProject } from './projects.ts';
import { publish } from './publish.ts';
import { runSetup, type SetupCommand } from './setup.ts';
import { readTrust } from './trust.ts';

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
  const project = await currentProject(context, options.project, options.dryRun ? 'look' : 'save');
  const { settings, problems, accepted } = await readTrust(context, project);
  for (const problem of problems) narrate(problem);
  const preset = settings.agent ?? context.preferences.agent ?? 'demo';
  const layoutName =
    options.layout ?? settings.layout ?? layoutFor(options.agents.length, context.preferences.layout);
  const found = await findLayout(context, layoutName, project.root, accepted ? 'accepted' : 'refused');
  const layout = withAgents(found, options.agents, preset);
  for (const agent of layout.agents) findPreset(context.presets, agent.preset);
  for (const line of await foreseen(context, project, options.prompt)) narrate(line);
  const setup = accepted ? settings.setup : [];
  const wish = { project, layout, options, portCount: settings.ports, base: settings.base ?? null, setup };
  const made = await makeTask(context, wish, narrate);
  if (!options.dryRun) {
    // A new window stands with its options set; a server that knew nothing of us is told all else too.
    if (made.fresh) await publish(context, await observe(context, { diffs: 'kept' }));
    if (made.held) await settleLater(context);
  }
  const notices = [...made.notices];
  if (settings.setup.length > 0 && !accepted)
    notices.push(`setup commands of this repository were not run; try: pitwall trust ${project.name}`);
  return { ...made, notices };
}

/**
 * Under the project's lock, but for the setup: it may take minutes, in which others make tasks. Should what follows it
 * fail, all is taken back as if it had been one plan.
 */
interface Made extends NewTask {
  /** Whether a prompt waits for an agent that starts. */
  readonly held: boolean;
  /** Whether the server was started or first prepared for us. */
  readonly fresh: boolean;
}

async function makeTask(context: Context, wish: Wish, narrate: (line: string) => void): Promise<Made> {
  const { files } = context.deps;
  const lock = <T>(work: () => Promise<T>) => files.locked(`project:${wish.project.name}`, work, 120_000);
  const undone = (step: Step, error: unknown) => narrate(`could not undo “${step.does}”: ${String(error)}`);
  if (wish.options.dryRun) return outcome(context, await prepare(context, wish, narrate), wish.setup);
  if (wish.setup.length === 0)
    return lock(async () => {
      const prepared = await prepare(context, wish, narrate);
      await runPlan([...prepared.making, ...prepared.starting], undone);
      return outcome(context, prepared, wish.setup);
    });
  const prepared = await lock(async () => {
    const plan = await prepare(context, wish, narrate);
    await runPlan(plan.making, undone);
    return plan;
  });
  const takeBack: Step = {
    does: `task ${prepared.state.record.name}`,
    run: async () => undefined,
    undo: () => undoPlan(prepared.making, undone),
  };
  const setUp: Step = { does: 'setup', run: () => setUpTask(context, wish, prepared, narrate), undo: null };
  await runPlan([takeBack, setUp], undone);
  await lock(async () => {
    // The commands may have taken long: the session may have gone or come meanwhile.
    prepared.state.view = await serverView(context);
    await runPlan([takeBack, ...prepared.starting], undone);
  });
  return outcome(context, prepared, wish.setup);
}

interface Prepared {
  readonly state: Making;
  readonly launches: readonly AgentLaunch[];
  readonly making: readonly Step[];
  /** Empty once its setup has failed, but for the mark that the task is made. */
  starting: readonly Step[];
}

async function prepare(context: Context, wish: Wish, narrate: (line: string) => void): Promise<Prepared> {
  const { deps } = context;
  if (!wish.options.dryRun) await clearInterrupted(context, wish.project, narrate);
  const store = await deps.files.load();
  const name = chooseName(store, wish);
  // Under the lock, so that a session made by another is seen; and while git answers.
  const [view, branch] = await Promise.all([serverView(context), chooseBranch(context, wish, name)]);
  const record = taskRecord(context, store, wish, name, branch);
  const launches = record.agents.map(
    (agent): AgentLaunch => ({ agent, prompt: wish.options.prompt, resume: false }),
  );
  const state: Making = { window: null, session: null, notices: [], record, view, fresh: false };
  return {
    state,
    launches,
    making: [...recordSteps(context, record), ...worktreeSteps(context, wish, record, branch, state)],
    starting: [windowStep(context, wish, launches, state), readyStep(context, record)],
  };
}

/** An agent that started without what it needs would only look ready: after a failed setup none is started. */
async function setUpTask(
  context: Context,
  wish: Wish,
  prepared: Prepared,
  narrate: (line: string) => void,
): Promise<void> {
  const { record, notices } = prepared.state;
  const failed = await runSetup(context, record, wish.setup, narrate);
  if (failed === null) return;
  await context.deps.files.append(record.project, record.name, { type: 'stopped', agent: null });
  notices.push(`${failed}; its agents are not started; try: pitwall start ${record.name}`);
  prepared.starting = [readyStep(context, record)];
}

function readyStep({ deps }: Context, record: TaskRecord): Step {
  return {
    does: 'ready',
    run: () => deps.files.append(record.project, record.name, { type: 'ready' }),
    undo: null,
  };
}

function outcome(
  context: Context,
  { state, launches, making, starting }: Prepared,
  setup: readonly SetupCommand[],
): Made {
  const { record, window, session, notices, fresh } = state;
  const steps = [
    ...making.map((step) => step.does),
    ...setup.map(({ run }) => `setup: ${run}`),
    ...starting.map((step) => step.does),
  ];
  const held = window !== null && launches.some((launch) => promptWay(context, launch) === 'held');
  return { record, window, session, steps, notices, fresh, held };
}

/** tmux as it is now. ToolMissing and ToolTooOld before anything is made. */
async function serverView({ deps }: Context): Promise<ServerView> {
  const view = await deps.tmux.view();
  if (!view.running) await deps.tmux.version();
  return view;
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
  const wanted = wish.options.branch ?? `${context.preferences.branchPrefix}${task}`;
  const [base, first] = await Promise.all([
    named === null
      ? git.defaultBase(root)
      : git.resolve(root, named).then((commit) => ({ ref: named, commit })),
    git.branch(root, wanted),
  ]);
  const baseCommit = base.commit;
  if (baseCommit === null)
    throw new PitwallError('BaseUnknown', `there is no branch or commit ${base.ref}`, 'git branch --all');
  const from = { base: base.ref, baseCommit };
  let name = wanted;
  let seen = first;
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
      shellQuote(['pitwall', 'new', '--branch', name.replaceAll('/', '-')]),
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
    return { ...agent, conversationId: chosen ? deps.uuid() : null };
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
