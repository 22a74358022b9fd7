/** Agents whose conversation did not go on, and that ended soon after their start: begun anew, once. */
import { isPitwallError } from '../../core/errors.ts';
import { type FoldedAgent, foldTask } from '../../core/journal/fold.ts';
import type { Context } from '../context.ts';
import { type Observed, observe } from '../observe.ts';
import { placeOf } from '../restore/restore-look.ts';
import { didNotGoOn, freshStart, type Seat, seatOf } from './start-agents.ts';

/** Milliseconds after a start within which an end counts as refusing to go on; journals tell whole seconds. */
const soon = 6000;

/** Looks for them in what was observed; only when there is one is the project's lock taken and looked again. */
export async function reviveRefused(context: Context, observed: Observed): Promise<void> {
  for (const project of new Set((await refused(context, observed)).map(({ place }) => place.record.project)))
    try {
      await context.deps.files.locked(`project:${project}`, async () => {
        const now = await observe(context, { diffs: 'kept' });
        for (const seat of await refused(context, now)) {
          if (seat.place.record.project !== project) continue;
          const { status } = ended(now, seat) ?? { status: null };
          await freshStart(context, seat, `exited with ${status}`);
        }
      });
    } catch (error) {
      // Whoever holds the lock that long looks after its agents itself; else the docket tells of the failure.
      if (!isPitwallError(error)) throw error;
    }
}

async function refused(context: Context, observed: Observed): Promise<readonly Seat[]> {
  const seats: Seat[] = [];
  for (const task of observed.snapshot.projects.flatMap(({ tasks }) => tasks)) {
    const place = placeOf(context, observed, task.project, task.name);
    if (place === null) continue;
    for (const agent of task.agents) {
      if (agent.pane === null || agent.pid !== null) continue;
      const seat = await seatOf(context, place, [], agent, agent.pane);
      if (ended(observed, seat) !== null) seats.push(seat);
    }
  }
  return seats;
}

/** How it ended, when it was to go on and ended soon. */
function ended(observed: Observed, { place, agent }: Seat): FoldedAgent['exited'] {
  const { record } = place;
  const stored = observed.store.projects
    .find((each) => each.record.name === record.project)
    ?.tasks.find((each) => each.name === record.name);
  const folded = foldTask(record.agents, stored?.events ?? []).agents.find(
    (each) => each.name === agent.name,
  );
  if (!folded?.resumed || folded.stopped !== null || folded.exited === null || folded.launchedAt === null)
    return null;
  const lasted = Date.parse(folded.exited.at) - Date.parse(folded.launchedAt);
  return didNotGoOn(folded.exited.status) && lasted < soon ? folded.exited : null;
}
