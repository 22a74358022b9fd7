/** What runs in a pane of a task, and the environment a program in it can rely on. */
import type { Runs } from '../layout/layout.ts';
import type { AgentRecord, PaneRole, TaskRecord } from '../model.ts';

/** Names of the person's variables that panes are given: a server keeps the environment of its first client. */
const personal =
  /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|EDITOR|VISUAL|PAGER|SSH_AUTH_SOCK|XDG_[A-Z_]+|[A-Za-z_]*_PROXY|[a-z_]*_proxy|[A-Z0-9_]+_API_KEY|VIRTUAL_ENV|NVM_[A-Z_]+|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|PITWALL_(DEMO_PACE|STATE_DIR|CONFIG_DIR))$/;

/** The person's variables to hand on to panes. Values with a NUL cannot exist; empty ones are handed on too. */
export function personalEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && personal.test(name)) kept[name] = value;
  return kept;
}

/** The person's shell for panes; `sh` where SHELL names none or one that lets nobody work (`false`, `nologin`). */
export function workingShell(env: Readonly<Record<string, string | undefined>>): string {
  const shell = env.SHELL ?? '';
  return shell === '' || /(^|\/)(false|true|nologin)$/.test(shell) ? '/bin/sh' : shell;
}

/** The variables of `env` that `names` name; a `*` at the end of a name stands for any rest. */
export function namedVariables(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const named = names.some((each) =>
      each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each,
    );
    if (value !== undefined && named) kept[name] = value;
  }
  return kept;
}

/** One pane to be made, in the order of the layout. */
export interface PaneCommand {
  /** null for a pane of the person's own. */
  readonly role: PaneRole | null;
  /** The agent's name, null for shells and the like. */
  readonly agent: string | null;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where its raw output is recorded, for agents without hooks; else null. */
  readonly output: string | null;
  /** What a layout's pane runs, to make it again; not for agents. */
  readonly runs?: Runs;
}

/** What a reviewer's pane has besides: where its answer belongs, and no report, which is the author's. */
export function reviewerEnvironment(
  env: Readonly<Record<string, string>>,
  answer: string,
): Record<string, string> {
  const { PITWALL_REPORT: _, ...rest } = env;
  return { ...rest, PITWALL_VERDICT: answer };
}

/** Where a task is kept and how its panes reach us; paths are absolute. */
export interface TaskPlace {
  readonly record: TaskRecord;
  readonly folder: string;
  readonly hook: string;
  readonly socket: string | null;
}

/** The variables of contract: every program in a pane of a task has them. */
export function taskEnvironment(place: TaskPlace, agent: AgentRecord | null): Record<string, string> {
  const { record, folder } = place;
  const env: Record<string, string> = {
    PITWALL_TASK: record.name,
    PITWALL_PROJECT: record.project,
    PITWALL_BRANCH: record.branch,
    PITWALL_BASE: record.base,
    PITWALL_TASK_DIR: folder,
    PITWALL_REPORT: `${folder}/report.md`,
    PITWALL_PORT: String(record.ports[0] ?? ''),
    PITWALL_PORTS: String(record.ports.length),
    PITWALL_HOOK: place.hook,
    PITWALL_AGENT: agent?.name ?? '',
  };
  if (place.socket !== null) env.PITWALL_SOCKET = place.socket;
  if (agent?.conversationId) env.PITWALL_CONVERSATION = agent.conversationId;
  return env;
}
