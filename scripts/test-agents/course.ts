/** The course every agent is played through: its steps in order, each with what must be seen of it through pitwall. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Player } from './agents.ts';
import { played } from './play.ts';
import type { Shown, Stage } from './stage.ts';
import type { StandIn } from './stand-in.ts';

/** One run of the course: the task it is about, which a step that failed leaves for a fresh one. */
export interface Run {
  readonly player: Player;
  readonly stage: Stage;
  readonly standIn: StandIn;
  readonly task: string;
  /** Called when the task's agent is in a state that was waited for. */
  readonly reached: (state: string) => Promise<void>;
}

export interface Step {
  readonly name: string;
  /** Throws with what was not so. */
  readonly take: (run: Run) => Promise<void>;
}

/** How long an agent may take for a start (some install parts of theirs) and for all else, in ms. */
const start = 150_000;
const patience = 30_000;

/** The steps after the launch need an agent whose turn is over. */
export const launched: Step = {
  name: 'launched, works, asks to run a command',
  take: async (run) => {
    await begin(run, 'Begin. play:touch=a.txt');
    const agent = await seen(run, 'waiting', start);
    expect(/touch a\.txt/.test(agent.message ?? ''), `it asks: ${agent.message}`);
    expect(reported(run, 'working'), 'it reported that it works');
    expect(agent.conversationId !== null, 'its conversation is known');
  },
};

export const steps: readonly Step[] = [
  {
    name: 'allowed',
    take: async (run) => {
      await run.stage.done(['answer', run.task, 'yes']);
      const { worktree } = await seen(run, 'done');
      expect(existsSync(join(worktree, 'a.txt')), 'the command ran');
      await until(
        'its last words',
        patience,
        async () => (await run.stage.agent(run.task)).message === played.over,
      );
    },
  },
  {
    name: 'tokens are counted',
    take: async ({ stage, task }) => {
      const used = async (): Promise<number> => {
        const { agents } = JSON.parse(await stage.done(['show', task, '--json'])).task;
        return agents[0].usage?.inputTokens ?? 0;
      };
      await until('its usage', patience, async () => (await used()) > 0);
    },
  },
  {
    name: 'question',
    take: async (run) => {
      await prompt(run, 'Ask me. play:question');
      const agent = await seen(run, 'waiting');
      expect(agent.message?.includes(played.question) ?? false, `it asks: ${agent.message}`);
      await run.stage.done(['answer', run.task, played.answers[1]]);
      await seen(run, 'done');
      const results = lastAsked(run).messages.filter(({ from }) => from === 'tool');
      expect(results.at(-1)?.text.includes(played.answers[1]) ?? false, 'the answer reached the model');
    },
  },
  {
    name: 'denied',
    take: async (run) => {
      await askPermission(run, 'denied.txt');
      await run.stage.done(['answer', run.task, 'no']);
      const { worktree } = await seen(run, 'done');
      expect(!existsSync(join(worktree, 'denied.txt')), 'the command did not run');
    },
  },
  {
    name: 'denied by Esc',
    take: async (run) => {
      await askPermission(run, 'escaped.txt');
      await keys(run, ['Escape']);
      const { worktree } = await seen(run, 'done');
      expect(!existsSync(join(worktree, 'escaped.txt')), 'the command did not run');
    },
  },
  {
    name: 'interrupted',
    take: async (run) => {
      await prompt(run, 'Go on for long. play:long');
      await writing(run);
      await seen(run, 'working');
      await keys(run, run.player.interrupt);
      await seen(run, 'done');
    },
  },
  {
    name: 'error',
    take: async (run) => {
      await prompt(run, 'Be refused. play:error');
      const agent = await seen(run, 'failed');
      expect(/refuses|400|error/i.test(agent.message ?? ''), `its message: ${agent.message}`);
    },
  },
  {
    name: 'feedback of several lines',
    take: async (run) => {
      const text =
        'First line: "quoted", #{pane_id} $(id) `id`\n\n- a list; with a semicolon;\n  öäü → 漢字\nplay:text';
      await prompt(run, text);
      await seen(run, 'done');
      const said = lastAsked(run).messages.filter(({ from }) => from === 'person');
      expect(
        said.some((each) => each.text.includes(text)),
        `the model was told: ${said.at(-1)?.text}`,
      );
    },
  },
  {
    name: 'a second task beside it',
    take: async (run) => {
      const { stage, player, task } = run;
      const first = await stage.agent(task);
      const beside = { ...run, task: `${task}-2` };
      await begin(beside, 'Long. play:long');
      await writing(beside, start);
      const second = await seen(beside, 'working');
      expect(second.conversationId !== first.conversationId, 'each has a conversation of its own');
      expect((await stage.agent(task)).state === first.state, 'the first stays as it was');
      await keys(beside, player.interrupt);
      await seen(beside, 'done');
      expect((await stage.agent(task)).since === first.since, 'the first was not touched');
      await stage.done(['stop', beside.task]);
      await seen(beside, 'exited');
    },
  },
  {
    name: 'killed while it asks',
    take: async (run) => {
      await askPermission(run, 'killed.txt');
      const { pid } = await run.stage.agent(run.task);
      if (pid === null) throw new Error('its process is not known');
      process.kill(pid, 'SIGKILL');
      await seen(run, 'failed');
    },
  },
  {
    name: 'resumed by its id, in its own directory',
    take: async (run) => {
      const { stage, task } = run;
      const before = await stage.agent(task);
      await stage.done(['start', task]);
      await run.stage.pitwall(['send', task, '-'], 'Where are you? play:where=where.txt');
      await untilAsked(run, 'Where are you? play:where=where.txt');
      await seen(run, 'waiting', start);
      await stage.done(['answer', task, 'yes']);
      const agent = await seen(run, 'done');
      expect(agent.conversationId === before.conversationId, 'its conversation is the same');
      expect(!existsSync(join(agent.worktree, 'killed.txt')), 'what it had asked for was not done');
      const where = readFileSync(join(agent.worktree, 'where.txt'), 'utf8').trim();
      expect(where === agent.worktree, `it runs in ${where}`);
      const said = lastAsked(run)
        .messages.map(({ text }) => text)
        .join('\n');
      expect(said.includes(played.over), 'the model is told what was said before');
    },
  },
];

/** On a HOME of somebody who is new to it: the dialog of its start is seen, and no prompt answers it. */
export const newcomers: Step = {
  name: 'a dialog at its first start',
  take: async (run) => {
    const { stage, task, standIn } = run;
    await begin(run, 'Begin. play:touch=a.txt');
    const agent = await seen(run, 'waiting', start);
    expect(/^blocked at start-up/.test(agent.message ?? ''), `it waits for: ${agent.message}`);
    expect(!standIn.asked.some(({ tools }) => tools.length > 0), 'no dialog was answered with the prompt');
    const answered = await stage.pitwall(['answer', task, 'yes']);
    expect(answered.code !== 0, 'such a dialog is not answered');
  },
};

/** Makes the task of a run with this prompt. */
async function begin({ stage, player, task }: Run, text: string): Promise<void> {
  await stage.done(['new', '--no-attach', '--agent', player.name, '--name', task, text]);
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

/** Waits until the task's agent is in that state; answers it. */
async function seen(run: Run, state: string, within = patience): Promise<Shown> {
  const end = Date.now() + within;
  for (;;) {
    const agent = await run.stage.agent(run.task);
    if (agent.state === state) {
      await run.reached(state);
      return agent;
    }
    if (/^(exited with|ended by)/.test(agent.why)) throw new Error(`it is not ${state}: ${agent.why}`);
    if (Date.now() > end) throw new Error(`it is ${agent.state} and not ${state}: ${agent.why}`);
    await pause(250);
  }
}

/** Sends a prompt that must be delivered at once. */
async function prompt(run: Run, text: string): Promise<void> {
  await run.stage.done(['send', run.task, '-'], text);
}

/**
 * Waits until a prompt that was held at first reached the model. A dialog in between is not answered by the prompt: it
 * is answered here, as the person does who takes what is selected.
 */
async function untilAsked(run: Run, text: string): Promise<void> {
  let answered = false;
  await until(`the model is asked: ${text}`, start, async () => {
    const { state } = await run.stage.agent(run.task);
    const asked = lastAsked(run).messages.some(
      ({ from, text: said }) => from === 'person' && said.includes(text),
    );
    if (asked || state !== 'waiting') return asked;
    expect(!answered, 'the one dialog of its start is gone');
    answered = true;
    await keys(run, ['Enter']);
    await until(
      'the dialog is gone',
      patience,
      async () => (await run.stage.agent(run.task)).state !== 'waiting',
    );
    return false;
  });
}

async function askPermission(run: Run, file: string): Promise<void> {
  await prompt(run, `Make a file. play:touch=${file}`);
  const agent = await seen(run, 'waiting');
  expect(agent.message?.includes(file) ?? false, `it asks: ${agent.message}`);
}

/** Waits until words of a long turn are on its screen. */
async function writing(run: Run, within = patience): Promise<void> {
  await until('the words of a long turn', within, async () =>
    (await run.stage.screen(run.task)).includes('still at it'),
  );
}

async function keys(run: Run, names: readonly string[]): Promise<void> {
  const { pane } = await run.stage.agent(run.task);
  for (const name of names) {
    await run.stage.tmux('send-keys', '-t', pane ?? '', name);
    await pause(300);
  }
}

/** The last request of a turn: those without tools are beside the conversation. */
function lastAsked({ standIn }: Run) {
  const asked = standIn.asked.findLast(({ tools }) => tools.length > 0);
  if (asked === undefined) throw new Error('the model was asked nothing');
  return asked;
}

function reported({ stage, task }: Run, state: string): boolean {
  return stage.journal(task).some((event) => event.type === 'hook' && event.state === state);
}

async function until(what: string, within: number, probe: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + within;
  while (!(await probe())) {
    if (Date.now() > end) throw new Error(`waited ${within} ms in vain for ${what}`);
    await pause(250);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
