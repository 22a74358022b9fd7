import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { parseProjectSettings } from '../../lib/core/settings/project-settings.ts';
import { repositoryCommands } from '../../lib/core/settings/repository-commands.ts';
import { isAccepted, trustLines, visible } from '../../lib/core/settings/trust.ts';
import { mine } from '../helpers/layouts.ts';
import { folderOf } from '../helpers/workers.ts';

const settings = (values: unknown) => parseProjectSettings(values).settings;
const accepted = '2026-11-21T10:00:00.000Z';

test('every command of a repository is named with what it is for', () => {
  const commands = repositoryCommands(
    settings({
      setup: ['npm ci', { run: 'make', timeout: 5 }],
      checks: [{ name: 'test', run: 'npm test' }],
      reviewer: 'claude',
    }),
    [mine({ split: 'rows', children: [{}, { name: 'web', runs: { command: ['npm', 'run', 'a b'] } }] })],
  );
  assert.deepEqual(commands, [
    { what: 'setup 1', run: 'npm ci' },
    { what: 'setup 2', run: 'make' },
    { what: 'check test', run: 'npm test' },
    { what: 'reviewer', run: 'claude' },
    { what: 'layout mine: web', run: "npm run 'a b'" },
  ]);
  assert.deepEqual(repositoryCommands(settings({}), []), []);
});

test('exactly what was accepted is accepted', () => {
  const [a, b] = [
    { what: 'setup 1', run: 'a' },
    { what: 'check x', run: 'b' },
  ];
  assert.equal(isAccepted([], null), true);
  assert.equal(isAccepted([a], null), false);
  const trust = { commands: [a, b], accepted };
  assert.equal(isAccepted([a, b], trust), true);
  for (const others of [[a], [b, a], [a, { ...b, run: 'b ' }], [a, { ...b, what: 'check y' }], [a, b, b]])
    assert.equal(isAccepted(others, trust), false, JSON.stringify(others));
  assert.deepEqual(
    trustLines([a, { ...b, run: 'c' }], trust).map(({ change, run }) => `${change} ${run}`),
    ['same a', 'new c', 'gone b'],
  );
});

test('a command is shown whole: nothing in it moves the cursor or hides what stands beside it', () => {
  assert.equal(visible('a\nb\tc'), 'a\\nb\\tc');
  assert.equal(visible('x\u001b[2K\r\u202Ey\u200b'), 'x\\u{1b}[2K\\u{d}\\u{202e}y\\u{200b}');
  assert.equal(visible('größe && echo "ok" \\'), 'größe && echo "ok" \\');
});

test('what is accepted is kept for this person only, and a file that was changed accepts nothing', async (t) => {
  const stateDir = folderOf(t);
  const files = createFiles({ stateDir });
  const commands = [{ what: 'setup 1', run: 'a' }];
  assert.equal(await files.readTrust('app'), null);
  await files.saveTrust('app', commands);
  assert.deepEqual((await files.readTrust('app'))?.commands, commands);
  const path = join(stateDir, 'app', 'trust.json');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const text = readFileSync(path, 'utf8');
  for (const damaged of [text.replace('"a"', '"b"'), '{', '[]', '']) {
    writeFileSync(path, damaged);
    assert.equal(await files.readTrust('app'), null, damaged);
  }
  writeFileSync(path, text);
  assert.notEqual(await files.readTrust('app'), null);
  await files.saveTrust('app', null);
  await files.saveTrust('app', null);
  assert.equal(await files.readTrust('app'), null);
});
