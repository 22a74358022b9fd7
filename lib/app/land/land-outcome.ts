/** What became of a task that was to land. */
import type { PitwallError } from '../../core/errors.ts';

/** A task by its project and name. */
export interface Place {
  readonly project: string;
  readonly task: string;
}

/**
 * `nothing`: its base had all of it already; `requested`: a pull request is open; `would-land` is foreseen, not done;
 * `refused` is for the person to put right, `conflict` for an agent.
 */
export interface Landed extends Place {
  readonly outcome: 'landed' | 'nothing' | 'requested' | 'would-land' | 'conflict' | 'refused';
  /** The branch it landed or would land in; null when that is not known. */
  readonly base: string | null;
  /** The commit by which the base has it, or the tip of what was requested. */
  readonly commit: string | null;
  /** The files that git stops at. */
  readonly files: readonly string[];
  /** The address of the pull request, or null. */
  readonly url: string | null;
  readonly removed: boolean;
  readonly error: PitwallError | null;
}

/** The outcome as far as it is known before anything was done. */
export const nothingYet = { base: null, commit: null, files: [], url: null, removed: false, error: null };

/** The outcome of an error that is told and stops this task alone. */
export function failed(place: Place, error: PitwallError): Landed {
  return { ...place, ...nothingYet, outcome: 'refused', error };
}
