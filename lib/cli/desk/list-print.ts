/** How a list is printed, whichever machines it is of. */
import type { FarAnswer } from '../../core/hosts/far-merge.ts';
import type { Snapshot } from '../../core/model.ts';
import { type Call, flag } from '../command.ts';
import { listJson } from './list-json.ts';

/** Prints a list in words or as JSON; `answers`: of the hosts that were asked. */
export async function printList(
  call: Call,
  snapshot: Snapshot,
  answers: readonly FarAnswer[] = [],
): Promise<void> {
  const docketOnly = flag(call, 'docket');
  if (call.json)
    return call.out(JSON.stringify(listJson(docketOnly ? { ...snapshot, projects: [] } : snapshot, answers)));
  const { listText } = await import('./list-text.ts');
  call.out(listText(snapshot, { now: call.deps.clock.now(), docketOnly, color: call.color }));
  for (const problem of snapshot.problems) call.say(`pitwall: ${problem}`);
}
