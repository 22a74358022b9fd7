/** The lists of several machines as one. */
import { compareItems } from '../docket/docket.ts';
import type { Snapshot } from '../model.ts';

/** How one host answered: its list, or one line that says what is wrong and a command that may help. */
export interface FarAnswer {
  readonly host: string;
  readonly snapshot: Snapshot | null;
  readonly problem: string | null;
  readonly hint: string | null;
}

/** This machine's list and the hosts': one docket in its own order, this machine's projects first. */
export function mergeLists(own: Snapshot, answers: readonly FarAnswer[]): Snapshot {
  const far = answers.flatMap(({ snapshot }) => snapshot ?? []);
  return {
    projects: [own, ...far].flatMap(({ projects }) => projects),
    docket: [own, ...far].flatMap(({ docket }) => docket).sort(compareItems),
    problems: [own, ...far].flatMap(({ problems }) => problems),
  };
}
