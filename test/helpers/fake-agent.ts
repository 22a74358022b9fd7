/** A program under an agent's name that does nothing by itself: the test calls its hooks as it would. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from './sandbox.ts';

/** Keeps the settings and the environment it is given in the task's folder, then goes on for ever. */
const idle = [
  'before=',
  'for word; do [ "$before" != --settings ] || printf %s "$word" >"$PITWALL_TASK_DIR/settings-$PITWALL_AGENT"; before=$word; done',
  'env >"$PITWALL_TASK_DIR/env-$PITWALL_AGENT"',
];

export interface FakeAgent {
  /** The environment with its program first on PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts another program in its place, which takes `lines` to run after it has kept what it was given. */
  program(lines: readonly string[]): void;
  /** Calls the hook of an event of a task's agent, as its program would; answers exit code and all that was printed. */
  hook(task: string, event: string, payload: string, agent?: string): Promise<{ code: number; out: string }>;
  /** Resolves once the agent of a task has started. */
  started(task: string, agent?: string): Promise<void>;
}

/** A `claude` of ours, first on PATH. */
export function fakeClaude(box: Sandbox): FakeAgent {
  const programs = join(box.folder, 'programs');
  mkdirSync(programs);
  const path = join(programs, 'claude');
  const program = (lines: readonly string[]) =>
    writeFileSync(path, `#!/bin/sh\n${[...idle, ...lines].join('\n')}\n`, { mode: 0o755 });
  program(['exec cat']);
  const folder = (task: string) => join(box.env.XDG_STATE_HOME ?? '', 'pitwall', 'app', task);
  const read = (task: string, name: string) => readFileSync(join(folder(task), name), 'utf8');
  return {
    env: { PATH: `${programs}:${box.env.PATH}` },
    program,
    async started(task, agent = 'claude') {
      await until(`${task}/${agent} has started`, () => existsSync(join(folder(task), `env-${agent}`)));
    },
    hook(task, event, payload, agent = 'claude') {
      const { hooks } = JSON.parse(read(task, `settings-${agent}`));
      const { command } = hooks[event][0].hooks[0];
      const env: Record<string, string> = {};
      for (const line of read(task, `env-${agent}`).split('\n')) {
        const at = line.indexOf('=');
        if (at > 0) env[line.slice(0, at)] = line.slice(at + 1);
      }
      return new Promise((done) => {
        const child = execFile('sh', ['-c', command], { env }, (error, stdout, stderr) =>
          done({ code: error === null ? 0 : 1, out: stdout + stderr }),
        );
        child.stdin?.on('error', () => child.stdin?.destroy());
        child.stdin?.end(payload);
      });
    },
  };
}
