/** `pitwall new`: a task with its worktree, branch, window and agents, as a plan with undo. */
import { withAgents } from '../../core/layout/layout-agents.ts';
import type { TaskRecord } from '../../core/model.ts';
import { runPlan, type Step, undoPlan } from '../../core/plan.ts';
import type { ServerView } from '../../ports.ts';
import { type AgentLaunch, firstPrompt, promptWay } from '../agents/launch.ts';
import type { Context } from '../context.ts';
import { noteHome, requireHome } from '../desk/home-server.ts';
import { settleLater } from '../desk/server.ts';
import { findLayout } from '../layouts.ts';
import { observe } from '../observe.ts';
import { currentProject, findTask } from '../projects.ts';
import { publish } from '../publish.ts';
import { readTrust } from '../trust.ts';
import { checkAgent, checkReviewer, firstFound } from './choose-agent.ts';
import { foreseen } from './foresee.ts';
import { clearInterrupted } from './interrupted.ts';
import { type BranchOf, branchAhead, chooseName, taskRecord } from './new-record.ts';
import { requestedStart } from './new-request.ts';
import {
  type Making,
  type NewOptions,
  recordSteps,
  type Wish,
  windowStep,
  worktreeSteps,
} from './new-steps.ts';
import { startQueuedSoon } from './queued.ts';
import { runSetup, type SetupCommand } from './setup.ts';

/** A task that was made, or would be. */
export interface NewTask {
  readonly record: TaskRecord;
  readonly window: string | null;
  readonly session: string | null;
  /** What the plan does, or would do. */
  readonly steps: readonly string[];
  /** What a person should know: panes left out, commands not run. */
  readonly notices: readonly string[];
}

/**
 * Makes the task and starts its agents. On any failure nothing of it is left behind. `offer` asks whether it is to begin
 * after another task that is changing the same files.
 */
export async function newTask(
  context: Context,
  asked: NewOptions,
  narrate: (line: string) => void,
  offer: (task: string) => Promise<boolean>,
): Promise<NewTask> {
  const project = await currentProject(context, asked.project, asked.dryRun ? 'look' : 'save');
  const { settings, problems, accepted } = await readTrust(context, project);
  for (const problem of problems) narrate(problem);
  const preset =
    settings.agent ?? context.preferences.agent ?? asked.agents[0] ?? (await firstFound(context));
  const layoutName =
    asked.layout ?? settings.layout ?? layoutFor(asked.agents.length, context.preferences.layout);
  const found = await findLayout(context, layoutName, project.root, accepted ? 'accepted' : 'refused');
  const layout = withAgents(found, asked.agents, preset ?? 'demo');
  for (const agent of layout.agents) await checkAgent(context, agent.preset, { model: asked.model });
  if (asked.reviewer !== null) await checkReviewer(context, asked.reviewer);
  if (preset === null && layout.agents.length > asked.agents.length)
    narrate('no coding agent was found, so the demo agent is at work (pitwall agents)');
  const after = await afterWhich(context, project, asked, narrate, offer);
  const setup = accepted ? settings.setup : [];
  const request = await requestedStart(context, project.root, asked, narrate);
  const options = { ...asked, after, branch: request?.branch ?? asked.branch };
  const base = settings.base ?? null;
  const wish = { project, layout, options, portCount: settings.ports, base, setup, request };
  const made = await makeTask(context, wish, narrate);
  if (!options.dryRun) {
    // A new window stands with its options set; a server that knew nothing of us is told all else too.
    if (made.fresh) await noteHome(context, project.name);
    if (made.fresh) await publish(context, await observe(context, { diffs: 'kept' }));
    if (made.held) await settleLater(context);
    if (after !== null) await startQueuedSoon(context);
  }
  const notices = [...made.notices];
  const untrusted = [
    ...(settings.setup.length > 0 ? ['setup commands of this repository were not run'] : []),
    ...(settings.checks.length > 0 ? ['checks of this repository do not run'] : []),
    ...(settings.reviewer !== null && options.reviewer === null
      ? ['the reviewer of this repository does not read']
      : []),
  ];
  if (untrusted.length > 0 && !accepted)
    notices.push(`${untrusted.join(', ')}; try: pitwall trust ${project.name}`);
  return { ...made, notices };
}

/** The task that the new one is to begin after: as asked for, or as offered and taken; null: it begins now. NoSuchTask. */
async function afterWhich(
  context: Context,
  project: Wish['project'],
  options: NewOptions,
  narrate: (line: string) => void,
  offer: (task: string) => Promise<boolean>,
): Promise<string | null> {
  const lines = await foreseen(context, project, options.prompt);
  for (const { line } of lines) narrate(line);
  if (options.after !== null) {
    const { snapshot } = await observe(context, { diffs: 'kept' });
    return findTask(snapshot, `${project.name}:${options.after}`, null).task.name;
  }
  const [first] = lines.flatMap(({ task }) => (task === null ? [] : [task]));
  if (first === undefined || options.dryRun) return null;
  if (await offer(first)) return first;
  return null;
}

interface Made extends NewTask {
  /** Whether a prompt waits for an agent that starts. */
  readonly held: boolean;
  /** Whether the server was started or first prepared for us. */
  readonly fresh: boolean;
}

/**
 * Under the project's lock, but for the setup: it may take minutes, in which others make tasks. Should what follows it
 * fail, all is taken back as if it had been one plan.
 */
async function makeTask(context: Context, wish: Wish, narrate: (line: string) => void): Promise<Made> {
  const { files } = context.deps;
  const branchOf = branchAhead(context, wish);
  const lock = <T>(work: () => Promise<T>) => files.locked(`project:${wish.project.name}`, work, 120_000);
  const undone = (step: Step, error: unknown) => narrate(`could not undo “${step.does}”: ${String(error)}`);
  if (wish.options.dryRun)
    return outcome(context, await prepare(context, wish, branchOf, narrate), wish.setup);
  if (wish.setup.length === 0)
    return lock(async () => {
      const prepared = await prepare(context, wish, branchOf, narrate);
      await runPlan([...prepared.making, ...prepared.starting], undone);
      return outcome(context, prepared, wish.setup);
    });
  const prepared = await lock(async () => {
    const plan = await prepare(context, wish, branchOf, narrate);
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

async function prepare(
  context: Context,
  wish: Wish,
  branchOf: BranchOf,
  narrate: (line: string) => void,
): Promise<Prepared> {
  const { deps } = context;
  // Under the lock, so that a session made by another is seen; and first, for all else is found while tmux answers.
  const looking = Promise.allSettled([serverView(context)]);
  const { dryRun } = wish.options;
  const whole = dryRun ? await deps.files.load() : await clearInterrupted(context, wish.project, narrate);
  const store = whole ?? (await deps.files.load());
  const name = chooseName(store, wish);
  const [[looked], branch] = await Promise.all([looking, branchOf(name)]);
  if (looked.status === 'rejected') throw looked.reason;
  const view = whole === null ? await serverView(context) : looked.value;
  await requireHome(context, wish.project.name, view);
  const record = taskRecord(context, store, wish, name, branch);
  const launches = record.agents.map(
    (agent): AgentLaunch => ({ agent, prompt: firstPrompt(context, record), resume: false }),
  );
  const state: Making = { window: null, session: null, notices: [], record, view, fresh: false };
  return {
    state,
    launches,
    making: [...recordSteps(context, record), ...worktreeSteps(context, wish, record, branch, state)],
    starting: [
      wish.options.after === null ? windowStep(context, wish, launches, state) : queueStep(context, record),
      readyStep(context, record),
    ],
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

function queueStep({ deps }: Context, record: TaskRecord): Step {
  return {
    does: `begins once ${record.after} has landed or is gone`,
    run: () => deps.files.append(record.project, record.name, { type: 'stopped', agent: null }),
    undo: null,
  };
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
export async function serverView({ deps }: Context): Promise<ServerView> {
  const view = await deps.tmux.view();
  if (!view.running) await deps.tmux.version();
  return view;
}

function layoutFor(agents: number, preferred: string | null): string {
  if (agents <= 1) return preferred ?? 'solo';
  return agents === 2 ? 'pair' : 'bench';
}
