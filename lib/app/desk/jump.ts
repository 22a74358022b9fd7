/** `pitwall jump`: moves the client, by the docket or to a task. The keys do the same without a process. */
import { PitwallError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { type Observed, observe } from '../observe.ts';
import { type FoundTask, findTask } from '../projects.ts';
import { docketPanes, publish } from '../publish.ts';
import { bring } from './open.ts';

/** Where the client went; null for what the pane belongs to none of. */
export interface Jumped {
  readonly pane: string;
  readonly project: string | null;
  readonly task: string | null;
  readonly agent: string | null;
}

/** Jumps; NothingWaits when the docket is empty, NoClient when no terminal is attached and this is none. */
export async function jump(context: Context, to: string, here: string | null): Promise<Jumped> {
  const observed = await publish(context, await observe(context, { diffs: 'kept' }));
  const client = currentClient(context, observed);
  const pane = targetPane(observed, to, here, client?.pane ?? null);
  if (client === null) await bring(context, pane);
  else
    await context.deps.tmux.run([
      ['set-option', '-s', '@pitwall_back', client.pane],
      ['switch-client', '-Z', '-c', client.name, '-t', pane],
    ]);
  const fact = observed.view.panes.find((each) => each.pane === pane);
  return { pane, project: fact?.project ?? null, task: fact?.task ?? null, agent: fact?.agent ?? null };
}

/** The client that gave the command: the one that shows its pane, else the one last active. */
function currentClient(context: Context, { view }: Observed) {
  const clients = view.clients.filter((client) => !client.control);
  const own = clients.find((client) => client.pane === context.deps.env.TMUX_PANE);
  return own ?? [...clients].sort((a, b) => b.activity - a.activity)[0] ?? null;
}

function targetPane(observed: Observed, to: string, here: string | null, current: string | null): string {
  if (to === 'back') {
    const back = observed.view.options.back ?? '';
    if (observed.view.panes.some((pane) => pane.pane === back)) return back;
    throw new PitwallError('NothingWaits', 'there is nowhere to go back to', 'pitwall jump next');
  }
  if (to === 'next' || to === 'prev') {
    const panes = docketPanes(observed.snapshot.docket);
    const at = current === null ? -1 : panes.indexOf(current);
    const next = at < 0 ? panes[0] : panes[(at + (to === 'next' ? 1 : panes.length - 1)) % panes.length];
    if (next !== undefined) return next;
    if (observed.snapshot.docket.length > 0)
      throw new PitwallError('NothingWaits', 'what waits for you has no window now', 'pitwall restore');
    throw new PitwallError('NothingWaits', 'nothing waits for you', 'pitwall list');
  }
  const found = findTask(observed.snapshot, to, here);
  const pane = paneOfTask(found);
  if (pane !== null) return pane;
  throw new PitwallError(
    'TargetGone',
    `${found.task.name} has no window now`,
    `pitwall start ${found.task.name}`,
  );
}

/** Where to go for a task: the agent that was named, else the one that asks, else the first that has a pane; or null. */
export function paneOfTask({ task, agent }: FoundTask): string | null {
  const agents = task.agents.filter((each) => agent === null || each.name === agent);
  const asks = agents.find((each) => each.state === 'waiting')?.pane;
  return asks ?? agents.find((each) => each.pane)?.pane ?? null;
}
