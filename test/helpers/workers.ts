/** Runs the programs of test/fixtures as processes of their own, started together. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { until } from './sandbox.ts';

export interface Worker {
  readonly process: ChildProcess;
  /** What it printed so far. */
  readonly printed: () => string;
  /** Lets it begin. */
  go(): void;
  /** Waits for its end; fails when it ended badly. */
  end(): Promise<void>;
}

/** The workers of each test, which must be dead before its folders can go. */
const ends = new WeakMap<TestContext, (() => Promise<void>)[]>();

/** A folder that goes with the test. */
export function folderOf(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pitwall-test-')));
  t.after(async () => {
    for (const end of ends.get(t) ?? []) await end();
    removeFolder(folder);
  });
  return folder;
}

/** Starts `fixture` with arguments; it has said `ready` when this answers. It is killed when the test ends. */
export async function startWorker(t: TestContext, fixture: string, ...args: string[]): Promise<Worker> {
  const path = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  };
  ends.set(t, [...(ends.get(t) ?? []), kill]);
  t.after(kill);
  await until(`${fixture} is ready`, () => text.includes('ready\n'), 60_000);
  return {
    process: child,
    printed: () => text,
    go: () => child.stdin.write('go\n'),
    async end() {
      const [code, signal] = await exited;
      if (code !== 0) throw new Error(`${fixture} ended with ${code ?? signal}: ${text}`);
    },
  };
}

/** As many workers at once; answers when all have ended. */
export async function runTogether(
  t: TestContext,
  fixture: string,
  argvs: readonly (readonly string[])[],
): Promise<readonly Worker[]> {
  const workers = await Promise.all(argvs.map((args) => startWorker(t, fixture, ...args)));
  for (const worker of workers) worker.go();
  await Promise.all(workers.map((worker) => worker.end()));
  return workers;
}
