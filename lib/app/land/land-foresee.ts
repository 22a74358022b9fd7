/** `pitwall land --dry-run`: what would land, each on top of the one before, with nothing changed. */
import { isPitwallError, PitwallError } from '../../core/errors.ts';
import { judgeBase, judgeStanding } from '../../core/land/land.ts';
import { conflictLine } from '../../core/land/land-text.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import { readWorks, scratchOf } from '../overlap.ts';
import { candidateOf, hasLanded, type LandOptions } from './land-candidate.ts';
import { failed, type Landed, nothingYet, type Place } from './land-outcome.ts';

/** A task that nothing but a conflict keeps from landing. */
interface Hopeful {
  readonly place: Place;
  readonly root: string;
  readonly base: string;
  readonly onto: string;
}

/** One outcome for each task, in the order given. */
export async function foreseeLanding(
  context: Context,
  places: readonly Place[],
  options: LandOptions,
): Promise<readonly Landed[]> {
  const seen: (Landed | Hopeful)[] = [];
  for (const place of places)
    try {
      seen.push(await foreseeOne(context, place, options));
    } catch (error) {
      if (!isPitwallError(error)) throw error;
      seen.push(failed(place, error));
    }
  const hopeful = seen.filter((each): each is Hopeful => 'onto' in each);
  const told = new Map<Hopeful, Landed>();
  for (const key of new Set(hopeful.map(chainOf))) {
    const chain = hopeful.filter((each) => chainOf(each) === key);
    const files = await predicted(context, chain);
    chain.forEach((each, index) => {
      told.set(each, outcome(each, files[index] ?? null));
    });
  }
  return seen.flatMap((each) => ('onto' in each ? (told.get(each) ?? []) : [each]));
}

/** Tasks of one project and base land on top of each other. */
function chainOf({ place, base }: Hopeful): string {
  return `${place.project}:${base}`;
}

async function foreseeOne(context: Context, place: Place, options: LandOptions): Promise<Landed | Hopeful> {
  const { git } = context.deps;
  const candidate = await candidateOf(context, place, options);
  const { root, record, approved, commits } = candidate;
  const told = await git.landingBase(root, record.base);
  const refusal = judgeBase(record.base, told, root);
  if (told.commit === null) {
    if (refusal === null) throw new Error('a base without a commit');
    throw refusal;
  }
  const base = told.branch ?? told.name;
  const standing = await git.standing(record.worktree, told.commit, approved);
  const landed =
    standing.underway === null ? await hasLanded(context, place, candidate, told.commit, standing) : null;
  if (landed !== null) return { ...place, ...nothingYet, outcome: 'nothing', base, commit: landed };
  const against = (options.request ? null : refusal) ?? judgeStanding(record, standing, commits);
  if (against !== null) return { ...failed(place, against), base };
  return { place, root, base, onto: told.commit };
}

/** The files each would stop at; null for one whose worktree could not be read. */
async function predicted(
  context: Context,
  chain: readonly Hopeful[],
): Promise<readonly (readonly string[] | null)[]> {
  const { git, files } = context.deps;
  const [first] = chain;
  const project = (await files.load()).projects.find((each) => each.record.name === first?.place.project);
  if (!project || !first) return [];
  const names = chain.map(({ place }) => place.task);
  const tasks = project.tasks.filter((task) => names.includes(task.name));
  return files.locked(`overlap:${project.record.name}`, async () => {
    const { works } = await readWorks(context, project, tasks, 'now');
    const known = chain.filter(({ place }) => works.has(place.task));
    const commits = known.map(({ place }) => works.get(place.task)?.commit ?? '');
    const told = await git.predict(first.root, scratchOf(project), first.onto, commits);
    const answers = new Map(known.map((each, index) => [each, told[index] ?? null]));
    return chain.map((each) => answers.get(each) ?? null);
  });
}

function outcome({ place, base }: Hopeful, files: readonly string[] | null): Landed {
  const whole = { ...place, ...nothingYet, base };
  if (files?.length === 0) return { ...whole, outcome: 'would-land' };
  const { task } = place;
  if (files === null) {
    const hint = shellQuote(['pitwall', 'diff', task]);
    return { ...failed(place, new PitwallError('CommandFailed', `${task} could not be read`, hint)), base };
  }
  const error = new PitwallError('UnmergedWork', `${task}: ${conflictLine(base, files, '')}`, null);
  return { ...whole, outcome: 'conflict', files, error };
}
