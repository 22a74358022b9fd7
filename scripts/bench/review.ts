/** Figures of a review: a change of 10,000 lines in a terminal of 160×50. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Control, msUntil, openControl } from './control.ts';
import type { Figure } from './figure.ts';
import { median, ratio, timed } from './figure.ts';
import { nameOf, type Stage } from './stage.ts';

const bareNode = [process.execPath, '-e', '0'] as const;
const session = 'review';

/** From the command to the first screen of a large change. */
export const review: Figure = {
  name: 'review',
  words: 'review of 10,000 lines to first screen / git diff + 2 bare nodes',
  stage: 'launches',
  async measure(stage, quick) {
    const worktree = largeChange(stage);
    const terminal = openTerminal(stage);
    const result = await ratio(
      2,
      quick ? 5 : 15,
      () => firstScreen(stage, terminal),
      () =>
        timed(['git', 'diff', 'main'], worktree, stage.env) +
        timed(bareNode, stage.root, stage.env) +
        timed(bareNode, stage.root, stage.env),
    );
    close(stage, terminal);
    return result;
  },
};

/** From a key to the screen drawn anew. */
export const reviewKey: Figure = {
  name: 'review-key',
  words: 'key to redrawn in a review of 10,000 lines',
  stage: 'launches',
  async measure(stage, quick) {
    largeChange(stage);
    const terminal = openTerminal(stage);
    await firstScreen(stage, terminal);
    const samples: number[] = [];
    for (let round = 0; round < (quick ? 10 : 40); round += 1) {
      const key = round % 2 === 0 ? 'G' : 'g';
      samples.push(
        await msUntil(
          terminal,
          () => void terminal.ask(`send-keys -t ${session}: ${key}`),
          async (line) => line.startsWith('%output') && (await shows(terminal, key === 'G')),
        ),
      );
    }
    close(stage, terminal);
    const most = Math.max(...samples).toFixed(0);
    return {
      value: median(samples),
      unit: 'ms',
      bound: 30,
      note: `slowest of ${samples.length}: ${most} ms`,
    };
  },
};

/** The first task’s worktree, in which nothing changed but that there is one file more, of 10,000 lines of code. */
function largeChange(stage: Stage): string {
  const task = stage.list().projects[0]?.tasks.find(({ name }) => name === nameOf(1));
  const worktree = task?.worktree ?? '';
  const lines = Array.from(
    { length: 10_000 },
    (_, line) => `  const value${line} = compute(${line}, total);\n`,
  );
  rmSync(join(worktree, 'docs'), { recursive: true, force: true });
  writeFileSync(join(worktree, 'src', 'large.ts'), lines.join(''));
  execFileSync('git', ['add', 'src/large.ts'], { cwd: worktree, env: stage.env, stdio: 'ignore' });
  return worktree;
}

/** Whether the last lines are on the screen, or the first. */
async function shows(terminal: Control, last: boolean): Promise<boolean> {
  const screen = await terminal.ask(`capture-pane -p -t ${session}:`);
  return screen.some((line) => line.includes(last ? 'compute(9999,' : '@@ -'));
}

function openTerminal(stage: Stage): Control {
  stage.terminal(
    ...[
      'start-server',
      ';',
      'set-option',
      '-g',
      'remain-on-exit',
      'on',
      ';',
      'set-option',
      '-g',
      'status',
      'off',
    ],
    ...[';', 'new-session', '-d', '-s', session, '-x', '160', '-y', '50', 'true'],
  );
  return openControl(stage, 'terminal', session, 'ignore-size');
}

/** ms from the start of the program to the first hunk on the screen. */
function firstScreen(stage: Stage, terminal: Control): Promise<number> {
  const program = ['env', '-u', 'TMUX', ...stage.pitwall, 'review', nameOf(1)];
  const quoted = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  return msUntil(
    terminal,
    () => void terminal.ask(`respawn-pane -k -t ${session}: ${quoted}`),
    (line) => line.startsWith('%output') && line.includes('@@ -'),
  );
}

function close(stage: Stage, terminal: Control): void {
  stage.terminal('kill-session', '-t', session);
  terminal.close();
}
