/** Has an independent reviewer read a turn whose checks are through, and does what its verdict asks for. */

import { sinceBase } from '../../core/change-from.ts';
import {
  allAgents,
  type Dispute,
  type FoldedVerdict,
  parseDisputes,
  verdictText,
} from '../../core/check/verdict.ts';
import { readAnswer } from '../../core/check/verdict-answer.ts';
import { findingsPrompt, reviewerPrompt } from '../../core/check/verdict-text.ts';
import { isPitwallError } from '../../core/errors.ts';
import { foldTask, verdictPrompt } from '../../core/journal/fold.ts';
import type { AgentRecord } from '../../core/model.ts';
import { uniqueName } from '../../core/names.ts';
import { readingsPrefix } from '../../core/review/rounds.ts';
import type { NewEvent } from '../../ports.ts';
import { deliver } from '../agents/send.ts';
import type { Context } from '../context.ts';
import { checkReviewer } from '../new/choose-agent.ts';
import { workNow } from '../overlap.ts';
import { foldNow, type Stored } from './check.ts';
import { closeReviewer, openReviewer } from './reviewer-pane.ts';
import { keepBefore, traceOf } from './reviewer-trace.ts';
import { awaitAnswer } from './reviewer-watch.ts';
import { author, holdBack } from './send-back.ts';

/** Who is to read, how often findings go back, and the seconds it may take. */
export interface ReadingWish {
  readonly preset: string;
  readonly rounds: number;
  readonly timeout: number;
}

type VerdictEvent = Extract<NewEvent, { readonly type: 'verdict' }>;
type Told = Pick<VerdictEvent, 'state' | 'back' | 'severity' | 'summary' | 'findings' | 'disputed'>;

const nothingTold = { back: false, severity: 'normal', findings: [], disputed: [] } as const;

/** No verdict, and why. */
function none(summary: string): Told {
  return { ...nothingTold, state: 'none', summary };
}

/** Two at once read once. A verdict on the very same files stands, with what the author disputes of it. */
export async function readTurn(
  context: Context,
  stored: Stored,
  wish: ReadingWish,
  checked: readonly string[],
  print: (line: string) => void,
): Promise<void> {
  const { files } = context.deps;
  await files.tryLocked(`reviewer:${stored.project}:${stored.name}`, async () => {
    const folded = await foldNow(context, stored);
    if (folded.approved !== null || folded.removing) return;
    const before = folded.verdict;
    const tree = await workNow(context, stored);
    const reader = reviewerAgent(context, stored, wish.preset);
    const { name: reviewer, conversationId } = reader;
    const record = (run: number, told: Told) =>
      files.append(stored.project, stored.name, {
        ...{ type: 'verdict', run, tree, reviewer, preset: wish.preset, conversationId },
        ...told,
        ...files.self,
      });
    const disputed = before === null ? [] : disputesOf(stored, before);
    if (before !== null && stands(before, tree, wish.preset)) {
      const { state, severity, summary, findings } = before;
      await record(before.run + 1, { state, back: false, severity, summary, findings, disputed });
      return print(`── reviewer ${wish.preset}: nothing has changed since it read`);
    }
    const run = (before?.run ?? 0) + 1;
    await record(run, { ...nothingTold, state: 'running', summary: '', disputed });
    print(`── reviewer ${wish.preset} reads`);
    const told = await readOnce(context, stored, { wish, reader, run, checked });
    const prompt = told.state === 'changes' ? await tellAuthor(context, stored, told, wish) : null;
    await record(run, { ...told, back: prompt !== null });
    print(`── reviewer ${wish.preset} ${verdictText(told)}: ${told.summary}`);
    if (prompt !== null) await deliver(context, stored.project, stored.name, prompt);
  });
}

/** A name that none of the task's agents has, and a conversation of its own. */
function reviewerAgent({ deps, presets }: Context, { record }: Stored, preset: string): AgentRecord {
  const name = uniqueName('reviewer', (each) => record.agents.some((agent) => agent.name === each));
  const conversationId = presets.get(preset)?.conversation === 'chosen' ? deps.uuid() : null;
  return { name, preset, role: 'reviewer', conversationId, args: [], model: null, independent: true };
}

/** Whether the verdict is about these very files, by the same kind of reviewer. */
function stands(before: FoldedVerdict, tree: string, preset: string): boolean {
  const said = before.state !== 'running' && before.state !== 'none';
  return said && before.tree === tree && before.preset === preset;
}

/** What the author's report says of the findings, if it was written since. */
function disputesOf({ report }: Stored, before: FoldedVerdict): readonly Dispute[] {
  if (report === null || report.written <= Date.parse(before.at)) return [];
  return parseDisputes(report.text, before.findings.length);
}

interface Reading {
  readonly wish: ReadingWish;
  readonly reader: AgentRecord;
  readonly run: number;
  readonly checked: readonly string[];
}

/** One reading from its beginning to what it came to. Whatever the reviewer does, its panes and processes are gone after. */
async function readOnce(context: Context, stored: Stored, reading: Reading): Promise<Told> {
  const { git } = context.deps;
  const { project, name, record } = stored;
  const { wish, run } = reading;
  try {
    await checkReviewer(context, wish.preset);
    await forgetHeld(context, stored, reading.reader.name);
    const before = await keepBefore(context, stored, `${readingsPrefix(project, name)}/${run}`);
    const came = await askReviewer(context, stored, reading);
    if (came.late) {
      await git.forgetWork(record.worktree, before.ref);
      return none(came.reason ?? '');
    }
    const changed = await traceOf(context, stored, before);
    if (changed !== null) return none(changed);
    const read = readAnswer(came.text ?? '');
    if ('answer' in read) return { ...nothingTold, ...read.answer };
    return none(
      came.text === null || came.reason === null
        ? (came.reason ?? read.reason)
        : `${came.reason}: ${read.reason}`,
    );
  } catch (error) {
    if (!isPitwallError(error) || error.code === 'NoSuchTask') throw error;
    return none(`it could not read the change: ${error.message}`);
  }
}

/** A prompt that was held for an earlier reviewer of that name is for nobody. */
async function forgetHeld({ deps: { files } }: Context, stored: Stored, agent: string): Promise<void> {
  const { project, name, record, events } = stored;
  const { held } = foldTask(allAgents(record.agents, events), events);
  for (const { id } of held.filter((each) => each.agent === agent))
    await files.append(project, name, {
      type: 'undelivered',
      agent,
      prompt: id,
      message: 'its reading is over',
    });
}

async function askReviewer(context: Context, stored: Stored, { wish, reader, run, checked }: Reading) {
  const { files, git, shipped, tmux, uuid } = context.deps;
  const { project, name, record, folder } = stored;
  const place = { record, folder, hook: shipped.hook, socket: tmux.socket };
  const keep = (ending: string, text: string) =>
    files.writeOutput(project, name, `review-${run}.${ending}`, text);
  // What an earlier reading left that was cut off.
  await closeReviewer(context, place, reader.name);
  // Made anew: what stood there before is nobody's answer.
  const answerFile = await keep('json', '');
  const { text: diff } = await git.readDiff(record.worktree, sinceBase(record));
  const diffFile = await keep('diff', diff);
  const matter = { record, diff, diffFile, checks: checked, answerFile, mark: uuid() };
  try {
    await openReviewer(context, place, reader, { prompt: reviewerPrompt(matter), answerFile });
    const { timeout } = wish;
    return await awaitAnswer(context, { stored, run, reviewer: reader.name, answerFile, timeout });
  } finally {
    const shown = await closeReviewer(context, place, reader.name);
    if (shown !== '') await keep('txt', shown);
  }
}

/**
 * The prompt with the findings, held for the author; null when there is none to tell, no round is left, or somebody has
 * worked or decided since.
 */
async function tellAuthor(
  context: Context,
  stored: Stored,
  { summary, findings }: Told,
  { preset, rounds }: ReadingWish,
): Promise<string | null> {
  const { verdict, approved } = await foldNow(context, stored);
  if (verdict === null || verdict.outdated || approved !== null || verdict.rounds >= rounds) return null;
  const agent = await author(context, stored);
  if (agent === null) return null;
  const text = findingsPrompt({ preset, summary, findings }, verdict.rounds + 1, rounds);
  return holdBack(context, stored, agent, verdictPrompt, text);
}
