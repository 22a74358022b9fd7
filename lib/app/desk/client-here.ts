/** The terminal at which the person sits, seen from a pane or a popup, and a word to it. */
import { messageText } from '../../core/tmux/tmux-text.ts';
import type { ClientFact } from '../../ports.ts';
import type { Context } from '../context.ts';

/** Milliseconds for which a message stays: time to read a command in it. */
const readable = 6000;

/** The client that shows the window of `own`, else the one last active. */
export function clientHere(
  view: {
    readonly clients: readonly ClientFact[];
    readonly panes: readonly { readonly pane: string; readonly window: string }[];
  },
  own: string | null,
): ClientFact | null {
  const here = view.panes.find((each) => each.pane === own);
  const clients = view.clients.filter((client) => !client.control);
  const active = [...clients].sort((a, b) => b.activity - a.activity)[0] ?? null;
  return clients.find((each) => each.window === here?.window) ?? active;
}

/** One line in tmux's message line, where it stays when the popup that says it is gone; nobody there, nothing said. */
export async function messageHere({ deps }: Context, line: string): Promise<void> {
  const client = clientHere(await deps.tmux.view(), deps.env.TMUX_PANE ?? null);
  if (client === null) return;
  const words = messageText(`pitwall: ${line}`);
  await deps.tmux.run([['display-message', '-d', String(readable), '-c', client.name, words]]);
}
