/** opencode's dialogs: what is selected shows in its background alone, so the screen is read with its colours. */
import type { Dialog, Recogniser } from './dialog.ts';
import { listDialog } from './dialog-list.ts';
import type { ScreenLine } from './screen-lines.ts';

const buttons = ['Allow once', 'Allow always', 'Reject'] as const;
const frame = /^[\s┃╹]+|[\s┃]+$/g;

/** `△ Permission required`, what it is for, and three words in a row. */
export const opencodePermission: Recogniser = (whole) => {
  const screen = withoutPanel(whole);
  const lines = screen.map((line) => line.text.replace(frame, ''));
  const at = lines.findLastIndex((line) =>
    /^Allow once {2,}Allow always {2,}Reject\b.*\benter confirm$/.test(line),
  );
  const top = lines.findLastIndex((line, index) => index < at && line === '△ Permission required');
  const row = screen[at];
  if (!row || top < 0 || !lines.slice(at + 1).every((line) => line === '')) return null;
  const selected = odd(buttons.map((word) => row.grounds[row.text.indexOf(word)] ?? ''));
  if (selected === null) return null;
  const about = lines.slice(top + 1, at).filter((line) => line !== '');
  return {
    kind: 'permission',
    question: lines[top] ?? '',
    about: about.join('\n'),
    options: buttons.map((text) => ({ text })),
    selected,
    keys: ['Left', 'Right'],
    sign: 'Allow once',
    yes: 0,
    no: 2,
    escapes: false,
    free: null,
  };
};

const list = listDialog({
  kind: 'question',
  mark: '❯',
  numbered: true,
  question: null,
  headed: false,
  end: /select\s+enter (?:submit|confirm)\s+esc dismiss$/,
  below: null,
  yes: null,
  no: null,
  free: null,
});

/** A list as others have it, once the number on another ground is given a mark. Its free answer is not known. */
export const opencodeQuestion: Recogniser = (whole, asked) => {
  const screen = withoutPanel(whole);
  const numbered = screen.flatMap((line, at) => {
    const column = /^\s*┃\s+\d{1,2}\. \S/.test(line.text) ? line.text.search(/\d/) : -1;
    return column < 0 ? [] : [{ at, column, ground: line.grounds[column] ?? '' }];
  });
  const chosen = numbered[odd(numbered.map((each) => each.ground)) ?? -1];
  if (!chosen) return null;
  const marked = screen.map((line, at): ScreenLine => {
    const text =
      at === chosen.at
        ? `${line.text.slice(0, chosen.column - 2)}❯ ${line.text.slice(chosen.column)}`
        : line.text;
    return { ...line, text };
  });
  const dialog: Dialog | null = list(marked, asked);
  const own = dialog?.options.findIndex((option) => option.text === 'Type your own answer') ?? -1;
  if (dialog === null) return null;
  return {
    ...dialog,
    sign: dialog.question.slice(0, 30),
    free: null,
    options: own < 0 ? dialog.options : dialog.options.slice(0, own),
  };
};

/** A wide terminal has a panel at the right, which ends in the program's name: the lines up to it. */
function withoutPanel(screen: readonly ScreenLine[]): readonly ScreenLine[] {
  const column = screen.map((line) => line.text.search(/• OpenCode \d[\d.]*$/)).findLast((at) => at >= 0);
  if (column === undefined) return screen;
  return screen.map((line) => ({ ...line, text: line.text.slice(0, Math.max(0, column - 1)).trimEnd() }));
}

/** The one that is unlike all others, which are alike; null when there is none such. */
function odd(values: readonly string[]): number | null {
  const unlike = values.flatMap((value, at) =>
    values.filter((other) => other === value).length === 1 ? [at] : [],
  );
  const rest = new Set(values.filter((_, at) => at !== unlike[0]));
  return unlike.length === 1 && rest.size === 1 ? (unlike[0] ?? null) : null;
}
