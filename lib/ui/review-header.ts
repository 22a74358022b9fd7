/** The first line of a review: the task and what is known of its change. On a narrow terminal in fewer words. Pure. */
import { cutEnd, cutMiddle } from '../core/cells.ts';
import { type VerdictState, verdictText, verdictWord } from '../core/check/verdict.ts';
import { shareText } from '../core/overlap/overlap-text.ts';
import type { Span, StyledLine } from '../core/styled.ts';
import { lineWidth, spread } from './line.ts';
import type { ReviewModel, ReviewReading } from './review-model.ts';
import { checksSpan, kindLook, type Marks, marks, overlapSpan, signSpan, stateLook } from './theme.ts';

/** What the header tells, in this order; `span` stands at the right end. */
const partNames = [
  'name',
  'stopped',
  'round',
  'files',
  'checks',
  'verdict',
  'overlap',
  'working',
  'span',
] as const;

type PartName = (typeof partNames)[number];

/** Each part from its longest words to its shortest; an empty form leaves it out. */
type Forms = Readonly<Record<PartName, readonly [StyledLine, ...StyledLine[]]>>;

/** What takes its next form, one after the other, until all fits: what is told elsewhere too comes first. */
const shortened: readonly PartName[] = [
  ...(['stopped', 'stopped', 'overlap', 'working', 'verdict', 'name', 'files', 'verdict', 'span'] as const),
  ...(['working', 'name', 'files', 'round'] as const),
];

/** The header in at least as many cells as the model has columns. */
export function reviewHeader(model: ReviewModel): StyledLine {
  const { reading, columns } = model;
  const mark = marks(model.ascii);
  const stopped = (reading?.stopped ?? null) !== null;
  const sign = signSpan(kindLook(stopped ? 'conflict' : 'review', model.ascii));
  if (reading === null) return [...nameForms(model, mark)[0], sign, { text: ' reading the change' }];
  const forms = formsOf(model, reading, mark);
  const dot: Span = { text: ` ${mark.dot} `, dim: true };
  const chosen = new Map<PartName, number>();
  const form = (part: PartName): StyledLine => forms[part][chosen.get(part) ?? 0] ?? [];
  const left = (): StyledLine => {
    const said = partNames
      .filter((part) => part !== 'name' && part !== 'span')
      .map(form)
      .filter((part) => part.length > 0);
    const dotted = said.flatMap((part, index) => (index === 0 ? part : [dot, ...part]));
    return [...form('name'), sign, { text: ' ' }, ...dotted];
  };
  for (const part of shortened) {
    const end = lineWidth(form('span'));
    if (lineWidth(left()) + end + (end > 0 ? 1 : 0) <= columns) break;
    chosen.set(part, Math.min((chosen.get(part) ?? 0) + 1, forms[part].length - 1));
  }
  return spread(left(), form('span'), columns, mark.cut);
}

function formsOf(model: ReviewModel, reading: ReviewReading, mark: Marks): Forms {
  const { round, span, against, files, checks } = reading;
  const told = checksSpan(checks);
  const size = sizes(reading, mark);
  return {
    name: nameForms(model, mark),
    stopped: stoppedForms(reading.stopped, mark),
    round: [[{ text: round > 1 ? `round ${round}` : 'first look' }], []],
    files: [[{ text: `${files.length} ${files.length === 1 ? 'file' : 'files'} ` }, ...size], size, []],
    checks: [told === null ? [] : [told]],
    verdict: verdictForms(reading.verdict),
    overlap: overlapForms(reading.overlap, model.ascii),
    working: workingForms(model, reading),
    span: [[{ text: ` ${span === 'since' ? 'since last look' : `against ${against}`} `, dim: true }], []],
  };
}

function nameForms({ task }: ReviewModel, { cut }: Marks): readonly [StyledLine, StyledLine, StyledLine] {
  const name = (cells: number): StyledLine => [{ text: ` ${cutMiddle(task, cells, cut)} `, bold: true }];
  return [name(40), name(20), name(12)];
}

/** Told before all else, as the docket's sign for it is. */
function stoppedForms(stopped: string | null, { cut }: Marks): readonly [StyledLine, ...StyledLine[]] {
  if (stopped === null) return [[]];
  const words: Span = { text: 'did not land', color: 'magenta' };
  const why = (cells: number): StyledLine => [words, { text: `: ${cutEnd(stopped, cells, cut)}` }];
  return [why(60), why(36), [words]];
}

function sizes({ files }: ReviewReading, mark: Marks): StyledLine {
  const more = files.reduce((sum, { insertions }) => sum + insertions, 0);
  const less = files.reduce((sum, { deletions }) => sum + deletions, 0);
  return [
    { text: `+${more}`, color: 'green' },
    { text: ` ${mark.minus}${less}`, color: 'red' },
  ];
}

/** A verdict in a word or two. */
const shortVerdicts: Readonly<Record<VerdictState, string>> = {
  running: 'reviewer reads',
  approve: 'reviewer ok',
  changes: 'wants changes',
  unsure: 'reviewer unsure',
  none: 'no verdict',
};

function verdictForms(verdict: ReviewReading['verdict']): readonly [StyledLine, ...StyledLine[]] {
  if (verdict === undefined) return [[]];
  const word = `reviewer ${verdictWord(verdict.state)}`;
  return [
    [{ text: `reviewer ${verdictText(verdict)}` }],
    [{ text: word }],
    [{ text: shortVerdicts[verdict.state] }],
  ];
}

/** As in the sidebar: the sign is there at any width. */
function overlapForms(
  overlap: ReviewReading['overlap'],
  ascii: boolean,
): readonly [StyledLine, ...StyledLine[]] {
  const sign = overlapSpan(overlap ?? undefined, ascii);
  if (overlap === null || sign === null) return [[]];
  const name = cutMiddle(overlap.task, 24, marks(ascii).cut);
  return [[sign, { text: ` ${name} ${shareText(overlap.share)}` }], [sign]];
}

function workingForms(
  { ascii }: ReviewModel,
  { working }: ReviewReading,
): readonly [StyledLine, ...StyledLine[]] {
  if (working.length === 0) return [[]];
  const sign = signSpan(stateLook('working', ascii));
  return [[sign, { text: ` ${working.join(', ')} at work` }], [sign, { text: ' at work' }], [sign]];
}
