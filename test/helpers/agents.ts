/** Recordings and documented formats of agents, in test/fixtures/agents. */
import { readFileSync } from 'node:fs';
import type { Reading } from '../../lib/core/agents/preset.ts';
import { aiderReading } from '../../lib/core/presets/aider-reading.ts';
import { ampReading } from '../../lib/core/presets/amp-reading.ts';
import { claudeReading } from '../../lib/core/presets/claude-reading.ts';
import { codexReading } from '../../lib/core/presets/codex-reading.ts';
import { copilotReading } from '../../lib/core/presets/copilot-reading.ts';
import { cursorReading } from '../../lib/core/presets/cursor-reading.ts';
import { geminiReading } from '../../lib/core/presets/gemini-reading.ts';
import { gooseReading } from '../../lib/core/presets/goose-reading.ts';
import { opencodeReading } from '../../lib/core/presets/opencode-reading.ts';
import { qwenReading } from '../../lib/core/presets/qwen-reading.ts';

export const readings: Readonly<Record<string, Reading>> = {
  aider: aiderReading,
  amp: ampReading,
  claude: claudeReading,
  codex: codexReading,
  copilot: copilotReading,
  cursor: cursorReading,
  gemini: geminiReading,
  goose: gooseReading,
  opencode: opencodeReading,
  qwen: qwenReading,
};

/** The reading of a kind of agent that is there. */
export function readingOf(name: string): Reading {
  const reading = readings[name];
  if (!reading) throw new Error(`there is no reading of ${name}`);
  return reading;
}

export function fixture(path: string): string {
  return readFileSync(new URL(`../fixtures/agents/${path}`, import.meta.url), 'utf8');
}

/** The lines of a screen, or of a file of lines; the last one's end is no line. */
export function linesOf(path: string): readonly string[] {
  return fixture(path).replace(/\n$/, '').split('\n');
}

export interface RecordedEvent {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly event: string;
  readonly payload: string;
}

export function recordedEvents(agent: string): readonly RecordedEvent[] {
  return linesOf(`${agent}/events.jsonl`).map((line) => JSON.parse(line));
}
