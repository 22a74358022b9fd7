import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { installCommand } from '../../lib/adapters/install-command.ts';
import { folderOf } from '../helpers/workers.ts';

test('the command that installs is one of the package manager that is there', (t) => {
  const folder = folderOf(t);
  for (const name of ['dnf', 'apk']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, name), '', { mode: 0o755 });
  }
  const onLinux = process.platform !== 'darwin';
  const among = (...names: string[]) =>
    installCommand('tmux', names.map((name) => join(folder, name)).join(delimiter));
  assert.equal(among('none', 'apk'), onLinux ? 'sudo apk add tmux' : 'brew install tmux');
  assert.equal(among('apk', 'dnf'), onLinux ? 'sudo dnf install tmux' : 'brew install tmux');
  assert.equal(among('none'), onLinux ? 'sudo apt-get install tmux' : 'brew install tmux');
});
