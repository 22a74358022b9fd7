/** `list` of other hosts: alone, or merged with this machine's. */
import type { Context } from '../../app/context.ts';
import { askHosts } from '../../app/hosts/far.ts';
import { observe } from '../../app/observe.ts';
import { publish } from '../../app/publish.ts';
import { PitwallError } from '../../core/errors.ts';
import { mergeLists } from '../../core/hosts/far-merge.ts';
import { namedHosts } from '../../core/hosts/hosts.ts';
import type { Snapshot } from '../../core/model.ts';
import { type Call, flag, text } from '../command.ts';
import { printList } from './list-print.ts';

const nothing: Snapshot = { projects: [], docket: [], problems: [] };

/**
 * Prints the list of the named hosts, else this machine's with all hosts'. Answers the exit code: 1 when a named host
 * did not answer; null when there are no hosts, and so nothing was done.
 */
export async function listHosts(
  call: Call,
  context: Context,
  names: readonly string[],
): Promise<number | null> {
  const alone = names.length > 0;
  if (alone && (flag(call, 'watch') || flag(call, 'local') || text(call, 'project') !== null))
    throw new PitwallError('Usage', '--host goes with --docket and --json only', 'pitwall list --help');
  const hosts = namedHosts(context.preferences, names);
  if (hosts.length === 0) return null;
  const { deps, preferences } = context;
  let asked = askHosts(deps, hosts);
  const print = async (): Promise<boolean> => {
    // The hosts are asked while this machine's own is read.
    const own = alone
      ? nothing
      : (await publish(context, await observe(context, { diffs: 'fresh' }))).snapshot;
    const answers = await asked;
    const silent = answers.filter(({ problem }) => problem !== null);
    // Of hosts that did not answer nobody knows whether anything waits there.
    if (call.json || !alone || silent.length < answers.length)
      await printList(call, mergeLists(own, answers), answers);
    for (const { problem, hint } of silent)
      call.say(`pitwall: ${problem}${hint === null ? '' : `; try: ${hint}`}`);
    return silent.length === 0;
  };
  const all = await print();
  if (!flag(call, 'watch')) return all || !alone ? 0 : 1;
  // A change here is no change there: the hosts are asked in their own time, and printed with the next change.
  setInterval(() => {
    asked = askHosts(deps, hosts);
  }, preferences.sidebar.hostsEvery * 1000).unref();
  const { follow } = await import('../../app/follow.ts');
  await follow(context, async () => void (await print()));
  return 0;
}
