/** Grammars of languages. */
import type { Grammar, Language } from '../core/diff/syntax.ts';

/** Grammars, loaded when a file needs them. */
export interface Syntax {
  /** Loads what reads that language; once for each. */
  grammar(language: Language): Promise<Grammar>;
}
