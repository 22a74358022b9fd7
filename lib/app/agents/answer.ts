/**
 * `pitwall answer`: answers the dialog on an agent's screen. The screen is read right before every key and tmux sends
 * none unless the selection still stands where it was seen; afterwards the dialog must be gone. What is not recognised
 * is left to the person.
 */
import { type Choice, chooseAnswer, type Dialog, sameDialog } from '../../core/dialog/dialog.ts';
import { recogniser } from '../../core/dialog/dialogs.ts';
import { parseScreen, type ScreenLine } from '../../core/dialog/screen-lines.ts';
import { PitwallError } from '../../core/errors.ts';
import type { Agent, Task } from '../../core/model.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { findTask, storedTask } from '../projects.ts';
import { publish } from '../publish.ts';

/** What became of an answer; it was typed into one dialog and no other. */
export interface Answered {
  readonly project: string;
  readonly task: string;
  readonly agent: string;
  readonly delivered: boolean;
  readonly reason: string | null;
  /** The question as it stood on the screen. */
  readonly question: string;
}

/** Milliseconds for a dialog to follow a key. */
const patience = 5000;
/** Milliseconds for a dialog to be drawn: some agents report a question before they show it. */
const drawing = 1000;
const pause = 40;
/** How much of a typed answer must be seen before it is submitted: a narrow pane breaks longer ones. */
const seenStart = 12;

interface Seat {
  readonly project: string;
  readonly task: string;
  readonly agent: Agent;
  readonly pane: string;
}

/**
 * Answers `yes`, `no` or a text; NotDelivered when nothing is asked, or nothing that is known, or it did not arrive.
 * With `asked` (what the person saw it ask) only while it asks that.
 */
export async function answer(
  context: Context,
  typed: string,
  reply: string,
  here: string | null,
  asked?: string | null,
): Promise<Answered> {
  const observed = await observe(context, { diffs: 'kept' });
  const { task, agent: named } = findTask(observed.snapshot, typed, here);
  const agent =
    task.agents.find((each) => each.name === named) ??
    task.agents.find((each) => each.state === 'waiting') ??
    (task.agents.length === 1 ? task.agents[0] : undefined);
  if (!agent || agent.pane === null) throw notAsking(task, agent);
  if (asked !== undefined && asked !== agent.message)
    throw new PitwallError(
      'NotDelivered',
      `${task.name}/${agent.name} asks something else now: ${agent.message ?? 'see its pane'}`,
      `pitwall jump ${task.name}/${agent.name}`,
    );
  const seat: Seat = { project: task.project, task: task.name, agent, pane: agent.pane };
  // A list on the screen says more than a state that has not come yet; a line to type into says nothing by itself.
  if (
    !['waiting', 'unknown'].includes(agent.state) &&
    ((await dialogNow(context, seat))?.kind ?? 'line') === 'line'
  )
    throw notAsking(task, agent);
  const lock = `deliver:${seat.project}:${seat.task}`;
  const dialog = await context.deps.files.locked(lock, () => replyTo(context, seat, reply));
  await publish(context, await observe(context, { diffs: 'kept' }));
  const { project } = seat;
  return {
    project,
    task: task.name,
    agent: agent.name,
    delivered: true,
    reason: null,
    question: dialog.question,
  };
}

function notAsking(task: Task, agent: Agent | undefined): PitwallError {
  const what = agent
    ? `${task.name}/${agent.name} is ${agent.state}`
    : `no agent of ${task.name} asks anything`;
  return new PitwallError('NotDelivered', what, `pitwall send ${task.name} …`);
}

async function replyTo(context: Context, seat: Seat, reply: string): Promise<Dialog> {
  const dialog = await awaited(context, () => dialogNow(context, seat), drawing);
  if (dialog === null)
    throw new PitwallError(
      'NotDelivered',
      `pitwall does not know what is on the screen of ${nameOf(seat)}`,
      jumpHint(seat),
    );
  const choice = chooseAnswer(dialog, reply);
  if (choice.take === 'nothing')
    throw new PitwallError('NotDelivered', `${nameOf(seat)} was not answered: ${choice.why}`, jumpHint(seat));
  const before = await reports(context, seat);
  const sent = await carryOut(context, seat, dialog, choice);
  const gone = async (): Promise<boolean> => {
    const now = await dialogNow(context, seat);
    return now === null || !sameDialog(now, dialog) || (await reports(context, seat)) > before;
  };
  if (sent && (await within(context, gone))) return dialog;
  throw new PitwallError('NotDelivered', `the answer did not reach ${nameOf(seat)}`, jumpHint(seat));
}

async function carryOut(
  context: Context,
  seat: Seat,
  dialog: Dialog,
  choice: Exclude<Choice, { readonly take: 'nothing' }>,
): Promise<boolean> {
  const { tmux } = context.deps;
  if (choice.take === 'line') return tmux.paste(seat.pane, choice.text);
  if (choice.take === 'escape') return tmux.key(seat.pane, 'Escape', dialog.sign);
  return takeOption(context, seat, dialog, choice);
}

/** Moves the selection step by step, each seen on the screen, types what is to be typed, and presses Enter. */
async function takeOption(
  context: Context,
  seat: Seat,
  dialog: Dialog,
  choice: Extract<Choice, { readonly take: 'option' }>,
): Promise<boolean> {
  const { tmux } = context.deps;
  let now = dialog;
  while (now.selected !== choice.option) {
    const forth = choice.option > now.selected;
    const next = now.selected + (forth ? 1 : -1);
    if (!(await tmux.key(seat.pane, now.keys[forth ? 1 : 0], now.sign))) return false;
    const moved = await awaited(context, async () => {
      const seen = await dialogNow(context, seat);
      return seen !== null && sameDialog(seen, dialog) && seen.selected === next ? seen : null;
    });
    if (moved === null) return false;
    now = moved;
  }
  if (choice.text === null) return tmux.key(seat.pane, 'Enter', now.sign);
  const start = choice.text.slice(0, seenStart).trim();
  if (!(await tmux.type(seat.pane, choice.text))) return false;
  const shown = async () => (await screenNow(context, seat)).some((line) => line.text.includes(start));
  return (await within(context, shown)) && tmux.key(seat.pane, 'Enter', start);
}

async function screenNow(context: Context, seat: Seat): Promise<readonly ScreenLine[]> {
  return parseScreen(await context.deps.tmux.run([['capture-pane', '-e', '-p', '-t', seat.pane]]));
}

async function dialogNow(context: Context, seat: Seat): Promise<Dialog | null> {
  return recogniser(seat.agent.preset)(await screenNow(context, seat), seat.agent.message);
}

/** How often the agent has reported: one that asks the very same again has reported the answer between. */
async function reports(context: Context, seat: Seat): Promise<number> {
  const { projects } = await context.deps.files.load();
  const { events } = storedTask(projects, seat.project, seat.task);
  return events.filter((event) => event.type === 'hook' && event.agent === seat.agent.name).length;
}

/** The first answer of `look` that is not null, or null when there is none in time. */
async function awaited<T>(
  context: Context,
  look: () => Promise<T | null>,
  time = patience,
): Promise<T | null> {
  const { clock } = context.deps;
  const end = clock.now() + time;
  for (;;) {
    const seen = await look();
    if (seen !== null || clock.now() >= end) return seen;
    await clock.sleep(pause);
  }
}

async function within(context: Context, holds: () => Promise<boolean>): Promise<boolean> {
  return (await awaited(context, async () => ((await holds()) ? true : null))) !== null;
}

function nameOf(seat: Seat): string {
  return `${seat.task}/${seat.agent.name}`;
}

function jumpHint(seat: Seat): string {
  return `pitwall jump ${nameOf(seat)}`;
}
