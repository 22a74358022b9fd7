import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pitwall } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('^C in the pager is for the pager: pitwall waits, clears up, and leaves the terminal as it was', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const made = await pitwall(box, root, ['new', '--no-attach', '--agent', 'shell', '--name', 'one']);
  assert.equal(made.code, 0, made.stderr);
  writeFileSync(`${root}.worktrees/one/new`, 'x\n');
  const at = (name: string) => join(box.folder, name);
  mkdirSync(at('scratch'));
  // As less does: single keys, ^C caught, the terminal put right at the end.
  writeFileSync(
    at('pager'),
    `#!/bin/sh
stty -icanon -echo </dev/tty
trap 'echo caught >${at('caught')}' INT
cat >${at('shown')}
echo ready >${at('ready')}
while [ ! -e ${at('quit')} ]; do sleep 0.05; done
stty icanon echo </dev/tty
`,
    { mode: 0o755 },
  );
  const said = () => (existsSync(at('said')) ? readFileSync(at('said'), 'utf8') : '');
  const pane = await box.tmux('new-window', '-d', '-P', '-F', '#{pane_id}', '-c', root, '--', 'sh');
  const set = `TMPDIR=${at('scratch')} GIT_PAGER=${at('pager')} LESS= PITWALL_TASK=`;
  const run = `${set} ${process.execPath} ${process.cwd()}/bin/pitwall diff one; { echo "ended $?"; stty -a; } >${at('said')}`;
  await box.tmux('send-keys', '-t', pane, run, 'Enter');
  await until('the pager', () => existsSync(at('ready')));
  assert.match(readFileSync(at('shown'), 'utf8'), /b\/new/);
  assert.equal(readdirSync(at('scratch')).length, 1);
  await box.tmux('send-keys', '-t', pane, 'C-c');
  await until('the pager has it', () => existsSync(at('caught')));
  const running = await box.tmux('display-message', '-p', '-t', pane, '#{pane_current_command}');
  assert.notEqual(running, 'sh');
  assert.equal(said(), '', 'pitwall waits for the pager');
  assert.equal(readdirSync(at('scratch')).length, 1);
  writeFileSync(at('quit'), '');
  await until('its end', () => /ended \d+[\s\S]*icanon/.test(said()));
  assert.match(said(), /[^-]icanon/);
  assert.deepEqual(readdirSync(at('scratch')), []);
});
