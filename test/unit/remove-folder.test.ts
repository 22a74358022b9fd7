import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeFolder } from '../../scripts/remove-folder.ts';

test('a program that is just ending in a folder makes nothing in it once it is removed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-test-'));
  const late =
    'process.stdout.write("on"); setTimeout(() => fs.mkdirSync(process.env.HOME + "/late/file", { recursive: true }), 300)';
  const child = spawn(process.execPath, ['-e', late], {
    env: { HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  removeFolder(folder);
  await ended;
  assert.equal(existsSync(folder), false);
});
