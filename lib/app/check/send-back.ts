/** What checks and reviewers found, sent back to the agent whose turn they are about. */

import { findPreset } from '../../core/agents/presets.ts';
import { authors } from '../../core/model.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { findTask } from '../projects.ts';

interface Place {
  readonly project: string;
  readonly name: string;
}

/** The agent whose turn ended last and that takes prompts; null when there is none. */
export async function author(context: Context, { project, name }: Place): Promise<string | null> {
  const { snapshot } = await observe(context, { diffs: 'kept' });
  const { task } = findTask(snapshot, `${project}:${name}`, null);
  const [last] = authors(task.agents)
    .filter((agent) => agent.state === 'done' && findPreset(context.presets, agent.preset).prompt !== 'none')
    .sort((a, b) => Date.parse(b.since) - Date.parse(a.since));
  return last?.name ?? null;
}

/**
 * Holds the prompt for the agent and answers its id. Before the finding itself is recorded: who is killed between the two
 * has told the agent all the same. `kind`: how the id begins.
 */
export async function holdBack(
  { deps: { files, uuid } }: Context,
  { project, name }: Place,
  agent: string,
  kind: string,
  text: string,
): Promise<string> {
  const prompt = `${kind}${uuid()}`;
  await files.append(project, name, { type: 'held', agent, prompt, text });
  return prompt;
}
