/** A change that waits for a look, and a look at it in a terminal. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { listed, pitwall } from './program.ts';
import { type Sandbox, sandbox, until } from './sandbox.ts';

/** A task of the demo agent that has finished and waits for a look. */
export async function finished(t: TestContext, settings: Readonly<Record<string, unknown>> | null = null) {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  if (settings !== null) {
    mkdirSync(join(root, '.pitwall'));
    writeFileSync(join(root, '.pitwall', 'config.json'), JSON.stringify(settings));
    await box.git(root, 'add', '.');
    await box.git(root, 'commit', '-q', '-m', 'settings');
    if ('checks' in settings) assert.equal((await pitwall(box, root, ['trust', '--yes'])).code, 0);
  }
  const prompt = 'edit docs/a.md and src/b.ts [no-question]';
  const made = await pitwall(box, root, ['new', '--no-attach', '--agent', 'demo', '--name', 'a', prompt]);
  assert.equal(made.code, 0, made.stderr);
  const kinds = async () => (await listed(box, root)).docket.map(({ kind }) => kind);
  await until('a review', async () => (await kinds()).includes('review'));
  const worktree = (await listed(box, root)).projects[0]?.tasks[0]?.worktree ?? '';
  return { box, root, kinds, worktree };
}

let terminals = 0;

/** `pitwall review` in a terminal of that size; what it printed stays on the screen after its end. */
export async function look(
  box: Sandbox,
  root: string,
  columns: number,
  rows: number,
  env: Record<string, string> = {},
  named: readonly string[] = [],
) {
  const outer = (...args: string[]) => box.tmux('-L', name, '-f', '/dev/null', ...args);
  const name = `review-${++terminals}`;
  const variables = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const size = ['-x', String(columns), '-y', String(rows)];
  const program = ['env', '-u', 'TMUX', process.execPath, resolve('bin/pitwall'), 'review', ...named];
  await outer(
    ...['start-server', ';', 'set-option', '-g', 'remain-on-exit', 'on', ';'],
    ...['set-option', '-g', 'status', 'off', ';', 'set-option', '-g', 'escape-time', '0', ';'],
    ...['new-session', '-d', '-s', 't', ...size, '-c', root, ...variables, ...program],
  );
  // With what tmux's word about the program's end pushed off the screen.
  const screen = () => outer('capture-pane', '-p', '-S', '-5', '-t', 't');
  const type = (...keys: string[]) => outer('send-keys', '-t', 't', ...keys);
  const shows = (text: string | RegExp) =>
    until(`${text} on the screen`, async () => {
      const shown = await screen();
      if (typeof text === 'string' ? shown.includes(text) : text.test(shown)) return shown;
      throw new Error(shown);
    });
  /** What the screen shows, with the sequences of its styles. */
  const styled = () => outer('capture-pane', '-p', '-e', '-t', 't');
  return { screen, type, shows, styled };
}
