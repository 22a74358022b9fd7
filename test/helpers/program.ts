/** The built program in a sandbox: runs `pitwall` as a person would. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { Sandbox } from './sandbox.ts';

const launcher = resolve('bin/pitwall');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pitwall ARGS` in `cwd`; never throws for an exit code. */
export function pitwall(
  box: Sandbox,
  cwd: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Ran> {
  return new Promise((done) => {
    const env = { ...box.env, PITWALL_DEMO_PACE: '10', ...options.env };
    const child = execFile(
      process.execPath,
      [launcher, ...args],
      { cwd, env, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        done({ code, stdout, stderr });
      },
    );
    // A command may be over before it was given anything.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(options.input ?? '');
  });
}

/** `list --all --json`, parsed. */
export async function listed(box: Sandbox, cwd: string) {
  const ran = await pitwall(box, cwd, ['list', '--all', '--json']);
  if (ran.code !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as {
    readonly projects: readonly {
      readonly name: string;
      readonly session: string | null;
      readonly tasks: readonly {
        readonly name: string;
        readonly state: string;
        readonly branch: string;
        readonly worktree: string;
        readonly window: string | null;
        readonly problem: string | null;
        readonly queued: boolean;
        readonly checks: string;
        readonly ports: readonly number[];
        readonly overlaps: readonly {
          readonly task: string;
          readonly files: number;
          readonly conflict: boolean | null;
        }[];
        readonly diff: { readonly files: number; readonly insertions: number } | null;
        readonly agents: readonly {
          readonly name: string;
          readonly pane: string | null;
          readonly pid: number | null;
          readonly state: string;
          readonly conversationId: string | null;
        }[];
      }[];
    }[];
    readonly docket: readonly {
      readonly task: string;
      readonly kind: string;
      readonly agent: string | null;
      readonly summary: string;
      readonly action: string | null;
      readonly severity: string;
      readonly also: readonly string[];
      readonly verdict: {
        readonly state: string;
        readonly summary: string;
        readonly findings: readonly {
          readonly file: string | null;
          readonly line: number | null;
          readonly text: string;
        }[];
        readonly disputed: readonly { readonly reason: string }[];
      } | null;
      readonly pane: string | null;
    }[];
  };
}

/** The words of a new task of the demo agent, before its own. */
export const newTask = ['new', '--no-attach', '--agent', 'demo'];

/** A prompt that the demo agent carries out without a question. */
export const silent = 'edit docs/b.md [no-question]';
