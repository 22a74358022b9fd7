import { follow } from '../../app/follow.ts';
import { observe } from '../../app/observe.ts';
import { findTask, storedTask } from '../../app/projects.ts';
import { oneLine } from '../../core/errors.ts';
import type { JournalEvent } from '../../core/journal/journal.ts';
import { type Call, type Command, flag, jsonOption, onlyTask, projectOption } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall log`: every event once, oldest first; with --json the lines of the journal. */
export const command: Command = {
  name: 'log',
  summary: 'the journal of a task',
  usage: ['log TASK [--follow]'],
  options: {
    follow: { type: 'boolean', short: 'f', words: 'go on printing what is added' },
    ...projectOption,
    ...jsonOption,
  },
  examples: ['pitwall log fix-login', 'pitwall log fix-login --follow --json'],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const { snapshot } = await observe(context, { diffs: 'kept' });
  const { task } = findTask(snapshot, onlyTask(call, 'log'), await hereProject(call));
  let printed = 0;
  const print = async () => {
    const { projects } = await context.deps.files.load();
    const { events } = storedTask(projects, task.project, task.name);
    for (const event of events.slice(printed)) call.out(call.json ? JSON.stringify(event) : eventText(event));
    printed = events.length;
  };
  await print();
  if (flag(call, 'follow')) await follow(context, print);
  return 0;
}

/** One event on one line, for a person. */
export function eventText(event: JournalEvent): string {
  const { at, type, ...rest } = event;
  const agent = 'agent' in rest && rest.agent !== null ? ` ${rest.agent}` : '';
  const detail = Object.entries(rest)
    .filter(([key, value]) => key !== 'agent' && key !== 'payload' && key !== 'started' && value !== null)
    .map(([key, value]) => `${key}=${oneLine(plainValue(value)).slice(0, 160)}`)
    .join(' ');
  return `${at}  ${type.padEnd(11)}${agent}  ${detail}`.trimEnd();
}

function plainValue(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
