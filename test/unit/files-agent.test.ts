import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import { taskRecord } from '../fixtures/records.ts';
import { folderOf } from '../helpers/workers.ts';

test('files for one run of an agent: below the task’s folder, for the person alone, never elsewhere', async (t) => {
  const files = createFiles({ stateDir: join(folderOf(t), 'state') });
  const task = await files.createTask(taskRecord('fix'));
  const path = await files.writeForAgent('app', 'fix', 'copilot', 'plugin/hooks.json', '{}');
  assert.equal(path, join(task, 'agents', 'copilot', 'plugin', 'hooks.json'));
  await files.writeForAgent('app', 'fix', 'copilot', 'plugin/hooks.json', '{"a":1}');
  assert.equal(readFileSync(path, 'utf8'), '{"a":1}');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(task, 'agents', 'copilot', 'plugin')).mode & 0o777, 0o700);
  for (const [agent, name] of [
    ['copilot', '../../task.json'],
    ['copilot', '/etc/x'],
    ['..', 'task.json'],
    ['a/b', 'x'],
    ['copilot', ''],
  ] as const)
    await assert.rejects(files.writeForAgent('app', 'fix', agent, name, 'x'), isPitwallError, name);
  await files.deleteTask('app', 'fix');
  await assert.rejects(files.writeForAgent('app', 'fix', 'copilot', 'x', 'x'), isPitwallError);
  assert.equal(existsSync(task), false, 'a late writer does not make it anew');
});
