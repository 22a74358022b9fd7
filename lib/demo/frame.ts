/** What the demo agent's screen shows, as rows of text: a label, the end of the log, the input line. Pure. */
import { clean, cut, cutStart } from './text.ts';

/** How a line of the log looks. */
export type LineStyle = 'normal' | 'dim' | 'bold';

/** One line of the log; its text is cut when it is drawn. */
export interface LogLine {
  readonly text: string;
  readonly style: LineStyle;
}

/** Says what this program is, wherever it shows. */
export const label = 'demo agent (scripted, no model)';

/** The label on top, longest first: the first that fits is shown, so that it says "scripted" at every width. */
const labels = [label, 'demo agent (scripted)', 'demo (scripted)', 'scripted'];

/** One row a line, as many as the screen has; the last is the input line. Each fits in `columns` - 1 cells. */
export function frame(log: readonly LogLine[], input: string, columns: number, rows: number): LogLine[] {
  const width = Math.max(1, columns - 1);
  const shortened = labels.find((text) => text.length <= width) ?? cut('scripted', width);
  const typed = cutStart(plainInput(input), width - 2);
  const last: LogLine = { text: width < 2 ? '›' : `› ${typed}`, style: 'normal' };
  if (rows <= 1) return [last];
  const room = rows - 2;
  const shown =
    room === 0 ? [] : log.slice(-room).map((line) => ({ ...line, text: cut(clean(line.text), width) }));
  const blank = Array.from({ length: room - shown.length }, (): LogLine => ({ text: '', style: 'normal' }));
  return [{ text: shortened, style: 'bold' }, ...shown, ...blank, last];
}

/** Only the end of the input is ever seen, so only its end is looked at. Line feeds are shown as `↵`. */
function plainInput(input: string): string {
  const end = input.slice(-4000);
  const shown = end.split('\n').map(clean).join('↵');
  return input.length > end.length ? `…${shown}` : shown;
}
