/** A pane's visible lines as `capture-pane -e` prints them, taken apart: what stands there, and on which ground. */

/** One line of a screen. */
export interface ScreenLine {
  /** Without escapes; blanks at the end cut off. */
  readonly text: string;
  /** The background at each index of `text`; equal strings are equal backgrounds. */
  readonly grounds: readonly string[];
}

// SGR as in ECMA-48, other control sequences, and the two bytes that switch character sets.
const sequence = /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]|[\u000e\u000f]/g;

/** Takes the lines apart; styles go on from one line to the next, as tmux prints them. */
export function parseScreen(lines: readonly string[]): readonly ScreenLine[] {
  let ground = '';
  return lines.map((line) => {
    let text = '';
    const grounds: string[] = [];
    let from = 0;
    const take = (to: number): void => {
      const part = line.slice(from, to);
      text += part;
      for (let at = 0; at < part.length; at += 1) grounds.push(ground);
    };
    for (const match of line.matchAll(sequence)) {
      take(match.index);
      from = match.index + match[0].length;
      if (match[1] !== undefined) ground = nextGround(ground, match[1]);
    }
    take(line.length);
    return { text: text.trimEnd(), grounds };
  });
}

/** The background after a sequence of SGR parameters; `7` (reverse) counts as one of its own. */
function nextGround(before: string, parameters: string): string {
  const codes = parameters.split(/[;:]/).map(Number);
  let ground = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const length = codes[at + 1] === 5 ? 3 : 5;
      if (code === 48) ground = codes.slice(at, at + length).join(';');
      at += length - 1;
    } else if (code === 0 || code === 49 || code === 27) ground = '';
    else if (code === 7 || (code >= 40 && code <= 47) || (code >= 100 && code <= 107)) ground = String(code);
  }
  return ground;
}
