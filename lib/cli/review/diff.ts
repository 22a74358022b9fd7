import { observe } from '../../app/observe.ts';
import { findTask, storedTask } from '../../app/projects.ts';
import { sinceBase, sinceLook } from '../../core/change-from.ts';
import { PitwallError } from '../../core/errors.ts';
import { foldTask } from '../../core/journal/fold.ts';
import { type Call, type Command, flag, jsonOption, onlyTask, projectOption, text } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall diff`: git’s own output and exit code, in the person’s pager; JSON by file. */
export const command: Command = {
  name: 'diff',
  summary: 'what a task changed since its base, uncommitted and new files included',
  usage: ['diff TASK [--stat] [--name-only] [--since-review]'],
  options: {
    stat: { type: 'boolean', words: 'sizes only' },
    'name-only': { type: 'boolean', words: 'file names only' },
    'since-review': { type: 'boolean', words: 'only what changed since you last decided about it' },
    'then-shell': { type: 'string', value: 'SHELL', words: 'start this shell afterwards (used by layouts)' },
    ...projectOption,
    ...jsonOption,
  },
  examples: [
    'pitwall diff fix-login',
    'pitwall diff fix-login --since-review',
    'pitwall diff fix-login --json',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const { git, processes } = context.deps;
  const { snapshot, store } = await observe(context, { diffs: call.json ? 'fresh' : 'kept' });
  const { task } = findTask(snapshot, onlyTask(call, 'diff'), await hereProject(call));
  const stored = storedTask(store.projects, task.project, task.name);
  const { record } = stored;
  const since = flag(call, 'since-review') ? sinceLook(record, lastRound(stored)) : sinceBase(record);
  if (call.json) {
    const files = await git.changedFiles(record.worktree, since);
    call.out(
      JSON.stringify({
        version: 1,
        project: task.project,
        task: task.name,
        base: task.base,
        diff: task.diff,
        files,
      }),
    );
    return 0;
  }
  const options = [
    ...(flag(call, 'stat') ? ['--stat'] : []),
    ...(flag(call, 'name-only') ? ['--name-only'] : []),
  ];
  const exit = await git.showDiff(record.worktree, since, options, context.preferences.review.pager);
  const shell = text(call, 'then-shell');
  return shell === null ? exit : processes.foreground([shell], record.worktree);
}

/** The commit that keeps what the person last decided about; Usage when they never did. */
function lastRound(stored: ReturnType<typeof storedTask>): string {
  const { name } = stored.record;
  const last = foldTask(stored.record.agents, stored.events).rounds.at(-1);
  if (last) return last.commit;
  throw new PitwallError('Usage', `${name} was not reviewed yet`, `pitwall diff ${name}`);
}
