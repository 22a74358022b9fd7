/** Shells that are no POSIX shell, or none at all, as the person's and as tmux's: everything of ours works the same. */
import assert from 'node:assert/strict';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

/** Where a program is, null when it is not installed. */
function found(program: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  return null;
}

const roles = async (box: Sandbox) =>
  (await box.tmux('list-panes', '-a', '-F', '#{@pitwall_role} #{pane_current_command}')).split('\n');
const count = (box: Sandbox) => box.tmux('show-options', '-sqv', '@pitwall_count');

for (const name of ['fish', 'false'])
  test(`default-shell ${name}: panes, hooks, sidebar, popup and keys work`, {
    skip: found(name) === null ? `${name} is not installed` : false,
  }, async (t) => {
    const SHELL = found(name) ?? '';
    const box = await sandbox();
    t.after(() => box.dispose());
    const root = await box.repository();
    const env = { SHELL, PITWALL_STATE_DIR: join(box.folder, "sta'te #{x} #(y)") };
    await box.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'sleep 600');
    await box.tmux('set-option', '-g', 'default-shell', SHELL);
    const run = async (...args: string[]) => {
      const ran = await pitwall(box, root, args, { env });
      assert.equal(ran.code, 0, ran.stderr);
      return ran.stdout;
    };
    await run('open', '--no-attach');
    const made = ['new', '--no-attach', '--agent', 'demo', '--name'];
    await run(...made, 'one', '--layout', 'test', 'edit docs/a.md [no-question]');
    await run(...made, 'two', 'edit docs/b.md');
    await run('new', '--no-attach', '--agent', 'shell', '--name', 'three');
    const shell = name === 'false' ? 'sh' : name;
    await until('shells in their panes', async () => {
      const all = await roles(box);
      return all.filter((line) => line === `shell ${shell}`).length === 2 && all.includes(`agent ${shell}`);
    });
    const terminal = await attach(box, 'app', 140, 40);
    const screen = () => terminal.screen();
    await until('the hook counted both', async () => (await count(box)) === '2');
    await until('the sidebar', async () => / 1 \? two/.test(await screen()));

    const press = async (key: string) => {
      await terminal.keys('C-b', 'g');
      const table = () => box.tmux('list-clients', '-F', '#{client_key_table}');
      await until('the key table', async () => (await table()) === 'pitwall');
      await terminal.keys(key);
    };
    await press('n');
    const window = () => box.tmux('list-clients', '-F', '#{window_name}');
    await until('the jump', async () => (await window()) === 'two');
    await press('d');
    await until('the popup', async () => /│.1 \? two.*│/.test(await screen()));
    await terminal.keys('q');
    await until('no popup', async () => !(await screen()).includes('┌'));
    await press('s');
    const seats = async () => (await roles(box)).filter((line) => /^(sidebar|slot) /.test(line)).length;
    await until('the sidebar off', async () => (await seats()) === 0);
    await press('s');
    await until('the sidebar on', async () => (await seats()) === 4);
    await run('answer', 'two', 'yes');
    const docket = async () => JSON.parse(await run('list', '--json')).docket;
    await until('its review', async () =>
      (await docket()).every((item: { kind: string }) => item.kind === 'review'),
    );
  });
