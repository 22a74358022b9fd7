/** How aider is read, after its documentation: it has no hooks; its questions end in `(Y)es/(N)o … [Yes]:`. */
import { commonQuestion } from '../agents/preset.ts';
import type { Reading } from '../agents/reading.ts';
import { said } from '../agents/reading-payload.ts';

/** At work until it prints nothing for 3 s; then it asks, or its turn is over. */
export const aiderReading: Reading = {
  quietMs: 3000,
  asks: (lines) => {
    const last = lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
    return /\(Y\)es\/\(N\)o.*\[\w+\]:?$/.test(last) ? said(last) : commonQuestion(lines);
  },
};
