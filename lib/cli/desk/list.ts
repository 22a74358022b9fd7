import { observe } from '../../app/observe.ts';
import { publish } from '../../app/publish.ts';
import { PitwallError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/model.ts';
import type { Store } from '../../ports.ts';
import { type Call, type Command, flag, jsonOption, list, projectOption, text } from '../command.ts';
import { hereProject } from '../here.ts';
import { printList } from './list-print.ts';

/** `pitwall list`: the snapshot and nothing else; what is wrong with the state is told on stderr. */
export const command: Command = {
  name: 'list',
  aliases: ['ls'],
  summary: 'the docket and the tasks',
  usage: ['list [--all] [--docket] [--watch]', 'list --host HOST'],
  options: {
    all: {
      type: 'boolean',
      short: 'a',
      words: 'all projects, not only that of this folder, and those of your hosts',
    },
    local: { type: 'boolean', words: 'with --all: of this machine only' },
    host: {
      type: 'string',
      multiple: true,
      value: 'HOST',
      words: 'all projects of that host only; may be given again',
    },
    docket: { type: 'boolean', words: 'only the docket' },
    watch: { type: 'boolean', short: 'w', words: 'print again whenever something changes' },
    ...projectOption,
    ...jsonOption,
  },
  examples: [
    'pitwall list',
    'pitwall list --all --json',
    'pitwall ls --all --docket',
    'pitwall list --host box',
  ],
  run,
};

async function run(call: Call): Promise<number> {
  if (call.positionals.length > 0)
    throw new PitwallError('Usage', 'list takes no names', 'pitwall show TASK');
  const context = await call.context();
  const hosts = list(call, 'host');
  if (hosts.length > 0 || (flag(call, 'all') && !flag(call, 'local'))) {
    const { listHosts } = await import('./list-hosts.ts');
    const answered = await listHosts(call, context, hosts);
    if (answered !== null) return answered;
  }
  const print = async () => {
    const { snapshot, store } = await publish(context, await observe(context, { diffs: 'fresh' }));
    await printList(call, await scope(call, snapshot, store));
  };
  await print();
  if (!flag(call, 'watch')) return 0;
  const { follow } = await import('../../app/follow.ts');
  await follow(context, print);
  return 0;
}

/** One project unless all are asked for; outside of any known project, all. */
async function scope(call: Call, snapshot: Snapshot, store: Store): Promise<Snapshot> {
  if (flag(call, 'all')) return snapshot;
  const here = await hereProject(call, store);
  if (here === null) return snapshot;
  const projects = snapshot.projects.filter((project) => project.name === here);
  if (projects.length === 0 && text(call, 'project') !== null)
    throw new PitwallError('NoSuchProject', `there is no project ${here}`, 'pitwall list --all');
  return { ...snapshot, projects, docket: snapshot.docket.filter((item) => item.project === here) };
}
