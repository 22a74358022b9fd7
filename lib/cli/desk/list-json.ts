/** The promised JSON of `list --json`: keys are added, never changed; what is absent is null. */
import type { FarAnswer } from '../../core/hosts/far-merge.ts';
import type { DocketItem, Project, Snapshot, Task } from '../../core/model.ts';

/** The whole of `list --json`. */
export function listJson(snapshot: Snapshot, answers: readonly FarAnswer[] = []) {
  return {
    version: 1,
    projects: snapshot.projects.map(projectJson),
    docket: snapshot.docket.map(docketJson),
    problems: snapshot.problems,
    hosts: answers.map(({ host, problem, hint }) => ({ name: host, ok: problem === null, problem, hint })),
  };
}

/** One task, as `list --json` and `show --json` print it. */
export function taskJson(task: Task) {
  const { created, ...rest } = task;
  return { ...rest, created };
}

/** One item of the docket; `since` is ISO 8601, UTC. */
export function docketJson(item: DocketItem) {
  const { project, task, agent, kind, severity, summary, action, since, pane, priority } = item;
  const known = { project, task, agent, kind, severity, summary, action, since, pane, priority };
  return { ...known, verdict: item.verdict ?? null, host: item.host ?? null, also: item.also ?? [] };
}

function projectJson(project: Project) {
  const { name, root, session, tasks, host = null } = project;
  return { name, root, session, tasks: tasks.map(taskJson), host };
}
