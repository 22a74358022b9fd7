import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listed, newTask, pitwall, silent } from '../helpers/program.ts';
import { sandbox, until } from '../helpers/sandbox.ts';

test('the person’s configuration stays theirs, and nothing is left when the last session goes', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const conf = join(box.folder, 'tmux.conf');
  writeFileSync(
    conf,
    [
      'set -g base-index 1',
      'setw -g pane-base-index 1',
      'set -g renumber-windows on',
      'set -g remain-on-exit on',
      'set -g destroy-unattached on',
      'setw -g automatic-rename on',
      'set -g default-shell /bin/false',
      'set -g mouse on',
      "set -g status-right '#(echo mine)'",
      'bind n display-message mine',
      'bind C-x kill-window',
      "set-hook -g session-window-changed 'set -g @mine yes'",
      "set-hook -g 'pane-died[3]' 'set -g @died yes'",
      'set -s command-alias[50] new-window=split-window',
      'setw -g pane-border-status top',
    ].join('\n'),
  );
  await box.tmux(
    '-f',
    conf,
    'new-session',
    '-d',
    '-s',
    'mine',
    'sleep',
    '1000',
    ';',
    'set',
    'destroy-unattached',
    'off',
  );
  // `pane-died` and the like are listed with the windows' hooks.
  const own = async () =>
    [
      await box.tmux('show-options', '-g'),
      await box.tmux('show-options', '-gw'),
      await box.tmux('show-options', '-s'),
      await box.tmux('list-keys'),
      await box.tmux('show-hooks', '-g'),
      await box.tmux('show-hooks', '-gw'),
    ]
      .join('\n')
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' '))
      .filter((line) => !/^@(mine|died)|pitwall|^message-|^[a-z-]+$/.test(line))
      .join('\n');
  const before = await own();
  const opened = await pitwall(box, root, ['open', '--no-attach']);
  assert.equal(opened.code, 0, opened.stderr);
  const made = await pitwall(box, root, [...newTask, '--name', 'one', '--layout', 'pair', silent]);
  assert.equal(made.code, 0, made.stderr);
  await until('the review', async () => (await listed(box, root)).docket[0]?.kind === 'review');
  const after = await own();
  assert.deepEqual(
    after.split('\n').filter((line) => !before.includes(line)),
    [],
    'nothing added',
  );
  assert.equal(after, before, 'options, keys and hooks of the person’s own');
  assert.match(await box.tmux('list-windows', '-t', '=app:', '-F', '#{window_name}'), /^project\none$/);
  const session = (await listed(box, root)).projects[0]?.session ?? '';
  await box.tmux('kill-session', '-t', session);
  await until(
    'no trace',
    async () =>
      !/pitwall/.test(
        [
          await box.tmux('show-options', '-s'),
          await box.tmux('list-keys'),
          await box.tmux('show-hooks', '-g'),
          await box.tmux('show-hooks', '-gw'),
        ].join('\n'),
      ),
  );
  assert.equal(await own(), before);
});

test('a key that is taken is named and not overwritten', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await box.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'sleep', '1000');
  await box.tmux('bind-key', 'g', 'display-message', 'mine');
  const opened = await pitwall(box, root, ['open', '--no-attach']);
  assert.equal(opened.code, 0);
  assert.match(opened.stderr, /key g .*taken .*display-message mine/);
  assert.match(opened.stderr, /pitwall config set keys.prefix/);
  assert.match(await box.tmux('list-keys', '-T', 'prefix', 'g'), /display-message mine/);
});

test('a foreign session with our name is neither used nor touched', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  await box.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'app', '-n', 'theirs', 'sleep', '1000');
  const opened = await pitwall(box, root, ['open', '--no-attach', '--json']);
  assert.equal(opened.code, 0, opened.stderr);
  await pitwall(box, root, [...newTask, '--name', 'one', silent]);
  assert.equal(await box.tmux('list-windows', '-t', '=app:', '-F', '#{window_name}'), 'theirs');
  assert.match(await box.tmux('list-windows', '-t', '=app-2:', '-F', '#{window_name}'), /one/);
  assert.equal(
    JSON.parse(opened.stdout).session,
    await box.tmux('display-message', '-p', '-t', '=app-2:', '#{session_id}'),
  );
});

test('no tmux, an old tmux and no git are said with the command that helps', async (t) => {
  const box = await sandbox();
  t.after(() => box.dispose());
  const root = await box.repository();
  const bin = join(box.folder, 'bin');
  await box.git(box.folder, 'init', '-q', bin);
  const error = async (env: Record<string, string>) =>
    JSON.parse((await pitwall(box, root, ['open', '--no-attach', '--json'], { env })).stderr).error;
  const missing = await error({ PATH: bin });
  assert.equal(missing.code, 'ToolMissing');
  assert.match(missing.hint, /install (git|tmux)/);
  writeFileSync(
    join(bin, 'tmux'),
    '#!/bin/sh\ncase " $* " in *" -V "*) echo "tmux 2.9a"; exit 0 ;; esac\nexit 1\n',
    {
      mode: 0o755,
    },
  );
  const old = await error({ PATH: `${bin}:${box.env.PATH}` });
  assert.equal(old.code, 'ToolTooOld');
  assert.match(old.message, /2\.9a.*3\.2/);
});
