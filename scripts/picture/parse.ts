/** Text of `tmux capture-pane -p -e` as a grid of styled cells. */
import { graphemes } from '../../lib/core/cells.ts';

/** How one cell looks. */
export interface PictureStyle {
  /** 0-15, or null for the terminal's own. */
  color: number | null;
  background: number | null;
  bold: boolean;
  dim: boolean;
  reverse: boolean;
}

/** A run of text in one style, at its column. */
export interface PictureRun {
  readonly column: number;
  readonly width: number;
  readonly text: string;
  readonly style: Readonly<PictureStyle>;
}

const plainStyle: Readonly<PictureStyle> = {
  color: null,
  background: null,
  bold: false,
  dim: false,
  reverse: false,
};

/** The runs of each line. A style goes on over line ends, as tmux writes it. */
export function parseCapture(text: string): readonly (readonly PictureRun[])[] {
  const style: PictureStyle = { ...plainStyle };
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => parseLine(line, style));
}

function parseLine(line: string, style: PictureStyle): readonly PictureRun[] {
  const runs: PictureRun[] = [];
  let column = 0;
  for (const part of line.split(/(\x1b\[[\d;:]*m)/)) {
    const codes = /^\x1b\[([\d;:]*)m$/.exec(part);
    if (codes) {
      applyCodes((codes[1] ?? '').split(/[;:]/).map(Number), style);
      continue;
    }
    for (const piece of pieces(part)) {
      runs.push({ column, width: piece.width, text: piece.text, style: { ...style } });
      column += piece.width;
    }
  }
  return runs;
}

/** ASCII stays together; any other character stands alone, so that the grid decides where it goes. */
function pieces(text: string): readonly { readonly text: string; readonly width: number }[] {
  const found: { text: string; width: number }[] = [];
  for (const each of graphemes(text.replace(/\x1b[()][A-Z0-9]|\x1b\][^\x07]*\x07|[\x0e\x0f]/g, ''))) {
    const last = found.at(-1);
    const ascii = /^[\x20-\x7e]$/.test(each.text);
    if (last && ascii && /^[\x20-\x7e]+$/.test(last.text)) {
      last.text += each.text;
      last.width += 1;
    } else found.push({ ...each });
  }
  return found;
}

function applyCodes(codes: readonly number[], style: PictureStyle): void {
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) Object.assign(style, plainStyle);
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 7) style.reverse = true;
    else if (code === 22) style.bold = style.dim = false;
    else if (code === 27) style.reverse = false;
    else if (code >= 30 && code <= 37) style.color = code - 30;
    else if (code >= 90 && code <= 97) style.color = code - 82;
    else if (code === 39) style.color = null;
    else if (code >= 40 && code <= 47) style.background = code - 40;
    else if (code >= 100 && code <= 107) style.background = code - 92;
    else if (code === 49) style.background = null;
    else if (code === 38 || code === 48) {
      const number = codes[at + 1] === 5 ? (codes[at + 2] ?? 0) : null;
      const shown = number !== null && number < 16 ? number : null;
      if (code === 38) style.color = shown;
      else style.background = shown;
      at += codes[at + 1] === 5 ? 2 : 4;
    }
  }
}
