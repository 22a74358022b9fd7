/**
 * The terminal this process runs in. The only import of blessed, and only of its terminal program: modes, keys, mouse
 * and size. Frames are drawn by our own cell differences (frame.ts): blessed's screen has no dim text, reads terminfo,
 * and after wide characters either leaves stale cells or sends every cell anew.
 */
import { EventEmitter } from 'node:events';
import { closeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { isatty } from 'node:tty';
import type { BlessedProgram } from 'blessed/lib/program.js';
import type { StyledLine } from '../core/styled.ts';
import { speaksUtf8 } from '../core/text.ts';
import type { Screen, ScreenEvent } from '../ports.ts';
import { type Cell, lineCells, rowPatch } from './frame.ts';
import { splitTyped } from './typed.ts';

/** What decides how the screen is drawn. */
export interface ScreenOptions {
  /** Only ASCII is sent; by default when the locale is not UTF-8. */
  readonly ascii?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The screen of this process's terminal. `stop` leaves the terminal as it was; a signal to end is told as `hangup`. */
export function createScreen({ ascii, env }: ScreenOptions): Screen {
  const { stdout } = process;
  const plainOnly = ascii ?? !speaksUtf8(env);
  const colored = !env.NO_COLOR;
  let running: { readonly program: BlessedProgram; readonly end: () => void } | null = null;
  let drawn: readonly (readonly Cell[])[] | null = null;
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });

  const stop = (): void => {
    if (running === null) return;
    const { program, end } = running;
    running = null;
    drawn = null;
    end();
    leave(program);
  };
  const start = async (onEvent: (event: ScreenEvent) => void): Promise<void> => {
    const source = new EventEmitter();
    const program = await openProgram(source);
    const hangup = () => onEvent({ kind: 'hangup' });
    program.on('resize', () => {
      drawn = null;
      onEvent({ kind: 'resize', ...size() });
    });
    listen(program, onEvent);
    const endInput = readInput(source, onEvent, hangup);
    const signals = ['SIGHUP', 'SIGTERM', 'SIGINT'] as const;
    for (const signal of signals) process.on(signal, hangup);
    stdout.on('error', hangup);
    process.on('exit', stop);
    running = {
      program,
      end: () => {
        endInput();
        for (const signal of signals) process.off(signal, hangup);
        process.off('exit', stop);
      },
    };
    forgetDeadTerminal();
    enter(program);
  };
  const draw = (lines: readonly StyledLine[]): void => {
    if (running === null) return;
    const { columns, rows } = size();
    const next = Array.from({ length: rows }, (_, row) =>
      lineCells(lines[row] ?? [], columns, plainOnly, colored),
    );
    const before = drawn;
    const patch = next.map((cells, row) => rowPatch(row, before?.[row] ?? null, cells)).join('');
    drawn = next;
    if (patch !== '') running.program._write(patch);
  };
  return {
    get columns() {
      return size().columns;
    },
    get rows() {
      return size().rows;
    },
    start,
    draw,
    stop,
    anyKey,
  };
}

/** One key as the terminal sends it, read and forgotten. */
async function anyKey(words: string): Promise<void> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) return;
  stdout.write(`\r\n\x1b[7m ${words} \x1b[m`);
  stdin.setRawMode(true);
  await new Promise<void>((resolve) => {
    const end = () => {
      for (const event of ['data', 'end', 'error'] as const) stdin.off(event, end);
      resolve();
    };
    for (const event of ['data', 'end', 'error'] as const) stdin.on(event, end);
    stdin.resume();
  });
  if (!stdin.destroyed) stdin.setRawMode(false);
  stdin.pause();
  stdout.write('\r\x1b[K');
}

/** blessed's program on our own input. With TMUX set it would start a process to learn tmux's version. */
async function openProgram(input: EventEmitter): Promise<BlessedProgram> {
  const { default: create } = await import('blessed/lib/program.js');
  const { TMUX } = process.env;
  delete process.env.TMUX;
  try {
    return create({
      input: Object.assign(input, { pause: () => input }),
      output: process.stdout,
      tput: false,
      terminal: 'xterm-256color',
    });
  } finally {
    if (TMUX !== undefined) process.env.TMUX = TMUX;
  }
}

/**
 * Node sets its terminals back when it exits and aborts, with a core file, when one of them is gone; a descriptor that
 * is closed by then it leaves alone.
 */
function forgetDeadTerminal(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.once('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) closeIfOpen(fd);
  });
}

function closeIfOpen(fd: number): void {
  try {
    closeSync(fd);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EBADF')) throw error;
  }
}

function enter(program: BlessedProgram): void {
  program.setMode('?1049');
  // What a terminal shows wider than it is counted, as some pictures, must not go on in the next row.
  program.resetMode('?7');
  program.setMode('?2004');
  program.hideCursor();
  program.setMouse({ vt200Mouse: true, sgrMouse: true }, true);
}

function leave(program: BlessedProgram): void {
  program._write('\x1b[m');
  program.disableMouse();
  program.showCursor();
  program.resetMode('?2004');
  program.setMode('?7');
  program.resetMode('?1049');
  program.destroy();
}

function listen(program: BlessedProgram, onEvent: (event: ScreenEvent) => void): void {
  program.on('keypress', (text, key) => {
    // Enter comes twice, as `enter` and as `return`.
    if (key.name === 'return' || key.full === undefined) return;
    const typed = text !== undefined && text >= ' ' && text !== '\x7f' ? text : null;
    onEvent({ kind: 'key', key: { name: key.full, text: typed } });
  });
  program.on('mouse', ({ action, button, x, y }) => {
    if (action === 'wheelup' || action === 'wheeldown')
      onEvent({ kind: 'wheel', by: action === 'wheelup' ? -1 : 1 });
    else if (action === 'mousedown' && button === 'left') onEvent({ kind: 'click', row: y, column: x });
  });
}

/** Raw input from the terminal, piece by piece; answers how to end it. */
function readInput(
  source: EventEmitter,
  onEvent: (event: ScreenEvent) => void,
  hangup: () => void,
): () => void {
  const { stdin } = process;
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const read = (data: Buffer) => {
    const split = splitTyped(rest + decoder.write(data));
    rest = split.rest;
    for (const piece of split.pieces)
      if (piece.kind === 'shown' || piece.kind === 'paste') onEvent(piece);
      else if (piece.kind === 'text') onEvent({ kind: 'key', key: { name: piece.text, text: piece.text } });
      else if (piece.text !== '') source.emit('data', Buffer.from(piece.text));
  };
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', read);
  stdin.on('end', hangup);
  stdin.on('error', hangup);
  stdin.resume();
  return () => {
    stdin.off('data', read);
    stdin.off('end', hangup);
    stdin.off('error', hangup);
    // A terminal that is gone cannot be set back; reading it may still fail once.
    stdin.on('error', () => stdin.destroy());
    if (stdin.isTTY && !stdin.destroyed) stdin.setRawMode(false);
    stdin.pause();
  };
}
