/** Carries out what the sidebar's update asks for. Nothing that fails is lost: it comes back as a message. */
import { isPitwallError } from '../../core/errors.ts';
import type { Addressee, SidebarCommand, SidebarMessage } from '../../ui/sidebar-model.ts';

/** What can be done from the sidebar. Any rejection is shown as one line, and the loop goes on. */
export interface SidebarDeeds {
  readonly jump: (pane: string) => Promise<void>;
  readonly newTask?: () => Promise<void>;
  /** Goes to a task on another host. */
  readonly away?: (host: string, project: string, task: string) => Promise<void>;
  /** Answers what the agent asks if it is still `asked`. */
  readonly answer?: (to: Addressee, reply: 'yes' | 'no', asked: string | null) => Promise<void>;
  /** Delivers a prompt; answers why it is held when it is, else null. */
  readonly send?: (to: Addressee, text: string) => Promise<string | null>;
  /** The person's editor on this text; answers what was left in it, or null when nothing was saved. */
  readonly compose?: (to: Addressee, text: string) => Promise<string | null>;
  /** Reviews a task's change until it is decided or left. */
  readonly review?: (task: { readonly project: string; readonly task: string }) => Promise<void>;
  /** Hands what kept a task from landing to its agent; answers what was done, in words. */
  readonly mend?: (task: { readonly project: string; readonly task: string }) => Promise<string>;
  /** Shows a pane, live and read-only. */
  readonly look?: (pane: string, title: string) => Promise<void>;
}

/** What the loop lets the commands do to it. */
export interface SidebarLoop {
  readonly tell: (message: SidebarMessage) => void;
  readonly refresh: () => void;
  readonly end: () => void;
  /** Asks other hosts from now on, or no more. */
  readonly hosts: () => void;
  /** Runs what needs the terminal for itself, where the sidebar has no other place for it. */
  readonly aside: (work: () => Promise<void>) => Promise<void>;
}

/** Carries out commands, one beside the other. */
export interface CommandRunner {
  /** Carries out one command; it returns at once. */
  readonly carryOut: (command: SidebarCommand) => void;
  /** Resolves when no deed is under way any more: leaving breaks none off. */
  readonly done: () => Promise<void>;
}

/** A runner for one loop; it never throws, for a failure is a message too. */
export function commandRunner(deeds: SidebarDeeds, loop: SidebarLoop): CommandRunner {
  const { tell, refresh, end, hosts, aside } = loop;
  const underWay = new Set<Promise<void>>();
  const hold = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const attempt = (work: Promise<void> | undefined, done: () => void): void => {
    if (work) hold(work.then(done, (error: unknown) => tell({ kind: 'notice', message: words(error) })));
  };
  const carryOut = (command: SidebarCommand) => {
    switch (command.do) {
      case 'quit':
        return end();
      case 'refresh':
        return refresh();
      case 'jump':
        return attempt(deeds.jump(command.pane), () => (command.leave ? end() : undefined));
      case 'away':
        return attempt(deeds.away?.(command.host, command.project, command.task), () =>
          command.leave ? end() : undefined,
        );
      case 'hosts':
        return hosts();
      case 'new':
        return attempt(
          aside(async () => deeds.newTask?.()),
          refresh,
        );
      case 'review':
        return attempt(
          aside(async () => deeds.review?.(command)),
          refresh,
        );
      case 'mend':
        return attempt(
          deeds.mend?.(command).then((message) => tell({ kind: 'notice', message })),
          refresh,
        );
      case 'look':
        return attempt(
          aside(async () => deeds.look?.(command.pane, command.title)),
          () => undefined,
        );
      case 'answer':
      case 'send':
      case 'compose':
        return hold(carryTo(deeds, loop, command));
    }
  };
  const done = async (): Promise<void> => {
    await Promise.all(underWay);
  };
  return { carryOut, done };
}

type Carried = Extract<SidebarCommand, { readonly do: 'answer' | 'send' | 'compose' }>;

/** What is done to an agent: its outcome, good or bad, is a message of its own. */
async function carryTo(deeds: SidebarDeeds, loop: SidebarLoop, command: Carried): Promise<void> {
  const { tell, refresh, aside } = loop;
  const { to } = command;
  try {
    if (command.do === 'answer') {
      await deeds.answer?.(to, command.reply, command.asked);
      tell({ kind: 'answered', to, problem: null });
    } else if (command.do === 'send') {
      const held = (await deeds.send?.(to, command.text)) ?? null;
      tell({ kind: 'sent', to, text: command.text, held, problem: null });
    } else {
      await aside(async () => {
        const text = await deeds.compose?.(to, command.text);
        if (text !== undefined && text !== null) tell({ kind: 'composed', to, text });
      });
    }
  } catch (error) {
    const problem = words(error);
    if (command.do === 'answer') tell({ kind: 'answered', to, problem });
    else if (command.do === 'send') tell({ kind: 'sent', to, text: command.text, held: null, problem });
    else tell({ kind: 'notice', message: problem });
  }
  refresh();
}

/** An error in one line, with its hint. */
export function words(error: unknown): string {
  if (isPitwallError(error))
    return error.hint === null ? error.message : `${error.message}; try: ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}
