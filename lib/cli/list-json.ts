/** The promised JSON of `list --json`: keys are added, never changed; what is absent is null. */
import type { DocketItem, Project, Snapshot, Task } from '../core/model.ts';

export function listJson(snapshot: Snapshot) {
  return {
    version: 1,
    projects: snapshot.projects.map(projectJson),
    docket: snapshot.docket.map(docketJson),
    problems: snapshot.problems,
  };
}

/** One task, as `list --json` and `show --json` print it. */
export function taskJson(task: Task) {
  const { created, ...rest } = task;
  return { ...rest, created };
}

export function docketJson(item: DocketItem) {
  const { project, task, agent, kind, severity, summary, action, since, pane, priority, verdict, also } =
    item;
  const known = { project, task, agent, kind, severity, summary, action, since, pane, priority };
  return { ...known, verdict: verdict ?? null, also: also ?? [] };
}

function projectJson(project: Project) {
  const { name, root, session, tasks } = project;
  return { name, root, session, tasks: tasks.map(taskJson) };
}
