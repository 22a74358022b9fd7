/** How an agent is started again: in its own conversation, where there is one. */

import type { Transcript } from '../../core/agents/preset.ts';
import { findPreset } from '../../core/agents/presets.ts';
import { isPitwallError } from '../../core/errors.ts';
import type { JournalEvent } from '../../core/journal/journal.ts';
import type { AgentRecord } from '../../core/model.ts';
import type { TaskPlace } from '../../core/tmux/pane-command.ts';
import type { Context } from '../context.ts';
import { type AgentLaunch, firstPrompt } from './launch.ts';
import { makeLaunchContext } from './launch-context.ts';

/**
 * The newest conversation of an agent (`agent` carries its id) where one has begun; else the first launch again, with
 * the prompt it never took up. One that was never launched gets the task's prompt. `events` is the task's journal.
 */
export async function resumeLaunch(
  context: Context,
  place: TaskPlace,
  events: readonly JournalEvent[],
  agent: AgentRecord,
): Promise<AgentLaunch> {
  const last = events.findLast((event) => event.type === 'launched' && event.agent === agent.name);
  if (last === undefined) return { agent, prompt: firstPrompt(context, place.record), resume: false };
  const conversation = context.presets.get(agent.preset)?.conversation ?? 'none';
  if (conversation === 'none') return { agent, prompt: null, resume: false };
  if (await conversationBegan(context, place, agent, events)) return { agent, prompt: null, resume: true };
  const lost =
    last.type === 'launched' && last.prompt === 'argument' ? firstPrompt(context, place.record) : null;
  return { agent, prompt: lost, resume: false };
}

/**
 * Whether there is a conversation to continue: its transcript exists, or the agent has told what it was at. One that
 * never came past its first dialogs has none, and could not be continued.
 */
async function conversationBegan(
  context: Context,
  place: TaskPlace,
  agent: AgentRecord,
  events: readonly JournalEvent[],
): Promise<boolean> {
  const preset = findPreset(context.presets, agent.preset);
  const kept = preset.transcript?.(await makeLaunchContext(context, place, agent, false)) ?? null;
  const there = kept !== null && (await isThere(context, kept));
  if (kept !== null && (there || kept.sure)) return there;
  const own = events.filter((event) => 'agent' in event && event.agent === agent.name);
  if (own.some((event) => event.type === 'hook' && isTurn(event))) return true;
  if (preset.hooks === 'events') return false;
  // Whether it has hooks is not known: that it was given a prompt must do.
  if (preset.installs === undefined || preset.conversation !== 'chosen') return true;
  return own.some(
    (event) => event.type === 'delivered' || (event.type === 'launched' && event.prompt === 'argument'),
  );
}

/** Events that are kept without a state, as the start of a program is, are no turn. */
function isTurn(event: { readonly state?: unknown }): boolean {
  return typeof event.state === 'string';
}

async function isThere({ deps }: Context, { folder, ending }: Transcript): Promise<boolean> {
  try {
    return (await deps.folder.list(folder, ending)).length > 0;
  } catch (error) {
    if (!isPitwallError(error, 'FileDamaged')) throw error;
    return false;
  }
}
