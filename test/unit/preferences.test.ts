import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createPreferences } from '../../lib/adapters/preferences.ts';
import { isPitwallError } from '../../lib/core/errors.ts';
import { folderOf, runTogether } from '../helpers/workers.ts';

test('without a file there are no values, and reading makes none', async (t) => {
  const configDir = join(folderOf(t), 'config', 'pitwall');
  const preferences = createPreferences({ configDir });
  assert.deepEqual(await preferences.read(), { values: {}, problem: null });
  assert.equal(preferences.socket(), null);
  assert.equal(existsSync(configDir), false);
});

test('what is set is read, by nobody else, and is all there is in the folder', async (t) => {
  const configDir = join(folderOf(t), 'config', 'pitwall');
  const preferences = createPreferences({ configDir });
  await preferences.set('sidebar.width', 36);
  await preferences.set('socket', 'work');
  await preferences.set('agent', 'demo');
  await preferences.unset('agent');
  const again = createPreferences({ configDir });
  assert.deepEqual(await again.read(), { values: { sidebar: { width: 36 }, socket: 'work' }, problem: null });
  assert.equal(again.socket(), 'work');
  assert.equal(again.path, join(configDir, 'config.json'));
  assert.deepEqual(readdirSync(configDir), ['config.json']);
  assert.equal(statSync(again.path).mode & 0o777, 0o600);
  assert.equal(statSync(configDir).mode & 0o777, 0o700);
});

test('eight processes set ten keys each: none is lost', async (t) => {
  const configDir = folderOf(t);
  const names = Array.from('abcdefgh');
  await runTogether(
    t,
    'preferences-worker.ts',
    names.map((name) => [configDir, name, '10']),
  );
  const { values, problem } = await createPreferences({ configDir }).read();
  assert.equal(problem, null);
  const expected = names.flatMap((name) => Array.from({ length: 10 }, (_, number) => `${name}-${number}`));
  assert.deepEqual(Object.keys(values.hosts ?? {}).sort(), expected.sort());
  assert.deepEqual(readdirSync(configDir), ['config.json']);
});

for (const [what, content] of [
  ['torn', '{"agent": "de'],
  ['empty', ''],
  ['a list', '[]'],
  ['not text', '\0\0'],
] as const)
  test(`a file that is ${what} is named and kept; defaults serve; set refuses`, async (t) => {
    const configDir = folderOf(t);
    const preferences = createPreferences({ configDir });
    writeFileSync(preferences.path, content);
    const { values, problem } = await preferences.read();
    assert.deepEqual(values, {});
    assert.ok(problem?.startsWith(`${preferences.path} is damaged: `));
    assert.equal(preferences.socket(), null);
    for (const change of [() => preferences.set('agent', 'demo'), () => preferences.unset('agent')])
      await assert.rejects(
        change,
        (error) =>
          isPitwallError(error, 'FileDamaged') &&
          error.message.includes(preferences.path) &&
          error.hint?.endsWith(preferences.path) === true,
      );
    assert.equal(readFileSync(preferences.path, 'utf8'), content);
    assert.deepEqual(readdirSync(configDir), ['config.json']);
  });

test('a value that does not fit is refused and nothing is written; what is odd in the file stays', async (t) => {
  const configDir = folderOf(t);
  const preferences = createPreferences({ configDir });
  const odd = '{"zzz": {"a": 1}, "sidebar": {"width": "wide"}, "agents": {"my.agent": 1}}';
  writeFileSync(preferences.path, odd);
  for (const [key, value] of [
    ['sidebar.width', 7],
    ['sidebar.widht', 40],
    ['zzz', 1],
  ] as const)
    await assert.rejects(
      preferences.set(key, value),
      (error) => isPitwallError(error, 'SettingsInvalid'),
      key,
    );
  assert.equal(readFileSync(preferences.path, 'utf8'), odd);
  await preferences.set('sidebar.width', 40);
  assert.deepEqual((await preferences.read()).values, { ...JSON.parse(odd), sidebar: { width: 40 } });
});

test('a config.json that is a link stays one', async (t) => {
  const configDir = folderOf(t);
  const elsewhere = folderOf(t);
  const preferences = createPreferences({ configDir });
  writeFileSync(join(elsewhere, 'mine.json'), '{}');
  symlinkSync(join(elsewhere, 'mine.json'), preferences.path);
  await preferences.set('agent', 'demo');
  assert.deepEqual(JSON.parse(readFileSync(join(elsewhere, 'mine.json'), 'utf8')), { agent: 'demo' });
});

test('layouts and other folders beside it are no matter', async (t) => {
  const configDir = folderOf(t);
  mkdirSync(join(configDir, 'layouts'));
  chmodSync(configDir, 0o755);
  await createPreferences({ configDir }).set('agent', 'demo');
  assert.deepEqual(readdirSync(configDir).sort(), ['config.json', 'layouts']);
});
