/** What a new task is called and made of: its name, branch, base, worktree, ports and agents. */

import { findPreset } from '../../core/agents/presets.ts';
import { PitwallError } from '../../core/errors.ts';
import type { AgentRecord, ProjectRecord, TaskRecord } from '../../core/model.ts';
import { projectName, taskName, taskNameFromPrompt, uniqueName } from '../../core/names.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Store } from '../../ports.ts';
import type { Context } from '../context.ts';
import type { Branch, RequestedStart, Wish } from './new-steps.ts';

/** The name that was asked for, else one from the prompt's words; NameTaken, Usage. */
export function chooseName(store: Store, wish: Wish): string {
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
  const { request } = wish;
  const named = wish.options.base ?? request?.base ?? wish.base;
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
  if (request !== null) return { ...from, ...(await requestedBranch(context, root, request, seen)) };
  if (seen.local) return { ...from, name, create: false, start: name };
  if (wish.options.branch !== null) await refuseRemoteName(context, root, name);
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

/** Usage for `origin/x` where that is a remote's branch: one of our own of that name would stand in its way for ever. */
async function refuseRemoteName({ deps: { git } }: Context, root: string, name: string): Promise<void> {
  const short = name.replace(/^(?:refs\/)?remotes\//, '');
  if ((await git.resolve(root, `refs/remotes/${short}`)) === null) return;
  const own = short.slice(short.indexOf('/') + 1);
  throw new PitwallError(
    'Usage',
    `${name} is a branch of a remote`,
    shellQuote(['pitwall', 'new', '--branch', own]),
  );
}

/** Finds the branch of a task of that name, and where it starts; BaseUnknown, NameTaken, Usage. */
export type BranchOf = (task: string) => Promise<Branch>;

/** Milliseconds for which what git said counts as what it would say now. */
const fresh = 100;

/**
 * Asks git at once for the branch that will most likely be meant, so that its answer is there when the lock is had.
 * When the name was taken or the lock had to be waited for, it is asked again.
 */
export function branchAhead(context: Context, wish: Wish): BranchOf {
  const { clock } = context.deps;
  const guess = chooseName({ projects: [], problems: [] }, wish);
  const asked = clock.now();
  const found = Promise.allSettled([chooseBranch(context, wish, guess)]);
  return async (task) => {
    if (task !== guess || Math.abs(clock.now() - asked) > fresh) return chooseBranch(context, wish, task);
    const [branch] = await found;
    if (branch.status === 'rejected') throw branch.reason;
    return branch.value;
  };
}

/** The branch of a pull request: one of that name here must stand where the request does. */
async function requestedBranch(
  context: Context,
  root: string,
  { branch: name, commit }: RequestedStart,
  seen: { readonly local: boolean; readonly clash: string | null },
): Promise<Pick<Branch, 'name' | 'create' | 'start'>> {
  const there = seen.local ? await context.deps.git.resolve(root, `refs/heads/${name}`) : null;
  if (there === commit) return { name, create: false, start: name };
  if (!seen.local && seen.clash === null) return { name, create: true, start: commit };
  const what = seen.local
    ? `branch ${name} is at another commit than the pull request`
    : `there is a branch ${seen.clash}`;
  throw new PitwallError('NameTaken', `${what}; choose a name with --branch`, 'pitwall new --help');
}

/** The record of the task to be made. */
export function taskRecord(
  context: Context,
  store: Store,
  wish: Wish,
  name: string,
  branch: Branch,
): TaskRecord {
  const { deps } = context;
  const { project, options } = wish;
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
    worktree: worktreePath(context, project, name),
    included: {},
    layout: wish.layout.layout.name,
    priority: options.priority,
    group: null,
    ports: freePorts(store, wish.portCount),
    agents,
    created: new Date(deps.clock.now()).toISOString(),
    acceptance: options.acceptance,
    reviewer: options.reviewer,
    after: options.after,
  };
}

/** Where the worktree of a task of that name belongs. */
export function worktreePath({ preferences }: Context, project: ProjectRecord, name: string): string {
  if (preferences.worktreeDir === null) return `${project.root}.worktrees/${name}`;
  return `${preferences.worktreeDir}/${projectName(project.name)}/${name}`;
}

/** The lowest block of consecutive ports that no task of any project has. */
export function freePorts(store: Store, count: number): readonly number[] {
  const used = new Set(
    store.projects.flatMap((project) => project.tasks.flatMap((task) => task.record?.ports ?? [])),
  );
  for (let first = 4100; count > 0 && first + count < 32_768; first += count) {
    const block = Array.from({ length: count }, (_, index) => first + index);
    if (block.every((port) => !used.has(port))) return block;
  }
  return [];
}
