/** A conversation on disk: one JSON object a line, appended in one write each. A torn line is skipped. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PitwallError } from '../core/errors.ts';

/** One line of a conversation, its time aside. */
export type TranscriptEntry =
  | { readonly type: 'conversation'; readonly id: string; readonly cwd: string }
  | { readonly type: 'turn'; readonly turn: number; readonly prompt: string }
  | { readonly type: 'question'; readonly turn: number; readonly text: string }
  | { readonly type: 'answer'; readonly turn: number; readonly text: string }
  | { readonly type: 'edited'; readonly turn: number; readonly paths: readonly string[] }
  | {
      readonly type: 'end';
      readonly turn: number;
      readonly outcome: 'done' | 'failed';
      readonly message: string;
    };

/** One turn as folded from a transcript. `outcome` is null when it was interrupted (or is under way). */
export interface PastTurn {
  readonly turn: number;
  readonly prompt: string;
  readonly question: string | null;
  readonly answer: string | null;
  readonly outcome: 'done' | 'failed' | null;
  readonly message: string;
  readonly edited: readonly string[];
}

/** A conversation that is open for writing. */
export interface Transcript {
  readonly id: string;
  /** The turns so far, oldest first. */
  turns(): readonly PastTurn[];
  /** Appends one entry with the time; throws what the file system says. */
  append(entry: TranscriptEntry): void;
}

/** Where a conversation is kept: the task's folder, or the state folder outside of a task. */
export function transcriptPath(id: string, env: Readonly<Record<string, string | undefined>>): string {
  const folder = env.PITWALL_TASK_DIR
    ? join(env.PITWALL_TASK_DIR, 'demo')
    : join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'pitwall-demo');
  return join(folder, `${id}.jsonl`);
}

/** Throws NameTaken when the conversation exists already. */
export function requireUnused(path: string, id: string): void {
  if (existsSync(path))
    throw new PitwallError('NameTaken', `conversation ${id} is already in use`, `demo-agent --resume ${id}`);
}

/** Begins a conversation; NameTaken when another began it meanwhile. */
export function beginTranscript(path: string, id: string, cwd: string): Transcript {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') requireUnused(path, id);
    throw error;
  }
  const transcript = makeTranscript(path, id, []);
  transcript.append({ type: 'conversation', id, cwd });
  return transcript;
}

/** Reads a conversation to go on with; TargetGone when there is none of that id. */
export function resumeTranscript(path: string, id: string): Transcript {
  if (!existsSync(path)) throw new PitwallError('TargetGone', `there is no conversation ${id}`);
  const text = readFileSync(path, 'utf8');
  const transcript = makeTranscript(path, id, readEntries(text));
  // A line torn by a crash is ended, so that the next one stands alone.
  if (text !== '' && !text.endsWith('\n')) appendText(path, '\n');
  return transcript;
}

/** The entries of the turns in a conversation's file, to begin another one with; TargetGone when it is not there. */
export function turnsOf(file: string): readonly TranscriptEntry[] {
  if (!existsSync(file)) throw new PitwallError('TargetGone', `there is no conversation in ${file}`);
  return readEntries(readFileSync(file, 'utf8')).filter((entry) => entry.type !== 'conversation');
}

/** The entries of a transcript's text; lines that are none are skipped. */
export function readEntries(text: string): TranscriptEntry[] {
  const entries: TranscriptEntry[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      const value: unknown = JSON.parse(line);
      if (isEntry(value)) entries.push(value);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return entries;
}

/** The turns that entries tell of, oldest first. */
export function foldTurns(entries: readonly TranscriptEntry[]): PastTurn[] {
  const turns = new Map<number, PastTurn>();
  for (const entry of entries) {
    if (entry.type === 'conversation') continue;
    const turn = turns.get(entry.turn) ?? {
      turn: entry.turn,
      prompt: '',
      question: null,
      answer: null,
      outcome: null,
      message: '',
      edited: [],
    };
    turns.set(entry.turn, { ...turn, ...changeOf(entry) });
  }
  return [...turns.values()].sort((a, b) => a.turn - b.turn);
}

function changeOf(entry: Exclude<TranscriptEntry, { type: 'conversation' }>): Partial<PastTurn> {
  if (entry.type === 'turn') return { prompt: entry.prompt };
  if (entry.type === 'question') return { question: entry.text };
  if (entry.type === 'answer') return { answer: entry.text };
  if (entry.type === 'edited') return { edited: entry.paths };
  return { outcome: entry.outcome, message: entry.message };
}

function makeTranscript(path: string, id: string, read: readonly TranscriptEntry[]): Transcript {
  const entries = [...read];
  return {
    id,
    turns: () => foldTurns(entries),
    append(entry) {
      appendText(path, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
      entries.push(entry);
    },
  };
}

function appendText(path: string, text: string): void {
  const file = openSync(path, 'a', 0o600);
  try {
    writeSync(file, Buffer.from(text));
  } finally {
    closeSync(file);
  }
}

function isEntry(value: unknown): value is TranscriptEntry {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  if (value.type === 'conversation') return true;
  if (!('turn' in value) || typeof value.turn !== 'number') return false;
  const has = (key: string): boolean => typeof (value as Record<string, unknown>)[key] === 'string';
  if (value.type === 'turn') return has('prompt');
  if (value.type === 'question' || value.type === 'answer') return has('text');
  if (value.type === 'edited')
    return (
      'paths' in value && Array.isArray(value.paths) && value.paths.every((path) => typeof path === 'string')
    );
  return value.type === 'end' && has('outcome') && has('message');
}
