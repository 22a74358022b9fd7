/** Text and keys typed into a pane as a terminal would send them: pasted, and never into a dead pane. */
import { PitwallError } from '../core/errors.ts';
import { commandsText } from '../core/tmux/tmux-text.ts';
import type { Tmux, TmuxCommand } from '../ports.ts';
import { type Ask, failure } from './tmux-ask.ts';

/** Keys as the bytes a terminal sends: pasted, since `send-keys` leaks to its siblings under `synchronize-panes`. */
export const typedKeys: Readonly<Record<string, string>> = {
  Enter: '\r',
  Escape: '\u001b',
  Tab: '\t',
  Space: ' ',
  Up: '\u001b[A',
  Down: '\u001b[B',
  Right: '\u001b[C',
  Left: '\u001b[D',
  'C-c': '\u0003',
  'C-d': '\u0004',
};

/** Pastes the text as it is through a buffer that is deleted at once. */
export function pasteCommands(pane: string, buffer: string, text: string): TmuxCommand[] {
  return [
    ['set-buffer', '-b', buffer, '--', text],
    ['paste-buffer', '-d', '-r', '-b', buffer, '-t', pane],
  ];
}

/** Runs the commands and prints `sent` when the pane lives: pasting into a dead pane ends the whole server. */
export function whileAlive(
  pane: string,
  commands: readonly TmuxCommand[],
  otherwise: readonly TmuxCommand[] = [],
  showing: string | null = null,
): TmuxCommand {
  const alive = `#{&&:#{==:#{pane_id},${pane}},#{==:#{pane_dead},0}}`;
  return [
    'if-shell',
    '-F',
    '-t',
    pane,
    showing === null ? alive : `#{&&:${alive},#{C:${searched(showing)}}}`,
    commandsText([...commands, ['display-message', '-p', 'sent']]),
    commandsText([...otherwise, ['display-message', '-p', 'gone']]),
  ];
}

/** The text as a pattern of `#{C:}`: what means something in formats or in patterns stands for any character. */
function searched(text: string): string {
  return text.replace(/[#,:{}()*?[\]\\;"'$~%]/g, '?');
}

/** Pastes, waits till the pane is quiet, presses Enter; false when the pane is dead or gone. */
export async function paste(
  run: Tmux['run'],
  ask: Ask,
  argv: readonly string[],
  pane: string,
  text: string,
  buffer: string,
): Promise<boolean> {
  if (text !== '' && !(await pasteText(ask, argv, pane, text, buffer))) return false;
  if (!(await quiet(run, pane))) return false;
  const enter = [['copy-mode', '-q', '-t', pane], ...pasteCommands(pane, `${buffer}-enter`, '\r')];
  return (await run([whileAlive(pane, enter)]))[0] === 'sent';
}

/** Pastes and does not submit; false when the pane is dead or gone. */
export async function pasteText(
  ask: Ask,
  argv: readonly string[],
  pane: string,
  text: string,
  buffer: string,
): Promise<boolean> {
  const paste = whileAlive(
    pane,
    [
      ['copy-mode', '-q', '-t', pane],
      ['paste-buffer', '-d', '-p', '-r', '-b', buffer, '-t', pane],
    ],
    [['delete-buffer', '-b', buffer]],
  );
  const answer = await ask(['load-buffer', '-b', buffer, '-', ';', ...paste], text);
  if (answer.exit !== 0) throw failure([...argv, 'load-buffer'], answer);
  return answer.stdout.trim() === 'sent';
}

/**
 * Waits till the pane shows the same for 150 ms, at most 3 s (a spinner never rests): an Enter that arrives in the
 * same read as the end of a paste is taken for a part of it. False when the pane went away.
 */
async function quiet(run: Tmux['run'], pane: string): Promise<boolean> {
  let shown: string | null = null;
  let same = 0;
  for (let waited = 0; waited < 3000 && same < 3; waited += 50) {
    await pause(50);
    const now: string | null = await run([
      ['capture-pane', '-p', '-t', pane],
      ['display-message', '-p', '-t', pane, '#{cursor_x},#{cursor_y},#{history_size}'],
    ]).then(
      (lines) => lines.join('\n'),
      (error: unknown) => {
        if (error instanceof PitwallError && (error.code === 'TargetGone' || error.code === 'ServerGone'))
          return null;
        throw error;
      },
    );
    if (now === null) return false;
    same = now === shown ? same + 1 : 0;
    shown = now;
  }
  return true;
}

/** Resolves after so many milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
