/**
 * Measures what pitwall promises to stay below, in one table: `npm run bench -- [--quick] [--only NAME]
 * [--resurrect FOLDER]`, where FOLDER is tmux-resurrect's. Times are ratios to something bare that is measured in the same
 * run, where there is such a thing. Exit code 1 when one is over.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { idle, jump, memory, printing, row } from './bench/desk.ts';
import type { Figure, Result } from './bench/figure.ts';
import { hosts } from './bench/hosts.ts';
import { hook, hookChange, list, newTask } from './bench/launches.ts';
import { overlap, overlapTurn } from './bench/overlap.ts';
import { restore, resurrect } from './bench/restore.ts';
import { review, reviewKey } from './bench/review.ts';
import { openStage, type Stage } from './bench/stage.ts';
import { requireTools } from './tools.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    resurrect: { type: 'string' },
  },
});
const figures: readonly Figure[] = [
  list,
  hook,
  hookChange,
  newTask,
  hosts,
  overlap,
  overlapTurn,
  review,
  reviewKey,
  jump,
  row,
  memory,
  idle,
  printing,
  restore,
  ...(values.resurrect === undefined ? [] : [resurrect(resolve(values.resurrect))]),
];
const stages = {
  launches: { tasks: 10, sidebar: false },
  desk: { tasks: 30, sidebar: true },
  lost: { tasks: 0, sidebar: true },
} as const;

const chosen = figures.filter(({ name }) => values.only?.includes(name) ?? true);
if (chosen.length < (values.only?.length ?? 0)) {
  console.error(`there are only the figures ${figures.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
requireTools();
execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });

let stage: Stage | null = null;
process.on('exit', () => stage?.clean());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
console.log(line(['figure', 'measured', 'bound', '', '']));
let over = false;
for (const kind of ['launches', 'desk', 'lost'] as const) {
  const measured = chosen.filter((figure) => figure.stage === kind);
  if (measured.length === 0) continue;
  const { tasks, sidebar } = stages[kind];
  stage = openStage({ sidebar });
  await stage.work(tasks);
  for (const figure of measured) show(figure, await figure.measure(stage, values.quick));
  stage.clean();
}
process.exitCode = over ? 1 : 0;

function show(figure: Figure, result: Result): void {
  const { value, unit, bound, note, broken } = result;
  const kept = value <= bound && !broken;
  over ||= !kept;
  const digits = unit === '×' || unit === '%' ? 2 : 0;
  const tell = [
    `${value.toFixed(digits)} ${unit}`,
    `≤ ${bound} ${unit}`,
    kept ? 'ok' : 'OVER',
    broken ?? note,
  ];
  console.log(line([`${figure.name}: ${figure.words}`, ...tell]));
}

function line([figure = '', measured = '', bound = '', verdict = '', note = '']: readonly string[]): string {
  const cells = [figure.padEnd(66), measured.padStart(9), bound.padStart(10), verdict.padEnd(4), note];
  return cells.join('  ').trimEnd();
}
