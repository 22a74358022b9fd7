/** The compiled code that is kept between two runs: used, refused when damaged, never in the way. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';

const program = resolve('bin/pitwall');

function stage(t: TestContext) {
  const home = mkdtempSync(join(tmpdir(), 'pitwall-test-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const code = join(home, '.cache', 'pitwall', 'code', 'keys');
  const run = (env: Readonly<Record<string, string>> = {}) =>
    execFileSync(process.execPath, [program, 'keys'], {
      env: { PATH: process.env.PATH, HOME: home, ...env },
      encoding: 'utf8',
    });
  return { home, code, run, names: () => readdirSync(code) };
}

test('a run keeps its code for the person alone, and the next one uses it as it is', (t) => {
  const { code, run, names } = stage(t);
  const said = run();
  const kept = names();
  assert.ok(kept.length > 0);
  for (const name of kept) assert.equal(statSync(join(code, name)).mode & 0o777, 0o600, name);
  assert.equal(statSync(code).mode & 0o777, 0o700);
  const before = kept.map((name) => statSync(join(code, name), { bigint: true }).mtimeNs);
  assert.equal(run(), said);
  assert.deepEqual(names(), kept);
  assert.deepEqual(
    kept.map((name) => statSync(join(code, name), { bigint: true }).mtimeNs),
    before,
  );
});

test('damaged code is made anew, and what other builds left goes', (t) => {
  const { code, run, names } = stage(t);
  const said = run();
  const kept = names();
  for (const name of kept) writeFileSync(join(code, name), 'not compiled code');
  writeFileSync(join(code, 'main-0ld.cjs-v1.0.0-x64'), 'old');
  assert.equal(run(), said);
  assert.deepEqual(names(), kept);
  for (const name of kept) assert.ok(statSync(join(code, name)).size > 100, name);
});

test('a home that cannot be written, and the switch, keep nothing and harm nothing', (t) => {
  const { home, run } = stage(t);
  assert.match(run({ NODE_DISABLE_COMPILE_CACHE: '1' }), /next/);
  assert.deepEqual(readdirSync(home), []);
  writeFileSync(join(home, '.cache'), 'a file in the way');
  assert.match(run(), /next/);
  const closed = join(home, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  assert.match(run({ XDG_CACHE_HOME: closed }), /next/);
});
