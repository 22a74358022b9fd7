/** Waits for what a reviewer comes to: its answer, or why there will be none. */

import { readAnswer } from '../../core/check/verdict-answer.ts';
import { isPitwallError } from '../../core/errors.ts';
import type { Agent } from '../../core/model.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { findTask } from '../projects.ts';
import { foldNow, type Stored } from './check.ts';

/** Milliseconds that a whole answer must have stood unchanged while its writer goes on. */
const settled = 5000;
/** Milliseconds that a reviewer that has ended is given for its answer to show. */
const patience = 1500;
const pause = 300;

/** Which answer is waited for. */
export interface Watch {
  readonly stored: Stored;
  readonly run: number;
  readonly reviewer: string;
  readonly answerFile: string;
  /** Seconds. */
  readonly timeout: number;
}

/** `text` null: there is no answer. `reason`: why, when it is plain without looking into the text. */
export interface Came {
  readonly text: string | null;
  readonly reason: string | null;
  /** Nobody waits for a verdict any more: the task was worked on, or the person has decided. */
  readonly late: boolean;
}

/** Looks a few times a second until there is an answer, an end, or no time left. NoSuchTask when the task went. */
export async function awaitAnswer(context: Context, watch: Watch): Promise<Came> {
  const { clock } = context.deps;
  const end = clock.now() + watch.timeout * 1000;
  const { rounds } = await foldNow(context, watch.stored);
  let over: number | null = null;
  let seen = { text: '', since: 0 };
  for (;;) {
    const { verdict, rounds: now } = await foldNow(context, watch.stored);
    if (verdict?.run !== watch.run || verdict.outdated)
      return { text: null, reason: 'the task was worked on meanwhile', late: true };
    if (now.length > rounds.length)
      return { text: null, reason: 'you decided before it had read the change', late: true };
    const agent = await reviewerNow(context, watch);
    const text = await readText(context, watch.answerFile);
    if (text !== seen.text) seen = { text, since: clock.now() };
    const whole = text !== '' && 'answer' in readAnswer(text);
    const ended = hasEnded(agent);
    if (whole && (ended || clock.now() - seen.since > settled)) return told(text, null);
    over = ended ? (over ?? clock.now()) : null;
    if (over !== null && clock.now() - over > patience)
      return told(text, agent?.state === 'done' && text !== '' ? null : howItEnded(agent));
    if (clock.now() > end) return told(text, outOfTime(agent, watch.timeout));
    await clock.sleep(pause);
  }
}

function told(text: string, reason: string | null): Came {
  return { text: text === '' ? null : text, reason, late: false };
}

async function reviewerNow(context: Context, { stored, reviewer }: Watch): Promise<Agent | null> {
  const { snapshot } = await observe(context, { diffs: 'kept' });
  const { task } = findTask(snapshot, `${stored.project}:${stored.name}`, null);
  return task.agents.find(({ name, independent }) => independent === true && name === reviewer) ?? null;
}

function hasEnded(agent: Agent | null): boolean {
  return agent === null || agent.pid === null || ['done', 'exited', 'failed'].includes(agent.state);
}

function howItEnded(agent: Agent | null): string {
  if (agent === null) return 'its pane was closed before it had answered';
  if (agent.state === 'done') return 'it ended its turn without an answer';
  return `it ended without an answer: ${agent.message ?? agent.why}`;
}

function outOfTime(agent: Agent | null, timeout: number): string {
  const asked =
    agent?.state === 'waiting' ? `; it waited for an answer: ${agent.message ?? 'a question'}` : '';
  return `it gave no answer within ${timeout} s${asked}`;
}

/** Empty when there is nothing, or nothing that may be read. */
async function readText(context: Context, path: string): Promise<string> {
  try {
    return (await context.deps.folder.read(path)) ?? '';
  } catch (error) {
    if (!isPitwallError(error, 'FileDamaged')) throw error;
    return `not readable: ${error.message}`;
  }
}
