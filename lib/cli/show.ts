import { observe } from '../app/observe.ts';
import { findTask, storedTask } from '../app/projects.ts';
import { foldTask } from '../core/fold.ts';
import { parseReport } from '../core/report.ts';
import { age } from '../core/text.ts';
import { stateLook } from '../ui/theme.ts';
import { type Call, type Command, jsonOption, onlyTask, projectOption } from './command.ts';
import { hereProject } from './here.ts';
import { taskJson } from './list-json.ts';
import { eventText } from './log.ts';
import { overlapText } from './overlap.ts';

export const command: Command = {
  name: 'show',
  summary: 'everything about one task, the end of its journal included',
  usage: ['show TASK'],
  completes: 'task',
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall show fix-login', 'pitwall show app:fix-login --json'],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const { snapshot, store } = await observe(context, { diffs: 'fresh' });
  const { task } = findTask(snapshot, onlyTask(call, 'show'), await hereProject(call));
  const stored = storedTask(store.projects, task.project, task.name);
  const report = stored.report === null ? null : parseReport(stored.report.text);
  const { held, conflict } = foldTask(stored.record.agents, stored.events);
  const journal = stored.events.slice(-10);
  if (call.json) {
    const { prompt, baseCommit, ownsBranch } = stored.record;
    call.out(
      JSON.stringify({
        version: 1,
        task: taskJson(task),
        prompt,
        baseCommit,
        ownsBranch,
        folder: stored.folder,
        report,
        held,
        conflict,
        journal,
        skipped: stored.skipped,
      }),
    );
    return 0;
  }
  const now = context.deps.clock.now();
  const change = task.diff
    ? `${task.diff.files} ${task.diff.files === 1 ? 'file' : 'files'} +${task.diff.insertions} −${task.diff.deletions}`
    : 'not known';
  const rows: readonly (readonly [string, string])[] = [
    ['task', `${stateLook(task.state).sign} ${task.project}:${task.name} (${task.state})`],
    ['branch', `${task.branch} from ${task.base} (${stored.record.baseCommit.slice(0, 12)})`],
    ['worktree', task.worktree],
    ['change', change],
    ...task.overlaps.map((each): [string, string] => ['overlap', overlapText(each)]),
    ['window', task.window ?? 'none'],
    ['layout', task.layout],
    ['ports', task.ports.join(' ') || 'none'],
    ...task.agents.map((agent): [string, string] => [
      'agent',
      `${stateLook(agent.state).sign} ${agent.name} (${agent.preset}, ${agent.role}) ${agent.state} ${age(now - Date.parse(agent.since))}: ${agent.message ?? agent.why}`,
    ]),
    ...held.map((each): [string, string] => ['held', `for ${each.agent}: ${firstLine(each.text)}`]),
    ...(conflict === null ? [] : [['conflict', conflict.message] as [string, string]]),
    ...(task.problem === null ? [] : [['problem', task.problem] as [string, string]]),
    ...(report?.summary ? [['report', report.summary] as [string, string]] : []),
    ['prompt', firstLine(stored.record.prompt)],
  ];
  call.out(rows.map(([label, value]) => `${label.padEnd(9)} ${value}`).join('\n'));
  if (journal.length > 0) call.out(`\n${journal.map(eventText).join('\n')}`);
  return 0;
}

function firstLine(text: string): string {
  const [first = '', ...more] = text.split('\n');
  return more.length > 0 ? `${first} … (${more.length + 1} lines)` : first;
}
