/** The steps of `new`, each with its undo: record, worktree and branch, copied files, window with its agents. */
import { PitwallError } from '../../core/errors.ts';
import type { SeatedLayout } from '../../core/layout/layout-agents.ts';
import type { ProjectRecord, TaskRecord } from '../../core/model.ts';
import { uniqueName } from '../../core/names.ts';
import type { Step } from '../../core/plan.ts';
import type { ServerView } from '../../ports.ts';
import { type AgentLaunch, openWindow, promptWay, taskWindow } from '../agents/launch.ts';
import type { Context } from '../context.ts';
import { prepareServer } from '../desk/server.ts';
import type { SetupCommand } from './setup.ts';

/** What `pitwall new` was told. */
export interface NewOptions {
  readonly project: string | null;
  readonly prompt: string | null;
  readonly name: string | null;
  readonly branch: string | null;
  /** Number of a pull request to go on with, or null. */
  readonly request: number | null;
  readonly base: string | null;
  readonly agents: readonly string[];
  /** Further arguments for each agent, and the model each is to use. */
  readonly agentArgs: readonly string[];
  readonly model: string | null;
  readonly layout: string | null;
  /** What must hold when it is done. */
  readonly acceptance: readonly string[];
  /** A task of the project that it is to begin after, or null. */
  readonly after: string | null;
  /** Preset of its own reviewer, `none`, or null for the project's. */
  readonly reviewer: string | null;
  readonly priority: number;
  readonly dryRun: boolean;
}

/** Where a task that goes on with a pull request starts. */
export interface RequestedStart {
  readonly branch: string;
  readonly commit: string;
  readonly base: string;
}

/** What is to be made, as asked for and as found. */
export interface Wish {
  readonly project: ProjectRecord;
  readonly layout: SeatedLayout;
  readonly options: NewOptions;
  readonly portCount: number;
  /** Accepted commands that prepare the worktree. */
  readonly setup: readonly SetupCommand[];
  readonly base: string | null;
  readonly request: RequestedStart | null;
}

/** The branch of a new task: made at `start`, or there already. */
export interface Branch {
  readonly name: string;
  readonly create: boolean;
  readonly start: string;
  readonly base: string;
  readonly baseCommit: string;
}

/** What the steps found and made on their way. */
export interface Making {
  window: string | null;
  session: string | null;
  readonly notices: string[];
  record: TaskRecord;
  /** tmux as it was before. */
  view: ServerView;
  /** Whether the server was started or first prepared for us. */
  fresh: boolean;
}

/** Claims the name and writes the record; the first event tells who makes the task. */
export function recordSteps(context: Context, record: TaskRecord): readonly Step[] {
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

/** Worktree, branch, submodules and copied files. */
export function worktreeSteps(
  context: Context,
  wish: Pick<Wish, 'project'>,
  record: TaskRecord,
  branch: Branch,
  state: Making,
): readonly Step[] {
  const { git, files } = context.deps;
  const { root } = wish.project;
  const made = branch.create
    ? `new branch ${branch.name} at ${branch.start.slice(0, 12)}`
    : `branch ${branch.name}`;
  let ours = false;
  let added = false;
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
        added = true;
      },
      // git may fail with the worktree made (a post-checkout hook that refuses): what was not there before is ours.
      undo: async () => {
        if (!ours) return;
        if ((await git.fingerprint(record.worktree)) !== null)
          await git.removeWorktree(root, record.worktree, true);
        // Only while it is where it was made: a branch of that name may be somebody else's by now.
        const start = branch.create ? await git.resolve(root, branch.start) : null;
        const tip = await git.resolve(root, `refs/heads/${branch.name}`);
        if (added && start !== null && tip === start) await git.deleteBranch(root, branch.name, start);
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

/** The window with its agents; what is launched is journalled before it starts. */
export function windowStep(
  context: Context,
  wish: Pick<Wish, 'layout'>,
  launches: readonly AgentLaunch[],
  state: Making,
): Step {
  const { deps } = context;
  const names = launches.map((launch) => `${launch.agent.name} (${launch.agent.role})`).join(', ');
  return {
    does: `window ${state.record.name}, layout ${wish.layout.layout.name}: ${names}`,
    run: async () => {
      const record = state.record;
      const folder = deps.files.taskFolder(record.project, record.name);
      const place = { record, folder, hook: deps.shipped.hook, socket: deps.tmux.socket };
      const { view } = state;
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
      state.fresh = !view.running || view.options.settle === undefined;
      if (state.fresh) await prepareServer(context);
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
