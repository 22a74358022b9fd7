/**
 * How a copy of a conversation is gone on with, for agents that can fork one: what resumes the first conversation, with
 * the words that make a copy of it. Seen with claude 2.1.197 and codex 0.169.0 in another worktree of the repository;
 * opencode 1.18.33 can fork too, but its copy works on in the first worktree, so it is left out.
 */
import type { Launch, LaunchContext, Preset } from './preset.ts';

/** The conversation to copy. */
export interface ForkSource {
  readonly conversationId: string;
  /** The folder in which pitwall keeps the task that holds it. */
  readonly folder: string;
}

type Way = (
  resumed: readonly string[],
  source: ForkSource,
  context: LaunchContext,
) => readonly string[] | null;

const ways: Readonly<Record<string, Way>> = {
  claude: (argv, { conversationId }, context) =>
    context.conversationId === null
      ? null
      : afterPair(
          argv,
          ['--resume', conversationId],
          ['--fork-session', '--session-id', context.conversationId],
        ),
  // It asks which folder is meant unless it is told.
  codex: (argv, _, { worktree }) => {
    const at = argv.indexOf('resume');
    return at < 0 ? null : [...argv.slice(0, at), 'fork', '-C', worktree, ...argv.slice(at + 1)];
  },
  demo: (argv, { conversationId, folder }, context) => {
    const at = pairAt(argv, ['--resume', conversationId]);
    if (at < 0 || context.conversationId === null) return null;
    const copied = [
      '--fork',
      `${folder}/demo/${conversationId}.jsonl`,
      '--conversation',
      context.conversationId,
    ];
    return [...argv.slice(0, at), ...copied, ...argv.slice(at + 2)];
  },
};

/** Whether a preset's conversations can be forked at all. */
export function canFork(preset: string): boolean {
  return Object.hasOwn(ways, preset);
}

/** The launch that goes on with a copy; null when the preset cannot. `context` holds the new conversation's id. */
export function forkLaunch(preset: Preset, context: LaunchContext, source: ForkSource): Launch | null {
  const way = canFork(preset.name) ? ways[preset.name] : undefined;
  const resumed = way ? preset.resume({ ...context, conversationId: source.conversationId }) : null;
  const argv = resumed && way ? way(resumed.argv, source, context) : null;
  return resumed === null || argv === null ? null : { ...resumed, argv };
}

/** The preset as it launches with a copy of that conversation; the same without one. */
export function forking(preset: Preset, source: ForkSource | undefined): Preset {
  if (source === undefined) return preset;
  return { ...preset, launch: (context) => forkLaunch(preset, context, source) ?? preset.launch(context) };
}

function pairAt(argv: readonly string[], [first, second]: readonly [string, string]): number {
  return argv.findIndex((word, at) => word === first && argv[at + 1] === second);
}

function afterPair(argv: readonly string[], pair: readonly [string, string], words: readonly string[]) {
  const at = pairAt(argv, pair);
  return at < 0 ? null : [...argv.slice(0, at + 2), ...words, ...argv.slice(at + 2)];
}
