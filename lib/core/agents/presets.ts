/** The registry of presets: what ships with pitwall, and the person's own from their preferences. */
import { PitwallError } from '../errors.ts';
import { nearNames } from '../names.ts';
import { aider } from '../presets/aider.ts';
import { amp } from '../presets/amp.ts';
import { claude } from '../presets/claude.ts';
import { codex } from '../presets/codex.ts';
import { copilot } from '../presets/copilot.ts';
import { cursor } from '../presets/cursor.ts';
import { demo } from '../presets/demo.ts';
import { gemini } from '../presets/gemini.ts';
import { goose } from '../presets/goose.ts';
import { opencode } from '../presets/opencode.ts';
import { qwen } from '../presets/qwen.ts';
import { shell } from '../presets/shell.ts';
import type { Launch, LaunchContext, Preset } from './preset.ts';
import { commonQuestion, promptMark, standsForPrompt } from './preset.ts';

/** An agent of the person's own, as `agents` in the preferences describes it. */
export interface OwnAgent {
  readonly command: readonly string[];
  readonly resume?: readonly string[] | undefined;
  readonly prompt?: 'argument' | 'paste' | undefined;
}

/** The coding agents that pitwall knows: the first of them that is found is used when none is named. */
export const knownAgents: readonly Preset[] = [
  claude,
  codex,
  gemini,
  opencode,
  qwen,
  copilot,
  cursor,
  aider,
  goose,
  amp,
];

const shipped: readonly Preset[] = [...knownAgents, demo, shell];

/** All presets by name; one of the person's own replaces a shipped one of the same name. */
export function presets(own: Readonly<Record<string, OwnAgent>>): ReadonlyMap<string, Preset> {
  const all = new Map(shipped.map((preset) => [preset.name, preset]));
  for (const [name, agent] of Object.entries(own)) all.set(name, ownPreset(name, agent));
  return all;
}

/** The preset of that name; AgentMissing with near names. */
export function findPreset(all: ReadonlyMap<string, Preset>, name: string): Preset {
  const preset = all.get(name);
  if (preset) return preset;
  const near = nearNames(name, [...all.keys()]);
  const meant = near.length > 0 ? `; did you mean ${near.join(', ')}?` : '';
  throw new PitwallError('AgentMissing', `there is no agent preset ${name}${meant}`, 'pitwall agents');
}

function ownPreset(name: string, agent: OwnAgent): Preset {
  const takesArgument = agent.prompt === 'argument' || agent.command.some(standsForPrompt);
  const resume = agent.resume;
  return {
    name,
    title: `your own: ${agent.command.join(' ')}`,
    // What it does with an argument it does not know is not known: it is not asked for a version.
    detect: { program: agent.command[0] ?? null, versionArgv: [], install: null },
    launch: (context) => fill(agent.command, context, takesArgument),
    resume: (context) => (resume ? fill(resume, context, false) : null),
    prompt: takesArgument ? 'argument' : 'paste',
    conversation: [...agent.command, ...(resume ?? [])].some((word) => word.includes('{conversationId}'))
      ? 'chosen'
      : 'none',
    hooks: 'none',
    reading: { quietMs: 3000, asks: commonQuestion },
    skipPermissions: null,
    trust: 'none',
  };
}

/** Placeholders are whole argv elements; a command without `{prompt}` gets it appended when it takes an argument. */
function fill(command: readonly string[], context: LaunchContext, takesPrompt: boolean): Launch {
  const values: Readonly<Record<string, string | null>> = {
    '{conversationId}': context.conversationId,
    '{task}': context.task,
    '{worktree}': context.worktree,
  };
  const argv = command.flatMap((word) => {
    if (standsForPrompt(word)) return context.hasPrompt ? [word] : [];
    return word in values ? [values[word] ?? ''] : [word];
  });
  if (takesPrompt && context.hasPrompt && !command.some(standsForPrompt)) argv.push(promptMark);
  const end = argv.findIndex((word) => word === '--' || standsForPrompt(word));
  argv.splice(end < 0 ? argv.length : end, 0, ...context.args);
  return { argv, env: {} };
}
