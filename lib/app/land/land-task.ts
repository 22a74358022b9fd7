/**
 * One task brought into its base: made ready in its own worktree, checked, landed. The project's lock is held for the
 * first and the last, not for the checks; what was seen before is seen to hold still before the base moves.
 */
import { isPitwallError, PitwallError } from '../../core/errors.ts';
import { judgeBase, judgeStanding, type LandingBase } from '../../core/land/land.ts';
import { conflictLine, landingMessage, taskMessage, updateMessage } from '../../core/land/land-text.ts';
import { landingRef } from '../../core/review/rounds.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Context } from '../context.ts';
import { projectSettings } from '../projects.ts';
import { type Candidate, candidateOf, hasLanded, type LandOptions, removalBegun } from './land-candidate.ts';
import type { Place } from './land-outcome.ts';
import { openRequest } from './land-request.ts';

interface Told {
  readonly outcome: 'landed' | 'nothing' | 'requested' | 'conflict';
  readonly base: string;
  readonly commit?: string;
  readonly files?: readonly string[];
  readonly url?: string;
  readonly error?: PitwallError;
}

/** A task that is up to date with its base and committed, as it was seen then. */
interface Ready {
  readonly candidate: Candidate;
  readonly base: LandingBase;
  readonly onto: string;
  readonly head: string;
}

/** How often the base or the task may move while checks run before that is told instead of tried again. */
const tries = 3;

/** Lands one approved task; a refusal is thrown and has changed nothing of the base. */
export async function landTask(
  context: Context,
  place: Place,
  options: LandOptions,
  narrate: (line: string) => void,
): Promise<Told> {
  const { files } = context.deps;
  const locked = <T>(work: () => Promise<T>) => files.locked(`project:${place.project}`, work, 120_000);
  for (let round = 0; round < tries; round += 1) {
    const ready = await locked(() => makeReady(context, place, options));
    if ('outcome' in ready) return ready;
    const failure = await checked(context, place, ready, options, narrate);
    if (failure !== null) return stopped(context, place, baseName(ready.base), [], failure);
    const told = await locked(() => finish(context, place, ready, options));
    if (told !== null) return told;
  }
  throw new PitwallError(
    'WorktreeBusy',
    `${place.task} or its base changed each time while it was checked`,
    shellQuote(['pitwall', 'land', place.task]),
  );
}

async function makeReady(context: Context, place: Place, options: LandOptions): Promise<Ready | Told> {
  const { git, files } = context.deps;
  const candidate = await candidateOf(context, place, options);
  const { root, record, folded, approved } = candidate;
  const over = await removalBegun(context, candidate);
  if (over !== null) return { outcome: 'nothing', ...over };
  if (folded.landing !== null) await git.takeBack(record.worktree, folded.landing);
  const base = await git.landingBase(root, record.base);
  const onto = await ontoOf(context, candidate, base, options);
  const refusal = judgeBase(record.base, base, root);
  if (onto === null) throw refusal ?? new Error('a base without a commit');
  const look = () => git.standing(record.worktree, onto, approved);
  let standing = await look();
  const landed =
    standing.underway === null ? await hasLanded(context, place, candidate, onto, standing) : null;
  if (landed !== null) return tellLanded(context, place, candidate, { base: baseName(base), commit: landed });
  if (refusal !== null && !options.request) throw refusal;
  const judge = (commits: boolean) => {
    const against = judgeStanding(record, standing, commits);
    if (against !== null) throw against;
  };
  judge(candidate.commits);
  if (standing.changed.length > 0) {
    const message = options.message ?? taskMessage(candidate.text);
    const said = await git.commitAll(record.worktree, message);
    if (said !== null) return stopped(context, place, baseName(base), [], `git commit was refused: ${said}`);
    standing = await look();
    judge(false);
  }
  await files.append(place.project, place.task, { type: 'landing', from: standing.head, onto });
  const stop = await git.bringUpToDate(record.worktree, {
    onto,
    how: candidate.strategy === 'rebase' ? 'rebase' : 'merge',
    message: updateMessage(record.branch, baseName(base)),
  });
  if (stop !== null)
    return stopped(
      context,
      place,
      baseName(base),
      stop.files,
      conflictLine(baseName(base), stop.files, stop.said),
    );
  standing = await look();
  judge(false);
  return { candidate, base, onto, head: standing.head };
}

/** A pull request is for the remote's branch as it was last fetched, not for what the local one has besides. */
async function ontoOf(
  context: Context,
  { root, record }: Candidate,
  base: LandingBase,
  options: LandOptions,
): Promise<string | null> {
  if (!options.request || base.remote === null) return base.commit;
  return context.deps.git.resolve(root, `refs/remotes/${record.base}`);
}

/** What it is called by people: the local branch where there is one. */
function baseName(base: LandingBase): string {
  return base.branch ?? base.name;
}

/** It had landed before: `land` was interrupted, or somebody merged it by hand. */
async function tellLanded(
  context: Context,
  place: Place,
  { folded }: Candidate,
  { base, commit }: { readonly base: string; readonly commit: string },
): Promise<Told> {
  // Should removing it be interrupted, this tells what became of it.
  if (folded.landed?.commit !== commit)
    await context.deps.files.append(place.project, place.task, { type: 'landed', base, commit });
  return { outcome: 'nothing', base, commit };
}

/** Journals what stopped it: the docket shows it. */
async function stopped(
  context: Context,
  place: Place,
  base: string,
  files: readonly string[],
  message: string,
): Promise<Told> {
  const event = { type: 'conflict', files: files.slice(0, 1000), message } as const;
  await context.deps.files.append(place.project, place.task, event);
  const hint = shellQuote(['pitwall', 'land', '--hand-over', place.task]);
  const error = new PitwallError('UnmergedWork', `${place.task}: ${message}`, hint, { names: files });
  return { outcome: 'conflict', base, files, error };
}

async function checked(
  context: Context,
  place: Place,
  { candidate }: Ready,
  { check }: LandOptions,
  narrate: (line: string) => void,
): Promise<string | null> {
  if (check !== null) return check(context, place);
  const { settings } = await projectSettings(context, candidate.root);
  if (settings.checks.length > 0)
    narrate(`the checks of ${place.project} were not run again for ${place.task}`);
  return null;
}

/** Moves the base; null when it or the task is not as it was made ready. */
async function finish(
  context: Context,
  place: Place,
  ready: Ready,
  options: LandOptions,
): Promise<Told | null> {
  const { git, files } = context.deps;
  const candidate = await candidateOf(context, place, options);
  const { root, record, approved, text, strategy } = candidate;
  const base = await git.landingBase(root, record.base);
  const standing = await git.standing(record.worktree, ready.onto, approved);
  const onto = await ontoOf(context, candidate, base, options);
  const same = onto === ready.onto && standing.head === ready.head && standing.changed.length === 0;
  if (!same || !standing.approved || standing.underway !== null) return null;
  const branch = baseName(base);
  if (options.request) {
    const url = await openRequest(context, place, candidate, base);
    return { outcome: 'requested', base: base.name, commit: ready.head, url };
  }
  const refusal = judgeBase(record.base, base, root);
  if (refusal !== null) throw refusal;
  const message = landingMessage(text, branch, strategy, options.message);
  const made = await landingCommit(context, place, ready, message);
  if (typeof made !== 'string') return made;
  await git.keepCommit(root, landingRef(place.project, place.task), made);
  await git.advance(root, {
    branch,
    holder: base.holders[0]?.path ?? null,
    from: base.from ?? ready.onto,
    to: made,
    reason: `pitwall land: ${place.task}`,
  });
  await files.append(place.project, place.task, { type: 'landed', base: branch, commit: made });
  return { outcome: 'landed', base: branch, commit: made };
}

/** A hook that refuses is for somebody to put right, as a conflict is. */
async function landingCommit(
  context: Context,
  place: Place,
  { candidate, base, onto, head }: Ready,
  message: string,
): Promise<string | Told> {
  const { git } = context.deps;
  const { root, strategy } = candidate;
  // Beside the tasks' folders, in one that no reader takes for a task.
  const folder = `${candidate.folder}/.landing/worktree`;
  try {
    return await git.landingCommit(root, { folder, base: onto, tip: head, strategy, message });
  } catch (error) {
    if (!isPitwallError(error, 'CommandFailed')) throw error;
    return stopped(context, place, baseName(base), [], error.message);
  }
}
