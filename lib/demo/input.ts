/** What a person types or pastes, from bytes to a submitted line. Pure: no terminal is touched here. */
import { StringDecoder } from 'node:string_decoder';

/** A key that means more than its character. */
export type InputKey = 'enter' | 'backspace' | 'clear' | 'word' | 'interrupt' | 'redraw';

/** `text` is typed or pasted as it is to be kept, line feeds included. */
export type InputEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'key'; readonly key: InputKey };

/** Turns chunks of a raw terminal into events; a character, a sequence or a paste may be split anywhere. */
export interface InputDecoder {
  push(chunk: Uint8Array): InputEvent[];
  /** Whether an escape sequence may have begun; a lone Escape stays so until `flush`. */
  readonly pending: boolean;
  /** Gives up on the sequence that has begun (a lone Escape was pressed). */
  flush(): void;
}

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';
const keys: Readonly<Record<string, InputKey>> = {
  '\r': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0015': 'clear',
  '\u0017': 'word',
  '\u0003': 'interrupt',
  '\u000c': 'redraw',
};
const wholeSequence = /^\u001b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O])/;
const partialSequence = /^\u001b(?:\[[0-?]*[ -/]*|O)?$/;
const typed = /^[^\u0000-\u0009\u000b-\u001f\u007f]+/;

/** A decoder that keeps what is torn, of a character or a sequence, for the next bytes. */
export function inputDecoder(): InputDecoder {
  const utf8 = new StringDecoder('utf8');
  let rest = '';
  let pasting = false;

  const takePaste = (from: number): InputEvent[] => {
    const end = rest.indexOf(pasteEnd, Math.max(0, from - pasteEnd.length));
    if (end < 0) return [];
    const text = rest.slice(0, end).replace(/\r\n?/g, '\n');
    rest = rest.slice(end + pasteEnd.length);
    pasting = false;
    return text === '' ? [] : [{ kind: 'text', text }];
  };

  const takeOne = (): InputEvent[] | null => {
    const run = typed.exec(rest)?.[0];
    if (run !== undefined) {
      rest = rest.slice(run.length);
      return [{ kind: 'text', text: run }];
    }
    if (rest.startsWith('\u001b')) {
      const sequence = wholeSequence.exec(rest)?.[0];
      if (sequence === undefined && partialSequence.test(rest)) return null;
      rest = rest.slice(sequence?.length ?? 1);
      pasting = sequence === pasteStart;
      return [];
    }
    const key = keys[rest.charAt(0)];
    rest = rest.slice(1);
    return key === undefined ? [] : [{ kind: 'key', key }];
  };

  return {
    push(chunk) {
      let from = rest.length;
      rest += utf8.write(Buffer.from(chunk));
      const events: InputEvent[] = [];
      while (rest !== '') {
        if (pasting) {
          events.push(...takePaste(from));
          if (pasting) break;
        } else {
          const taken = takeOne();
          if (taken === null) break;
          events.push(...taken);
        }
        from = 0;
      }
      return events;
    },
    get pending() {
      return !pasting && rest !== '';
    },
    flush() {
      if (!pasting) rest = '';
    },
  };
}

/** The input line after a key that edits it: backspace takes a whole character off, accents included. */
export function editLine(line: string, key: InputKey): string {
  if (key === 'clear') return '';
  if (key === 'word') return line.replace(/\S*\s*$/u, '');
  if (key !== 'backspace') return line;
  const near = line.slice(-64);
  const last = [...new Intl.Segmenter().segment(near)].at(-1)?.segment ?? '';
  return line.slice(0, line.length - last.length);
}
