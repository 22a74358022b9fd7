import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../lib/adapters/files.ts';
import { createPreferences } from '../../lib/adapters/preferences.ts';
import { naming } from '../../lib/adapters/write-file.ts';
import { PitwallError } from '../../lib/core/errors.ts';
import { projectRecord } from '../fixtures/records.ts';
import { folderOf } from '../helpers/workers.ts';

const unusable = (words: RegExp, hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof PitwallError, String(error));
  assert.equal(error.code, 'FileUnusable', error.message);
  assert.match(error.message, words);
  assert.match(error.hint ?? '', hint);
  return true;
};

/** Everything that writes or reads there, as one list of attempts. */
function attempts(stateDir: string): readonly (readonly [string, () => Promise<unknown>])[] {
  const files = createFiles({ stateDir });
  const preferences = createPreferences({ configDir: stateDir });
  return [
    ['saveProject', () => files.saveProject(projectRecord())],
    ['locked', () => files.locked('x', async () => null)],
    ['tryLocked', () => files.tryLocked('x', async () => null)],
    ['set', () => preferences.set('layout', 'solo')],
  ];
}

test('a file where the state folder or one above it belongs is named', async (t) => {
  const file = join(folderOf(t), "it's a file");
  writeFileSync(file, 'mine');
  for (const stateDir of [file, join(file, 'state', 'pitwall')]) {
    for (const [name, attempt] of [
      ...attempts(stateDir),
      ['load', () => createFiles({ stateDir }).load()] as const,
    ])
      await assert.rejects(
        attempt(),
        unusable(/it's a file is not a folder$/, /^ls -ld '\/.*\/it'\\''s a file'$/),
        `${name} in ${stateDir}`,
      );
  }
});

test('a folder that nobody may write to is named, and a link to nowhere', async (t) => {
  const folder = folderOf(t);
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
  // Not even the superuser makes folders there: sysfs refuses them, and on macOS the disk is read-only.
  for (const stateDir of ['/sys/pitwall-state'])
    for (const [name, attempt] of attempts(stateDir))
      await assert.rejects(attempt(), unusable(/pitwall-state.* cannot be used: /, /^ls -ld /), name);
  await assert.rejects(createFiles({ stateDir: join(folder, 'link') }).saveProject(projectRecord()), {
    code: 'FileUnusable',
  });
  assert.deepEqual(readdirSync(folder), ['link']);
});

test('a folder that may not be read is not an empty one', async (t) => {
  const stateDir = join(folderOf(t), 'state');
  mkdirSync(join(stateDir, '.locks'), { recursive: true });
  if (process.getuid?.() === 0) return t.skip('the superuser may read everything');
  chmodSync(stateDir, 0o000);
  const load = createFiles({ stateDir }).load();
  await assert.rejects(load, unusable(/state cannot be used: permission denied$/, /^ls -ld /));
  for (const [name, attempt] of attempts(stateDir))
    await assert.rejects(attempt(), unusable(/state/, /ls/), name);
  chmodSync(stateDir, 0o700);
});

for (const [code, expected, words] of [
  ['EACCES', 'FileUnusable', /^\/a b\/c cannot be used: permission denied$/],
  ['EROFS', 'FileUnusable', /read-only/],
  ['ENOSPC', 'DiskFull', /^no space left to write \/a b\/c$/],
  ['EDQUOT', 'DiskFull', /no space/],
] as const)
  test(`${code} becomes ${expected}`, () => {
    const fail = () => {
      throw Object.assign(new Error(code), { code });
    };
    assert.throws(
      () => naming('/a b/c', fail),
      (error) => {
        assert.ok(error instanceof PitwallError);
        assert.equal(error.code, expected);
        assert.match(error.message, words);
        assert.match(error.hint ?? '', /'\/a b'$/);
        return true;
      },
    );
  });

test('any other failure stays what it is', () => {
  const error = new TypeError('x');
  const fail = () => {
    throw error;
  };
  assert.throws(() => naming('/x', fail), error);
});
