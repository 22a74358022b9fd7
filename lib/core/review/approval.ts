/** Whether a task may be approved as it stands. What the person said and nobody has heard yet is not passed over silently. */
import { cutEnd } from '../cells.ts';
import { oneLine, PitwallError } from '../errors.ts';
import { authors, type Task } from '../model.ts';
import { shellQuote } from '../tmux/tmux-text.ts';

/** What stands against an approval that the snapshot does not tell. */
export interface Unheard {
  /** Prompts that wait for an agent of the task: delivered later, they would change what was approved. */
  readonly held: readonly { readonly agent: string; readonly text: string }[];
  /** Comments that were not sent. */
  readonly comments: readonly { readonly text: string }[];
}

/** Cells of a text that tell which one it is. */
const telling = 60;

/** Why it cannot be approved, or null. `force` passes over what was not heard, not over agents at work. */
export function judgeApproval(task: Task, { held, comments }: Unheard, force: boolean): PitwallError | null {
  const busy = authors(task.agents).filter((agent) =>
    ['working', 'starting', 'waiting'].includes(agent.state),
  );
  const { name } = task;
  if (busy.length > 0)
    return new PitwallError(
      'WorktreeBusy',
      `${name} is not finished: ${busy.map((agent) => `${agent.name} is ${agent.state}`).join(', ')}`,
      shellQuote(['pitwall', 'jump', name]),
    );
  if (force) return null;
  if (held.length > 0)
    return new PitwallError('NotDelivered', `${name} has ${heldWords(held)}`, wayToHear(task, held));
  const [first, ...more] = comments;
  if (first === undefined) return null;
  const count = more.length === 0 ? '1 comment that was' : `${comments.length} comments that were`;
  return new PitwallError(
    'NotDelivered',
    `${name} has ${count} not sent (${beginning(first.text)}${more.length === 0 ? '' : ' …'})`,
    shellQuote(['pitwall', 'review', name]),
  );
}

function heldWords(held: Unheard['held']): string {
  const [first, ...more] = held;
  if (first === undefined) return '';
  const agents = [...new Set(held.map(({ agent }) => agent))];
  const prompts = more.length === 0 ? 'a prompt' : `${held.length} prompts`;
  const have = agents.length === 1 ? 'has' : 'have';
  const words = `${beginning(first.text)}${more.length === 0 ? '' : ' …'}`;
  return `${prompts} that ${agents.join(', ')} ${have} not got yet (${words})`;
}

/** Starting an agent delivers what is held for it; what is held for one that runs is on its way or waits for the person. */
function wayToHear({ name, agents }: Task, held: Unheard['held']): string {
  const gone = agents.some(
    (agent) => agent.pid === null && held.some((prompt) => prompt.agent === agent.name),
  );
  return shellQuote(['pitwall', gone ? 'start' : 'show', name]);
}

/** The first words of a text, in a line. */
export function beginning(text: string): string {
  return cutEnd(oneLine(text), telling);
}
