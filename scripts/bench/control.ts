/** A tmux client in control mode: commands go in and events come out of one process, so that nothing is started between. */
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Stage } from './stage.ts';

/** One client in control mode, until it is closed. */
export interface Control {
  /** Sends a command; resolves with what it printed. */
  ask(command: string): Promise<readonly string[]>;
  /** Calls `onEvent` for each event line (`%…`) from now on; answers how to stop that. `at` in ms of performance.now. */
  listen(onEvent: (line: string, at: number) => void): () => void;
  close(): void;
}

/** Attaches to `target` on a server without any say in sizes. `flags` as attach-session -f takes them. */
export function openControl(stage: Stage, socket: string, target: string, flags: string): Control {
  const args = ['-u', '-L', socket, '-C', 'attach-session', '-t', target, '-f', flags];
  const child = spawn('tmux', args, { env: stage.env, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting: ((lines: readonly string[]) => void)[] = [];
  const listeners = new Set<(line: string, at: number) => void>();
  let block: string[] | null = null;
  let mine = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const at = performance.now();
    const [word, , , flag] = line.split(' ');
    if (block === null && word === '%begin') {
      block = [];
      // The block of the attaching itself answers no command of ours.
      mine = flag === '1';
    } else if (block !== null && (word === '%end' || word === '%error')) {
      const lines = block;
      block = null;
      if (mine) waiting.shift()?.(lines);
    } else if (block !== null) block.push(line);
    else for (const listener of listeners) listener(line, at);
  });
  return {
    ask: (command) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${command}\n`);
      }),
    listen(onEvent) {
      listeners.add(onEvent);
      return () => void listeners.delete(onEvent);
    },
    close: () => void child.stdin.end(),
  };
}

/** Runs `act` and resolves with the ms from its start to the first event that `isIt` accepts; fails after 10 s. */
export function msUntil(
  control: Control,
  act: () => void,
  isIt: (line: string, at: number) => boolean | Promise<boolean>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error('waited 10 s in vain for the terminal to change'));
    }, 10_000);
    const stop = control.listen((line, at) => {
      void (async () => {
        if (!(await isIt(line, at))) return;
        clearTimeout(timer);
        stop();
        resolve(at - start);
      })();
    });
    const start = performance.now();
    act();
  });
}
