/** `pitwall new`: a task with its worktree, branch, window and agents, as a plan with undo. */
import { PitwallError } from '../core/errors.ts';
import { type SeatedLayout, withAgents } from '../core/layout-agents.ts';
import type { AgentRecord, ProjectRecord, TaskRecord } from '../core/model.ts';
import { projectName, taskName, taskNameFromPrompt, uniqueName } from '../core/names.ts';
import type { Step } from '../core/plan.ts';
import { runPlan } from '../core/plan.ts';
import { findPreset } from '../core/presets.ts';
import type { Store } from '../ports.ts';
import type { Context } from './context.ts';
import { clearInterrupted } from './interrupted.ts';
import { type AgentLaunch, openWindow, promptWay, taskWindow } from './launch.ts';
import { findLayout } from './layouts.ts';
import { observe } from './observe.ts';
import { currentProject, projectSettings } from './projects.ts';
import { publish } from './publish.ts';
import { prepareServer } from './server.ts';

export interface NewOptions {
  readonly project: string | null;
  readonly prompt: string | null;
  readonly name: string | null;
  readonly branch: string | null;
  readonly base: string | null;
  readonly agents: readonly string[];
  readonly layout: string | null;
  readonly priority: number;
  readonly dryRun: boolean;
}

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
  const [project] = await Promise.all([currentProject(context, options.project), deps.tmux.version()]);
  const { settings, problems } = await projectSettings(context, project.root);
  for (const problem of problems) narrate(problem);
  const preset = settings.agent ?? context.preferences.agent ?? 'demo';
  const layoutName =
    options.layout ?? settings.layout ?? layoutFor(options.agents.length, context.preferences.layout);
  const found = await findLayout(context, layoutName, project.root);
  const layout = withAgents(found, options.agents, preset);
  for (const agent of layout.agents) findPreset(context.presets, agent.preset);
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

interface Wish {
  readonly project: ProjectRecord;
  readonly layout: SeatedLayout;
  readonly options: NewOptions;
  readonly portCount: number;
  readonly base: string | null;
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
  const state: { window: string | null; session: string | null; notices: string[]; record: TaskRecord } = {
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

interface Branch {
  readonly name: string;
  readonly create: boolean;
  readonly start: string;
  readonly base: string;
  readonly baseCommit: string;
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

function recordSteps(context: Context, record: TaskRecord): readonly Step[] {
  const { files } = context.deps;
  return [
    {
      does: `task ${record.name} in project ${record.project}`,
      run: async () => {
        await files.createTask(record);
        await files.append(record.project, record.name, { type: 'created', ...files.self });
      },
      undo: () => files.deleteTask(record.project, record.name),
    },
  ];
}

function worktreeSteps(
  context: Context,
  wish: Wish,
  record: TaskRecord,
  branch: Branch,
  state: { record: TaskRecord },
): readonly Step[] {
  const { git, files } = context.deps;
  const { root } = wish.project;
  const made = branch.create
    ? `new branch ${branch.name} at ${branch.start.slice(0, 12)}`
    : `branch ${branch.name}`;
  let ours = false;
  return [
    {
      does: `worktree ${record.worktree} with ${made}`,
      run: async () => {
        const { worktree: path } = record;
        ours = (await git.fingerprint(path)) === null;
        await git.addWorktree(root, {
          path,
          branch: branch.name,
          create: branch.create,
          start: branch.start,
        });
      },
      // git may fail with the worktree made (a post-checkout hook that refuses): what was not there before is ours.
      undo: async () => {
        if (!ours) return;
        if ((await git.fingerprint(record.worktree)) !== null)
          await git.removeWorktree(root, record.worktree, true);
        if (branch.create) await git.deleteBranch(root, branch.name, null);
      },
    },
    {
      does: 'submodules and the files that .worktreeinclude names',
      run: async () => {
        await git.initSubmodules(record.worktree);
        const included = await git.copyIncluded(root, record.worktree);
        if (Object.keys(included).length === 0) return;
        state.record = { ...record, included };
        await files.saveTask(state.record);
      },
      undo: null,
    },
  ];
}

function windowStep(
  context: Context,
  wish: Wish,
  launches: readonly AgentLaunch[],
  state: { window: string | null; session: string | null; notices: string[]; record: TaskRecord },
): Step {
  const { deps } = context;
  const names = launches.map((launch) => `${launch.agent.name} (${launch.agent.role})`).join(', ');
  return {
    does: `window ${state.record.name}, layout ${wish.layout.layout.name}: ${names}`,
    run: async () => {
      const record = state.record;
      const folder = deps.files.taskFolder(record.project, record.name);
      const place = { record, folder, hook: deps.shipped.hook, socket: deps.tmux.socket };
      const view = await deps.tmux.view();
      const sessionName = uniqueName(record.project, (name) =>
        view.sessions.some((each) => each.name === name),
      );
      const { plan, dropped } = await taskWindow(context, {
        place,
        layout: wish.layout.layout,
        launches,
        view,
        sessionName,
      });
      const unseated = launches.filter((launch) => dropped.includes(launch.agent.name));
      if (unseated.length > 0)
        throw new PitwallError(
          'LayoutInvalid',
          `a window of ${plan.columns}×${plan.rows} has no room for ${launches.length} agents`,
          'pitwall new --layout solo, or a larger terminal',
        );
      if (dropped.length > 0) state.notices.push(`no room for ${dropped.join(', ')}: left out`);
      for (const launch of launches) await journalLaunch(context, record, launch);
      const opened = await openWindow(context, plan);
      state.window = opened.window;
      state.session = opened.session;
      if (!view.running || view.options.settle === undefined) await prepareServer(context);
    },
    undo: async () => {
      if (state.window !== null) await deps.tmux.run([['kill-window', '-t', state.window]]);
    },
  };
}

/** Written before the program starts, so that its first report comes after its launch. */
export async function journalLaunch(
  context: Context,
  record: TaskRecord,
  launch: AgentLaunch,
): Promise<void> {
  const { files } = context.deps;
  const prompt = promptWay(context, launch);
  const agent = launch.agent.name;
  await files.append(record.project, record.name, {
    type: 'launched',
    agent,
    prompt,
    resumed: launch.resume,
  });
  if (prompt === 'held' && launch.prompt !== null)
    await files.append(record.project, record.name, {
      type: 'held',
      agent,
      prompt: context.deps.uuid(),
      text: launch.prompt,
    });
}

/** Lets a process of tmux's deliver held prompts once their agents are ready; this command need not wait. */
async function settleLater(context: Context): Promise<void> {
  await context.deps.tmux.run([['run-shell', '-b', '#{@pitwall_settle} --wait']]);
}

function layoutFor(agents: number, preferred: string | null): string {
  if (agents <= 1) return preferred ?? 'solo';
  return agents === 2 ? 'pair' : 'bench';
}
