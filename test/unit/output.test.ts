/** The recorder of a pane's output: `bin/pitwall-output`. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { until } from '../helpers/sandbox.ts';

test('a recorder whose program was started again leaves its files to the next one', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pitwall-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, 'a.log');
  const record = () => {
    const child = spawn('sh', [resolve('bin/pitwall-output'), log], { stdio: ['pipe', 'ignore', 'ignore'] });
    t.after(() => child.stdin.destroy());
    return child;
  };
  const kept = () =>
    [log, `${log}.part`].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('|');
  const first = record();
  first.stdin.write('one');
  await until('the first is kept', () => kept() === '|one');
  const second = record();
  second.stdin.write('two');
  await until('the second has its own', () => kept() === 'one|two');
  first.stdin.write(' more');
  first.stdin.end();
  await once(first, 'exit');
  second.stdin.write(' three');
  await until('what is printed afterwards is kept', () => kept() === 'one more|two three', 3000);
  second.stdin.end();
  await once(second, 'exit');
  assert.equal(kept(), 'two three|');
  assert.ok(!existsSync(`${log}.by`));
});
