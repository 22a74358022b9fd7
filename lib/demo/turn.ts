/** One turn of the script: read, plan, ask once, edit, report. Every step is a line on screen. */

import { withoutPreamble } from '../core/agents/preamble.ts';
import type { HookState } from '../core/journal/journal.ts';
import { runChild } from './children.ts';
import { type Directives, readDirectives } from './directives.ts';
import { type EditPlan, planEdits } from './edits.ts';
import type { LineStyle } from './frame.ts';
import type { Report } from './hook.ts';
import { type TurnReport, writeReport } from './report.ts';
import { disputes, isFindings } from './reviewer.ts';
import { count, cut, plain, titleOf } from './text.ts';
import type { Transcript } from './transcript.ts';
import { appendInside, existsInside } from './worktree.ts';

/** What a turn works with. */
export interface TurnWorld {
  /** The worktree: the working directory. */
  readonly root: string;
  /** Time between two visible steps, in ms. */
  readonly pace: number;
  /** Where the report belongs, or null when nobody asked for one. */
  readonly reportPath: string | null;
  /** Where a reviewer's answer belongs, or null when it is none. */
  readonly verdictPath: string | null;
  readonly transcript: Transcript;
  line(text: string, style?: LineStyle): void;
  readonly report: Report;
  answer(): Promise<string>;
  /** Whether the person asked to stop printing. */
  stopped(): boolean;
  /** Ends the process with that code. */
  exit(code: number): Promise<never>;
}

const command = ['git', 'status', '--short'] as const;
/** What it asks before it runs its command. */
export const question = `May I run: ${command.join(' ')} ? (yes/no)`;

/** Runs one turn to its end, which is told to the hook and the transcript. */
export async function takeTurn(world: TurnWorld, prompt: string): Promise<void> {
  await turnOf(world, prompt, work);
}

/** A turn whose work is `script`. */
export async function turnOf(
  world: TurnWorld,
  prompt: string,
  script: (world: TurnWorld, directives: Directives, turn: number) => Promise<Outcome>,
): Promise<void> {
  const turn = (world.transcript.turns().at(-1)?.turn ?? 0) + 1;
  world.line('');
  world.line(`› ${titleOf(prompt, 200)}${lengthOf(withoutPreamble(prompt))}`, 'bold');
  try {
    world.transcript.append({ type: 'turn', turn, prompt });
    await tell(world, 'working', 'turn-started');
    const directives = readDirectives(prompt);
    const { outcome, message } = await script(world, directives, turn);
    await end(world, turn, outcome, message);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    await tell(world, 'failed', 'turn-failed', error.message);
    world.line(`failed: ${error.message}`, 'bold');
  }
}

/** How a turn ended. */
export interface Outcome {
  readonly outcome: 'done' | 'failed';
  readonly message: string;
}

async function work(world: TurnWorld, directives: Directives, turn: number): Promise<Outcome> {
  const { text } = directives;
  await step(world, `reading the prompt: ${count(wordsOf(text), 'word')}`);
  const idle = directives.reportOnly || disputesAll(text);
  const plan = idle ? { edits: [], refused: [] } : planTurn(world, text, turn, null);
  await step(world, await survey(world, plan));
  await step(
    world,
    `planning: ${plan.edits.length === 0 ? 'a report' : `${count(plan.edits.length, 'file')} to change`}`,
  );
  for (const { path, reason } of plan.refused) await step(world, `leaving out ${path}: ${reason}`);
  if (directives.sleep > 0) {
    world.line(`working for ${directives.sleep / 1000} s`);
    await wait(directives.sleep);
  }
  if (directives.print) await print(world);
  if (directives.exit !== null) await world.exit(directives.exit);
  if (directives.fail)
    return { outcome: 'failed', message: `failed as the prompt asked: ${titleOf(text, 80)}` };
  const said = turn === 1 && directives.question ? await ask(world, turn) : null;
  const final = said?.remark ? planTurn(world, text, turn, said.remark) : plan;
  const changed = await edit(world, turn, final);
  const report = reportOf(directives, changed, turn, said);
  if (world.reportPath !== null) {
    await step(world, 'writing the report');
    await writeReport(world.reportPath, report);
  }
  return { outcome: 'done', message: report.summary };
}

/** Findings none of which the script agrees with. */
function disputesAll(text: string): boolean {
  const numbered = text.split('\n').filter((line) => /^\d+\. /.test(line)).length;
  return isFindings(text) && numbered > 0 && disputes(text).length === numbered;
}

/** Feedback goes to the files of earlier turns: those they wrote, and those an interrupted one was about to write. */
function planTurn(world: TurnWorld, text: string, turn: number, remark: string | null): EditPlan {
  const past = world.transcript.turns().filter((one) => one.turn < turn);
  const earlier = past.flatMap((one) => {
    if (one.outcome !== null || one.edited.length > 0) return one.edited;
    const { text: meant, reportOnly } = readDirectives(one.prompt);
    if (reportOnly) return [];
    return planEdits({ text: meant, turn: one.turn, earlier: [], remark: null }).edits.map(
      ({ path }) => path,
    );
  });
  return planEdits({ text, turn, earlier: [...new Set(earlier)], remark });
}

async function survey(world: TurnWorld, plan: EditPlan): Promise<string> {
  if (plan.edits.length === 0) return 'looking around';
  const seen = await Promise.all(
    plan.edits.map(
      async ({ path }) => `${path} ${(await existsInside(world.root, path)) ? 'is here' : 'is new'}`,
    ),
  );
  return `looking: ${seen.join(', ')}`;
}

interface Said {
  readonly answer: string;
  /** The answer when it was neither yes nor no. */
  readonly remark: string | null;
}

/** Asks the one question of the script and does what the answer says. */
export async function ask(world: TurnWorld, turn: number): Promise<Said> {
  world.transcript.append({ type: 'question', turn, text: question });
  const answered = world.answer();
  world.line(question, 'bold');
  await tell(world, 'waiting', 'question', question);
  const answer = await answered;
  world.transcript.append({ type: 'answer', turn, text: answer });
  await tell(world, 'working', 'answered');
  const word = answer.trim().toLowerCase();
  if (['yes', 'y', 'allow', 'ok'].includes(word)) {
    await runCommand(world);
    return { answer: 'yes', remark: null };
  }
  if (['no', 'n', 'deny'].includes(word)) {
    await step(world, `skipped: ${command.join(' ')}`);
    return { answer: 'no', remark: null };
  }
  await step(world, `taking into account: ${titleOf(answer, 200)}`);
  return { answer: plain(answer), remark: answer };
}

async function runCommand(world: TurnWorld): Promise<void> {
  world.line(`$ ${command.join(' ')}`);
  const env = { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  const result = await runChild(command, { capture: true, timeout: 10_000, env });
  const lines = result.output.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines.slice(0, 12)) world.line(`  ${line}`, 'dim');
  if (lines.length > 12) world.line(`  and ${count(lines.length - 12, 'line')} more`, 'dim');
  if (lines.length === 0 && result.exit === 0) world.line('  nothing has changed', 'dim');
  if (result.exit !== 0)
    world.line(`  it failed: ${result.problem ?? `exit ${result.exit ?? 'by a signal'}`}`, 'dim');
  await wait(world.pace);
}

/** Writes the edits and answers which files were written; what could not be written is said and left out. */
async function edit(world: TurnWorld, turn: number, plan: EditPlan): Promise<string[]> {
  const changed: string[] = [];
  for (const one of plan.edits) {
    try {
      const how = await appendInside(world.root, one);
      changed.push(one.path);
      await step(world, `editing ${one.path} (${how}, +${one.text.split('\n').length - 1})`);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      await step(world, `leaving out ${one.path}: ${error.message}`);
    }
  }
  if (changed.length > 0) world.transcript.append({ type: 'edited', turn, paths: changed });
  return changed;
}

function reportOf(
  directives: Directives,
  changed: readonly string[],
  turn: number,
  said: Said | null,
): TurnReport {
  const title = titleOf(directives.text, 80);
  const files = changed.length > 2 ? count(changed.length, 'file') : changed.join(' and ');
  const did = changed.length > 0 ? `changed ${files}` : 'changed nothing';
  return {
    summary: `${did}: ${title}`,
    severity: directives.severity,
    action: changed.length > 0 ? 'review the change' : 'read the report',
    body: [
      `Turn ${turn}: ${title}`,
      changed.length > 0 ? changed.map((path) => `- ${path}`).join('\n') : 'No file was changed.',
      ...(isFindings(directives.text) ? [disputes(directives.text).join('\n')] : []),
      ...(said === null ? [] : [`Asked: ${question}\nAnswer: ${cut(plain(said.answer), 500)}`]),
    ],
  };
}

/** Prints without pause until the person stops it; keys and signals are still served between two lines. */
async function print(world: TurnWorld): Promise<void> {
  for (let n = 1; !world.stopped(); n += 1) {
    world.line(`printing line ${n}`, 'dim');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function end(
  world: TurnWorld,
  turn: number,
  outcome: 'done' | 'failed',
  message: string,
): Promise<void> {
  world.transcript.append({ type: 'end', turn, outcome, message });
  await tell(world, outcome, `turn-${outcome}`, message);
  world.line(`${outcome}: ${message}`, 'bold');
}

async function tell(world: TurnWorld, state: HookState, event: string, message?: string): Promise<void> {
  const problem = await world.report(state, event, message);
  if (problem !== null) world.line(problem, 'dim');
}

/** A line, and the time a person has to see it. */
export async function step(world: TurnWorld, text: string): Promise<void> {
  world.line(text);
  await wait(world.pace);
}

/** Lets `ms` pass. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

function lengthOf(prompt: string): string {
  const lines = prompt.trim().split('\n').length;
  return lines > 1 ? ` (${lines} lines)` : '';
}
