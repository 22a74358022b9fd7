/** Submitted lines and who gets them: the question that waits, else the next turn. A line is never both. */

/** Who speaks next. */
export interface Dialogue {
  /** A line was submitted; answers whether it was taken at once or kept for a later turn. */
  submit(text: string): 'answer' | 'prompt' | 'kept';
  /** The next prompt: one that was kept, else the next one submitted. */
  prompt(): Promise<string>;
  /** Whether a question is on screen. */
  asks(): boolean;
  /** The answer to the question on screen: only a line submitted from now on. */
  answer(): Promise<string>;
}

/** A dialogue in which `first` is the first prompt, when there is one. */
export function makeDialogue(first: string | null): Dialogue {
  const kept: string[] = first === null ? [] : [first];
  let onAnswer: ((text: string) => void) | null = null;
  let onPrompt: ((text: string) => void) | null = null;
  return {
    submit(text) {
      const taker = onAnswer ?? onPrompt;
      const kind = onAnswer === null ? 'prompt' : 'answer';
      onAnswer = null;
      if (kind === 'prompt') onPrompt = null;
      if (taker === null) {
        kept.push(text);
        return 'kept';
      }
      taker(text);
      return kind;
    },
    prompt() {
      const next = kept.shift();
      if (next !== undefined) return Promise.resolve(next);
      return new Promise((resolve) => {
        onPrompt = resolve;
      });
    },
    asks: () => onAnswer !== null,
    answer() {
      return new Promise((resolve) => {
        onAnswer = resolve;
      });
    },
  };
}
