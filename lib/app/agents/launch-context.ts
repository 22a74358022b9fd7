/** What presets are given to make an argv, and where their programs are. */

import type { LaunchContext, Preset } from '../../core/agents/preset.ts';
import { findPreset } from '../../core/agents/presets.ts';
import { isPitwallError } from '../../core/errors.ts';
import type { AgentRecord } from '../../core/model.ts';
import { type TaskPlace, workingShell } from '../../core/tmux/pane-command.ts';
import type { Context } from '../context.ts';

/**
 * What the preset of an agent of that task is to make its argv from. An agent that does not tell its model and arguments
 * has those it was made with.
 */
export async function makeLaunchContext(
  context: Context,
  { record, folder }: TaskPlace,
  agent: AgentRecord,
  hasPrompt: boolean,
): Promise<LaunchContext> {
  const { deps } = context;
  const preset = findPreset(context.presets, agent.preset);
  const { projects } = await deps.files.load();
  const made = record.agents.find((each) => each.name === agent.name);
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
    programs: { node: deps.shipped.node, demo: deps.shipped.demo, shell: workingShell(deps.env) },
    program: (await findProgram(context, preset))?.start ?? preset.detect.program ?? '',
    root: project?.record.root ?? record.worktree,
    folder: `${folder}/agents/${agent.name}`,
    model: (agent.model === undefined ? made?.model : agent.model) ?? null,
    args: agent.args ?? made?.args ?? [],
    writes: [`${folder}/${agent.independent === true ? 'output/review-*.json' : 'report.md'}`],
    home: deps.home,
    env: deps.env,
    texts,
    sha256: deps.sha256,
  };
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
