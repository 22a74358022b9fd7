/** `pitwall doctor`: what is wrong, and the command that mends it. Looks only; mends nothing. */
import { isPitwallError } from '../core/errors.ts';
import type { Snapshot } from '../core/model.ts';
import { takenKey } from '../core/tmux/keys.ts';
import { shellQuote } from '../core/tmux/tmux-text.ts';
import { listAgents } from './agents/agents.ts';
import type { Context } from './context.ts';
import { observe } from './observe.ts';
import { autostartStatus } from './restore/autostart.ts';

/** One thing looked at: a line of `pitwall doctor`. */
export interface Finding {
  readonly about: string;
  readonly ok: boolean;
  readonly words: string;
  /** The command that mends it, or null. */
  readonly mend: string | null;
}

/** All findings, good ones too. Never throws for something that is wrong: that is a finding. */
export async function examine(context: Context): Promise<readonly Finding[]> {
  const { deps } = context;
  const findings: Finding[] = [];
  const good: Say = (about, words, mend = null) => {
    findings.push({ about, ok: true, words, mend });
  };
  const bad = (about: string, words: string, mend: string | null): void => {
    findings.push({ about, ok: false, words, mend });
  };
  const tryFor = async (about: string, probe: () => Promise<void>) => {
    try {
      await probe();
    } catch (error) {
      if (!isPitwallError(error)) throw error;
      bad(about, error.message, error.hint);
    }
  };
  const [major = 0, minor = 0] = deps.nodeVersion.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) good('node', `node ${deps.nodeVersion}`);
  else bad('node', `node ${deps.nodeVersion} is too old: 20.19 or newer is needed`, 'nvm install 24');
  await tryFor('tmux', async () => good('tmux', `tmux ${await deps.tmux.version()}`));
  await tryFor('git', async () => good('git', `git ${await deps.git.version()}`));
  for (const problem of context.problems)
    bad('preferences', problem, `$EDITOR ${shellQuote([deps.preferences.path])}`);
  if (context.problems.length === 0) good('preferences', deps.preferences.path);
  findings.push(...(await examineAgents(context)));
  await tryFor('state', () => examineState(context, good, bad));
  await tryFor('autostart', () => examineAutostart(context, findings));
  await tryFor('key', () => examineKey(context, good, bad));
  return findings;
}

/** Not to have an agent is nothing wrong, unless the preferences name it. */
async function examineAgents(context: Context): Promise<readonly Finding[]> {
  const { agent: preferred, agents: own } = context.preferences;
  const findings: Finding[] = [];
  const absent: string[] = [];
  for (const agent of await listAgents(context)) {
    const wanted = agent.name === preferred || Object.hasOwn(own, agent.name);
    if (!agent.found && !wanted) {
      absent.push(agent.name);
      continue;
    }
    const version = agent.version === null ? '' : ` ${agent.version}`;
    const missing = agent.missing === null ? '' : `; ${agent.missing}`;
    const words = `${agent.name}: ${agent.title}${version}${missing}`;
    findings.push({ about: 'agents', ok: agent.works, words, mend: agent.install });
  }
  if (absent.length > 0)
    findings.push({
      about: 'agents',
      ok: true,
      words: `not here: ${absent.join(', ')}`,
      mend: 'pitwall agents',
    });
  return findings;
}

/** A git at work holds its locks for moments; one that was killed leaves them for ever. Milliseconds. */
const lockIsOld = 60_000;

async function examineLocks(context: Context, { projects }: Snapshot, bad: SayBad): Promise<void> {
  const { git, clock } = context.deps;
  for (const { name, root, tasks } of projects)
    for (const file of await git.leftLocks(root, tasks, clock.now() - lockIsOld))
      bad(
        'lock',
        `${name}: ${file} keeps git out; when no git is at work there, one that was killed left it`,
        shellQuote(['rm', file]),
      );
}

type Say = (about: string, words: string, mend?: string | null) => void;
type SayBad = (about: string, words: string, mend: string | null) => void;

/** A system that has nothing to start us with is not wrong. */
async function examineAutostart(context: Context, findings: Finding[]): Promise<void> {
  for (const part of (await autostartStatus(context)).parts) findings.push({ ...part, about: 'autostart' });
}

async function examineState(context: Context, good: Say, bad: SayBad): Promise<void> {
  const { snapshot, store, view } = await observe(context, { diffs: 'kept' });
  for (const problem of store.problems) bad('state', problem, null);
  for (const project of snapshot.projects)
    for (const task of project.tasks) {
      const name = `${project.name}:${task.name}`;
      if (task.problem !== null) bad('task', `${name}: ${task.problem}`, `pitwall remove ${name}`);
      // Not to know is nothing wrong; the signals tell what is missing.
      for (const agent of task.agents)
        if (agent.state === 'unknown')
          good('agent', `${name}/${agent.name}: unknown: ${agent.why}`, `pitwall doctor ${name}`);
    }
  await examineLocks(context, snapshot, bad);
  // A task with a damaged record is known: what is wrong was told above, and its agent may be at work.
  const known = new Set(
    store.projects.flatMap((each) => each.tasks.map((task) => `${task.project}:${task.name}`)),
  );
  for (const pane of view.panes)
    if (pane.role === 'agent' && pane.project !== null && !known.has(`${pane.project}:${pane.task}`))
      bad(
        'pane',
        `pane ${pane.pane} says it belongs to ${pane.project}:${pane.task}, which is not known`,
        shellQuote([...context.deps.tmux.argv, 'kill-pane', '-t', pane.pane]),
      );
  const tasks = snapshot.projects.reduce((sum, project) => sum + project.tasks.length, 0);
  good(
    'state',
    `${snapshot.projects.length} projects, ${tasks} tasks, ${snapshot.docket.length} waiting, in ${context.deps.files.stateDir}`,
  );
}

async function examineKey(context: Context, good: Say, bad: SayBad): Promise<void> {
  const { prefix } = context.preferences.keys;
  const view = await context.deps.tmux.view();
  if (!view.running) return good('key', `${prefix} under the prefix, once a project is open`);
  const taken = takenKey(await context.deps.tmux.run([['list-keys', '-T', 'prefix']]), prefix);
  if (taken === null) good('key', `${prefix} under the prefix opens pitwall’s keys`);
  else bad('key', `key ${prefix} under the prefix is taken: ${taken}`, 'pitwall config set keys.prefix KEY');
}
