/**
 * What arrives from the terminal, in pieces that blessed understands one at a time. Its key parser garbles a private
 * sequence, drops a read that holds a mouse report among keys, and takes characters beyond the first plane apart.
 */
import { graphemes } from '../core/cells.ts';

/** A piece of input: our private sequence, a bracketed paste, typed text of one character, or bytes for blessed's parser. */
export type Typed =
  | { readonly kind: 'shown'; readonly window: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'sequence'; readonly text: string };

/** `ESC [ 77 ; n ~`: tmux tells us that window @n is the one on screen. A function key no terminal has. */
const shown = /^\x1b\[77;(\d+)~/;
/** A control sequence whole, mouse reports included, a key with Alt, or Escape alone. */
const other = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[ -~])?/;
/** The beginning of a private sequence or mouse report whose end is still on its way. */
const unfinished = /\x1b\[(?:77(?:;\d*)?|20?0?|<[\d;]*)$/;
const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

/** Pieces of `input` in order, and what is to be put before the next read. */
export function splitTyped(input: string): { readonly pieces: readonly Typed[]; readonly rest: string } {
  const rest = unfinishedEnd(input);
  const pieces: Typed[] = [];
  let left = rest === '' ? input : input.slice(0, -rest.length);
  while (left !== '') {
    const taken = nextPiece(left);
    pieces.push(taken.piece);
    left = left.slice(taken.length);
  }
  return { pieces, rest };
}

/** A paste whose end has not come, or the beginning of a sequence. */
function unfinishedEnd(input: string): string {
  const start = input.lastIndexOf(pasteStart);
  if (start >= 0 && !input.includes(pasteEnd, start)) return input.slice(start);
  return unfinished.exec(input)?.[0] ?? '';
}

function nextPiece(input: string): { readonly piece: Typed; readonly length: number } {
  const told = shown.exec(input);
  if (told) return { piece: { kind: 'shown', window: `@${told[1]}` }, length: told[0].length };
  if (input.startsWith(pasteStart)) {
    const end = input.indexOf(pasteEnd);
    const text = input.slice(pasteStart.length, end);
    return { piece: { kind: 'paste', text }, length: end + pasteEnd.length };
  }
  const sequence = other.exec(input);
  if (sequence) return { piece: { kind: 'sequence', text: sequence[0] }, length: sequence[0].length };
  if (input < '\x80') return { piece: { kind: 'sequence', text: input.slice(0, 1) }, length: 1 };
  const run = /^[^\x00-\x7f]+/.exec(input)?.[0] ?? input;
  const first = graphemes(run)[0]?.text;
  if (first === undefined || !run.startsWith(first))
    return { piece: { kind: 'sequence', text: '' }, length: run.length };
  return { piece: { kind: 'text', text: first }, length: first.length };
}
