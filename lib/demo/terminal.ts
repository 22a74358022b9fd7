/** The terminal of the demo agent: raw keys in, rows out. Draws only rows that changed. */
import type { ReadStream, WriteStream } from 'node:tty';
import { frame, type LineStyle, type LogLine } from './frame.ts';
import { editLine, type InputKey, inputDecoder } from './input.ts';

/** What happens at the terminal. */
export interface TerminalEvents {
  /** A line was submitted with Enter; never blank. */
  submit(text: string): void;
  /** Ctrl-C was pressed; `again` when it was the key before too. */
  interrupt(again: boolean): void;
  /** The terminal is gone. */
  hangup(): void;
}

/** The terminal while it is ours. */
export interface Terminal {
  /** Adds a line to the log, sanitised and cut when drawn. */
  line(text: string, style?: LineStyle): void;
  /** Gives the terminal back as it was found, the cursor below what was drawn. Safe to repeat. */
  close(): void;
}

const keptLines = 500;
const styles: Readonly<Record<LineStyle, string>> = { normal: '', dim: '\u001b[2m', bold: '\u001b[1m' };
/** Bracketed paste on, no wrapping at the right edge; then the reverse. */
const enter = '\u001b[?2004h\u001b[?7l';
const leave = '\u001b[?2004l\u001b[?7h\u001b[?25h';

/** Takes the terminal over: raw mode, bracketed paste. Close it before the program ends. */
export function openTerminal(stdin: ReadStream, stdout: WriteStream, events: TerminalEvents): Terminal {
  const log: LogLine[] = [];
  let input = '';
  let drawn: string[] = [];
  let open = true;
  let lastKey: InputKey | null = null;
  let loneEscape: NodeJS.Timeout | undefined;
  const decoder = inputDecoder();

  const draw = (): void => {
    if (!open) return;
    const rows = frame(log, input, stdout.columns || 80, stdout.rows || 24).map(styled);
    const last = rows.length - 1;
    // The input line comes last and always: the cursor stays where its text ends.
    const changed = rows.map((row, at) =>
      row === drawn[at] && at !== last ? '' : `\u001b[${at + 1};1H${row}\u001b[K`,
    );
    stdout.write(`\u001b[?25l${changed.join('')}\u001b[${last + 1};1H${rows[last] ?? ''}\u001b[?25h`);
    drawn = rows;
  };
  const redraw = (): void => {
    drawn = [];
    if (open) stdout.write('\u001b[H\u001b[J');
    draw();
  };
  const press = (key: InputKey): void => {
    const again = lastKey === key;
    lastKey = key;
    if (key === 'enter') {
      const text = input;
      input = '';
      if (text.trim() !== '') events.submit(text);
    } else if (key === 'interrupt') {
      input = '';
      events.interrupt(again);
    } else if (key === 'redraw') redraw();
    else input = editLine(input, key);
  };
  const onData = (chunk: Buffer): void => {
    clearTimeout(loneEscape);
    for (const event of decoder.push(chunk)) {
      if (event.kind === 'key') press(event.key);
      else {
        input += event.text;
        lastKey = null;
      }
    }
    // A lone Escape is told from a sequence by what follows at once.
    if (decoder.pending) loneEscape = setTimeout(() => decoder.flush(), 50);
    draw();
  };

  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.on('end', () => events.hangup());
  stdin.on('error', () => events.hangup());
  stdout.on('error', () => events.hangup());
  stdout.on('resize', redraw);
  stdout.write(enter);
  redraw();
  return {
    line(text, style = 'normal') {
      log.push({ text: text.slice(0, 4000), style });
      if (log.length > keptLines * 2) log.splice(0, keptLines);
      draw();
    },
    close() {
      if (!open) return;
      open = false;
      clearTimeout(loneEscape);
      stdout.write(`${leave}\u001b[${drawn.length};1H\u001b[K`);
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

function styled(line: LogLine): string {
  return line.style === 'normal' ? line.text : `${styles[line.style]}${line.text}\u001b[0m`;
}
