/**
 * A real capture as a picture: `tmux capture-pane -p -e | tsx scripts/picture.ts [dark|light] > picture.svg`.
 * Every character stands on the terminal's grid; only fonts that readers have are named.
 */
import { pathToFileURL } from 'node:url';
import { type PictureRun, parseCapture } from './picture/parse.ts';

/** The ground the picture stands on. */
export type PictureTheme = 'dark' | 'light';

/** How the picture is drawn. */
export interface PictureOptions {
  /** Cells; by default what the text needs. */
  readonly columns?: number;
  readonly rows?: number;
  readonly theme?: PictureTheme;
}

interface Palette {
  readonly ground: string;
  readonly text: string;
  readonly edge: string;
  readonly colors: readonly string[];
}

const palettes: Readonly<Record<PictureTheme, Palette>> = {
  dark: {
    ground: '#16181d',
    text: '#d7dae0',
    edge: '#2c3038',
    colors:
      '#3b4048 #ef6b73 #8cc570 #e6c06a #61aeee #c77fdc #56c2cf #d7dae0 #6b7280 #ff8a90 #a5dd8a #ffd884 #82c4ff #dd9bef #74dbe7 #ffffff'.split(
        ' ',
      ),
  },
  light: {
    ground: '#fcfcfa',
    text: '#2b2e36',
    edge: '#d9dade',
    colors:
      '#2b2e36 #c4303a #3f7d20 #96690a #1d63b8 #8b3aa8 #11737e #a2a6ae #6f747e #d9434d #4f9a2b #b07d10 #2f7bd8 #a550c4 #178b98 #16181d'.split(
        ' ',
      ),
  },
};

const cell = { width: 8.4, height: 18, size: 14, base: 13.2, pad: 14 };
const fonts =
  "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', 'Noto Sans Mono CJK JP', monospace";

/** The SVG of a capture. Nothing is loaded from anywhere; hostile text is escaped. */
export function captureToSvg(text: string, options: PictureOptions = {}): string {
  const lines = parseCapture(text);
  const palette = palettes[options.theme ?? 'dark'];
  const columns =
    options.columns ??
    Math.max(1, ...lines.map((line) => line.reduce((end, run) => Math.max(end, run.column + run.width), 0)));
  const rows = options.rows ?? lines.length;
  const width = round(columns * cell.width + 2 * cell.pad);
  const height = round(rows * cell.height + 2 * cell.pad);
  const body = lines
    .slice(0, rows)
    .flatMap((line, row) =>
      line.filter((run) => run.column < columns).map((run) => drawRun(run, row, palette)),
    );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fonts}" font-size="${cell.size}">`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${palette.ground}" stroke="${palette.edge}"/>`,
    ...body.filter((each) => each !== ''),
    '</svg>\n',
  ].join('\n');
}

function drawRun(run: PictureRun, row: number, palette: Palette): string {
  const { style } = run;
  const own = style.color === null ? palette.text : (palette.colors[style.color] ?? palette.text);
  const ground = style.background === null ? null : (palette.colors[style.background] ?? null);
  const ink = style.reverse ? (ground ?? palette.ground) : own;
  const fill = style.reverse ? own : ground;
  const x = round(cell.pad + run.column * cell.width);
  const y = round(cell.pad + row * cell.height);
  const wide = round(run.width * cell.width);
  const drawn =
    fill === null
      ? ''
      : `<rect x="${x}" y="${y}" width="${wide}" height="${cell.height}" fill="${fill}" shape-rendering="crispEdges"/>`;
  const shape = blockShape(run.text, x, y, wide, ink, style.dim);
  if (shape !== null) return drawn + shape;
  if (run.text.trim() === '') return drawn;
  const weight = style.bold ? ' font-weight="700"' : '';
  const faint = style.dim ? ' opacity="0.6"' : '';
  return `${drawn}<text x="${x}" y="${round(y + cell.base)}" fill="${ink}"${weight}${faint} textLength="${wide}" lengthAdjust="spacing" xml:space="preserve">${escaped(run.text)}</text>`;
}

/** Rules and bars as shapes: drawn by a font they would have gaps between the cells. */
function blockShape(
  text: string,
  x: number,
  y: number,
  wide: number,
  ink: string,
  dim: boolean,
): string | null {
  const faint = dim ? ' opacity="0.45"' : '';
  const middle = round(y + cell.height / 2);
  if (text === '─')
    return `<rect x="${x}" y="${middle - 0.5}" width="${wide}" height="1" fill="${ink}"${faint}/>`;
  if (text === '│')
    return `<rect x="${round(x + wide / 2 - 0.5)}" y="${y}" width="1" height="${cell.height}" fill="${ink}"${faint}/>`;
  if (text === '▎')
    return `<rect x="${x}" y="${y}" width="${round(wide / 4)}" height="${cell.height}" fill="${ink}"/>`;
  return null;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  const theme = process.argv[2] === 'light' ? 'light' : 'dark';
  process.stdout.write(captureToSvg(Buffer.concat(chunks).toString('utf8'), { theme }));
}
