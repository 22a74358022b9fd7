import { observe } from '../../app/observe.ts';
import { refreshOverlaps } from '../../app/overlap.ts';
import { currentProject, findTask } from '../../app/projects.ts';
import { displayWidth, padEnd } from '../../core/cells.ts';
import { oneLine, PitwallError } from '../../core/errors.ts';
import { type PairOverlap, weightOf } from '../../core/overlap/overlap.ts';
import { filesText, shareText, weightText } from '../../core/overlap/overlap-text.ts';
import { type Call, type Command, jsonOption, projectOption, text } from '../command.ts';
import { hereProject } from '../here.ts';

/** `pitwall overlap`: compares at once, whatever was known; reads repositories only. */
export const command: Command = {
  name: 'overlap',
  summary: 'which tasks change the same files, and whether git would conflict',
  usage: ['overlap [TASK…]'],
  options: { ...projectOption, ...jsonOption },
  examples: ['pitwall overlap', 'pitwall overlap fix-login', 'pitwall overlap --project app --json'],
  run,
};

async function run(call: Call): Promise<number> {
  const context = await call.context();
  const { snapshot, store } = await observe(context, { diffs: 'kept' });
  const here = await hereProject(call, store, call.positionals);
  const found = call.positionals.map((typed) => findTask(snapshot, typed, here).task);
  const name =
    found[0]?.project ?? here ?? (await currentProject(context, text(call, 'project'), 'look')).name;
  if (found.some((task) => task.project !== name))
    throw new PitwallError('Usage', 'only tasks of one project are compared', 'pitwall overlap --project P');
  const project = store.projects.find((each) => each.record.name === name);
  if (!project) throw new PitwallError('NoSuchProject', `there is no project ${name}`, 'pitwall list --all');
  const { pairs, computed, problems } = await refreshOverlaps(context, project, 'now');
  for (const problem of problems) call.say(`pitwall: ${problem}`);
  const shown = chosen(
    pairs,
    found.map((task) => task.name),
  );
  if (call.json)
    call.out(JSON.stringify({ version: 1, project: name, pairs: shown.map(pairJson), computed, problems }));
  else call.out(overlapTable(shown));
  return 0;
}

/** Pairs of the named tasks among each other; of one its pairs with all others; without a name all. Worst first. */
function chosen(pairs: readonly PairOverlap[], names: readonly string[]): readonly PairOverlap[] {
  const wanted = new Set(names);
  return pairs
    .filter(({ a, b }) => {
      if (wanted.size === 0) return true;
      return wanted.size === 1 ? wanted.has(a) || wanted.has(b) : wanted.has(a) && wanted.has(b);
    })
    .sort(
      (x, y) =>
        Number(y.conflict === true) - Number(x.conflict === true) ||
        y.share - x.share ||
        (`${x.a}\n${x.b}` < `${y.a}\n${y.b}` ? -1 : 1),
    );
}

function pairJson({ a, b, shared, files, share, conflict, conflicts }: PairOverlap) {
  return { tasks: [a, b], shared, files, share, weight: weightOf(share), conflict, conflicts };
}

function overlapTable(pairs: readonly PairOverlap[]): string {
  const rows = pairs
    .filter((pair) => pair.shared > 0 || pair.conflict === true)
    .map((pair) => [
      `${pair.a} ⇄ ${pair.b}`,
      shareText(pair.share),
      filesText(pair.shared),
      weightText(pair),
      named(pair.conflict === true ? pair.conflicts : pair.files, pair),
    ]);
  if (rows.length === 0) return 'no two tasks change the same files';
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => padEnd(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function named(files: readonly string[], pair: PairOverlap): string {
  const first = files.slice(0, 3).map((file) => oneLine(file));
  const more = Math.max(files.length, pair.conflict === true ? 0 : pair.shared) - first.length;
  return first.join(', ') + (more > 0 ? `, and ${more} more` : '');
}
