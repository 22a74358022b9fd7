/** What a person decided about a task, what became of it, and whether it still holds. */
import type { FoldedTask, Round } from './folded.ts';
import type { JournalEvent } from './journal.ts';

/** What is known of decisions while a journal is folded. */
export interface Decisions {
  rounds: Round[];
  approved: Round | null;
  /** The last decision, when it was an approval. */
  lastApproved: Round | null;
  sinceDecision: FoldedTask['sinceDecision'];
  landing: FoldedTask['landing'];
  landed: FoldedTask['landed'];
  conflict: FoldedTask['conflict'];
}

/** Before anybody has looked. */
export function noDecisions(): Decisions {
  return {
    rounds: [],
    approved: null,
    lastApproved: null,
    sinceDecision: 'untouched',
    landing: null,
    landed: null,
    conflict: null,
  };
}

type DecisionEvent = Extract<
  JournalEvent,
  { readonly type: 'decided' | 'compared' | 'landing' | 'conflict' | 'landed' }
>;

/** What one of these events changes. */
export function decide(draft: Decisions, event: DecisionEvent): void {
  switch (event.type) {
    case 'decided': {
      const round = { round: event.round, commit: event.commit, at: event.at };
      draft.rounds.push(round);
      draft.approved = event.outcome === 'approved' ? round : null;
      draft.lastApproved = draft.approved;
      draft.sinceDecision = 'untouched';
      draft.conflict = null;
      break;
    }
    case 'compared':
      if (event.round !== draft.rounds.at(-1)?.round) break;
      draft.sinceDecision = event.same ? 'unchanged' : 'changed';
      if (event.same) draft.approved = draft.lastApproved;
      break;
    case 'landing':
      draft.landing = { from: event.from, onto: event.onto };
      break;
    case 'conflict':
      draft.landing = null;
      draft.conflict = { at: event.at, files: event.files, message: event.message };
      break;
    case 'landed':
      draft.landing = null;
      draft.landed = { base: event.base, commit: event.commit };
      draft.conflict = null;
      break;
  }
}

/** Somebody works on: what was approved or stood in the way is not what is there any more. */
export function takenUp(draft: Decisions): void {
  draft.approved = null;
  if (draft.rounds.length > 0) draft.sinceDecision = 'untold';
  draft.landed = null;
  draft.conflict = null;
}
