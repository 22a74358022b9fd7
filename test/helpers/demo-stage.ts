/** The demo agent on a terminal of its own. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { build } from 'rolldown';
import { type Sandbox, sandbox, until } from './sandbox.ts';

/** A conversation’s id. */
export const id = '0b0d1c8e-3f0a-4a3e-9d5f-0123456789ab';

/** What the demo agent asks before it runs its command. */
export const question = 'May I run: git status --short ? (yes/no)';

/** A hook that writes down what it is told. */
export const hook = resolve('test/fixtures/recording-hook');

interface Stage {
  readonly box: Sandbox;
  /** The bundled program. */
  readonly program: string;
  readonly worktree: string;
  readonly taskFolder: string;
  readonly reportPath: string;
  readonly transcript: string;
  /** Starts the agent in a pane of its own and answers the pane's id. */
  start(args: readonly string[], options?: StartOptions): Promise<string>;
  screen(pane: string): Promise<string[]>;
  /** Waits until the pane shows a line that holds the text. */
  shows(pane: string, text: string): Promise<unknown>;
  type(pane: string, text: string): Promise<unknown>;
  /** Pastes as a multiplexer does, brackets and line feeds kept. */
  paste(pane: string, text: string): Promise<unknown>;
  /** `state|message` of each hook call so far. */
  told(): Promise<string[]>;
  /** Waits for the pane's end and answers `status` or `signal`. */
  status(pane: string): Promise<string>;
}

interface StartOptions {
  readonly size?: readonly [columns: number, rows: number];
  readonly env?: Readonly<Record<string, string>>;
}

/** The demo agent bundled, with a repository to work in. */
export async function stage(t: TestContext): Promise<Stage> {
  const box = await sandbox();
  t.after(() => box.dispose());
  const program = join(box.folder, 'demo-agent.mjs');
  await build({
    input: 'lib/demo/main.ts',
    platform: 'node',
    output: { file: program, format: 'esm', codeSplitting: false },
  });
  const worktree = await box.repository();
  const taskFolder = join(box.folder, 'task');
  const record = join(box.folder, 'told');
  const reportPath = join(taskFolder, 'report.md');
  await mkdir(taskFolder, { mode: 0o700 });
  await writeFile(record, '');
  const screen = async (pane: string) => (await box.tmux('capture-pane', '-p', '-t', pane)).split('\n');
  return {
    box,
    program,
    worktree,
    taskFolder,
    reportPath,
    transcript: join(taskFolder, 'demo', `${id}.jsonl`),
    screen,
    async start(args, { size = [80, 24], env = {} } = {}) {
      const all = {
        PITWALL_HOOK: hook,
        PITWALL_TASK_DIR: taskFolder,
        PITWALL_REPORT: reportPath,
        PITWALL_DEMO_PACE: '5',
        RECORD: record,
        ...env,
      };
      const flags = Object.entries(all).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
      const [columns, rows] = size.map(String);
      return box.tmux(
        ...[
          '-f',
          '/dev/null',
          'new-session',
          '-d',
          '-P',
          '-F',
          '#{pane_id}',
          '-x',
          columns ?? '',
          '-y',
          rows ?? '',
        ],
        ...['-c', worktree, ...flags, '--', process.execPath, program, ...args],
        ...[';', 'set-option', '-p', 'remain-on-exit', 'on', ';', 'set-option', 'status', 'off'],
      );
    },
    shows: (pane, text) =>
      until(`the screen shows ${text}`, async () => {
        const lines = await screen(pane);
        if (lines.some((line) => line.includes(text))) return true;
        throw new Error(lines.filter((line) => line !== '').join('\n'));
      }),
    type: (pane, text) =>
      box.tmux('send-keys', '-t', pane, '-l', text, ';', 'send-keys', '-t', pane, 'Enter'),
    async paste(pane, text) {
      const file = join(box.folder, 'paste');
      await writeFile(file, text);
      await box.tmux(
        'load-buffer',
        '-b',
        'p',
        file,
        ';',
        'paste-buffer',
        '-d',
        '-p',
        '-r',
        '-b',
        'p',
        '-t',
        pane,
      );
    },
    async told() {
      const lines = (await readFile(record, 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => line.split('|').slice(0, 2).join('|'));
    },
    async status(pane) {
      const format = '#{pane_dead}#{pane_dead_status}#{?pane_dead_signal,signal #{pane_dead_signal},}';
      const ended = await until('the pane ends', async () => {
        // tmux 3.3a may leave a dead child unreaped until another one ends: so let one end.
        const text = await box.tmux(
          'run-shell',
          '-b',
          'true',
          ';',
          'display-message',
          '-p',
          '-t',
          pane,
          format,
        );
        return /^1./.test(text) ? text : null;
      });
      return ended.slice(1);
    },
  };
}

export async function entries(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
