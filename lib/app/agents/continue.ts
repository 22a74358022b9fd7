/** Tells agents that were cut off at work, and came back idle, to go on. */
import { foldTask } from '../../core/journal/fold.ts';
import type { Context } from '../context.ts';
import { settleLater } from '../desk/server.ts';

/** What they are told. */
export const goOnPrompt =
  'You were interrupted: the terminal you ran in was ended and has been started again. Go on with what you were doing.';

/**
 * Holds the prompt for each agent of the project (of one task, when named) that was cut off and has not been given
 * anything to do since, and has it delivered once the agent is ready. Answers `TASK/AGENT` of each.
 */
export async function continueInterrupted(
  context: Context,
  project: string,
  task: string | null,
): Promise<readonly string[]> {
  const { files } = context.deps;
  const told: string[] = [];
  const { projects } = await files.load();
  const tasks = projects.find((each) => each.record.name === project)?.tasks ?? [];
  for (const { record, events, name } of tasks) {
    if (record === null || (task !== null && name !== task)) continue;
    const folded = foldTask(record.agents, events);
    for (const agent of folded.agents) {
      const held = folded.held.some((each) => each.agent === agent.name);
      if (agent.interrupted === null || agent.stopped !== null || held) continue;
      const prompt = context.deps.uuid();
      await files.append(project, name, { type: 'held', agent: agent.name, prompt, text: goOnPrompt });
      told.push(`${name}/${agent.name}`);
    }
  }
  if (told.length > 0) await settleLater(context);
  return told;
}
