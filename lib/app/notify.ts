/** Tells the person what is new on the docket, wherever they sit. Called after the docket was put right. */

import { dueItems, itemsLine, nothingTold, type Told, terminalBytes } from '../core/docket/notify.ts';
import type { DocketItem } from '../core/model.ts';
import { messageText } from '../core/tmux/tmux-text.ts';
import type { ClientFact, ServerView } from '../ports.ts';
import type { Context } from './context.ts';
import type { Observed } from './observe.ts';

const file = '.told.json';

/** Each item is told once, however many look at the same time; a channel that fails does not keep the others. */
export async function notify(context: Context, { snapshot, view }: Observed): Promise<void> {
  const { deps, preferences } = context;
  if (!preferences.notify.on || !view.running) return;
  await deps.files.tryLocked('notify', async () => {
    const due = dueItems({
      docket: snapshot.docket,
      told: readTold(await deps.files.kept(file)),
      inView: (item) => inView(view, item),
      now: deps.clock.now(),
      cooldown: preferences.notify.cooldown * 1000,
    });
    await deps.files.keep(file, JSON.stringify(due.told));
    if (due.items.length > 0) await tell(context, view, due.items);
    if (due.againIn !== null) await lookAgain(context, due.againIn);
  });
}

async function tell(context: Context, view: ServerView, items: readonly DocketItem[]): Promise<void> {
  const { deps, preferences } = context;
  const { message, bell, terminal, desktop, command } = preferences.notify;
  const line = itemsLine(items);
  const clients = view.clients.filter((client) => !client.control);
  const notifier = await deps.notifier();
  const toTerminal = (client: ClientFact) => terminalBytes(terminal, bell, line, client.term);
  const work: Promise<unknown>[] = clients
    .filter((client) => toTerminal(client) !== '')
    .map((client) => notifier.terminal(client.tty, toTerminal(client)));
  if (message && clients.length > 0)
    work.push(
      deps.tmux.run(
        clients.map((client) => ['display-message', '-c', client.name, messageText(`pitwall: ${line}`)]),
      ),
    );
  if (desktop) work.push(notifier.desktop('pitwall', line));
  if (command !== null)
    for (const item of items) work.push(notifier.run(command, `${JSON.stringify(item)}\n`));
  await Promise.allSettled(work);
}

/** Whether a client shows the item's window now. */
function inView(view: ServerView, item: DocketItem): boolean {
  const window = view.panes.find((pane) => pane.pane === item.pane)?.window;
  return window !== undefined && view.clients.some((client) => !client.control && client.window === window);
}

/** tmux waits for us: no process of ours does. */
async function lookAgain(context: Context, ms: number): Promise<void> {
  const seconds = String(Math.ceil(ms / 1000));
  const settle = "run-shell -b '#{@pitwall_settle} >/dev/null 2>&1 || :'";
  await context.deps.tmux.run([
    ['run-shell', '-b', '-d', seconds, '-C', `if-shell -F '#{@pitwall_settle}' "${settle}"`],
  ]);
}

/** What was kept; anything of another shape counts as nothing. */
function readTold(text: string | null): Told {
  if (text === null) return nothingTold;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('last' in value) || !('keys' in value))
      return nothingTold;
    const { last, keys } = value;
    if (typeof last !== 'number' || !Array.isArray(keys)) return nothingTold;
    return { last, keys: keys.filter((key): key is string => typeof key === 'string') };
  } catch (error) {
    if (error instanceof SyntaxError) return nothingTold;
    throw error;
  }
}
