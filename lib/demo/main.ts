/** The demo agent: a scripted stand-in for a coding agent, so that everything can be tried without a key. */
import { randomUUID } from 'node:crypto';
import { isPitwallError, PitwallError } from '../core/errors.ts';
import { endChildren } from './children.ts';
import { makeDialogue } from './dialogue.ts';
import { label } from './frame.ts';
import { hookOf } from './hook.ts';
import { type DemoOptions, readOptions, usage } from './options.ts';
import { takeReading } from './reading.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { titleOf } from './text.ts';
import {
  beginTranscript,
  requireUnused,
  resumeTranscript,
  type Transcript,
  transcriptPath,
  turnsOf,
} from './transcript.ts';
import { question, takeTurn } from './turn.ts';

const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

function openConversation(options: DemoOptions): Transcript {
  const id = options.resume ?? options.conversation ?? randomUUID();
  const path = transcriptPath(id, process.env);
  if (options.resume === null) requireUnused(path, id);
  const resumed = options.resume === null ? null : resumeTranscript(path, id);
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new PitwallError('Usage', 'it needs a terminal to run in');
  if (resumed !== null) return resumed;
  const copied = options.fork === null ? [] : turnsOf(options.fork);
  const transcript = beginTranscript(path, id, process.cwd());
  for (const entry of copied) transcript.append(entry);
  return transcript;
}

/** The last turns of a resumed conversation, two or three lines each; a turn that never ended is named. */
function showHistory(terminal: Terminal, transcript: Transcript, how: 'resumed' | 'forked'): void {
  const turns = transcript.turns();
  terminal.line(`${how} conversation ${transcript.id}`, 'dim');
  for (const past of turns.slice(-3)) {
    terminal.line(`› ${titleOf(past.prompt, 200)}`, 'dim');
    if (past.question !== null) terminal.line(`${past.question} ${titleOf(past.answer ?? '', 40)}`, 'dim');
    if (past.outcome === null) terminal.line(`interrupted in turn ${past.turn}`, 'bold');
    else terminal.line(`${past.outcome}: ${past.message}`, 'dim');
  }
}

async function run(options: DemoOptions, transcript: Transcript): Promise<never> {
  const dialogue = makeDialogue(options.prompt);
  let inTurn = false;
  let stopped = false;
  let ending = false;
  const exit = async (code: number): Promise<never> => {
    if (!ending) {
      ending = true;
      terminal.close();
      await endChildren();
      process.exit(code);
    }
    return new Promise(() => undefined);
  };
  const terminal = openTerminal(process.stdin, process.stdout, {
    submit(text) {
      const taken = dialogue.submit(text);
      if (taken === 'answer') terminal.line(`› ${titleOf(text, 200)}`, 'bold');
      if (taken === 'kept') terminal.line(`kept for the next turn: ${titleOf(text, 200)}`, 'dim');
    },
    interrupt(again) {
      stopped = true;
      if (again) void exit(inTurn ? signals.SIGINT : 0);
      else terminal.line('press Ctrl-C again to end the demo agent', 'dim');
      // Still the last thing said: it still waits.
      if (!again && dialogue.asks()) terminal.line(question, 'bold');
    },
    hangup: () => void exit(signals.SIGHUP),
  });
  for (const [signal, code] of Object.entries(signals)) process.on(signal, () => void exit(code));
  process.on('uncaughtException', (error) => {
    terminal.close();
    console.error(error);
    void exit(1);
  });

  if (options.resume !== null) showHistory(terminal, transcript, 'resumed');
  else if (options.fork !== null) showHistory(terminal, transcript, 'forked');
  else terminal.line(`conversation ${transcript.id}`, 'dim');
  if (options.prompt === null) terminal.line('ready: type a prompt, then Enter', 'dim');
  const report = hookOf(process.env, transcript.id);
  for (;;) {
    const prompt = await dialogue.prompt();
    [inTurn, stopped] = [true, false];
    const take = process.env.PITWALL_VERDICT ? takeReading : takeTurn;
    await take(
      {
        root: process.cwd(),
        pace: options.pace,
        reportPath: process.env.PITWALL_REPORT || null,
        verdictPath: process.env.PITWALL_VERDICT || null,
        transcript,
        line: terminal.line,
        report,
        answer: dialogue.answer,
        stopped: () => stopped,
        exit,
      },
      prompt,
    );
    inTurn = false;
  }
}

async function main(): Promise<void> {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options.help) process.stdout.write(usage);
    else await run(options, openConversation(options));
  } catch (error) {
    const known = isPitwallError(error) || (error instanceof Error && 'syscall' in error);
    if (!known) throw error;
    // The label comes first here too; and tmux scrolls the first line away when it marks a pane as dead.
    if (process.stdout.isTTY) console.log(label);
    console.error(`demo-agent: ${error.message}`);
    process.exitCode = isPitwallError(error, 'Usage') ? 2 : 1;
  }
}

void main();
