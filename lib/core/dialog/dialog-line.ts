/** Questions that are answered by a typed line: of the demo agent, and of programs that have no dialogs of their own. */

import { commonQuestion } from '../agents/preset.ts';
import { oneLine } from '../errors.ts';
import type { Dialog, Recogniser } from './dialog.ts';

/** A question that is the last thing on the screen: one as most programs put it, or the very one that was reported. */
export const lineDialog: Recogniser = (screen, asked) => {
  const lines = screen.map((line) => line.text.trim()).filter((line) => line !== '');
  const last = lines.at(-1) ?? '';
  return commonQuestion([last]) !== null || isAsked(last, asked) ? dialogOf(last, asked) : null;
};

/** As `lineDialog`, for a program whose input line stands under the question; that must be empty. */
export function promptedLine(input: RegExp): Recogniser {
  return (screen, asked) => {
    const lines = screen.map((line) => line.text.trim()).filter((line) => line !== '');
    if (!input.test(lines.at(-1) ?? '')) return null;
    const last = lines.at(-2) ?? '';
    return isAsked(last, asked) ? dialogOf(last, asked) : null;
  };
}

/** Whether the line is the reported question, whole or cut to the width of its pane. */
function isAsked(line: string, asked: string | null): boolean {
  const question = oneLine(asked ?? '');
  if (question === '') return false;
  if (line === question) return true;
  return line.length > 4 && line.endsWith('…') && question.startsWith(line.slice(0, -1));
}

function dialogOf(line: string, asked: string | null): Dialog {
  return {
    kind: 'line',
    question: isAsked(line, asked) ? oneLine(asked ?? '') : line,
    about: '',
    options: [],
    selected: 0,
    keys: ['Up', 'Down'],
    sign: line,
    yes: null,
    no: null,
    escapes: false,
    free: null,
  };
}
