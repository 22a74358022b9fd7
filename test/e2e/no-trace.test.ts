/** What is on the server when the last session of ours is gone: what was there before the first. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { attach } from '../helpers/client.ts';
import { pitwall } from '../helpers/program.ts';
import { type Sandbox, sandbox, until } from '../helpers/sandbox.ts';

const configuration = `
set-hook -g session-window-changed 'display-message -p x'
set-hook -g 'pane-died[3]' 'display-message -p x'
set-hook -g 'window-layout-changed[76]' 'display-message -p x'
set-hook -g 'session-closed[78]' 'display-message -p x'
set-hook -g 'after-kill-pane[5]' 'display-message -p x'
bind g display-message mine
bind -T pitwallish x display-message mine
set -s @pitwallother 1
set -g @pitwall_theme dark
`;

async function everything(box: Sandbox): Promise<string> {
  const all: string[] = [];
  for (const command of [
    ['show-options', '-g'],
    ['show-options', '-gw'],
    ['show-options', '-s'],
    ['list-keys'],
    ['show-hooks', '-g'],
    ['show-hooks', '-gw'],
  ])
    all.push(await box.tmux(...command));
  return all.join('\n');
}

test('after the last session, killed with its sidebar by force, all is as before', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  writeFileSync(join(box.folder, 'tmux.conf'), configuration);
  await box.tmux('-f', join(box.folder, 'tmux.conf'), 'new-session', '-d', '-s', 'mine', 'sleep 600');
  // The helper for terminals sets it.
  await box.tmux('set-option', '-g', 'assume-paste-time', '0');
  const before = await everything(box);
  assert.match((await pitwall(box, root, ['open', '--no-attach'])).stderr, /key g under the prefix is taken/);
  for (const key of ['j', 'h']) {
    await pitwall(box, root, ['config', 'set', 'keys.prefix', key]);
    await pitwall(box, root, ['open', '--no-attach']);
    assert.match(await box.tmux('list-keys', '-T', 'prefix', key), /switch-client -T pitwall/);
  }
  const made = await pitwall(box, root, [
    'new',
    '--no-attach',
    '--agent',
    'demo',
    '--name',
    'one',
    'x docs/a.md',
  ]);
  assert.equal(made.code, 0, made.stderr);
  const terminal = await attach(box, 'app', 120, 30);
  await until('the sidebar', async () => /^ 1 \? one/m.test(await terminal.screen()));
  await terminal.keys('C-b', 'h', 'n');
  await until('the jump', async () => (await box.tmux('show-options', '-sqv', '@pitwall_back')) !== '');
  assert.notEqual(await everything(box), before);
  const pid = await box.tmux('list-panes', '-a', '-f', '#{==:#{@pitwall_role},sidebar}', '-F', '#{pane_pid}');
  process.kill(Number(pid), 'SIGKILL');
  await box.tmux('run-shell', '-b', 'true');
  await box.tmux('kill-session', '-t', '=app');
  await until('nothing of ours', async () => (await everything(box)) === before);
});
