/** A figure with its bound, and how samples become one. */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import type { Stage } from './stage.ts';

/** One figure as it was measured. */
export interface Result {
  readonly value: number;
  readonly unit: '×' | 'ms' | '%' | 'MB';
  readonly bound: number;
  /** Where the value comes from, in a few words. */
  readonly note: string;
  /** What else was promised and not kept. */
  readonly broken?: string | null;
}

/** What is measured, and where; `quick` takes fewer samples. */
export interface Figure {
  readonly name: string;
  readonly words: string;
  readonly stage: 'launches' | 'desk' | 'lost';
  measure(stage: Stage, quick: boolean): Promise<Result>;
}

/** The middle value; of an even number the mean of both. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}

/** How long a program runs, in ms. Throws when it fails. */
export function timed(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv): number {
  const [program = '', ...args] = argv;
  const start = performance.now();
  const { status, error } = spawnSync(program, args, { cwd, env, stdio: 'ignore' });
  const ms = performance.now() - start;
  if (status !== 0) throw error ?? new Error(`${argv.join(' ')} ended with ${status}`);
  return ms;
}

/** The median of A / B over pairs taken one right after the other, so that a slow moment of the machine hits both. */
export async function ratio(
  bound: number,
  rounds: number,
  a: () => number | Promise<number>,
  b: () => number | Promise<number>,
): Promise<Result> {
  const pairs: { readonly a: number; readonly b: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const pair = { b: await b(), a: await a() };
    // The first pair only warms up.
    if (round >= 0) pairs.push(pair);
  }
  const of = (pick: (pair: { readonly a: number; readonly b: number }) => number) => median(pairs.map(pick));
  return {
    value: of((pair) => pair.a / pair.b),
    unit: '×',
    bound,
    note: `${of((pair) => pair.a).toFixed(1)} ms / ${of((pair) => pair.b).toFixed(1)} ms, ${rounds} pairs`,
  };
}
