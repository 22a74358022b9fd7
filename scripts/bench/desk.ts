/** Figures of an open desk: a terminal attached, the sidebar in view. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminalArgv } from '../terminal.ts';
import { type Control, msUntil, openControl } from './control.ts';
import type { Figure, Result } from './figure.ts';
import { median, ratio } from './figure.ts';
import { childrenMark, cpuOf, memoryOf } from './processes.ts';
import { nameOf, pause, type Stage, until } from './stage.ts';

/** From a key to the client elsewhere; tmux may start no process for it. */
export const jump: Figure = {
  name: 'jump',
  words: 'key to switched client / bare binding',
  stage: 'desk',
  async measure(stage, quick) {
    const { project, home } = await desk(stage);
    const [first, second] = docketPanes(stage);
    stage.tmux('bind-key', '-n', 'F5', 'switch-client', '-t', first ?? '');
    stage.tmux('bind-key', '-n', 'F6', 'switch-client', '-t', second ?? '');
    const inner = openControl(stage, 'bench', project, 'ignore-size,no-output');
    const outer = openControl(stage, 'terminal', 'terminal', 'ignore-size');
    const switched = (line: string) => line.startsWith('%session-window-changed ');
    const press = async (keys: string) => {
      await inner.ask(`select-window -t ${home}`);
      await pause(quick ? 60 : 100);
      return msUntil(inner, () => void outer.ask(`send-keys -t terminal: ${keys}`), switched);
    };
    const server = Number(stage.tmux('display-message', '-p', '#{pid}'));
    await press('C-b g n');
    // What the tasks' ends and the terminal's arrival still lead to is not the key's doing.
    await lastChild(server);
    let pressed = 0;
    let started = 0;
    const result = await ratio(
      3,
      quick ? 9 : 41,
      async () => {
        const before = childrenMark(server);
        const ms = await press('C-b g n');
        await pause(50);
        pressed += 1;
        if (before !== childrenMark(server)) started += 1;
        return ms;
      },
      () => press('F5'),
    );
    // What happens to fall into the same moment does not come with every press.
    const broken = started * 2 < pressed ? null : `tmux started a process for ${started} of ${pressed} keys`;
    inner.close();
    outer.close();
    return {
      ...result,
      broken,
      note: `${result.note}${childrenMark(server) === null ? '' : '; no process'}`,
    };
  },
};

/** From a line in a journal to the sidebar’s changed row. */
export const row: Figure = {
  name: 'row',
  words: 'journal line to changed row on screen',
  stage: 'desk',
  async measure(stage, quick) {
    await desk(stage);
    const outer = openControl(stage, 'terminal', 'terminal', 'ignore-size');
    const task = nameOf(5);
    const samples: number[] = [];
    for (let round = -1; round < (quick ? 10 : 40); round += 1) {
      const waiting = round % 2 !== 0;
      // Not in step with any timer of the sidebar.
      await pause(250 + ((round * 37) % 150));
      const ms = await msUntil(
        outer,
        () => report(stage, task, waiting ? 'waiting' : 'done'),
        async (line) => line.startsWith('%output') && (await shows(outer, `? ${task}`)) === waiting,
      );
      if (round >= 0) samples.push(ms);
    }
    outer.close();
    const most = Math.max(...samples);
    return {
      value: median(samples),
      unit: 'ms',
      bound: 80,
      note: `slowest of ${samples.length}: ${most.toFixed(0)} ms`,
    };
  },
};

/** What the sidebar costs while nothing happens; it may start no process. */
export const idle: Figure = {
  name: 'idle',
  words: 'sidebar with 30 idle tasks, CPU of a core',
  stage: 'desk',
  async measure(stage, quick) {
    const pid = await desk(stage).then((opened) => opened.sidebar);
    await atRest(pid);
    const before = childrenMark(pid);
    const result = await cpuShare(pid, quick ? 15 : 60, 1);
    return { ...result, broken: before === childrenMark(pid) ? null : 'the sidebar started a process' };
  },
};

/** What the sidebar holds. */
export const memory: Figure = {
  name: 'memory',
  words: 'memory of the sidebar with 30 tasks',
  stage: 'desk',
  async measure(stage) {
    const { sidebar } = await desk(stage);
    return { value: memoryOf(sidebar), unit: 'MB', bound: 95, note: 'resident set' };
  },
};

/** What the sidebar costs while an agent prints without pause. */
export const printing: Figure = {
  name: 'printing',
  words: 'an agent that prints without pause, CPU of the sidebar',
  stage: 'desk',
  async measure(stage, quick) {
    const { sidebar } = await desk(stage);
    stage.run('new', '--no-attach', '--agent', 'noisy', '--name', 'noisy', 'print');
    await pause(5000);
    const result = await cpuShare(sidebar, quick ? 12 : 30, 5);
    stage.run('remove', '--force', 'noisy');
    return result;
  },
};

interface Desk {
  readonly sidebar: number;
  /** The project's session. */
  readonly project: string;
  /** The window where nothing of the docket is. */
  readonly home: string;
}

/** The desk of a stage, with a terminal of 160×50 attached and the sidebar in view. */
async function desk(stage: Stage): Promise<Desk> {
  const project = stage.list().projects[0]?.session ?? '';
  if (stage.tmux('list-clients') === '') {
    stage.tmux('set-option', '-g', 'status', 'off');
    // Keys come faster than any person's here, and are to be keys nevertheless.
    stage.tmux('set-option', '-g', 'assume-paste-time', '0');
    stage.terminal(...terminalArgv('bench', project, 160, 50));
    await until('an attached client', () => stage.tmux('list-clients') !== '');
    await until('the sidebar in view', () =>
      stage.terminal('capture-pane', '-p', '-t', 'terminal:').includes(nameOf(1)),
    );
  }
  const panes = stage.tmux(
    'list-panes',
    '-a',
    '-F',
    '#{@pitwall_role} #{pane_pid} #{window_id} #{@pitwall_task}',
  );
  const rows = panes.split('\n').map((line) => line.split(' '));
  const sidebar = Number(rows.find(([role]) => role === 'sidebar')?.[1]);
  const busy = new Set(rows.filter(([, , , task]) => task).map(([, , window]) => window));
  const home = rows.find(([, , window]) => !busy.has(window))?.[2];
  if (!sidebar || !home) throw new Error('the desk has no sidebar or no window of its own');
  return { sidebar, project, home };
}

function docketPanes(stage: Stage): readonly string[] {
  return stage.tmux('display-message', '-p', '#{@pitwall_docket}').split(' ');
}

function report(stage: Stage, task: string, state: string): void {
  const at = new Date().toISOString();
  const line = {
    at,
    type: 'hook',
    agent: 'demo',
    state,
    message: 'a question',
    payload: null,
    payloadFile: null,
  };
  appendFileSync(join(stage.taskFolder(task), 'journal.jsonl'), `${JSON.stringify(line)}\n`);
}

async function shows(terminal: Control, text: string): Promise<boolean> {
  return (await terminal.ask('capture-pane -p -t terminal:')).some((line) => line.includes(text));
}

/** Until a process has started none for three seconds. */
async function lastChild(pid: number): Promise<void> {
  let [mark, since] = [childrenMark(pid), performance.now()];
  while (performance.now() - since < 3000) {
    await pause(200);
    const now = childrenMark(pid);
    if (now !== mark) [mark, since] = [now, performance.now()];
  }
}

/** Until the process has used no CPU time for two seconds. */
async function atRest(pid: number): Promise<void> {
  for (let before = -1, now = cpuOf(pid).own; now !== before; now = cpuOf(pid).own) {
    before = now;
    await pause(2000);
  }
}

/** The share of one core that a process and the programs it runs take over so many seconds. */
async function cpuShare(pid: number, seconds: number, bound: number): Promise<Result> {
  const before = cpuOf(pid);
  const start = performance.now();
  await pause(seconds * 1000);
  const after = cpuOf(pid);
  const share = (ms: number) => (ms / (performance.now() - start)) * 100;
  const own = share(after.own - before.own);
  const children = share(after.children - before.children);
  return {
    value: own,
    unit: '%',
    bound,
    note: `over ${seconds} s; programs it runs: ${children.toFixed(2)} %`,
  };
}
