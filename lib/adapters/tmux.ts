/** tmux over its command line: one invocation a question, one a plan. The hot path, so nothing but node:child_process. */
import { PitwallError } from '../core/errors.ts';
import { cleanPaste } from '../core/tmux/tmux-text.ts';
import type { Tmux, TmuxCommand } from '../ports.ts';
import { type Ask, asker, checkVersion, runOnce, type TmuxOptions, version } from './tmux-ask.ts';
import { paste, pasteCommands, pasteText, pause, typedKeys, whileAlive } from './tmux-typing.ts';
import { noServer, parseView, viewCommands } from './tmux-view.ts';

/** Waits between attempts while a server goes down (ms). */
const retryWaits: readonly number[] = [20, 40, 80, 160, 320, 640];
/** tmux on one socket; nothing is started and nothing asked before the first call. */
export function createTmux(options: TmuxOptions): Tmux {
  const argv = ['tmux', '-u', ...(options.socket === null ? [] : ['-L', options.socket])];
  const ask = asker(options, argv);
  const run = (commands: readonly TmuxCommand[]): Promise<readonly string[]> => runOnce(ask, argv, commands);
  let pasted = 0;
  /** Through the starter where there is one: what it cannot start is started without it. */
  const startingAsk = async (): Promise<Ask> => {
    const starter = (await options.starter?.()) ?? [];
    if (starter.length === 0) return ask;
    const through = asker(options, [...starter, ...argv]);
    return async (...asked) => {
      const answer = await through(...asked);
      return /^Failed to /m.test(answer.stderr) ? ask(...asked) : answer;
    };
  };
  return {
    socket: options.socket,
    argv,
    run,
    async view() {
      for (const wait of [...retryWaits.slice(0, 3), null]) {
        try {
          const view = parseView(await run(viewCommands));
          checkVersion(view.version);
          return view;
        } catch (error) {
          if (!(error instanceof PitwallError) || error.code !== 'ServerGone') throw error;
          if (error.detail.running === 0) return noServer;
          if (wait === null) throw error;
          await pause(wait);
        }
      }
      return noServer;
    },
    async runStarting(commands, environment) {
      for (const wait of [...retryWaits, null]) {
        try {
          return await runOnce(await startingAsk(), argv, commands, environment);
        } catch (error) {
          if (wait === null || !(error instanceof PitwallError) || error.code !== 'ServerGone') throw error;
          await pause(wait);
        }
      }
      return [];
    },
    paste: (pane, text) =>
      paste(run, ask, argv, pane, cleanPaste(text), `pitwall-${process.pid}-${++pasted}`),
    type: (pane, text) => pasteText(ask, argv, pane, cleanPaste(text), `pitwall-${process.pid}-${++pasted}`),
    async key(pane, key, showing) {
      const typed = typedKeys[key] ?? (key.length === 1 ? key : null);
      const buffer = `pitwall-${process.pid}-${++pasted}`;
      const commands = typed === null ? [['send-keys', '-t', pane, key]] : pasteCommands(pane, buffer, typed);
      const all = [['copy-mode', '-q', '-t', pane], ...commands];
      return (await run([whileAlive(pane, all, [], showing ?? null)]))[0] === 'sent';
    },
    async capture(pane) {
      return run([['capture-pane', '-p', '-t', pane]]);
    },
    version: () => version(ask),
  };
}
