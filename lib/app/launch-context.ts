/** What presets are given to make an argv, and where their programs are. */
import { isPitwallError } from '../core/errors.ts';
import type { JournalEvent } from '../core/journal.ts';
import type { AgentRecord } from '../core/model.ts';
import type { TaskPlace } from '../core/pane-command.ts';
import type { LaunchContext, Preset, Transcript } from '../core/preset.ts';
import { findPreset } from '../core/presets.ts';
import type { Context } from './context.ts';

/** What the preset of an agent of that task is to make its argv from. */
export async function makeLaunchContext(
  context: Context,
  { record, folder }: TaskPlace,
  agent: AgentRecord,
  hasPrompt: boolean,
): Promise<LaunchContext> {
  const { deps } = context;
  const preset = findPreset(context.presets, agent.preset);
  const { projects } = await deps.files.load();
  const project = projects.find((each) => each.record.name === record.project);
  const texts = new Map<string, string>();
  for (const path of preset.reads?.({ home: deps.home, env: deps.env }) ?? []) {
    const text = await readIfPlain(context, path);
    if (text !== null) texts.set(path, text);
  }
  return {
    conversationId: agent.conversationId,
    hasPrompt,
    task: record.name,
    worktree: record.worktree,
    programs: { node: deps.shipped.node, demo: deps.shipped.demo, shell: deps.env.SHELL || '/bin/sh' },
    program: (await findProgram(context, preset))?.start ?? preset.detect.program ?? '',
    root: project?.record.root ?? record.worktree,
    folder: `${folder}/agents/${agent.name}`,
    model: agent.model ?? null,
    args: agent.args ?? [],
    home: deps.home,
    env: deps.env,
    texts,
    sha256: deps.sha256,
  };
}

/**
 * Whether there is a conversation to continue: its transcript exists, or the agent has told what it was at. One that
 * never came past its first dialogs has none, and could not be continued.
 */
export async function conversationBegan(
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
  return typeof event.state === 'string' && event.state !== '-';
}

async function isThere({ deps }: Context, { folder, ending }: Transcript): Promise<boolean> {
  try {
    return (await deps.folder.list(folder, ending)).length > 0;
  } catch (error) {
    if (!isPitwallError(error, 'FileDamaged')) throw error;
    return false;
  }
}

/** A preset's program: what starts it, and where it is (null when it ships with pitwall or the system). */
export interface FoundProgram {
  readonly start: string;
  readonly path: string | null;
}

/** The program by its name where PATH has it, else by its path where its installer puts it; null when there is none. */
export async function findProgram(
  { deps }: Context,
  { detect }: Pick<Preset, 'detect'>,
): Promise<FoundProgram | null> {
  const { program } = detect;
  // A path that is not absolute counts from the worktree.
  if (program === null || (program.includes('/') && !program.startsWith('/')))
    return { start: program ?? '', path: null };
  const path = await deps.processes.which(program);
  if (path !== null) return { start: program, path };
  for (const place of detect.places ?? []) {
    const placed = await deps.processes.which(`${deps.home}/${place}`);
    if (placed !== null) return { start: placed, path: placed };
  }
  return null;
}

/** What cannot be read says nothing; the agent itself will complain about it. */
async function readIfPlain({ deps }: Context, path: string): Promise<string | null> {
  try {
    return await deps.folder.read(path);
  } catch (error) {
    if (!isPitwallError(error, 'FileDamaged')) throw error;
    return null;
  }
}
