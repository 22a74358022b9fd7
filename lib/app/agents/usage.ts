/** Tokens and cost, from the transcripts that agents keep: read only where they are shown. */

import type { Usage } from '../../core/agents/reading.ts';
import type { Task } from '../../core/model.ts';
import { explain } from '../../core/state/explain.ts';
import type { Context } from '../context.ts';
import type { Observed } from '../observe.ts';
import { placeOf } from './sights.ts';

/** The usage of each agent of a task, in its order; null where nothing tells. */
export async function usageOf(
  context: Context,
  { facts }: Observed,
  task: Pick<Task, 'project' | 'name' | 'worktree'>,
): Promise<readonly (Usage | null)[]> {
  return Promise.all(
    explain(facts, task.project, task.name).map(({ record, pane, signals }) => {
      const reading = context.presets.get(record.preset)?.reading.usage;
      if (!reading) return signals.folded.usage;
      const conversationId = signals.registry?.conversationId ?? signals.folded.conversationId;
      const { transcript } = signals.folded;
      const pid = pane === null || pane.dead ? null : pane.pid;
      const place = placeOf(context, task.worktree, { conversationId, transcript, pid });
      return context.deps.agentFiles.usage(reading.files(place), reading);
    }),
  );
}
