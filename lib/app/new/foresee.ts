/** Before a task starts: which tasks change files that its prompt names. */
import { isPitwallError } from '../../core/errors.ts';
import { namedFiles, pathWords } from '../../core/overlap/named-paths.ts';
import { weightOf } from '../../core/overlap/overlap.ts';
import type { Context } from '../context.ts';
import { readWorks } from '../overlap.ts';

interface Place {
  readonly name: string;
  readonly root: string;
}

/** A line for the person; `task`: the one that has most of what a prompt names in hand, null for any other word. */
interface Foreseen {
  readonly task: string | null;
  readonly line: string;
}

/** One for each task that has most of what the prompt names in hand; none when the prompt names no files. */
export async function foreseen(
  context: Context,
  project: Place,
  prompt: string | null,
): Promise<readonly Foreseen[]> {
  const words = pathWords(prompt ?? '');
  if (words.length === 0) return [];
  try {
    return await foresee(context, project, words);
  } catch (error) {
    // A hint that cannot be had is no reason not to begin.
    if (!isPitwallError(error)) throw error;
    return [{ task: null, line: `other tasks could not be looked at: ${error.message}` }];
  }
}

async function foresee(
  context: Context,
  project: Place,
  words: readonly string[],
): Promise<readonly Foreseen[]> {
  const { git, files } = context.deps;
  const stored = (await files.load()).projects.find((each) => each.record.name === project.name);
  if (!stored || stored.tasks.length === 0) return [];
  const { works } = await files.locked(`overlap:${project.name}`, () =>
    readWorks(context, stored, stored.tasks, 'now'),
  );
  const changed = new Map(
    [...works].map(([task, { changes }]) => [
      task,
      new Set(changes.flatMap(({ path, from }) => (from === null ? [path] : [path, from]))),
    ]),
  );
  const there = new Set(await git.tracked(project.root));
  for (const paths of changed.values()) for (const path of paths) there.add(path);
  const named = namedFiles(words, there);
  return [...changed].flatMap(([task, paths]) => {
    const shared = [...named].filter((path) => paths.has(path));
    const share = shared.length / Math.max(1, Math.min(named.size, paths.size));
    if (weightOf(share) !== 'serial') return [];
    const more = shared.length > 3 ? `, and ${shared.length - 3} more` : '';
    const what = `${shared.slice(0, 3).join(', ')}${more}`;
    return [{ task, line: `${task} is changing ${what}: better one after the other` }];
  });
}
