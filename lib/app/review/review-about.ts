/** What a review tells of a task besides its change: why it did not land, prompt, report, verdict, overlaps, checks with their output. */
import { outputTail } from '../../core/check/checks.ts';
import { verdictLines } from '../../core/check/verdict.ts';
import { isPitwallError, oneLine } from '../../core/errors.ts';
import { type FoldedTask, foldTask } from '../../core/journal/fold.ts';
import { parseReport } from '../../core/journal/report.ts';
import { namedInMessage } from '../../core/land/land-text.ts';
import type { Task, TaskRecord } from '../../core/model.ts';
import { overlapText } from '../../core/overlap/overlap-text.ts';
import { shellQuote } from '../../core/tmux/tmux-text.ts';
import type { StoredTask } from '../../ports.ts';
import type { Context } from '../context.ts';

/** Line by line; a part that there is nothing of says so or is left out. */
export async function aboutTask(
  context: Context,
  { folder, events, report, record }: StoredTask & { readonly record: TaskRecord },
  { verdict, reviewer, overlaps }: Pick<Task, 'verdict' | 'reviewer' | 'overlaps'>,
): Promise<readonly string[]> {
  const said = report === null ? null : parseReport(report.text);
  const { checks, conflict } = foldTask(record.agents, events);
  const part = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);
  const log = checks === null ? '' : await logTail(context, `${folder}/output/checks-${checks.run}.txt`);
  return [
    ...(conflict === null ? [] : ['Landing', ...stoppedLines(record.name, conflict), '']),
    'Prompt',
    ...indented(record.prompt || 'none'),
    ...part('Acceptance', (record.acceptance ?? []).flatMap(indented)),
    ...part(
      'Report',
      indented(said === null ? 'none' : [said.summary, said.action, '', said.body].join('\n')),
    ),
    ...part(
      'Reviewer',
      verdict ? verdictLines(verdict).flatMap(indented) : reviewer ? ['  has not read it'] : [],
    ),
    ...part(
      'Overlap',
      overlaps.flatMap((each) => indented(overlapText(each))),
    ),
    ...part(
      'Checks',
      checks === null
        ? []
        : indented([`run ${checks.run}: ${checks.state} ${checks.message}`, log].join('\n')),
    ),
  ];
}

/** What stopped it, all files of a conflict, and what can be done about it. */
function stoppedLines(
  task: string,
  { message, files }: NonNullable<FoldedTask['conflict']>,
): readonly string[] {
  const all = files.length > namedInMessage ? files.map((file) => `- ${oneLine(file)}`) : [];
  const hint = shellQuote(['pitwall', 'land', '--hand-over', task]);
  return indented(
    [`it did not land: ${message}`, ...all, `its agent puts it right with: ${hint}`].join('\n'),
  );
}

/** The end of what the checks printed; where that is kept when it cannot be shown. */
async function logTail({ deps }: Context, path: string): Promise<string> {
  try {
    return outputTail((await deps.folder.read(path)) ?? '');
  } catch (error) {
    if (!isPitwallError(error, 'FileDamaged')) throw error;
    return `see ${path}`;
  }
}

function indented(text: string): readonly string[] {
  const lines = text.slice(0, 1 << 18).split(/\r?\n/);
  return lines.filter((line, index) => line !== '' || lines[index - 1] !== '').map((line) => `  ${line}`);
}
