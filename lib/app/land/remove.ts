/** `pitwall remove`: window, worktree, branch and record of a task, by rules that never lose work silently. */

import { oneLine, PitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import { judgeRemoval, type Verdict } from '../../core/land/removal.ts';
import { authors, type Task } from '../../core/model.ts';
import { runPlan, type Step } from '../../core/plan.ts';
import { landingRef, readingsPrefix, roundsPrefix } from '../../core/review/rounds.ts';
import { isSeat } from '../../core/tmux/tmux-text.ts';
import type { ServerView } from '../../ports.ts';
import { startAgents } from '../agents/stop.ts';
import type { Context } from '../context.ts';
import { startQueuedSoon } from '../new/queued.ts';
import { type Observed, observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { publish } from '../publish.ts';

/** `force` passes all guards but those of the main worktree and the default branch. */
export interface RemoveOptions {
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** A task that was removed, or would be. */
export interface Removed {
  readonly project: string;
  readonly task: string;
  readonly branchKept: boolean;
  readonly steps: readonly string[];
}

/** How often programs in a worktree are looked for before they count, and the ms between two looks. */
const looks = 4;
const betweenLooks = 100;

/** Removes one task. DirtyWorktree, UnmergedWork, WorktreeBusy, Protected name what is in the way. */
export async function removeTask(
  context: Context,
  typed: string,
  here: string | null,
  options: RemoveOptions,
  narrate: (line: string) => void,
): Promise<Removed> {
  const first = findTask((await observe(context, { diffs: 'kept' })).snapshot, typed, here);
  if (first.agent !== null)
    throw new PitwallError(
      'Usage',
      `${typed} names an agent; a whole task is removed`,
      `pitwall remove ${first.task.name}`,
    );
  const work = async (): Promise<Removed> => {
    const observed = await observe(context, { diffs: 'kept' });
    const { task, project } = findTask(observed.snapshot, `${first.task.project}:${first.task.name}`, null);
    await refuseFromInside(context, observed, task);
    if ((await context.deps.git.fingerprint(project.root)) === null)
      return forgetTask(context, task, project.root, options);
    const verdict = await judge(context, observed, task, project.root, options.force);
    if (verdict.refusal !== null) throw verdict.refusal;
    const steps = removeSteps(context, observed, task, project.root, verdict, options.force);
    if (!options.dryRun)
      await runPlan(steps, (step, error) => narrate(`could not undo “${step.does}”: ${String(error)}`));
    const does = steps.map((step) => step.does);
    return { project: task.project, task: task.name, branchKept: verdict.branch === 'keep', steps: does };
  };
  if (options.dryRun) return work();
  const removed = await context.deps.files.locked(`project:${first.task.project}`, work, 120_000);
  await publish(context, await observe(context, { diffs: 'kept' }));
  await startQueuedSoon(context);
  return removed;
}

/** Ending the agents would end this command with them, halfway. */
async function refuseFromInside(context: Context, { view }: Observed, task: Task): Promise<void> {
  const { processes, files } = context.deps;
  const own = ownPanes(view, task).filter((pane) => !pane.dead);
  if (!(await processes.descendants(own.map((pane) => pane.pid))).includes(files.self.pid)) return;
  const hint = `pitwall remove ${task.project}:${task.name}`;
  throw new PitwallError(
    'WorktreeBusy',
    `this command runs in a pane of ${task.name} itself: it belongs in another window`,
    hint,
  );
}

/** The repository is gone: only what is pitwall's own can be cleared, and only when the person says so. */
async function forgetTask(
  context: Context,
  task: Task,
  root: string,
  options: RemoveOptions,
): Promise<Removed> {
  const { files, tmux } = context.deps;
  if (!options.force) {
    const hint = `pitwall remove ${task.project}:${task.name} --force`;
    throw new PitwallError(
      'NotARepository',
      `the repository ${root} is gone; its task can only be forgotten`,
      hint,
    );
  }
  const steps = [`close window ${task.name}`, `forget task ${task.name}`];
  if (!options.dryRun) {
    const commands = await closingCommands(context, task);
    if (commands.length > 0) await tmux.run(commands);
    await files.deleteTask(task.project, task.name);
  }
  return { project: task.project, task: task.name, branchKept: true, steps };
}

async function judge(
  context: Context,
  observed: Observed,
  task: Task,
  root: string,
  force: boolean,
): Promise<Verdict> {
  const { git } = context.deps;
  const { record, events } = storedTask(observed.store.projects, task.project, task.name);
  const { held, landed } = foldTask(record.agents, events);
  const [worktrees, defaultBranch, facts] = await Promise.all([
    git.worktrees(root),
    git.defaultBranch(root),
    git.facts(record.worktree, record.base, record.branch, root),
  ]);
  return judgeRemoval({
    task: task.name,
    record,
    root,
    facts,
    worktrees,
    defaultBranch,
    unedited: facts.exists ? await git.unedited(record.worktree, record.included) : [],
    working: authors(task.agents)
      .filter((agent) => agent.state === 'working')
      .map((agent) => agent.name),
    // What was still to be told of work that has landed is told too late.
    held: landed === null ? held.map(({ text }) => oneLine(text).slice(0, 60)) : [],
    foreignProcesses: facts.exists ? await foreign(context, observed.view, task, record.worktree) : [],
    foreignPanes: strangersInWindow(observed.view, task),
    force,
  });
}

/**
 * Processes in the worktree that do not descend from the task's own panes or from the sidebar. Only what every look sees
 * counts: a program that is over within a moment (a prompt's `git status`) is in nobody's way.
 */
async function foreign(
  context: Context,
  view: ServerView,
  task: Task,
  worktree: string,
): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const { processes, files, clock } = context.deps;
  const own = [...ownPanes(view, task), ...view.panes.filter(isSeat)].map((pane) => pane.pid);
  let seen = await processes.inside(worktree);
  for (let look = 0; look < looks && seen.length > 0; look += 1) {
    if (look > 0) await clock.sleep(betweenLooks);
    const ours = new Set([...(await processes.descendants(own)), ...own, files.self.pid]);
    const before = new Set(seen.map(({ pid }) => pid));
    seen = (await processes.inside(worktree)).filter(({ pid }) => before.has(pid) && !ours.has(pid));
  }
  return seen;
}

function ownPanes(view: ServerView, task: Task) {
  return view.panes.filter((pane) => pane.project === task.project && pane.task === task.name);
}

/** Panes in the task's window that the person made: they are named before the window goes. */
function strangersInWindow(view: ServerView, task: Task): readonly string[] {
  return view.panes
    .filter((pane) => pane.window === task.window && pane.role === null && !pane.dead)
    .map((pane) => `${pane.command} (${pane.pane})`);
}

function removeSteps(
  context: Context,
  observed: Observed,
  task: Task,
  root: string,
  verdict: Verdict,
  force: boolean,
): readonly Step[] {
  const { git, tmux, files, processes } = context.deps;
  const { record } = storedTask(observed.store.projects, task.project, task.name);
  const panes = ownPanes(observed.view, task);
  const alive = panes.filter((pane) => !pane.dead).map((pane) => pane.pid);
  let tip: string | null = null;
  const steps: Step[] = [
    {
      does: `end ${task.agents.length === 1 ? 'its agent' : 'its agents'}`,
      run: async () => {
        await files.append(task.project, task.name, { type: 'removing' });
        await processes.endGroups(alive, 3000);
        // What an agent saved on its way out counts too.
        const now = await observe(context, { diffs: 'kept' });
        const again = await judge(context, now, task, root, force);
        if (again.refusal !== null) throw again.refusal;
        if (verdict.branch === 'delete' && again.branch === 'delete')
          tip = await git.resolve(root, `refs/heads/${record.branch}`);
      },
      undo: async () => {
        const again = await observe(context, { diffs: 'kept' });
        await startAgents(
          context,
          again,
          findTask(again.snapshot, `${task.project}:${task.name}`, null).task,
          null,
        );
      },
    },
  ];
  if (verdict.worktree === 'remove')
    steps.push({
      does: `remove worktree ${record.worktree}`,
      run: () => git.removeWorktree(root, record.worktree, verdict.forceWorktree),
      undo: null,
    });
  if (verdict.branch === 'delete')
    steps.push({
      does: `delete branch ${record.branch}`,
      run: async () => {
        if (tip !== null) await git.deleteBranch(root, record.branch, tip);
      },
      undo: null,
    });
  steps.push(
    {
      does: `close window ${record.name}`,
      run: async () => {
        const commands = await closingCommands(context, task);
        if (commands.length > 0) await tmux.run(commands);
      },
      undo: null,
    },
    {
      does: `forget task ${record.name}`,
      run: async () => {
        // The record goes last: whoever is killed before that finds it, and can begin again.
        await git.forgetWork(root, roundsPrefix(task.project, task.name));
        await git.forgetWork(root, landingRef(task.project, task.name));
        await git.forgetWork(root, readingsPrefix(task.project, task.name));
        await files.deleteTask(task.project, task.name);
      },
      undo: null,
    },
  );
  return steps;
}

/** Closes our panes only; a sidebar in the window is first seated elsewhere by the hook that follows the person. */
async function closingCommands(context: Context, task: Task): Promise<readonly (readonly string[])[]> {
  const view = await context.deps.tmux.view();
  const panes = ownPanes(view, task);
  const windows = new Set(panes.map((pane) => pane.window));
  const rest = view.panes.filter((pane) => windows.has(pane.window) && !panes.includes(pane));
  const empty = rest.filter(isSeat);
  const closing = rest.length === empty.length ? [...panes, ...empty] : panes;
  const sidebar = closing.find((pane) => pane.role === 'sidebar');
  const seat = view.panes.find((pane) => pane.role === 'slot' && !windows.has(pane.window));
  const save = sidebar && seat ? [['swap-pane', '-d', '-s', sidebar.pane, '-t', seat.pane]] : [];
  const targets = sidebar && seat ? closing.map((pane) => (pane === sidebar ? seat : pane)) : closing;
  return [...save, ...targets.map((pane) => ['kill-pane', '-t', pane.pane])];
}
