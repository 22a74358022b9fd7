/** A review as a frame: model in, styled lines out. Pure. */
import { cutMiddle, displayWidth } from '../core/cells.ts';
import type { FileChange } from '../core/diff/diff.ts';
import type { Span, StyledLine } from '../core/styled.ts';
import { fit, joinFitting, lineWidth, reversed, spread } from './line.ts';
import { listTop } from './review-click.ts';
import { comments } from './review-decide.ts';
import { reviewHeader } from './review-header.ts';
import { layOutReview, noteLines, type ReviewLayout } from './review-layout.ts';
import { drawRow, type Tokens } from './review-lines.ts';
import { isSeen, openEntry, pending, type ReviewEntry, type ReviewModel } from './review-model.ts';
import { scrollable, textLines } from './review-text.ts';
import { visible } from './review-words.ts';
import { type Marks, marks } from './theme.ts';

const uncolored: Tokens = new Map();

/** The frame of a model: exactly `rows` lines of exactly `columns` cells. `tokens`: of lines that are shown. */
export function viewReview(model: ReviewModel, tokens: Tokens = uncolored): readonly StyledLine[] {
  const layout = layOutReview(model);
  const mark = marks(model.ascii);
  const lines = [
    reviewHeader(model),
    ...(layout.rules ? [edge(model, layout, mark, '┬')] : []),
    ...body(model, layout, mark, tokens),
    ...notes(model, mark),
    ...(layout.rules ? [edge(model, layout, mark, '┴')] : []),
    footer(model, mark),
  ];
  return lines.slice(0, model.rows).map((line) => fit(line, model.columns, mark.cut));
}

/** A rule with the place where list and diff meet. */
function edge(model: ReviewModel, { list, diff }: ReviewLayout, mark: Marks, joint: string): StyledLine {
  if (list === 0 || diff === 0 || textShown(model))
    return [{ text: mark.rule.repeat(model.columns), dim: true }];
  const sign = model.ascii ? '+' : joint;
  return [{ text: mark.rule.repeat(list) + sign + mark.rule.repeat(diff), dim: true }];
}

function textShown({ mode }: ReviewModel): boolean {
  return mode === 'help' || mode === 'about' || mode === 'links';
}

function body(model: ReviewModel, layout: ReviewLayout, mark: Marks, tokens: Tokens): readonly StyledLine[] {
  const { list, diff, listRows } = layout;
  const rows = Array.from({ length: listRows }, (_, index) => index);
  if (textShown(model)) {
    const lines = textLines(model).slice(model.scroll);
    return rows.map((index) => lines[index] ?? []);
  }
  const first = listTop(model);
  const border: Span = { text: model.ascii ? '|' : '│', dim: true };
  return rows.map((index) => {
    const left = list === 0 ? [] : fit(fileLine(model, first + index, list, mark), list, mark.cut);
    const right =
      diff === 0
        ? []
        : index === 0
          ? diffTitle(model, diff, mark)
          : drawRow(model, model.top + index - 1, diff, tokens);
    return list > 0 && diff > 0 ? [...left, border, ...right] : [...left, ...right];
  });
}

/** The list's line of a file: seen or not, its name, its comments, its size. */
function fileLine(model: ReviewModel, at: number, width: number, mark: Marks): StyledLine {
  const entry = model.entries[at];
  if (entry === undefined) return [];
  const open = model.placed.filter(({ path, addressed }) => path === entry.path && !addressed).length;
  const count: StyledLine = open > 0 ? [{ text: ` ${open}${model.ascii ? 'c' : '¶'}`, color: 'yellow' }] : [];
  const end = [...count, ...sizeOf(entry, mark), { text: ' ' }];
  const here = at === model.file ? (model.ascii ? '>' : '▸') : ' ';
  const seen = isSeen(model, entry);
  const sign: Span = seen ? { text: model.ascii ? 'v' : '✓', color: 'green' } : { text: ' ' };
  const room = Math.max(1, width - lineWidth(end) - 3);
  const name: Span = {
    text: cutMiddle(visible(entry.path), room, mark.cut),
    ...(at === model.file ? { bold: true } : {}),
    ...(seen ? { dim: true } : {}),
  };
  const line = spread([{ text: here }, sign, { text: ' ' }, name], end, width, mark.cut);
  return at === model.file && model.pane === 'files' && model.columns < 80 ? reversed(line) : line;
}

/** What the list says of a file of which no line changed. */
const withoutLines: Readonly<Record<FileChange, string>> = {
  ...{ added: 'empty', deleted: 'gone', modified: '', renamed: 'moved', copied: 'copied' },
};

function sizeOf({ file }: ReviewEntry, mark: Marks): StyledLine {
  if (file === null) return [];
  if (file.binary) return [{ text: ' binary', dim: true }];
  if (file.insertions + file.deletions === 0) {
    const word = file.change === 'modified' && file.modes !== null ? 'mode' : withoutLines[file.change];
    return word === '' ? [] : [{ text: ` ${word}`, dim: true }];
  }
  return [
    { text: ` +${file.insertions}`, color: 'green' },
    ...(file.deletions > 0 ? [{ text: `${mark.minus}${file.deletions}`, color: 'red' as const }] : []),
  ];
}

function diffTitle(model: ReviewModel, width: number, mark: Marks): StyledLine {
  const entry = openEntry(model);
  if (entry === null) return fit(nothing(model), width, mark.cut);
  const number = `${model.file + 1}/${model.entries.length} `;
  const end = [...sizeOf(entry, mark), { text: `  ${number}` }];
  const from = entry.file?.from === null || entry.file === null ? '' : ` (was ${entry.file.from})`;
  const room = Math.max(1, width - lineWidth(end) - 1);
  const name = cutMiddle(visible(entry.path + from), room, mark.cut);
  return spread([{ text: ` ${name}`, bold: true }], end, width, mark.cut);
}

function nothing({ reading }: ReviewModel): StyledLine {
  if (reading === null) return [];
  if (reading.span === 'whole') return [{ text: ` nothing differs from ${reading.against}` }];
  return [
    { text: ' nothing changed since your last look; ' },
    { text: 'w', bold: true },
    { text: ' shows the whole change' },
  ];
}

function notes(model: ReviewModel, mark: Marks): readonly StyledLine[] {
  const failed = model.failure !== null;
  const sign: Span = failed ? { text: ' ! ', color: 'red', bold: true } : { text: ` ${mark.dot} ` };
  return noteLines(model).map((text, index) => [index === 0 ? sign : { text: '   ' }, { text }]);
}

/** What a footer says of a key: fewer words than the help. */
const short: Readonly<Record<string, string>> = {
  space: 'seen',
  c: 'comment',
  v: 'range',
  a: 'approve',
  l: 'land',
  x: 'drop',
  J: 'hunk',
  n: 'file',
  t: 'task',
  f: 'whole file',
  z: 'fold',
  e: 'edit',
  d: 'difftool',
  o: 'open app',
  P: 'pager',
  '/': 'search',
  q: 'leave',
  '?': 'help',
};

function footer(model: ReviewModel, mark: Marks): StyledLine {
  const { mode, columns } = model;
  if (model.deciding !== null) return [{ text: ` ${model.deciding}`, dim: true }];
  if (mode === 'search') return typedLine(' /', model, 'Enter finds', mark);
  if (mode === 'comment') return typedLine(' > ', model, 'Enter keeps, ^E editor, esc leaves', mark);
  if (mode === 'message') return typedLine(' no comments; what is to change? ', model, 'Enter returns', mark);
  if (mode === 'commit') return typedLine(' not committed yet; the message? ', model, 'Enter lands', mark);
  if (mode === 'land')
    return question(model, mark, 'lands it', [
      (name) => `approve ${name} as shown and land it in its base?`,
      (name) => `land ${name}?`,
    ]);
  if (mode === 'drop')
    return question(model, mark, 'drops it', [
      (name) => `drop ${name}, its window, worktree and branch? A ref keeps the work.`,
      (name) => `drop ${name}? A ref keeps the work.`,
      (name) => `drop ${name}?`,
    ]);
  if (textShown(model)) {
    const below = scrollable(model) - model.scroll;
    const more: StyledLine = below > 0 ? [{ text: `${mark.down}${below} `, dim: true }] : [];
    return spread(
      [
        { text: ' q', bold: true },
        { text: ' back', dim: true },
      ],
      more,
      columns,
      mark.cut,
    );
  }
  const parts = keysHere(model).map(
    ({ key, words }): StyledLine => [
      { text: key, bold: true },
      { text: ` ${words}`, dim: true },
    ],
  );
  const help: StyledLine = [{ text: '  ' }, { text: '?', bold: true }, { text: ' help', dim: true }];
  return [{ text: ' ' }, ...joinFitting(parts, columns - lineWidth(help) - 2), ...help];
}

/** A question with its answer: the first of its forms that leaves room to say what `y` does. */
function question(
  { task, columns }: ReviewModel,
  mark: Marks,
  deed: string,
  forms: readonly ((name: string) => string)[],
): StyledLine {
  const names = [task, cutMiddle(task, 24, mark.cut), cutMiddle(task, 12, mark.cut)];
  const asked = forms.flatMap((form) => names.map((name) => ` ${form(name)} `));
  const answer: StyledLine = [
    { text: 'y', bold: true },
    { text: ` ${deed}`, dim: true },
  ];
  const room = columns - lineWidth(answer);
  const text = asked.find((each) => displayWidth(each) <= room) ?? asked.at(-1) ?? '';
  return [{ text }, ...answer, { text: ', any other key does not', dim: true }];
}

/** The keys that do something now, the most useful first. */
function keysHere(model: ReviewModel): readonly { readonly key: string; readonly words: string }[] {
  const { reading, lines, row } = model;
  const open = pending(model).length;
  const here = lines[row]?.kind;
  const entry = openEntry(model);
  const words: Readonly<Record<string, string>> = {
    ...short,
    r: open > 0 ? `return ${comments(open)}` : 'return',
    tab: model.pane === 'files' ? 'diff' : 'files',
    w: reading?.span === 'since' ? 'whole change' : 'since last look',
  };
  const { list, diff } = layOutReview(model);
  const wanted = [
    ...(diff === 0 ? ['tab'] : []),
    ...(diff > 0 && (here === 'line' || here === 'comment') ? ['c'] : []),
    ...(entry?.file ? ['space'] : []),
    ...(reading === null ? [] : open > 0 ? ['r'] : ['a', 'r']),
    ...(reading !== null && reading.round > 1 ? ['w'] : []),
    ...(model.entries.length > 1 ? ['n'] : []),
    ...(here === undefined || diff === 0 ? [] : ['J']),
    ...(list === 0 && model.entries.length > 1 ? ['tab'] : []),
    ...(reading === null ? [] : open > 0 ? ['t'] : ['t', 'l']),
    ...(entry === null ? [] : ['/', 'v', 'f', 'z', 'e', 'd', 'o', 'P']),
    ...(reading === null ? [] : ['x']),
    'q',
  ];
  return wanted
    .filter((key) => model.keys.some((each) => each.key === key))
    .map((key) => ({ key, words: words[key] ?? '' }));
}

/** The end of what is typed, with a cursor. */
function typedLine(before: string, model: ReviewModel, hint: string, mark: Marks): StyledLine {
  const flat = visible(model.typed.replaceAll('\n', model.ascii ? '|' : '↵'));
  const room = Math.max(4, model.columns - displayWidth(before) - 2);
  let shown = flat;
  while (displayWidth(shown) > room)
    shown = shown.slice(Math.max(1, Math.floor((displayWidth(shown) - room) / 2)));
  const told = model.typed === '' || displayWidth(shown) + hint.length + 4 < room ? `  ${hint}` : '';
  return fit(
    [{ text: before, bold: true }, { text: shown }, { text: ' ', reverse: true }, { text: told, dim: true }],
    model.columns,
    mark.cut,
  );
}
