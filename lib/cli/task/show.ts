import { usageOf } from '../../app/agents/usage.ts';
import { observe } from '../../app/observe.ts';
import { findTask, storedTask } from '../../app/projects.ts';
import type { Usage } from '../../core/agents/reading.ts';
import { verdictLines } from '../../core/check/verdict.ts';
import { foldTask } from '../../core/journal/fold.ts';
import { parseReport } from '../../core/journal/report.ts';
import type { DiffStat, Task, TaskRecord } from '../../core/model.ts';
import { overlapText } from '../../core/overlap/overlap-text.ts';
import { explain } from '../../core/state/explain.ts';
import { whyJson, whyText } from '../../core/state/why.ts';
import { age } from '../../core/text.ts';
import { changed, stateLook, stateText, taskLook } from '../../ui/theme.ts';
import { type Call, type Command, flag, jsonOption, onlyTask, projectOption } from '../command.ts';
import { taskJson } from '../desk/list-json.ts';
import { hereProject } from '../here.ts';
import { eventText } from './log.ts';

/** `pitwall show`: one task as its files, tmux and git have it. */
export const command: Command = {
  name: 'show',
  summary: 'everything about one task, the end of its journal included',
  usage: ['show TASK [--why]'],
  options: {
    why: { type: 'boolean', words: 'what each agent’s state was decided by: all signals seen, and the rule' },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall show fix-login', 'pitwall show fix-login --why', 'pitwall show app:fix-login --json'],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const observed = await observe(context, { diffs: 'fresh' });
  const { snapshot, store } = observed;
  const { task } = findTask(snapshot, onlyTask(call, 'show'), await hereProject(call));
  const stored = storedTask(store.projects, task.project, task.name);
  const report = stored.report === null ? null : parseReport(stored.report.text);
  const { held, conflict } = foldTask(stored.record.agents, stored.events);
  const journal = stored.events.slice(-10);
  const why = flag(call, 'why') ? explain(observed.facts, task.project, task.name) : null;
  if (why !== null && !call.json) {
    call.out(why.map(whyText).join('\n\n'));
    return 0;
  }
  const usage = await usageOf(context, observed, task);
  if (call.json) {
    const { prompt, baseCommit, ownsBranch, acceptance = [], after = null } = stored.record;
    call.out(
      JSON.stringify({
        version: 1,
        task: {
          ...taskJson(task),
          agents: task.agents.map((agent, index) => ({ ...agent, usage: usage[index] ?? null })),
        },
        prompt,
        acceptance,
        after,
        baseCommit,
        ownsBranch,
        folder: stored.folder,
        report,
        held,
        conflict,
        journal,
        skipped: stored.skipped,
        ...(why === null ? {} : { why: why.map(whyJson) }),
      }),
    );
    return 0;
  }
  const now = context.deps.clock.now();
  const rows: readonly (readonly [string, string])[] = [
    ['task', `${taskLook(task).sign} ${task.project}:${task.name} (${stateText(task)})`],
    ['branch', `${task.branch} from ${task.base} (${stored.record.baseCommit.slice(0, 12)})`],
    ['worktree', task.worktree],
    ['change', changeText(task.diff)],
    ...judgedRows(task),
    ...task.overlaps.map((each): [string, string] => ['overlap', overlapText(each)]),
    ['window', task.window ?? 'none'],
    ['layout', task.layout],
    ['ports', task.ports.join(' ') || 'none'],
    ...task.agents.map((agent): [string, string] => [
      'agent',
      `${stateLook(agent.state, false, changed(task)).sign} ${agent.name} (${agent.preset}, ${agent.role}) ${agent.state} ${age(now - Date.parse(agent.since))}: ${agent.message ?? agent.why}`,
    ]),
    ...task.agents.flatMap((agent, index) => usageRow(agent.name, usage[index] ?? null)),
    ...held.map((each): [string, string] => ['held', `for ${each.agent}: ${firstLine(each.text)}`]),
    ...(conflict === null ? [] : [['conflict', conflict.message] as [string, string]]),
    ...(task.problem === null ? [] : [['problem', task.problem] as [string, string]]),
    ...(report?.summary ? [['report', report.summary] as [string, string]] : []),
    ...wishRows(stored.record, task.queued),
  ];
  call.out(rows.map(([label, value]) => `${label.padEnd(9)} ${value}`).join('\n'));
  if (journal.length > 0) call.out(`\n${journal.map(eventText).join('\n')}`);
  return 0;
}

function judgedRows({ checks, reviewer, verdict }: Task): readonly [string, string][] {
  const rows: [string, string][] = checks === 'none' ? [] : [['checks', checks]];
  if (!verdict) return reviewer ? [...rows, ['reviewer', reviewer]] : rows;
  const lines = verdictLines(verdict);
  return [...rows, ...lines.map((line, index): [string, string] => [index === 0 ? 'reviewer' : '', line])];
}

function wishRows(
  { prompt, acceptance = [], after }: TaskRecord,
  queued: boolean,
): readonly [string, string][] {
  const waits: [string, string][] = queued ? [['queued', `until ${after} has landed or is gone`]] : [];
  const notes = acceptance.map((note): [string, string] => ['accept', firstLine(note)]);
  return [['prompt', firstLine(prompt)], ...notes, ...waits];
}

function changeText(diff: DiffStat | null): string {
  if (diff === null) return 'not known';
  return `${diff.files} ${diff.files === 1 ? 'file' : 'files'} +${diff.insertions} −${diff.deletions}`;
}

function usageRow(agent: string, usage: Usage | null): readonly [string, string][] {
  if (usage === null) return [];
  const cost = usage.costUsd === null ? '' : `, $${usage.costUsd.toFixed(2)}`;
  const count = (tokens: number) => tokens.toLocaleString('en');
  return [
    ['tokens', `${agent}: ${count(usage.inputTokens)} read, ${count(usage.outputTokens)} written${cost}`],
  ];
}

function firstLine(text: string): string {
  const [first = '', ...more] = text.split('\n');
  return more.length > 0 ? `${first} … (${more.length + 1} lines)` : first;
}
