/** Which agent a task gets, and whether it can be started here. */

import { findPreset, knownAgents } from '../../core/agents/presets.ts';
import { PitwallError } from '../../core/errors.ts';
import { findProgram } from '../agents/launch-context.ts';
import type { Context } from '../context.ts';

/** The name of the first coding agent that is found, in the registry's order; null when none is. */
export async function firstFound(context: Context): Promise<string | null> {
  for (const { name } of knownAgents) {
    const preset = context.presets.get(name);
    if (preset !== undefined && (await findProgram(context, preset)) !== null) return name;
  }
  return null;
}

/** Refuses before anything is made: AgentMissing for an agent that is not known or not found, Usage for a wrong wish. */
export async function checkAgent(
  context: Context,
  name: string,
  { model }: { readonly model: string | null },
): Promise<void> {
  const preset = findPreset(context.presets, name);
  const { program, install } = preset.detect;
  if ((await findProgram(context, preset)) === null)
    throw new PitwallError('AgentMissing', `${program} is not on PATH`, install ?? 'pitwall agents');
  if (model === null) return;
  if ((preset.model ?? null) === null)
    throw new PitwallError('Usage', `${name} takes no model from pitwall`, 'pitwall new --agent-args=…');
  if (!/^[^-\s\p{Cc}][^\p{Cc}]{0,200}$/u.test(model))
    throw new PitwallError('Usage', `“${model}” is no name of a model`, 'pitwall new --model NAME');
}

/** Refuses a reviewer that could not be asked; AgentMissing, Usage. `none` is nobody. */
export async function checkReviewer(context: Context, name: string): Promise<void> {
  if (name === 'none') return;
  await checkAgent(context, name, { model: null });
  if (findPreset(context.presets, name).prompt === 'none')
    throw new PitwallError('Usage', `${name} takes no prompt: it cannot review`, 'pitwall agents');
}
