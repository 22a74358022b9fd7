import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { landDesk, outcomes } from '../helpers/land-desk.ts';

test('a lock that a killed git left: land and doctor name it and the command that removes it', async (t) => {
  const { root, run, task, land, worktree, approve, docket } = await landDesk(t);
  await task('a', { a: 'a\n' });
  writeFileSync(join(worktree('a'), 'open'), 'open\n');
  await approve('a');
  const lock = join(root, '.git', 'worktrees', 'a', 'index.lock');
  writeFileSync(lock, '');
  const locks = async () => {
    const { findings } = JSON.parse((await run('doctor', '--json')).stdout) as {
      readonly findings: readonly { readonly about: string; readonly ok: boolean; readonly mend: string }[];
    };
    return findings.flatMap(({ about, ok, mend }) => (about === 'lock' ? [{ ok, mend }] : []));
  };
  const told = await land('a', '--commit', '-m', 'Words');
  assert.deepEqual([told.code, ...outcomes(told)], [1, 'a refused']);
  const { error } = told.tasks[0] ?? {};
  assert.deepEqual([error?.code, error?.hint], ['Locked', `rm ${lock}`]);
  assert.ok(error?.message.includes(lock), error?.message);
  assert.deepEqual(await docket(), []);
  assert.deepEqual(await locks(), []);
  const old = new Date(Date.now() - 120_000);
  utimesSync(lock, old, old);
  assert.deepEqual(await locks(), [{ ok: false, mend: `rm ${lock}` }]);
  execFileSync('sh', ['-c', error?.hint ?? 'false']);
  assert.equal(existsSync(lock), false);
  assert.deepEqual(outcomes(await land('a', '--commit', '-m', 'Words')), ['a landed']);
});
