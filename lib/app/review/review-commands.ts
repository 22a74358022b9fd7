/** Carries out what a review's update asks for. Nothing that fails is lost: it comes back as a message. */
import type { DiffFile } from '../../core/diff/diff.ts';
import type { Link } from '../../core/review/links.ts';
import type { Comment, NotesChange } from '../../core/review/review.ts';
import type { ReviewCommand, ReviewMessage, ReviewReading, ReviewSpan } from '../../ui/review-model.ts';
import { words } from '../sidebar/sidebar-commands.ts';
import { toolRunner } from './review-tools.ts';

/** What a review can do. Any rejection is shown as one line, and the loop goes on. */
export interface ReviewDeeds {
  /** null: since the last look where there was one, else the whole. */
  readonly read: (span: ReviewSpan | null) => Promise<ReviewReading>;
  /** A file of the change shown with all its lines; null when it is not in it any more. */
  readonly unfold: (path: string, from: string | null) => Promise<DiffFile | null>;
  /** Keeps a change of the notes. */
  readonly note: (change: NotesChange) => Promise<void>;
  /** The editor on a comment's text; null when nothing was saved. */
  readonly compose: (comment: Comment, text: string) => Promise<string | null>;
  readonly edit: (path: string, line: number) => Promise<void>;
  readonly difftool: (path: string) => Promise<void>;
  readonly pager: () => Promise<void>;
  readonly links: () => Promise<readonly Link[]>;
  /** Whether a browser was found that opens it. */
  readonly browse: (url: string) => Promise<boolean>;
  /** The decisions answer what was done, in words; approving null when the change is not what was shown any more. */
  readonly approve: () => Promise<string | null>;
  /** Narrates on the terminal. `message` as in the command; null as `approve`. */
  readonly land: (message: string | null) => Promise<Landing | null>;
  readonly return: (text: string, ids: readonly string[]) => Promise<string>;
  readonly drop: () => Promise<string>;
}

/** `uncommitted`: nothing was landed, since that needs a message. */
export type Landing =
  | { readonly kind: 'landed'; readonly said: string }
  | { readonly kind: 'uncommitted'; readonly message: string };

/** `may print`: what ends at once may have left something to read, which waits for a key. */
export type ToolEnd = 'returns' | 'may print';

/** What the loop lets the commands do to it. */
export interface ReviewLoop {
  readonly tell: (message: ReviewMessage) => void;
  /** The span that is shown now; null before anything was read. */
  readonly span: () => ReviewSpan | null;
  /** Ends the review, with what was decided. */
  readonly end: (said: string | null) => void;
  /** Runs what needs the terminal for itself. */
  readonly aside: <T>(work: () => Promise<T>, end: ToolEnd) => Promise<T>;
}

/** Carries out what a review asks for, one after the other where order counts. */
export interface ReviewRunner {
  /** Carries out one command; returns at once. */
  readonly carryOut: (command: ReviewCommand) => void;
  readonly show: (reading: Promise<ReviewReading>) => Promise<void>;
  /** Resolves when all notes made so far are kept, or their failure was told. */
  readonly kept: () => Promise<void>;
}

/** A runner for one review; it never throws, for a failure is a message too. */
export function reviewRunner(deeds: ReviewDeeds, { tell, span, end, aside }: ReviewLoop): ReviewRunner {
  let saving: Promise<void> = Promise.resolve();
  let deciding: Promise<void> = Promise.resolve();
  const failed = (error: unknown): void => tell({ kind: 'failed', message: words(error) });
  const show = async (reading: Promise<ReviewReading>): Promise<void> => {
    try {
      tell({ kind: 'reading', reading: await reading });
    } catch (error) {
      failed(error);
    }
  };
  /** `work` answers what was decided; null: not, the change is another by now; undefined: not yet. */
  const decide = async (work: () => Promise<string | null | undefined>): Promise<void> => {
    try {
      await saving;
      const said = await work();
      if (said === undefined) return;
      if (said !== null) return end(said);
      await show(deeds.read(span()));
      tell({ kind: 'failed', message: 'the change is not the one you saw any more: it was read anew' });
    } catch (error) {
      failed(error);
    }
  };
  const land = async (message: string | null): Promise<string | null | undefined> => {
    // Outside, as `pitwall land` is: checks take their time, and ^C ends it.
    const landing = await aside(() => deeds.land(message), 'returns').catch(async (error: unknown) => {
      // What stopped it is known of the task from now on.
      await show(deeds.read(span()));
      throw error;
    });
    if (landing?.kind !== 'uncommitted') return landing?.said ?? null;
    tell({ kind: 'uncommitted', message: landing.message });
    return undefined;
  };
  const outside = toolRunner(deeds, { tell, aside, failed, show: () => show(deeds.read(span())) });
  const carryOut = (command: ReviewCommand): void => {
    switch (command.do) {
      case 'quit':
        // A decision under way is not broken off, and its words are the last.
        void deciding.then(() => end(null));
        break;
      case 'note':
        // In the order in which they were made.
        saving = saving.then(() => deeds.note(command.change)).catch(failed);
        break;
      case 'read':
        void show(deeds.read(command.span));
        break;
      case 'unfold':
        deeds
          .unfold(command.path, command.from)
          .then((file) => tell({ kind: 'unfolded', path: command.path, file }))
          .catch(failed);
        break;
      case 'approve':
        deciding = decide(deeds.approve);
        break;
      case 'land':
        deciding = decide(() => land(command.message));
        break;
      case 'return':
        deciding = decide(() => deeds.return(command.text, command.ids));
        break;
      case 'drop':
        deciding = decide(deeds.drop);
        break;
      default:
        outside(command);
        break;
    }
  };
  return { carryOut, show, kept: () => saving };
}
