/** What the keys of the sidebar and the popup do to agents: answer, prompt, write in the editor, look. */
import { PitwallError } from '../../core/errors.ts';
import { popupShell } from '../../core/tmux/keys.ts';
import { escapeFormat, shellQuote } from '../../core/tmux/tmux-text.ts';
import type { Addressee } from '../../ui/sidebar-model.ts';
import { answer } from '../agents/answer.ts';
import { sendPrompt } from '../agents/send.ts';
import type { Context } from '../context.ts';
import { clientHere } from '../desk/client-here.ts';
import { newTaskCommand, reviewCommand } from '../desk/server.ts';
import { observe } from '../observe.ts';
import { editedText, type Show } from '../review/edited-text.ts';
import type { SidebarDeeds } from './sidebar-commands.ts';

/** The deeds of a sidebar in pane `own`, which opens popups, or of a popup, which gives its own terminal away. */
export function deskDeeds(
  context: Context,
  kind: 'sidebar' | 'popup',
  own: string | null,
): Required<Pick<SidebarDeeds, 'answer' | 'send' | 'compose' | 'look' | 'mend' | 'review' | 'newTask'>> {
  const shown = (argv: readonly string[], folder: string) =>
    kind === 'popup' ? inForeground(context, argv, folder) : inPopup(context, own, argv, folder);
  return {
    answer: async (to, reply, asked) => {
      await answer(context, referenceTo(to), reply, null, asked);
    },
    send: async (to, text) => {
      const sent = await sendPrompt(context, referenceTo(to), text, null);
      return sent.delivered ? null : (sent.reason ?? 'it is not ready');
    },
    compose: (to, text) => compose(context, to, text, shown),
    look: async (pane, title) => {
      const { shipped, tmux } = context.deps;
      await shown([shipped.look, pane, title, ...tmux.argv], '/');
    },
    mend: async ({ project, task }) => {
      // What lands is loaded only when it is wanted: the sidebar lives long.
      const { handOver } = await import('../land/hand-over.ts');
      const { sent } = await handOver(context, `${project}:${task}`, null);
      const agent = `${sent.task}/${sent.agent}`;
      return sent.delivered ? `${agent} is told` : `held for ${agent}: ${sent.reason}`;
    },
    review: async ({ project, task }) => {
      await shown(['sh', '-c', reviewCommand(context, `${project}:${task}`)], '/');
    },
    newTask: async () => {
      const root = await projectHere(context, own);
      await shown(['sh', '-c', newTaskCommand(context)], root);
    },
  };
}

function referenceTo({ project, task, agent }: Addressee): string {
  return `${project}:${task}/${agent}`;
}

async function compose(context: Context, to: Addressee, text: string, show: Show): Promise<string | null> {
  return editedText(context, { ...to, name: `draft-${to.agent}.txt` }, text, show);
}

/** In a popup over the client that looks here, until it is closed; whether the program ended well. */
async function inPopup(
  context: Context,
  own: string | null,
  argv: readonly string[],
  folder: string,
): Promise<boolean> {
  const { tmux, processes } = context.deps;
  const client = clientHere(await tmux.view(), own);
  if (client === null) throw new PitwallError('NoClient', 'no terminal is attached', 'pitwall open');
  const popup = [
    ...['display-popup', '-c', client.name, '-E', '-d', escapeFormat(folder), '-w', '95%', '-h', '100%'],
    ...popupShell(`exec ${shellQuote(argv)}`),
  ];
  const { exit } = await processes.run([...tmux.argv, ...popup], { cwd: '/' });
  return exit === 0;
}

async function inForeground(context: Context, argv: readonly string[], folder: string): Promise<boolean> {
  return (await context.deps.processes.foreground(argv, folder)) === 0;
}

/** The main worktree of the project that the client here is in, else of the first one. */
async function projectHere(context: Context, own: string | null): Promise<string> {
  const { snapshot, view } = await observe(context, { diffs: 'kept' });
  const client = clientHere(view, own);
  const found = snapshot.projects.find((project) => project.session === client?.session);
  return found?.root ?? snapshot.projects[0]?.root ?? '/';
}
