/** A plan: ordered steps, computed first and shown by `--dry-run`; each can be undone when a later one fails. */

/** One step of a plan. */
export interface Step {
  /** What the step does, for a person, naming the thing: `worktree ../app.worktrees/fix at main`. */
  readonly does: string;
  readonly run: () => Promise<void>;
  /** Takes back what `run` did, also when it only half succeeded; null when there is nothing to take back. */
  readonly undo: (() => Promise<void>) | null;
}

/**
 * Runs the steps in order. When one fails, it and those before it are undone in reverse and the failure is thrown;
 * an undo that fails does not stop the others: it is told to `onUndoFailure`.
 */
export async function runPlan(
  steps: readonly Step[],
  onUndoFailure: (step: Step, error: unknown) => void,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    try {
      await step.run();
    } catch (error) {
      await undoPlan(steps.slice(0, index + 1), onUndoFailure);
      throw error;
    }
  }
}

/** Takes back steps that were run, in reverse; one that fails does not stop the others. */
export async function undoPlan(
  steps: readonly Step[],
  onUndoFailure: (step: Step, error: unknown) => void,
): Promise<void> {
  for (const done of [...steps].reverse()) {
    try {
      await done.undo?.();
    } catch (undoError) {
      onUndoFailure(done, undoError);
    }
  }
}
