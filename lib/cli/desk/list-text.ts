/** `pitwall list` in words: the docket, a blank line, the tasks; no frames, fit for grep. */

import { cutEnd, displayWidth, padEnd } from '../../core/cells.ts';
import type { Snapshot, Task } from '../../core/model.ts';
import { age } from '../../core/text.ts';
import { checksSpan, kindLook, stateText, taskLook } from '../../ui/theme.ts';

/** How a list is shown. */
export interface ListLook {
  /** ms since the epoch. */
  readonly now: number;
  readonly docketOnly: boolean;
  readonly color: boolean;
}

/** Where a task is; `host` is absent for this machine. */
interface Place {
  readonly host?: string | undefined;
  readonly project: string;
}

/** The list as lines without a line feed at the end; ages are those at `look.now`. */
export function listText(snapshot: Snapshot, look: ListLook): string {
  const several = snapshot.projects.length > 1;
  const name = ({ host, project }: Place, task: string) =>
    host !== undefined ? `${host}:${project}:${task}` : several ? `${project}:${task}` : task;
  const ageOf = (since: string) => age(look.now - Date.parse(since));
  const docket = snapshot.docket.map((item, index) => [
    String(index + 1),
    `${kindLook(item.kind).sign} ${item.kind}`,
    name(item, item.task) + (item.agent === null ? '' : `/${item.agent}`),
    ageOf(item.since),
    cutEnd(item.summary, 100),
  ]);
  const lines = docket.length > 0 ? columns(docket) : ['nothing waits for you'];
  if (look.docketOnly) return lines.join('\n');
  const tasks = snapshot.projects.flatMap((project) =>
    project.tasks.map((task) => [
      `${taskLook(task).sign} ${stateText(task)}`,
      name({ host: project.host, project: project.name }, task.name),
      agentsOf(task),
      changeOf(task),
      checksSpan(task.checks)?.text ?? '',
      ageOf(youngest(task)),
      task.branch === task.name ? '' : task.branch,
      task.problem ?? '',
    ]),
  );
  if (tasks.length === 0) return 'no tasks yet; try: pitwall new "what to do"';
  return [...lines, '', ...columns(tasks)].join('\n');
}

function agentsOf(task: Task): string {
  const counted = new Map<string, number>();
  for (const agent of task.agents) counted.set(agent.preset, (counted.get(agent.preset) ?? 0) + 1);
  return [...counted].map(([preset, count]) => (count > 1 ? `${preset}×${count}` : preset)).join(' ');
}

function changeOf(task: Task): string {
  if (task.diff === null || task.diff.files === 0) return '-';
  return `+${task.diff.insertions} −${task.diff.deletions}`;
}

function youngest(task: Task): string {
  return task.agents.find((agent) => agent.state === task.state)?.since ?? task.created;
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .flatMap((cell, column) => (widths[column] === 0 ? [] : [padEnd(cell, widths[column] ?? 0)]))
      .join('  ')
      .trimEnd(),
  );
}
